//! Who may talk to the endpoint: TLS and passwords by the configuration file that Prometheus' exporters share, and a
//! bearer token.
//!
//! Invariants: the files are looked at for every connection and every request, and what is in force is always one
//! whole set of them that was valid together. A set with a mistake changes nothing, and neither does one that lacks a
//! protection that is in force, because that is also what a file looks like that is being written. No secret is in a
//! message, in `Debug` or on a page.

mod client_names;
mod credentials;
mod error;
mod files;
mod passwords;
mod tls;
mod web_config;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use hyper::header::HeaderMap;
use tokio_rustls::TlsAcceptor;

pub use self::error::WebConfigError;
use self::{
    credentials::{Credentials, Token},
    files::Files,
    passwords::Passwords,
};
use crate::{Counter, Gauge, RegisterError, diagnostics::warn, registry::Registry};

/// Where the files are.
#[derive(Clone, Debug, Default)]
pub(in crate::exporter) struct AccessFiles {
    pub(in crate::exporter) web_config: Option<PathBuf>,
    pub(in crate::exporter) bearer_token: Option<PathBuf>,
}

/// What the files say, all valid together.
#[derive(Default)]
pub(in crate::exporter) struct Settings {
    tls: Option<tls::Tls>,
    users: passwords::Users,
    token: Option<Token>,
    headers: HeaderMap,
}

impl Settings {
    /// How to encrypt connections; `None` if that is not asked for.
    pub(in crate::exporter) fn acceptor(&self) -> Option<&TlsAcceptor> {
        self.tls.as_ref().map(|tls| &tls.acceptor)
    }

    /// What every answer has among its headers.
    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn load(paths: &AccessFiles, files: &mut Files) -> Result<Self, WebConfigError> {
        let mut settings = Self::default();
        if let Some(path) = &paths.web_config {
            let config = web_config::load(path, files)?;
            settings.tls = config.tls;
            settings.users = config.users;
            settings.headers = config.headers;
        }
        if let Some(path) = &paths.bearer_token {
            settings.token = Some(Token::load(path, files)?);
        }
        Ok(settings)
    }

    /// What protects the endpoint, and what it is called.
    fn protections(&self) -> [(bool, &'static str); 5] {
        let tls = |has: fn(&tls::Tls) -> bool| self.tls.as_ref().is_some_and(has);
        [
            (self.tls.is_some(), "TLS"),
            (tls(|tls| tls.verifies_clients), "certificates of clients"),
            (tls(|tls| tls.has_client_names), "names of clients"),
            (!self.users.is_empty(), "passwords"),
            (self.token.is_some(), "the bearer token"),
        ]
    }

    /// The first protection of `self` that `next` lacks.
    fn lost_in(&self, next: &Self) -> Option<&'static str> {
        let both = self.protections().into_iter().zip(next.protections());
        both.into_iter()
            .find_map(|((has, name), (will_have, _))| (has && !will_have).then_some(name))
    }
}

/// Guards one endpoint.
pub(in crate::exporter) struct Access {
    paths: AccessFiles,
    state: Mutex<State>,
    passwords: Passwords,
    metrics: Option<Metrics>,
}

struct State {
    files: Files,
    settings: Arc<Settings>,
}

/// The toolkit's own metrics of access; there are none where nothing is guarded.
#[derive(Debug)]
struct Metrics {
    succeeded: Counter,
    failed: Counter,
    is_last_successful: Gauge,
    unauthenticated: Counter,
    refused: Counter,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("paths", &self.paths).finish_non_exhaustive()
    }
}

impl Access {
    /// Reads the files; what is counted is counted in `registry`.
    pub(in crate::exporter) fn load(
        paths: AccessFiles,
        registry: &Registry,
    ) -> Result<Self, WebConfigError> {
        let mut files = Files::default();
        let settings = Arc::new(Settings::load(&paths, &mut files)?);
        let is_guarded = paths.web_config.is_some() || paths.bearer_token.is_some();
        // Somebody else may have these names; access is then guarded and not counted, which the registry counts.
        let metrics = is_guarded.then(|| Metrics::register(registry).ok()).flatten();
        let state = Mutex::new(State { files, settings });
        Ok(Self { paths, state, passwords: Passwords::new(), metrics })
    }

    /// `Err` with the value of `WWW-Authenticate` if a request with these headers may not be answered.
    pub(super) async fn check(
        &self,
        settings: &Settings,
        headers: &HeaderMap,
    ) -> Result<(), &'static str> {
        let (has_users, has_token) = (!settings.users.is_empty(), settings.token.is_some());
        if !has_users && !has_token {
            return Ok(());
        }
        let given = Credentials::of(headers);
        let is_allowed = match &given {
            Some(Credentials::Basic { user, password }) if has_users => {
                self.passwords.are_right(&settings.users, user, password).await
            }
            Some(Credentials::Bearer(token)) => {
                settings.token.as_ref().is_some_and(|expected| expected.is(token))
            }
            _ => false,
        };
        if is_allowed {
            return Ok(());
        }
        if let Some(metrics) = &self.metrics {
            let reason = if given.is_some() { &metrics.refused } else { &metrics.unauthenticated };
            reason.inc();
        }
        Err(match (has_users, has_token) {
            (true, true) => "Basic realm=\"metrics\", charset=\"UTF-8\", Bearer realm=\"metrics\"",
            (true, false) => "Basic realm=\"metrics\", charset=\"UTF-8\"",
            (false, _) => "Bearer realm=\"metrics\"",
        })
    }

    /// The settings in force, which are others than before if the files have changed and are valid.
    pub(in crate::exporter) fn current(&self) -> Arc<Settings> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.files.are_unchanged() {
            return Arc::clone(&state.settings);
        }
        // Whatever comes of them, these files are not read again until one of them changes.
        let mut files = Files::default();
        let loaded = Settings::load(&self.paths, &mut files).and_then(|settings| {
            match state.settings.lost_in(&settings) {
                Some(lost) => Err(WebConfigError::lost(self.paths.path(), lost)),
                None => Ok(settings),
            }
        });
        state.files = files;
        match loaded {
            Ok(settings) => {
                state.settings = Arc::new(settings);
                self.count_reload(true);
            }
            Err(error) => {
                warn(&format!("{error}; the former configuration stays in force"));
                self.count_reload(false);
            }
        }
        Arc::clone(&state.settings)
    }

    fn count_reload(&self, is_successful: bool) {
        if let Some(metrics) = &self.metrics {
            let outcome = if is_successful { &metrics.succeeded } else { &metrics.failed };
            outcome.inc();
            metrics.is_last_successful.set(f64::from(u8::from(is_successful)));
        }
    }
}

impl AccessFiles {
    /// The file to name where the whole set is meant.
    fn path(&self) -> PathBuf {
        self.web_config.clone().or_else(|| self.bearer_token.clone()).unwrap_or_default()
    }
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, RegisterError> {
        let reloads = registry
            .counter("yardstick_access_reloads")
            .help("Times that the files of TLS and authentication had changed, by outcome.")
            .labels(["outcome"])
            .register()?;
        let refused = registry
            .counter("yardstick_requests_unauthorized")
            .help("Requests without credentials, or with wrong ones.")
            .labels(["credentials"])
            .register()?;
        let is_last_successful = registry
            .gauge("yardstick_access_last_reload_successful")
            .help("Whether the files of TLS and authentication are in force as they are now.")
            .register()?;
        is_last_successful.set(1.0);
        Ok(Self {
            succeeded: reloads.with(["success"])?,
            failed: reloads.with(["failure"])?,
            is_last_successful,
            unauthenticated: refused.with(["missing"])?,
            refused: refused.with(["wrong"])?,
        })
    }
}
