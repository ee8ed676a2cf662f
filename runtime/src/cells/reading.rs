//! How lanes are read: chunk by chunk, each index by itself.
//!
//! Invariant: see [`chunks`](Arena::chunks); a reader that walks a list of chunks keeps them from being freed.

use std::ptr;

use super::{
    arena::Arena,
    lane::{Chunk, Lane},
    sync::{AtomicU64, Ordering},
};

/// The words of a pair that counts calls in flight.
pub(super) const ENTERED: usize = 0;
pub(super) const LEFT: usize = 1;

/// How each of the pair is stored. Release on a departure: its reader must also see the arrival that went before
/// it, on whichever thread that was.
pub(super) const PAIR_STORES: [Ordering; 2] = [Ordering::Relaxed, Ordering::Release];

/// Readings of such a pair of which the lowest is taken while calls keep passing.
const ATTEMPTS: usize = 4;

impl Arena {
    /// All lanes' chunks of an index, newest first. The caller holds the gather lock, or is a quick reader, or the index is
    /// none of counters, of which no chunk is ever taken out.
    pub(super) fn chunks(&self, index: usize) -> impl Iterator<Item = &'static Chunk> {
        let head = self.newest_chunks.get(index);
        let mut next = head.map_or(ptr::null_mut(), |head| head.load(Ordering::Acquire));
        std::iter::from_fn(move || {
            // SAFETY: a non-null pointer is that of a chunk, which is freed after it was taken out of the list, under the
            // lock that the caller holds.
            let chunk: &'static Chunk = unsafe { next.cast_const().as_ref() }?;
            next = chunk.next.load(Ordering::Relaxed);
            Some(chunk)
        })
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
        let chunks = self.chunks(chunk).map(|chunk| (lane_of(chunk), chunk));
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
}

/// Whose a chunk is.
fn lane_of(chunk: &Chunk) -> Option<&'static Lane> {
    // SAFETY: a lane is never freed. Relaxed: it was written before the chunk was published.
    unsafe { chunk.lane.load(Ordering::Relaxed).cast_const().as_ref() }
}
