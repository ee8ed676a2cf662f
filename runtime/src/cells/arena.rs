//! All lanes of a process and the shared lane beside them.
//!
//! Invariants: the list of lanes only grows, at its head, and a published lane's `next` never changes. All chunks of one
//! index are in a list of their own, so that a reader walks the lanes that have touched it and no other; it grows at its
//! head, and a chunk is taken out of it only under the gather lock, which every reader of the list holds. Every push is a
//! Release read-modify-write, so one Acquire load of a head makes all that is in the list visible.
//!
//! Lanes that were returned are on a stack. Anybody pushes; one thread at a time pops, so what is below the top stays
//! there while it looks. Nothing here waits: a thread that finds another one popping makes a lane instead.

use std::ptr;

use super::{
    lane::{CHUNKS, Chunk, Lane},
    memory::Fresh,
    sync::{AtomicBool, AtomicPtr, AtomicUsize, Ordering},
};

/// What all lanes together may occupy unless the program says otherwise: 64 MiB, which is 16 thousand
/// chunks, or 256 chunks for each of 64 threads.
pub(super) const LANE_MEMORY_LIMIT_BYTES_DEFAULT: usize = 64 << 20;

/// How often a thread that finds another one popping looks again before it makes a lane: a pop takes tens of
/// instructions.
#[cfg(not(yardstick_loom))]
const POP_ATTEMPTS: usize = 64;
#[cfg(yardstick_loom)]
const POP_ATTEMPTS: usize = 1;

/// The lanes and what they cost.
pub(super) struct Arena {
    pub(super) newest: AtomicPtr<Lane>,
    returned: AtomicPtr<Lane>,
    is_popping: AtomicBool,
    /// The newest chunk of each index.
    pub(super) newest_chunks: [AtomicPtr<Chunk>; CHUNKS],
    shared: [AtomicPtr<Chunk>; CHUNKS],
    /// Whether the words of an index are counters', which can be added to others whatever they are.
    pub(super) are_counters: [AtomicBool; CHUNKS],
    lanes: AtomicUsize,
    pub(super) bytes: AtomicUsize,
    limit_bytes: AtomicUsize,
    /// How often a lane was returned.
    pub(super) returns: AtomicUsize,
    /// How many of these the last fold knew of.
    pub(super) folded_returns: AtomicUsize,
    /// How many folds have begun and ended: odd while one is under way.
    pub(super) folds: AtomicUsize,
    /// Who sums a counter without the gather lock, and may be looking at a chunk that was taken out of its list.
    pub(super) quick_readers: AtomicUsize,
    /// Chunks that were taken out while there were quick readers. Only the holder of the gather lock looks at it.
    pub(super) limbo: AtomicPtr<Chunk>,
    /// How often something changed after which memory that was refused may be there.
    pub(super) changes: AtomicUsize,
}

impl Arena {
    #[cfg(not(yardstick_loom))]
    pub(super) const fn new() -> Self {
        Self {
            newest: AtomicPtr::new(ptr::null_mut()),
            returned: AtomicPtr::new(ptr::null_mut()),
            is_popping: AtomicBool::new(false),
            newest_chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
            shared: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
            are_counters: [const { AtomicBool::new(false) }; CHUNKS],
            lanes: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            limit_bytes: AtomicUsize::new(LANE_MEMORY_LIMIT_BYTES_DEFAULT),
            returns: AtomicUsize::new(0),
            folded_returns: AtomicUsize::new(0),
            changes: AtomicUsize::new(0),
            folds: AtomicUsize::new(0),
            quick_readers: AtomicUsize::new(0),
            limbo: AtomicPtr::new(ptr::null_mut()),
        }
    }

    #[cfg(yardstick_loom)]
    pub(super) fn new() -> Self {
        Self {
            newest: AtomicPtr::new(ptr::null_mut()),
            returned: AtomicPtr::new(ptr::null_mut()),
            is_popping: AtomicBool::new(false),
            newest_chunks: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            shared: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            are_counters: std::array::from_fn(|_| AtomicBool::new(false)),
            lanes: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            limit_bytes: AtomicUsize::new(LANE_MEMORY_LIMIT_BYTES_DEFAULT),
            returns: AtomicUsize::new(0),
            folded_returns: AtomicUsize::new(0),
            changes: AtomicUsize::new(0),
            folds: AtomicUsize::new(0),
            quick_readers: AtomicUsize::new(0),
            limbo: AtomicPtr::new(ptr::null_mut()),
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
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// Differs from before if memory that was refused may be there now.
    pub(super) fn changes(&self) -> usize {
        self.changes.load(Ordering::Relaxed)
    }

    /// Takes a lane that a thread returned, or makes one; `None` beyond the memory limit.
    pub(super) fn lease(&self) -> Option<&'static Lane> {
        if let Some(lane) = self.pop_returned() {
            if lane.try_lease() {
                return Some(lane);
            }
            // A gather has it for a moment.
            push(&self.returned, lane, &lane.below);
        }
        let lane: &'static Lane = self.charged()?;
        // Nobody else knows the lane yet, so this always succeeds; it keeps the lease in one place.
        lane.try_lease();
        self.lanes.fetch_add(1, Ordering::Relaxed);
        push(&self.newest, lane, &lane.next);
        Some(lane)
    }

    /// Gives a lane back that the caller leases. Its words stay: the next thread to lease it goes on counting from them.
    pub(super) fn give_back(&self, lane: &'static Lane) {
        lane.give_back();
        push(&self.returned, lane, &lane.below);
        self.returns.fetch_add(1, Ordering::Relaxed);
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// The lane that was returned last; `None` if there is none, or another thread is popping.
    fn pop_returned(&self) -> Option<&'static Lane> {
        // Acquire: what the thread before took off the stack is off it.
        let is_mine = (0..POP_ATTEMPTS).any(|_| {
            std::hint::spin_loop();
            self.is_popping
                .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
        });
        if !is_mine {
            return None;
        }
        let popped = loop {
            let top = self.returned.load(Ordering::Acquire);
            // SAFETY: a non-null pointer is that of a lane, which is never freed.
            let Some(lane) = (unsafe { top.cast_const().as_ref() }) else { break None };
            let below = lane.below.load(Ordering::Relaxed);
            // Relaxed: no other thread pops, so this is the push that was seen above.
            let popped =
                self.returned.compare_exchange(top, below, Ordering::Relaxed, Ordering::Relaxed);
            if popped.is_ok() {
                break Some(lane);
            }
        };
        self.is_popping.store(false, Ordering::Release);
        popped
    }

    /// In the child of a fork, which has one thread: every lane but `own` is free.
    #[cfg(not(yardstick_loom))]
    pub(super) fn forget_leases(&self, own: *const Lane) {
        self.is_popping.store(false, Ordering::Relaxed);
        self.quick_readers.store(0, Ordering::Relaxed);
        self.returned.store(ptr::null_mut(), Ordering::Relaxed);
        for lane in self.iter().filter(|lane| !ptr::eq(*lane, own)) {
            self.give_back(lane);
        }
    }

    /// The chunk at `index` of a lane that the caller leases, made if it is missing; `None` beyond the memory limit, and
    /// for an index that no series has.
    pub(super) fn own_chunk(&self, lane: &'static Lane, index: usize) -> Option<&'static Chunk> {
        if let Some(chunk) = lane.own_chunk(index) {
            return Some(chunk);
        }
        if index >= CHUNKS {
            return None;
        }
        if !lane.has_table(index) {
            lane.install_table(index, self.charged()?);
        }
        let chunk: &'static Chunk = self.charged()?;
        chunk.lane.store(ptr::from_ref(lane).cast_mut(), Ordering::Relaxed);
        push(&self.newest_chunks[index], chunk, &chunk.next);
        lane.install(index, Some(chunk));
        Some(chunk)
    }

    /// Says that the words of an index are counters' and nothing else, before there is any.
    pub(super) fn keep_for_counters(&self, index: usize) {
        if let Some(are_counters) = self.are_counters.get(index) {
            are_counters.store(true, Ordering::Relaxed);
        }
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
        let (Some(slot), Some(chunk)) = (self.shared.get(index), Chunk::reserved()) else {
            return false;
        };
        slot.store(ptr::from_ref(chunk).cast_mut(), Ordering::Release);
        true
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

/// Pushes onto a list whose head this is and whose links are the elements' `next`.
fn push<T>(head: &AtomicPtr<T>, element: &'static T, next: &AtomicPtr<T>) {
    let pushed = ptr::from_ref(element).cast_mut();
    let mut newest = head.load(Ordering::Relaxed);
    loop {
        next.store(newest, Ordering::Relaxed);
        match head.compare_exchange_weak(newest, pushed, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(current) => newest = current,
        }
    }
}
