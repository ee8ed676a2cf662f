//! The open connections of an endpoint: how many there may be, which has to go for a new one, and what was turned away.
//!
//! Invariant: a new client is served as long as one open connection has no request under way. So whoever opens
//! connections and says nothing crowds out others like itself, and never a scrape.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

use super::phase::{Phase, Progress};
use crate::{Counter, RegisterError, registry::Registry};

/// Why a connection was ended by the endpoint before its time, or never begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There were too many.
    Limit,
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
        Self::Timeout,
        Self::Malformed,
        Self::Accept,
        #[cfg(feature = "tls")]
        Self::Tls,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Accept => "accept",
            #[cfg(feature = "tls")]
            Self::Tls => "tls",
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Connections {
    max: usize,
    open: Mutex<Open>,
    refused: Option<Vec<Counter>>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    progress: Progress,
    evicted: Arc<Notify>,
}

impl Connections {
    /// At most `max` at once; what is turned away is counted in `registry`.
    pub(super) fn new(max: usize, registry: &Registry) -> Self {
        // Somebody else may have this name; connections are then served and not counted, which the registry counts.
        Self { max, open: Mutex::default(), refused: register(registry).ok() }
    }

    pub(super) fn refuse(&self, reason: Refused) {
        if let Some(refused) = &self.refused {
            refused[reason as usize].inc();
        }
    }

    /// A place for a new connection; `None`, counted, if every open one has a request under way.
    pub(super) fn open(self: &Arc<Self>) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.connections.len() >= self.max {
            self.refuse(Refused::Limit);
            if !open.evict() {
                return None;
            }
        }
        let id = open.next;
        open.next += 1;
        let (progress, evicted) = (Progress::new(), Arc::new(Notify::new()));
        let entry = Entry { progress: progress.clone(), evicted: Arc::clone(&evicted) };
        open.connections.insert(id, entry);
        Some(Place { id, progress, evicted, connections: Arc::clone(self) })
    }

    /// Ends a connection without a request, so that the system has a descriptor again.
    pub(super) fn evict(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).evict();
    }
}

impl Open {
    /// Ends the connection that has kept its first request back for longest; without such, the one that has been idle
    /// for longest. `false` if all have a request under way.
    fn evict(&mut self) -> bool {
        let rank = |phase| match phase {
            Phase::Reading => Some(0),
            Phase::Idle => Some(1),
            Phase::Answering => None,
        };
        let candidates = self.connections.iter().filter_map(|(id, entry)| {
            let (phase, since) = entry.progress.since();
            Some((rank(phase)?, since, *id))
        });
        let Some((.., id)) = candidates.min() else { return false };
        if let Some(entry) = self.connections.remove(&id) {
            entry.evicted.notify_one();
        }
        true
    }
}

/// The place of one open connection.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    pub(super) progress: Progress,
    evicted: Arc<Notify>,
    connections: Arc<Connections>,
}

impl Place {
    /// Ends when the connection has to go for another one.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.connections.remove(&self.id);
    }
}

fn register(registry: &Registry) -> Result<Vec<Counter>, RegisterError> {
    let family = registry
        .counter("yardstick_connections_refused")
        .help("Connections that the endpoint did not take or ended before their time, by reason.")
        .labels(["reason"])
        .register()?;
    Refused::ALL.iter().map(|reason| family.with([reason.as_str()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_evicted(place: &Place) -> bool {
        // `biased` asks the first one first, and it has either been told already or not.
        tokio::select! {
            biased;
            () = place.evicted() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_say_nothing_make_room() {
        let registry = Registry::new();
        let connections = Arc::new(Connections::new(3, &registry));
        let idle = connections.open().expect("room");
        drop(idle.progress.answering());
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        let silent = connections.open().expect("room");
        let busy = connections.open().expect("room");
        let answering = busy.progress.answering();

        // The silent one goes first although the idle one has waited for longer; then the idle one.
        let fourth = connections.open().expect("the silent one makes room");
        assert!(is_evicted(&silent).await && !is_evicted(&idle).await);
        let fourth_answering = fourth.progress.answering();
        let fifth = connections.open().expect("the idle one makes room");
        assert!(is_evicted(&idle).await && !is_evicted(&busy).await);

        // What ends later than it was evicted gives nothing back twice.
        drop((silent, idle));
        let fifth_answering = fifth.progress.answering();
        assert!(connections.open().is_none(), "all have a request under way");
        drop((answering, busy));
        let sixth = connections.open().expect("one has ended");
        let refused = |reason| {
            registry.get_sample_value("yardstick_connections_refused_total", &[("reason", reason)])
        };
        assert_eq!(refused("limit"), Some(3.0));
        assert_eq!(refused("timeout"), Some(0.0));
        drop((fourth, fourth_answering, fifth, fifth_answering, sixth));
    }
}
