//! The scrapes of one endpoint: how many are being read, and what is counted of them.
//!
//! Invariant: a place is held from when there is an exposition until its last byte is taken, and given up for another
//! scrape by those who take nothing of theirs, and by addresses that read more of them.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hyper::body::Bytes;
use yardstick_model::Unit;

use super::{
    gathering::{Gathering, Wanted},
    peer::Peer,
};
use crate::{
    exporter::Limits,
    handle::{Counter, Summary},
    registry::{RegisterError, Registry},
};

/// Whoever has taken nothing for longer may have to make room.
const STALLED: Duration = Duration::from_secs(1);

/// What an endpoint knows of its scrapes.
#[derive(Debug)]
pub(crate) struct Scrapes {
    max: usize,
    gathering: Gathering,
    readers: Arc<Readers>,
}

/// What a client is answered.
#[derive(Debug)]
pub(super) enum Answer {
    Scrape(Scrape),
    /// There is no place.
    Limited,
    /// The exposition could not be made.
    Failed,
}

#[derive(Debug)]
struct Readers {
    reading: Mutex<Reading>,
    metrics: Option<Metrics>,
}

#[derive(Debug, Default)]
struct Reading {
    next: u64,
    by_id: BTreeMap<u64, Reader>,
}

/// Who reads an exposition.
#[derive(Debug)]
struct Reader {
    /// Nobody knows where there is no connection of ours.
    peer: Option<Peer>,
    /// When it took something last.
    last: Instant,
    rest: Bytes,
}

/// A scrape that is being read. It is counted as `answered` when all was taken or [`end`](Self::end) says so, else as
/// `aborted`.
#[derive(Debug)]
pub(crate) struct Scrape {
    id: u64,
    bytes: usize,
    readers: Arc<Readers>,
}

/// The toolkit's own metrics of the endpoint.
#[derive(Debug)]
struct Metrics {
    answered: Counter,
    limited: Counter,
    evicted: Counter,
    aborted: Counter,
}

/// As [`Metrics`], of the thread that makes expositions.
#[derive(Debug)]
pub(super) struct Costs {
    duration: Summary,
    size: Summary,
}

impl Scrapes {
    /// At most [`Limits::scrapes_max`] of them, counted in `registry`. What is wanted is made by `render`, which also
    /// tells how large it was before it was zipped.
    pub(super) fn new(
        limits: &Limits,
        registry: &Registry,
        render: impl Fn(Wanted) -> (Bytes, usize) + Send + Sync + 'static,
    ) -> Self {
        // Somebody else may have these names; scrapes are then served and not counted, which the registry counts.
        let costs = Costs::register(registry).ok();
        let gathering = Gathering::new(move |wanted| {
            let start = Instant::now();
            let (made, bytes) = render(wanted);
            if let Some(costs) =
                costs.as_ref().filter(|_| matches!(wanted, Wanted::Exposition { .. }))
            {
                costs.count(start.elapsed(), bytes);
            }
            made
        });
        let metrics = Metrics::register(registry).ok();
        let readers = Arc::new(Readers { reading: Mutex::default(), metrics });
        Self { max: limits.scrapes_max, gathering, readers }
    }

    /// The exposition, for a client to read.
    pub(super) async fn scrape(&self, wanted: Wanted, peer: Option<Peer>) -> Answer {
        // An answer that no request waits for is not made.
        if !self.readers.lock().has_room(self.max, peer) {
            return self.limited();
        }
        let Some(bytes) = self.gathering.make(wanted).await else { return Answer::Failed };
        let mut reading = self.readers.lock();
        if !reading.has_room(self.max, peer) {
            drop(reading);
            return self.limited();
        }
        if reading.by_id.len() >= self.max
            && reading.evict(peer)
            && let Some(metrics) = &self.readers.metrics
        {
            metrics.evicted.inc();
        }
        let id = reading.next;
        reading.next += 1;
        let length = bytes.len();
        let reader = Reader { peer, last: Instant::now(), rest: bytes };
        reading.by_id.insert(id, reader);
        drop(reading);
        Answer::Scrape(Scrape { id, bytes: length, readers: Arc::clone(&self.readers) })
    }

    /// The page or the catalog, which are small and hold no place.
    pub(super) async fn document(&self, wanted: Wanted) -> Option<Bytes> {
        self.gathering.make(wanted).await
    }

    fn limited(&self) -> Answer {
        if let Some(metrics) = &self.readers.metrics {
            metrics.limited.inc();
        }
        Answer::Limited
    }
}

impl Readers {
    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn has_room(&self, max: usize, peer: Option<Peer>) -> bool {
        self.by_id.len() < max || self.slowest(peer).is_some()
    }

    /// Who has to make room for a client of this address: of the address that reads most, the one that has taken nothing
    /// for longest.
    fn slowest(&self, newcomer: Option<Peer>) -> Option<u64> {
        let count = |peer| self.by_id.values().filter(|reader| reader.peer == peer).count();
        let of_newcomer = count(newcomer);
        let candidates = self.by_id.iter().filter_map(|(id, reader)| {
            let stalled = reader.last.elapsed();
            let of_peer = count(reader.peer);
            let may_go = if reader.peer == newcomer {
                stalled >= STALLED
            } else {
                of_peer > of_newcomer + usize::from(stalled < STALLED)
            };
            may_go.then_some((Reverse(of_peer), Reverse(stalled), *id))
        });
        candidates.min().map(|(.., id)| id)
    }

    /// Takes its exposition away from [`slowest`](Self::slowest): its answer ends before the end that was announced, so
    /// its connection does.
    fn evict(&mut self, newcomer: Option<Peer>) -> bool {
        self.slowest(newcomer).is_some_and(|id| self.by_id.remove(&id).is_some())
    }
}

impl Scrape {
    /// How large the whole is.
    pub(super) const fn len(&self) -> usize {
        self.bytes
    }

    /// The next bytes, at most so many; none if all are taken or the place was needed.
    pub(super) fn take(&mut self, bytes_max: usize) -> Bytes {
        let mut reading = self.readers.lock();
        let Some(reader) = reading.by_id.get_mut(&self.id) else { return Bytes::new() };
        let size = reader.rest.len().min(bytes_max);
        let piece = reader.rest.split_to(size);
        reader.last = Instant::now();
        let is_end = reader.rest.is_empty();
        drop(reading);
        if is_end {
            self.end();
        }
        piece
    }

    /// How many bytes are left to take.
    pub(super) fn rest(&self) -> usize {
        self.readers.lock().by_id.get(&self.id).map_or(0, |reader| reader.rest.len())
    }

    /// The client took all of its answer, or as much as it had asked for.
    pub(super) fn end(&mut self) {
        if self.readers.lock().by_id.remove(&self.id).is_some()
            && let Some(metrics) = &self.readers.metrics
        {
            metrics.answered.inc();
        }
    }
}

impl Drop for Scrape {
    fn drop(&mut self) {
        if self.readers.lock().by_id.remove(&self.id).is_some()
            && let Some(metrics) = &self.readers.metrics
        {
            metrics.aborted.inc();
        }
    }
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, RegisterError> {
        let scrapes = registry
            .counter("yardstick_scrapes")
            .help("Scrapes of the endpoint, by how they ended.")
            .labels(["outcome"])
            .register()?;
        Ok(Self {
            answered: scrapes.get_or_create(["answered"])?,
            limited: scrapes.get_or_create(["limited"])?,
            evicted: scrapes.get_or_create(["evicted"])?,
            aborted: scrapes.get_or_create(["aborted"])?,
        })
    }
}

impl Costs {
    fn register(registry: &Registry) -> Result<Self, RegisterError> {
        Ok(Self {
            duration: registry
                .summary("yardstick_scrape_duration")
                .unit(Unit::Seconds)
                .help("Time to render an exposition, which overlapping scrapes share.")
                .register()?,
            size: registry
                .summary("yardstick_scrape_size")
                .unit(Unit::Bytes)
                .help("Size of expositions, before they are zipped.")
                .register()?,
        })
    }

    fn count(&self, duration: Duration, bytes: usize) {
        self.duration.observe_duration(duration);
        #[allow(clippy::cast_precision_loss, reason = "an exposition stays below 2^53 bytes")]
        self.size.observe(bytes as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exporter::http::negotiate::Format;

    const TEXT: Wanted = Wanted::Exposition { format: Format::Text, is_zipped: false };

    fn scrapes(registry: &Registry, scrapes_max: usize) -> Scrapes {
        let limits = Limits { scrapes_max, ..Limits::default() };
        Scrapes::new(&limits, registry, |_| (Bytes::from_static(&[1; 100]), 100))
    }

    async fn scrape(scrapes: &Scrapes, peer: u8) -> Option<Scrape> {
        match scrapes.scrape(TEXT, Some(Peer::of([10, 0, 0, peer].into()))).await {
            Answer::Scrape(scrape) => Some(scrape),
            Answer::Limited | Answer::Failed => None,
        }
    }

    #[tokio::test]
    async fn who_takes_nothing_makes_room() {
        let registry = Registry::new();
        let scrapes = scrapes(&registry, 2);
        let mut steady = scrape(&scrapes, 1).await.expect("room");
        let mut stalled = scrape(&scrapes, 1).await.expect("room");
        assert!(scrape(&scrapes, 1).await.is_none(), "nobody has stalled for long");
        for reader in scrapes.readers.lock().by_id.values_mut() {
            reader.last = Instant::now().checked_sub(STALLED).expect("the clock is late");
        }
        assert_eq!(steady.take(50).len(), 50);
        let mut third = scrape(&scrapes, 1).await.expect("the other makes room");
        assert_eq!((stalled.take(100).len(), stalled.rest()), (0, 0));
        assert_eq!((steady.take(100).len(), third.take(100).len()), (50, 100));
        drop((stalled, steady, third));
        let counted = ["answered", "limited", "evicted", "aborted"].map(|outcome| {
            registry.sample_value("yardstick_scrapes_total", &[("outcome", outcome)])
        });
        assert_eq!(counted, [2.0, 1.0, 1.0, 0.0].map(Some));
    }

    #[tokio::test]
    async fn an_address_that_reads_many_makes_room_for_others() {
        let scrapes = scrapes(&Registry::new(), 3);
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(scrape(&scrapes, 1).await.expect("room"));
        }
        assert!(scrape(&scrapes, 1).await.is_none());
        held.push(scrape(&scrapes, 2).await.expect("the other address reads three"));
        held.push(scrape(&scrapes, 3).await.expect("the other address reads two"));
        assert!(scrape(&scrapes, 4).await.is_none(), "each reads one");
        assert!(scrape(&scrapes, 1).await.is_none(), "each reads one");
    }
}
