//! The sequence word that makes several words of one histogram agree.
//!
//! Invariant: the low bits of the word count the writers inside, the high bits count the writes that
//! ended. A reader that finds no writer inside, and the same word before and after, has read a state in
//! which no write was half done. In a lane there is one writer, so plain stores do; in the shared lane
//! writers count themselves in and out.

use super::sync::{AtomicU64, Ordering, fence};

/// One write that ended; below it is room for a million writers inside at once.
const WRITE: u64 = 1 << 20;
const WRITERS: u64 = WRITE - 1;

/// Runs `write` on the words of a lane that this thread leases.
#[inline]
pub(super) fn write_own(sequence: &AtomicU64, write: impl FnOnce()) {
    // Clearing the writers repairs what a fork in the middle of a write left behind.
    let before = sequence.load(Ordering::Relaxed) & !WRITERS;
    sequence.store(before + 1, Ordering::Relaxed);
    // A reader that sees a store of `write` must also see the line above.
    fence(Ordering::Release);
    write();
    sequence.store(before.wrapping_add(WRITE), Ordering::Release);
}

/// Runs `write`, which uses read-modify-writes only, on the words of the shared lane.
pub(super) fn write_shared(sequence: &AtomicU64, write: impl FnOnce()) {
    sequence.fetch_add(1, Ordering::Relaxed);
    fence(Ordering::Release);
    write();
    sequence.fetch_add(WRITE - 1, Ordering::Release);
}

/// Counts no writer inside any more, for a word of which `seen` says that one is; `false` if it has changed since.
/// Only where the writer cannot come back: it was lost in a fork. Relaxed: what it wrote was copied with the process.
pub(super) fn repair(sequence: &AtomicU64, seen: u64) -> bool {
    let repaired = (seen & !WRITERS).wrapping_add(WRITE);
    sequence.compare_exchange(seen, repaired, Ordering::Relaxed, Ordering::Relaxed).is_ok()
}

/// Runs `read` once and says whether no write overlapped it.
pub(super) fn read(sequence: &AtomicU64, read: impl FnOnce()) -> bool {
    let before = sequence.load(Ordering::Acquire);
    read();
    fence(Ordering::Acquire);
    before & WRITERS == 0 && sequence.load(Ordering::Relaxed) == before
}
