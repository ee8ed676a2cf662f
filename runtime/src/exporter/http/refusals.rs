//! What the endpoint turned away.

use crate::{
    handle::Counter,
    registry::{RegisterError, Registry},
};

/// Why a connection was ended by the endpoint before its time, or never begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There were too many.
    Limit,
    /// There were too many of its address.
    AddressLimit,
    /// The client took too long to send a request or to read an answer.
    Timeout,
    /// What it sent is not HTTP, or more of it than is read.
    Malformed,
    /// The system had no descriptor or memory for it.
    Accept,
    /// It could not be encrypted: another protocol, or a certificate that is missing or refused.
    #[cfg(feature = "tls")]
    Tls,
}

impl Refused {
    const ALL: &[Self] = &[
        Self::Limit,
        Self::AddressLimit,
        Self::Timeout,
        Self::Malformed,
        Self::Accept,
        #[cfg(feature = "tls")]
        Self::Tls,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::AddressLimit => "address_limit",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Accept => "accept",
            #[cfg(feature = "tls")]
            Self::Tls => "tls",
        }
    }
}

/// Why a request was not answered, whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// It was meant for a host that is not served here.
    Host,
    /// Too many passwords were waiting to be compared.
    #[cfg(feature = "tls")]
    Guesses,
}

impl Unanswered {
    const ALL: &[Self] = &[
        Self::Host,
        #[cfg(feature = "tls")]
        Self::Guesses,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "host",
            #[cfg(feature = "tls")]
            Self::Guesses => "guesses",
        }
    }
}

/// Counts both. Somebody else may have these names; nothing is then counted, which the registry counts.
#[derive(Debug)]
pub(super) struct Refusals {
    connections: Option<Vec<Counter>>,
    requests: Option<Vec<Counter>>,
}

impl Refusals {
    pub(super) fn new(registry: &Registry) -> Self {
        let connections = counters(
            registry,
            "yardstick_connections_refused",
            "Connections that the endpoint did not take or ended before their time, by reason.",
            Refused::ALL.iter().map(|reason| reason.as_str()),
        );
        let requests = counters(
            registry,
            "yardstick_requests_refused",
            "Requests that the endpoint did not answer with what they asked for, by reason.",
            Unanswered::ALL.iter().map(|reason| reason.as_str()),
        );
        Self { connections: connections.ok(), requests: requests.ok() }
    }

    pub(super) fn connection(&self, reason: Refused) {
        if let Some(counters) = &self.connections {
            counters[reason as usize].inc();
        }
    }

    pub(super) fn request(&self, reason: Unanswered) {
        if let Some(counters) = &self.requests {
            counters[reason as usize].inc();
        }
    }
}

fn counters(
    registry: &Registry,
    name: &str,
    help: &str,
    reasons: impl Iterator<Item = &'static str>,
) -> Result<Vec<Counter>, RegisterError> {
    let family = registry.counter(name).help(help).labels(["reason"]).register()?;
    reasons.map(|reason| family.get_or_create([reason])).collect()
}
