//! The fast path: this thread's lane, and what happens when there is none.
//!
//! Invariant: `LANE` points at a lane that this thread leases, or at `EMPTY`, which has no chunks.
//! `LANE` has no destructor, so recording from any other thread-local's destructor is defined; `LEASE`
//! has one, which returns the lane and points `LANE` back at `EMPTY` first. Only the slow path touches
//! `LEASE`.

use std::cell::Cell;

use super::{
    arena::Arena,
    lane::{CHUNKS, Chunk, Lane},
    space::At,
    sync::AtomicU64,
};
use crate::base::causes::{Cause, Counted, causes};

static EMPTY: Lane = Lane::empty();
pub(super) static ARENA: Arena = Arena::new();

thread_local! {
    static LANE: Cell<&'static Lane> = const { Cell::new(&EMPTY) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
    /// The state of the arena in which it refused memory, so that it is not asked again until that has changed.
    static REFUSED: Cell<Option<usize>> = const { Cell::new(None) };
    static LEASE: Lease = const { Lease { lane: Cell::new(None) } };
}

/// Returns the lane when its thread ends.
struct Lease {
    lane: Cell<Option<&'static Lane>>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            LANE.set(&EMPTY);
            ARENA.give_back(lane);
        }
    }
}

causes! {
    /// Why a record went to the shared lane.
    pub(crate) enum SharedCause {
        /// Inside the lease of a lane or the allocation of a chunk: a global allocator records.
        Allocation = "allocation",
        /// Beyond the memory limit, or the allocator had no more memory.
        MemoryLimit = "memory_limit",
        /// Inside a thread-local's destructor, after the thread had returned its lane.
        ThreadExit = "thread_exit",
    }
}

/// Records that went to the shared lane: exact like all others, but slower.
pub(crate) static SHARED_RECORDS: Counted<SharedCause, { SharedCause::ALL.len() }> = Counted::new();

/// Lanes ever made: the peak number of threads that recorded at the same time.
pub(crate) fn lanes() -> usize {
    ARENA.lanes()
}

/// Bytes of all lanes and their chunks.
pub(crate) fn lane_memory_bytes() -> usize {
    ARENA.bytes()
}

/// Sets what all lanes together may occupy; what is already there stays.
pub(crate) fn set_lane_memory_limit(bytes: usize) {
    ARENA.set_limit_bytes(bytes);
}

/// This thread's `len` words at `at`, if the fast path can serve them.
#[inline]
pub(super) fn own_words(at: At, len: usize) -> Option<&'static [AtomicU64]> {
    let (chunk, first) = at.split();
    LANE.with(Cell::get).near_chunk(chunk)?.words(first, len)
}

/// The chunk of this thread's words at `at`, if the fast path can serve them, and the first of them within it.
#[inline]
pub(super) fn own_chunk(at: At) -> Option<(&'static Chunk, usize)> {
    let (chunk, first) = at.split();
    Some((LANE.with(Cell::get).near_chunk(chunk)?, first))
}

/// Words to record into when the fast path found none.
pub(super) enum Target {
    /// This thread's own: plain loads and stores.
    Own(&'static [AtomicU64]),
    /// Everybody's: atomic read-modify-writes.
    Shared(&'static [AtomicU64]),
}

/// Leases a lane or allocates a chunk and answers with this thread's words; the shared ones where that
/// cannot be; `None` only for an offset that no series owns.
#[cold]
#[inline(never)]
pub(super) fn find_words(at: At, len: usize) -> Option<Target> {
    let (chunk, first) = at.split();
    // One that is there already, beyond the lane's first table.
    if let Some(chunk) = LANE.with(Cell::get).own_chunk(chunk) {
        return chunk.words(first, len).map(Target::Own);
    }
    match lease_chunk(chunk) {
        Ok(chunk) => chunk.words(first, len).map(Target::Own),
        Err(cause) => {
            SHARED_RECORDS.add(cause, 1);
            shared_words(at, len).map(Target::Shared)
        }
    }
}

/// The shared lane's words at `at`.
pub(super) fn shared_words(at: At, len: usize) -> Option<&'static [AtomicU64]> {
    let (chunk, first) = at.split();
    ARENA.shared_chunk(chunk)?.words(first, len)
}

fn lease_chunk(index: usize) -> Result<&'static Chunk, SharedCause> {
    if BUSY.replace(true) {
        return Err(SharedCause::Allocation);
    }
    // Read before anything is asked for, so that a change meanwhile is noticed.
    let changes = ARENA.changes();
    let chunk = if REFUSED.get() == Some(changes) {
        Err(SharedCause::MemoryLimit)
    } else {
        lane().and_then(|lane| ARENA.own_chunk(lane, index).ok_or(SharedCause::MemoryLimit))
    };
    // An index that no series has says nothing of memory.
    if matches!(chunk, Err(SharedCause::MemoryLimit)) && index < CHUNKS {
        REFUSED.set(Some(changes));
    }
    BUSY.set(false);
    chunk
}

fn lane() -> Result<&'static Lane, SharedCause> {
    let lane = LANE.get();
    if !std::ptr::eq(lane, &EMPTY) {
        return Ok(lane);
    }
    // The lease needs its destructor registered first, or the lane would not be returned.
    LEASE
        .try_with(|lease| {
            #[cfg(unix)]
            super::fork::call_in_child(forget_leases);
            let lane = ARENA.lease().ok_or(SharedCause::MemoryLimit)?;
            lease.lane.set(Some(lane));
            LANE.set(lane);
            Ok(lane)
        })
        .unwrap_or(Err(SharedCause::ThreadExit))
}

/// In the child of a fork: this thread is the only one left. It keeps its lane, in which it was not writing; all
/// others are free.
#[cfg(unix)]
pub(super) fn forget_leases() {
    ARENA.forget_leases(LANE.get());
    BUSY.set(false);
}

/// Whether this thread, which is not writing, may write to a lane: it leases it, or takes it for the moment of
/// `write` because nobody does.
pub(super) fn write_if_idle(lane: &Lane, write: impl FnOnce()) -> bool {
    if std::ptr::eq(LANE.get(), lane) {
        write();
        return true;
    }
    let is_idle = lane.try_lease();
    if is_idle {
        write();
        lane.give_back();
    }
    is_idle
}
