//! The open connections of an endpoint: their limits, and which one is evicted for a new one.
//!
//! Invariants: a place is taken from the address that has most. A connection makes room only for one of its own address,
//! or for one of an address that has fewer; and those of an address that was served before go last, as long as they
//! are few. So a client that opens connections crowds out its own, and never the scrape of another client.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    super::Limits,
    awake::Awake,
    peer::Peer,
    phase::{Phase, Progress},
    refusals::{Refusals, Refused},
};

/// Connections of an address that was served before, as long as it has no more, make room last: a scraper has one, and
/// a second one while it connects anew; twice that for a pair behind one address.
const RESERVED_PER_PEER: usize = 4;

/// Addresses remembered as served: far more than there are scrapers.
const SERVED_MAX: usize = 64;

/// How long an address is safe from being forgotten for another one: ten scrapes at an interval of a minute.
const SERVED_FOR: Duration = Duration::from_secs(600);

/// From here on a client that takes nothing of its answer may be made to go.
const STALLED: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Debug)]
pub(super) struct Connections {
    max: usize,
    per_peer_max: usize,
    awake: Arc<Awake>,
    open: Mutex<Open>,
    refusals: Arc<Refusals>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: BTreeMap<u64, Entry>,
    /// When each address was served last.
    served: BTreeMap<Peer, Duration>,
}

#[derive(Debug)]
struct Entry {
    peer: Peer,
    progress: Progress,
    evicted: Arc<Notify>,
}

impl Connections {
    pub(super) fn new(limits: &Limits, refusals: &Arc<Refusals>) -> Self {
        Self {
            max: limits.connections_max,
            per_peer_max: limits.connections_per_address_max,
            awake: Arc::new(Awake::new()),
            open: Mutex::default(),
            refusals: Arc::clone(refusals),
        }
    }

    /// A place for a new connection; `None`, counted, if nothing can go for it.
    pub(super) fn open(self: &Arc<Self>, peer: Peer) -> Option<Place> {
        let now = self.awake.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_peer = open.connections.values().filter(|entry| entry.peer == peer).count();
        let newcomer = Newcomer { peer, of_peer };
        let has_room = if of_peer >= self.per_peer_max {
            self.refusals.connection(Refused::AddressLimit);
            open.evict(now, |entry, _, may_go| entry.peer == peer && may_go)
        } else if open.connections.len() >= self.max {
            self.refusals.connection(Refused::Limit);
            open.evict(now, |entry, of_other, may_go| newcomer.takes(entry.peer, of_other, may_go))
        } else {
            true
        };
        if !has_room {
            return None;
        }
        let id = open.next;
        open.next += 1;
        let (progress, evicted) = (Progress::new(&self.awake), Arc::new(Notify::new()));
        let entry = Entry { peer, progress: progress.clone(), evicted: Arc::clone(&evicted) };
        open.connections.insert(id, entry);
        Some(Place { id, peer, progress, evicted, connections: Arc::clone(self) })
    }

    /// Ends a connection without a request, so that the system has a descriptor again.
    pub(super) fn evict(&self) {
        let now = self.awake.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.evict(now, |_, _, may_go| may_go);
    }

    /// This address was given an exposition, and its credentials were right.
    pub(super) fn served(&self, peer: Peer) {
        let now = self.awake.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.served.len() >= SERVED_MAX && !open.served.contains_key(&peer) {
            let oldest = open.served.iter().min_by_key(|(_, when)| **when);
            match oldest.map(|(peer, when)| (*peer, *when)) {
                Some((oldest, when)) if now.saturating_sub(when) >= SERVED_FOR => {
                    open.served.remove(&oldest);
                }
                // Those who come now and then do not make a scraper forgotten.
                _ => return,
            }
        }
        open.served.insert(peer, now);
    }
}

/// A client that needs a place, and how many its address has.
#[derive(Clone, Copy)]
struct Newcomer {
    peer: Peer,
    of_peer: usize,
}

impl Newcomer {
    /// Whether the place of a connection is its for the taking, of an address that has `of_other`.
    fn takes(self, other: Peer, of_other: usize, may_go: bool) -> bool {
        if other == self.peer {
            return may_go;
        }
        // An answer under way is ended only if its address still has no fewer than this one afterwards.
        let fewer = if may_go { self.of_peer } else { self.of_peer + 1 };
        of_other > fewer
    }
}

impl Open {
    /// Ends one of the connections that are `taken`, the least [`Candidate`]; `false` if there is none. `taken` is told
    /// how many the connection's address has, and whether it may go without harm: nothing is under way, or the client
    /// takes nothing of it.
    fn evict(&mut self, now: Duration, taken: impl Fn(&Entry, usize, bool) -> bool) -> bool {
        let (mut of_peers, mut of_phases) = (BTreeMap::new(), BTreeMap::new());
        for Entry { peer, progress, .. } in self.connections.values() {
            *of_peers.entry(*peer).or_insert(0) += 1;
            *of_phases.entry((*peer, progress.phase() as u8)).or_insert(0) += 1;
        }
        let candidates = self.connections.iter().filter_map(|(id, entry)| {
            let (phase, since) = entry.progress.since();
            let lasted = now.saturating_sub(since);
            let of_peer = of_peers.get(&entry.peer).copied().unwrap_or_default();
            let of_phase = of_phases.get(&(entry.peer, phase as u8)).copied().unwrap_or_default();
            let may_go = match phase {
                Phase::Reading | Phase::Checking | Phase::Idle => true,
                Phase::Answering => false,
                Phase::Delivering => now.saturating_sub(entry.progress.stalled_since()) >= STALLED,
            };
            let lasted = match phase {
                // Passwords are compared in the order in which they come: the first one has waited for most of its time.
                Phase::Checking => Lasted::Shortest(lasted),
                _ => Lasted::Longest(Reverse(lasted)),
            };
            taken(entry, of_peer, may_go).then(|| Candidate {
                is_reserved: of_peer <= RESERVED_PER_PEER && self.served.contains_key(&entry.peer),
                of_peer: Reverse(of_peer),
                is_harmed: !may_go,
                of_phase: Reverse(of_phase),
                phase: phase as u8,
                lasted,
                id: *id,
            })
        });
        let Some(Candidate { id, .. }) = candidates.min() else { return false };
        if let Some(entry) = self.connections.remove(&id) {
            entry.evicted.notify_one();
        }
        true
    }
}

/// A connection that may have to go; the least goes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    is_reserved: bool,
    of_peer: Reverse<usize>,
    is_harmed: bool,
    of_phase: Reverse<usize>,
    phase: u8,
    lasted: Lasted,
    id: u64,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Lasted {
    Longest(Reverse<Duration>),
    Shortest(Duration),
}

/// The place of one open connection.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    pub(super) peer: Peer,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    struct Endpoint {
        registry: Registry,
        connections: Arc<Connections>,
    }

    impl Endpoint {
        fn with(connections_max: usize, connections_per_address_max: usize) -> Self {
            let registry = Registry::new();
            let limits =
                Limits { connections_max, connections_per_address_max, ..Limits::default() };
            let refusals = Arc::new(Refusals::new(&registry));
            Self { registry, connections: Arc::new(Connections::new(&limits, &refusals)) }
        }

        fn open(&self, peer: u8) -> Option<Place> {
            self.connections.open(Peer::of([10, 0, 0, peer].into()))
        }

        fn refused(&self, reason: &str) -> Option<f64> {
            let name = "yardstick_connections_refused_total";
            self.registry.sample_value(name, &[("reason", reason)])
        }
    }

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
        let endpoint = Endpoint::with(3, 3);
        let idle = endpoint.open(1).expect("room");
        drop(idle.progress.answering());
        tokio::time::advance(Duration::from_secs(1)).await;
        let silent = endpoint.open(1).expect("room");
        let busy = endpoint.open(1).expect("room");
        let answering = busy.progress.answering();

        // The silent one goes first although the idle one has waited for longer; then the idle one.
        let fourth = endpoint.open(1).expect("the silent one makes room");
        assert!(is_evicted(&silent).await && !is_evicted(&idle).await);
        let fourth_answering = fourth.progress.answering();
        let fifth = endpoint.open(1).expect("the idle one makes room");
        assert!(is_evicted(&idle).await && !is_evicted(&busy).await);

        // What ends later than it was evicted gives nothing back twice.
        drop((silent, idle));
        let fifth_answering = fifth.progress.answering();
        assert!(endpoint.open(1).is_none(), "all have a request under way");
        drop((answering, busy));
        let sixth = endpoint.open(1).expect("one has ended");
        assert_eq!(endpoint.refused("address_limit"), Some(3.0));
        assert_eq!(endpoint.refused("timeout"), Some(0.0));
        drop((fourth, fourth_answering, fifth, fifth_answering, sixth));
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_crowds_out_itself() {
        let endpoint = Endpoint::with(6, 4);
        let scraper = endpoint.open(1).expect("room");
        let crowd: Vec<_> = (0..100).filter_map(|_| endpoint.open(2)).collect();
        assert_eq!(crowd.len(), 100, "each takes the place of another one");
        assert!(!is_evicted(&scraper).await);
        assert_eq!(endpoint.refused("address_limit"), Some(96.0));
        // Two addresses fill it, and a third one still finds a place.
        let _other: Vec<_> = (0..100).filter_map(|_| endpoint.open(3)).collect();
        let third = endpoint.open(4).expect("those who have more make room");
        assert!(!is_evicted(&scraper).await && !is_evicted(&third).await);
        assert!(endpoint.refused("limit") > Some(0.0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_was_served_keeps_its_place_among_many() {
        let endpoint = Endpoint::with(4, 2);
        endpoint.connections.served(Peer::of([10, 0, 0, 1].into()));
        let scraper = endpoint.open(1).expect("room");
        let strangers: Vec<_> = (2..200).map(|peer| endpoint.open(peer)).collect();
        assert!(!is_evicted(&scraper).await);
        let scraper = endpoint.open(1).expect("strangers make room");
        assert!(!is_evicted(&scraper).await);
        drop(strangers);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_are_taken_are_ended_only_for_addresses_that_have_fewer() {
        let endpoint = Endpoint::with(3, 3);
        let places: Vec<_> = (0..3).filter_map(|_| endpoint.open(1)).collect();
        let answers: Vec<_> = places.iter().map(|place| place.progress.answering()).collect();
        assert!(endpoint.open(1).is_none(), "its own");
        let other = endpoint.open(2).expect("another address");
        let other_answer = other.progress.answering();
        assert!(endpoint.open(1).is_none(), "the other has one of three");
        let third = endpoint.open(3).expect("the first has two");
        let third_answer = third.progress.answering();
        assert!(endpoint.open(4).is_none(), "one for each is not too many");
        // Who takes nothing goes for anybody.
        answers.iter().for_each(super::super::phase::Answering::deliver);
        tokio::time::advance(STALLED).await;
        assert!(endpoint.open(1).is_some());
        drop((answers, other_answer, third_answer));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_of_addresses_is_bounded() {
        let endpoint = Endpoint::with(4, 2);
        let served = |peer: u32| {
            let peer = Peer::of(std::net::Ipv4Addr::from_bits(peer).into());
            endpoint.connections.served(peer);
        };
        let remembered = |peer: u32| {
            let peer = Peer::of(std::net::Ipv4Addr::from_bits(peer).into());
            endpoint.connections.open.lock().expect("not poisoned").served.contains_key(&peer)
        };
        (0..1_000).for_each(served);
        assert!(remembered(0) && !remembered(999));
        let awake = &endpoint.connections.awake;
        for _ in 0..SERVED_FOR.as_secs() {
            tokio::time::advance(Duration::from_secs(1)).await;
            awake.now();
        }
        served(999);
        assert!(!remembered(0) && remembered(999));
        assert_eq!(
            endpoint.connections.open.lock().expect("not poisoned").served.len(),
            SERVED_MAX
        );
    }
}
