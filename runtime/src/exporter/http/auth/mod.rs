//! Who may talk to the endpoint: TLS and passwords by the configuration file that Prometheus' exporters share, and a
//! bearer token.
//!
//! Invariants: the files are looked at for connections and requests, at most once in [`LOOK_INTERVAL`] and on a thread
//! where that may take its time; what is in force is always one whole set of them that was valid together. A set with a
//! mistake changes nothing, and neither does one that lacks a protection that is in force, because that is also what a
//! file looks like that is being written. No secret is in a message, in `Debug` or on a page.

mod client_names;
mod credentials;
mod error;
mod files;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod guesses;
mod passwords;
mod tls;
mod web_config;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hyper::header::HeaderMap;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

pub use self::error::WebConfigError;
#[cfg(any(test, fuzzing))]
pub(super) use self::fuzz::check_credentials;
#[cfg(any(test, fuzzing))]
pub use self::fuzz::fuzz_web_config;
use self::{
    credentials::{Credentials, Token},
    files::Files,
    passwords::{Passwords, Verdict},
};
use super::peer::Peer;
use crate::{
    base::refusals::warn,
    exporter::Limits,
    handle::{Counter, Gauge},
    registry::{RegisterError, Registry},
};

/// How long what the files say is taken for what they say.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// How long a request waits for a look; one that takes longer takes effect later.
const LOOK_PATIENCE: Duration = Duration::from_millis(250);

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
    files: Mutex<Files>,
    settings: Mutex<Arc<Settings>>,
    /// When the files were looked at last; held while they are.
    looked: Arc<tokio::sync::Mutex<Instant>>,
    passwords: Passwords,
    metrics: Option<Metrics>,
}

/// Why a request may not be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// It shows nothing, or something wrong; with the value of `WWW-Authenticate`.
    Unauthorized(&'static str),
    /// What it shows cannot be compared now.
    Busy,
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
        limits: &Limits,
        registry: &Registry,
    ) -> Result<Self, WebConfigError> {
        let mut files = Files::default();
        let settings = Arc::new(Settings::load(&paths, &mut files)?);
        let is_guarded = paths.are_given();
        // Somebody else may have these names; access is then guarded and not counted, which the registry counts.
        let metrics = is_guarded.then(|| Metrics::register(registry).ok()).flatten();
        let looked = Arc::new(tokio::sync::Mutex::new(Instant::now()));
        Ok(Self {
            paths,
            files: Mutex::new(files),
            settings: Mutex::new(settings),
            looked,
            passwords: Passwords::new(limits),
            metrics,
        })
    }

    /// `Err` if a request with these headers, from this address, may not be answered.
    pub(super) async fn check(
        &self,
        settings: &Settings,
        headers: &HeaderMap,
        peer: Peer,
    ) -> Result<(), Denied> {
        let (has_users, has_token) = (!settings.users.is_empty(), settings.token.is_some());
        if !has_users && !has_token {
            return Ok(());
        }
        let given = Credentials::of(headers);
        let is_allowed = match &given {
            Some(Credentials::Basic { user, password }) if has_users => {
                match self.passwords.compare(&settings.users, user, password, peer).await {
                    Verdict::Right => true,
                    Verdict::Wrong => false,
                    Verdict::Busy => return Err(Denied::Busy),
                }
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
        Err(Denied::Unauthorized(match (has_users, has_token) {
            (true, true) => "Basic realm=\"metrics\", charset=\"UTF-8\", Bearer realm=\"metrics\"",
            (true, false) => "Basic realm=\"metrics\", charset=\"UTF-8\"",
            (false, _) => "Bearer realm=\"metrics\"",
        }))
    }

    /// The settings in force.
    pub(in crate::exporter) fn in_force(&self) -> Arc<Settings> {
        Arc::clone(&lock(&self.settings))
    }

    /// The settings in force, after a look at the files if the last one was [`LOOK_INTERVAL`] ago: they are others than
    /// before if the files have changed and are valid.
    pub(super) async fn current(self: &Arc<Self>) -> Arc<Settings> {
        if self.paths.are_given() {
            // Nobody waits for a file system that has gone; what is in force stays.
            let _ = tokio::time::timeout(LOOK_PATIENCE, self.look_if_due()).await;
        }
        self.in_force()
    }

    async fn look_if_due(self: &Arc<Self>) {
        // A request that comes during a check of the files waits for its result.
        let mut looked = Arc::clone(&self.looked).lock_owned().await;
        if looked.elapsed() < LOOK_INTERVAL {
            return;
        }
        let this = Arc::clone(self);
        let look = move || {
            this.look();
            // Also when no request waits any more, so that there is one look at a time.
            *looked = Instant::now();
        };
        let _ = tokio::task::spawn_blocking(look).await;
    }

    /// Reads the files, and puts them into force if they have changed and are valid.
    fn look(&self) {
        // Requests take the other lock, so they never wait for this one.
        let mut known = lock(&self.files);
        if known.are_unchanged() {
            return;
        }
        // Whatever comes of them, these files are not read again until one of them changes.
        let mut files = Files::default();
        let loaded = Settings::load(&self.paths, &mut files).and_then(|settings| {
            match self.in_force().lost_in(&settings) {
                Some(lost) => Err(WebConfigError::lost(self.paths.path(), lost)),
                None => Ok(settings),
            }
        });
        *known = files;
        match loaded {
            Ok(settings) => {
                *lock(&self.settings) = Arc::new(settings);
                self.count_reload(true);
            }
            Err(error) => {
                warn(&format!("{error}; the former configuration stays in force"));
                self.count_reload(false);
            }
        }
    }

    fn count_reload(&self, is_successful: bool) {
        if let Some(metrics) = &self.metrics {
            let outcome = if is_successful { &metrics.succeeded } else { &metrics.failed };
            outcome.inc();
            metrics.is_last_successful.set(f64::from(u8::from(is_successful)));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AccessFiles {
    const fn are_given(&self) -> bool {
        self.web_config.is_some() || self.bearer_token.is_some()
    }

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
            succeeded: reloads.get_or_create(["success"])?,
            failed: reloads.get_or_create(["failure"])?,
            is_last_successful,
            unauthenticated: refused.get_or_create(["missing"])?,
            refused: refused.get_or_create(["wrong"])?,
        })
    }
}
