//! All lanes of a process and the shared lane beside them.
//!
//! Invariant: the list of lanes only grows, at its head, and a published lane's `next` never changes.
//! Every push is a Release read-modify-write, so one Acquire load of the head makes all lanes in the
//! list visible. Nothing here locks.

use std::ptr;

use super::{
    lane::{Chunk, Fresh, LANE_CHUNKS, Lane},
    sync::{AtomicPtr, AtomicU64, AtomicUsize, Ordering},
};

/// Chunks of the shared lane: 33 million words, the address space of one process' series.
#[cfg(not(yardstick_loom))]
pub(super) const SHARED_CHUNKS: usize = 65_536;
#[cfg(yardstick_loom)]
pub(super) const SHARED_CHUNKS: usize = 2;

/// What all lanes together may occupy unless the program says otherwise: 64 MiB, which is 16 thousand
/// chunks, or 256 chunks for each of 64 threads.
pub(super) const LANE_MEMORY_LIMIT_BYTES_DEFAULT: usize = 64 << 20;

/// The words of a pair that counts calls in flight.
pub(super) const ENTERED: usize = 0;
pub(super) const LEFT: usize = 1;

/// How each of the pair is stored. Release on a departure: whoever reads it must also see the arrival that went before
/// it, on whichever thread that was.
pub(super) const PAIR_STORES: [Ordering; 2] = [Ordering::Relaxed, Ordering::Release];

/// Readings of such a pair of which the lowest is taken while calls keep passing.
const ATTEMPTS: usize = 4;

/// The lanes and what they cost.
pub(super) struct Arena {
    newest: AtomicPtr<Lane>,
    shared: [AtomicPtr<Chunk>; SHARED_CHUNKS],
    lanes: AtomicUsize,
    bytes: AtomicUsize,
    limit_bytes: AtomicUsize,
}

impl Arena {
    #[cfg(not(yardstick_loom))]
    pub(super) const fn new() -> Self {
        Self {
            newest: AtomicPtr::new(ptr::null_mut()),
            shared: [const { AtomicPtr::new(ptr::null_mut()) }; SHARED_CHUNKS],
            lanes: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            limit_bytes: AtomicUsize::new(LANE_MEMORY_LIMIT_BYTES_DEFAULT),
        }
    }

    #[cfg(yardstick_loom)]
    pub(super) fn new() -> Self {
        Self {
            newest: AtomicPtr::new(ptr::null_mut()),
            shared: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            lanes: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            limit_bytes: AtomicUsize::new(LANE_MEMORY_LIMIT_BYTES_DEFAULT),
        }
    }

    pub(super) fn lanes(&self) -> usize {
        self.lanes.load(Ordering::Relaxed)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn set_limit_bytes(&self, limit: usize) {
        self.limit_bytes.store(limit, Ordering::Relaxed);
    }

    /// Takes a lane that a thread returned, or makes one; `None` beyond the memory limit.
    pub(super) fn lease(&self) -> Option<&'static Lane> {
        if let Some(lane) = self.iter().find(|lane| lane.try_lease()) {
            return Some(lane);
        }
        let lane: &'static Lane = self.charged()?;
        // Nobody else knows the lane yet, so this always succeeds; it keeps the lease in one place.
        lane.try_lease();
        self.lanes.fetch_add(1, Ordering::Relaxed);
        let mut newest = self.newest.load(Ordering::Relaxed);
        loop {
            lane.next.store(newest, Ordering::Relaxed);
            match self.newest.compare_exchange_weak(
                newest,
                ptr::from_ref(lane).cast_mut(),
                Ordering::Release,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Some(lane),
                Err(current) => newest = current,
            }
        }
    }

    /// The chunk at `index` of a lane that the caller leases, made if it is missing; `None` beyond the
    /// lane's table and beyond the memory limit.
    pub(super) fn own_chunk(&self, lane: &Lane, index: usize) -> Option<&'static Chunk> {
        if index >= LANE_CHUNKS {
            return None;
        }
        if let Some(chunk) = lane.own_chunk(index) {
            return Some(chunk);
        }
        let chunk: &'static Chunk = self.charged()?;
        lane.install(index, chunk);
        Some(chunk)
    }

    /// The chunk at `index` of the shared lane, if a series was registered there.
    pub(super) fn shared_chunk(&self, index: usize) -> Option<&'static Chunk> {
        let chunk = self.shared.get(index)?.load(Ordering::Acquire);
        // SAFETY: a non-null pointer comes from `Fresh::fresh`, which never frees.
        unsafe { chunk.cast_const().as_ref() }
    }

    /// Makes the shared chunk at `index`; `false` when there is no more memory or address space.
    ///
    /// Callers hold the lock of the word space, so no two make the same chunk.
    pub(super) fn ensure_shared_chunk(&self, index: usize) -> bool {
        if self.shared_chunk(index).is_some() {
            return true;
        }
        let (Some(slot), Some(chunk)) = (self.shared.get(index), Chunk::fresh()) else {
            return false;
        };
        slot.store(ptr::from_ref(chunk).cast_mut(), Ordering::Release);
        true
    }

    /// Every lane, leased or not, newest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static Lane> {
        let mut next = self.newest.load(Ordering::Acquire);
        std::iter::from_fn(move || {
            // SAFETY: a non-null pointer comes from `Fresh::fresh`, which never frees.
            let lane: &'static Lane = unsafe { next.cast_const().as_ref() }?;
            // Relaxed: `next` was written before the lane was published.
            next = lane.next.load(Ordering::Relaxed);
            Some(lane)
        })
    }

    /// Calls `read` with the `len` words at `first` of every lane that has them, the shared one last.
    pub(super) fn for_each_words(
        &self,
        at: (usize, usize),
        len: usize,
        mut read: impl FnMut(&[AtomicU64]),
    ) {
        self.for_each_lane_words(at, len, |_, words| read(words));
    }

    /// As [`for_each_words`](Self::for_each_words), with the lane that has them; none for the shared one.
    pub(super) fn for_each_lane_words(
        &self,
        (chunk, first): (usize, usize),
        len: usize,
        mut read: impl FnMut(Option<&'static Lane>, &[AtomicU64]),
    ) {
        let chunks = self.iter().filter_map(|lane| Some((Some(lane), lane.seen_chunk(chunk)?)));
        let shared = self.shared_chunk(chunk).map(|chunk| (None, chunk));
        chunks.chain(shared).for_each(|(lane, chunk)| {
            if let Some(words) = chunk.words(first, len) {
                read(lane, words);
            }
        });
    }

    /// Calls in flight: every lane's departures are read before any lane's arrivals.
    ///
    /// Acquire on a departure makes the arrival that went before it visible, on whichever thread that
    /// was, so the difference is never negative. Calls that pass between the two sums make a reading
    /// too high, so the lowest of a few is taken.
    pub(super) fn in_flight(&self, at: (usize, usize)) -> u64 {
        let sum = |index: usize, order| {
            let mut sum = 0_u64;
            self.for_each_words(at, 2, |words| sum = sum.wrapping_add(words[index].load(order)));
            sum
        };
        let read = || {
            let left = sum(LEFT, Ordering::Acquire);
            let entered = sum(ENTERED, Ordering::Relaxed);
            debug_assert!(entered >= left, "a departure was counted without its arrival");
            (entered.wrapping_sub(left), left)
        };
        let (mut fewest, mut left) = read();
        for _ in 1..ATTEMPTS {
            let (again, left_again) = read();
            fewest = fewest.min(again);
            if left == left_again {
                break;
            }
            left = left_again;
        }
        fewest
    }

    /// Memory within the limit.
    fn charged<T: Fresh>(&self) -> Option<&'static T> {
        let size = size_of::<T>();
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        let fresh = if before + size <= self.limit_bytes.load(Ordering::Relaxed) {
            T::fresh()
        } else {
            None
        };
        if fresh.is_none() {
            self.bytes.fetch_sub(size, Ordering::Relaxed);
        }
        fresh
    }
}
