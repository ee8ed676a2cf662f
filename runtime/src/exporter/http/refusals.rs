//! Counters of refused connections and requests.

use crate::{
    base::causes::{Cause, causes},
    handle::Counter,
    registry::{RegisterError, Registry},
};

causes! {
    /// Why a connection was ended by the endpoint before its time, or never begun.
    pub(super) enum Refused {
        /// There were too many.
        Limit = "limit",
        /// There were too many of its address.
        AddressLimit = "address_limit",
        /// The client took too long to send a request or to read an answer.
        Timeout = "timeout",
        /// What it sent is not HTTP, or more of it than is read.
        Malformed = "malformed",
        /// The system had no descriptor or memory for it.
        Accept = "accept",
        /// It could not be encrypted: another protocol, or a certificate that is missing or refused.
        #[cfg(feature = "tls")]
        Tls = "tls",
    }
}

causes! {
    /// Why a request was not answered.
    pub(super) enum Unanswered {
        /// It was meant for a host that is not served here.
        Host = "host",
        /// Too many passwords were waiting to be compared.
        #[cfg(feature = "tls")]
        Guesses = "guesses",
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
            Refused::ALL,
        );
        let requests = counters(
            registry,
            "yardstick_requests_refused",
            "Requests that the endpoint did not answer with what they asked for, by reason.",
            Unanswered::ALL,
        );
        Self { connections: connections.ok(), requests: requests.ok() }
    }

    pub(super) fn connection(&self, reason: Refused) {
        if let Some(counters) = &self.connections {
            counters[reason.position()].inc();
        }
    }

    pub(super) fn request(&self, reason: Unanswered) {
        if let Some(counters) = &self.requests {
            counters[reason.position()].inc();
        }
    }
}

fn counters(
    registry: &Registry,
    name: &str,
    help: &str,
    reasons: &[impl Cause],
) -> Result<Vec<Counter>, RegisterError> {
    let family = registry.counter(name).help(help).labels(["reason"]).register()?;
    reasons.iter().map(|reason| family.get_or_create([reason.as_str()])).collect()
}
