//! Errors of installing an exporter, each with what to do about it.

use std::fmt;

use crate::registry::RegisterError;

/// Why the default registry could not become the recorder, or an exporter not start.
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
    /// Buckets that were given for names break a rule, or a histogram of such a name has others already.
    Buckets(RegisterError),
    /// Labels for every series break a rule, or metrics are declared with labels of these names.
    GlobalLabels(Vec<RegisterError>),
    /// What was given to [`listen`](crate::exporter::ExporterBuilder::listen) is no address.
    #[cfg(feature = "http")]
    Address {
        /// What was given.
        text: String,
    },
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
                "another metrics recorder is installed already, and a program can have one; remove that one, or \
                 install this one before it, at the start of `main`",
            ),
            Self::ClockInUse => f.write_str(
                "durations were timed before the clock was chosen; install the exporter before the \
                 first histogram is registered",
            ),
            Self::Conflicts(conflicts) => {
                write!(f, "annotated functions or schemas contradict each other:")?;
                conflicts.iter().try_for_each(|conflict| write!(f, "\n  {conflict}"))
            }
            Self::Buckets(refused) => {
                write!(f, "the buckets given to `buckets_for` cannot be used: {refused}")
            }
            Self::GlobalLabels(refused) => {
                f.write_str("the labels for every series cannot be used:")?;
                refused.iter().try_for_each(|error| write!(f, "\n  {error}"))
            }
            #[cfg(feature = "http")]
            Self::Host(host) => write!(
                f,
                "`{host}` is no host; give `allowed_hosts` names or addresses, such as metrics.example.com"
            ),
            #[cfg(feature = "http")]
            Self::Address { text } => {
                write!(f, "`{text}` is no address to listen on; {}", super::address::advice(text))
            }
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
            #[cfg(feature = "http")]
            Self::Address { .. } => None,
            // Its message is this one's already.
            #[cfg(feature = "tls")]
            Self::WebConfig(_) => None,
            #[cfg(feature = "http")]
            Self::Host(_) => None,
            Self::AlreadyInstalled
            | Self::ClockInUse
            | Self::Buckets(_)
            | Self::Conflicts(_)
            | Self::GlobalLabels(_) => None,
        }
    }
}
