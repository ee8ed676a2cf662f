//! Making the default registry the global recorder.

use std::{
    fmt,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use yardstick_model::Location;

use super::GlobalLabels;
use crate::{
    cells::clock::{self, Choice},
    registry::{RegisterError, Registry, default_registry},
    site::{catalog, current},
};

/// Why an exporter could not be installed.
///
/// Its `Debug` says what its `Display` does, because that is what a program prints whose `main` answers with it.
#[non_exhaustive]
pub enum InstallError {
    /// Another recorder is the global one already, or an exporter is installed that was not shut down; there can be one
    /// in a program.
    AlreadyInstalled,
    /// A clock was asked for, but durations have been timed with another one already.
    ClockInUse,
    /// Annotated functions or schemas contradict each other, or a family that was registered before: all conflicts.
    Conflicts(Vec<RegisterError>),
    /// Labels for every series break a rule, or metrics are declared with labels of these names.
    GlobalLabels(Vec<RegisterError>),
    /// An exporter that was shut down had given every series other labels; they stay, because series do.
    GlobalLabelsInUse,
    /// The address could not be bound.
    #[cfg(feature = "http")]
    Bind {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// What was given to [`allowed_hosts`](super::ExporterBuilder::allowed_hosts) is no host.
    #[cfg(feature = "http")]
    Host(String),
    /// A file of TLS or authentication has a mistake.
    #[cfg(feature = "tls")]
    WebConfig(super::WebConfigError),
    /// The endpoint's thread could not be started.
    #[cfg(feature = "http")]
    Start(std::io::Error),
}

impl fmt::Debug for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyInstalled => f.write_str(
                "a global metrics recorder is installed already; install one exporter, at the start \
                 of `main`",
            ),
            Self::ClockInUse => f.write_str(
                "durations were timed before the clock was chosen; install the exporter before the \
                 first histogram is registered",
            ),
            Self::Conflicts(conflicts) => {
                write!(f, "annotated functions or schemas contradict each other:")?;
                conflicts.iter().try_for_each(|conflict| write!(f, "\n  {conflict}"))
            }
            Self::GlobalLabels(refused) => {
                f.write_str("the labels for every series cannot be used:")?;
                refused.iter().try_for_each(|error| write!(f, "\n  {error}"))
            }
            Self::GlobalLabelsInUse => f.write_str(
                "the exporter before this one had other labels for every series, and they stay; give this one the same",
            ),
            #[cfg(feature = "http")]
            Self::Host(host) => write!(
                f,
                "`{host}` is no host; give `allowed_hosts` names or addresses, such as metrics.example.com"
            ),
            #[cfg(feature = "http")]
            Self::Bind { address, source } => {
                write!(f, "cannot serve metrics on {address}: {source}")?;
                match source.kind() {
                    std::io::ErrorKind::AddrInUse => f.write_str(
                        "; stop the program that has this port, or give another one to `listen` (port \
                         0 lets the system choose)",
                    ),
                    std::io::ErrorKind::PermissionDenied => {
                        f.write_str("; ports below 1024 need a privilege, give a higher one to `listen`")
                    }
                    std::io::ErrorKind::AddrNotAvailable => {
                        f.write_str("; give `listen` an address of this machine, such as 127.0.0.1")
                    }
                    _ => Ok(()),
                }
            }
            #[cfg(feature = "tls")]
            Self::WebConfig(error) => write!(f, "{error}"),
            #[cfg(feature = "http")]
            Self::Start(source) => write!(f, "cannot start the thread that serves metrics: {source}"),
        }
    }
}

impl std::error::Error for InstallError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            #[cfg(feature = "http")]
            Self::Bind { source, .. } | Self::Start(source) => Some(source),
            // Its message is this one's already.
            #[cfg(feature = "tls")]
            Self::WebConfig(_) => None,
            #[cfg(feature = "http")]
            Self::Host(_) => None,
            Self::AlreadyInstalled
            | Self::GlobalLabelsInUse
            | Self::ClockInUse
            | Self::Conflicts(_)
            | Self::GlobalLabels(_) => None,
        }
    }
}

/// What the facade holds as its recorder: an object that is made once, is not zero-sized, and whose
/// address therefore tells call sites that recording goes to the default registry.
struct Facade {
    registry: Registry,
}

impl Recorder for Facade {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, help: SharedString) {
        self.registry.describe_counter(name, unit, help);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, help: SharedString) {
        self.registry.describe_gauge(name, unit, help);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, help: SharedString) {
        self.registry.describe_histogram(name, unit, help);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.registry.register_counter(key, metadata)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.registry.register_gauge(key, metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        self.registry.register_histogram(key, metadata)
    }
}

/// Set while an exporter is installed: from its installation until its shutdown.
static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

/// Set once, when this crate's recorder is the global one, which it then is for ever.
static IS_RECORDER: OnceLock<()> = OnceLock::new();

/// That an exporter is installed. Dropped, it is not installed after all; a running exporter keeps it.
#[derive(Debug)]
pub(super) struct Installed(());

impl Drop for Installed {
    fn drop(&mut self) {
        IS_INSTALLED.store(false, Ordering::Release);
    }
}

/// Registers all sites, then becomes the global recorder: nothing can record before its family exists. An exporter
/// after another one that was shut down finds both done.
pub(super) fn install(clock: Choice, global: GlobalLabels) -> Result<Installed, InstallError> {
    if IS_INSTALLED.swap(true, Ordering::Acquire) {
        return Err(InstallError::AlreadyInstalled);
    }
    let installed = Installed(());
    if !clock::choose(clock) {
        return Err(InstallError::ClockInUse);
    }
    let registry = default_registry();
    catalog::register_in_default().map_err(InstallError::Conflicts)?;
    if let Some(location) = global.location {
        let location = Location::from_caller("", location);
        registry
            .check_global_labels(&global.labels, location)
            .map_err(InstallError::GlobalLabels)?;
    }
    if IS_RECORDER.get().is_some() {
        let is_same = registry.has_global_labels(global.labels);
        return if is_same { Ok(installed) } else { Err(InstallError::GlobalLabelsInUse) };
    }
    metrics::set_global_recorder(Facade { registry: registry.clone() })
        .map_err(|_| InstallError::AlreadyInstalled)?;
    // Whoever gets here holds the flag above, so nobody else does.
    let _ = IS_RECORDER.set(());
    registry.set_global_labels(global.labels);
    current::set_ours();
    Ok(installed)
}
