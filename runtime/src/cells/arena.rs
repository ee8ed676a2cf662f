//! All lanes of a process and the shared lane beside them.
//!
//! Invariants: the list of lanes only grows, at its head, and a published lane's `next` never changes. All chunks of one
//! index are in a list of their own, so that a reader walks the lanes that have touched it and no other; it grows at its
//! head, and a chunk is taken out of it only under the gather lock, which every reader of the list holds. Every push is a
//! Release read-modify-write, so one Acquire load of a head makes all that is in the list visible.
//!
//! Lanes that were returned are on a stack. Anybody pushes; one thread at a time pops, so what is below the top stays
//! there while it looks. Nothing here waits: whoever finds another one popping makes a lane instead.

use std::ptr;

use super::{
    lane::{Chunk, Fresh, LANE_CHUNKS, Lane},
    sync::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence, yield_now},
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

/// How often a thread that finds another one popping looks again before it makes a lane: a pop takes tens of
/// instructions.
#[cfg(not(yardstick_loom))]
const POP_ATTEMPTS: usize = 64;
#[cfg(yardstick_loom)]
const POP_ATTEMPTS: usize = 1;

/// Sums that a quick reader begins, of which a fold may overtake each.
#[cfg(not(yardstick_loom))]
const QUICK_ATTEMPTS: usize = 64;
#[cfg(yardstick_loom)]
const QUICK_ATTEMPTS: usize = 1;

/// The lanes and what they cost.
pub(super) struct Arena {
    newest: AtomicPtr<Lane>,
    returned: AtomicPtr<Lane>,
    is_popping: AtomicBool,
    /// The newest chunk of each index.
    newest_chunks: [AtomicPtr<Chunk>; SHARED_CHUNKS],
    shared: [AtomicPtr<Chunk>; SHARED_CHUNKS],
    /// Whether the words of an index are counters', which can be added to others whatever they are.
    are_counters: [AtomicBool; SHARED_CHUNKS],
    lanes: AtomicUsize,
    bytes: AtomicUsize,
    limit_bytes: AtomicUsize,
    /// How often a lane was returned.
    returns: AtomicUsize,
    /// How many of these the last fold knew of.
    folded_returns: AtomicUsize,
    /// How many folds have begun and ended: odd while one is under way.
    folds: AtomicUsize,
    /// Who sums a counter without the gather lock, and may be looking at a chunk that was taken out of its list.
    quick_readers: AtomicUsize,
    /// Chunks that were taken out while there were quick readers. Only the holder of the gather lock looks at it.
    limbo: AtomicPtr<Chunk>,
    /// How often something changed after which memory that was refused may be there.
    changes: AtomicUsize,
}

impl Arena {
    #[cfg(not(yardstick_loom))]
    pub(super) const fn new() -> Self {
        Self {
            newest: AtomicPtr::new(ptr::null_mut()),
            returned: AtomicPtr::new(ptr::null_mut()),
            is_popping: AtomicBool::new(false),
            newest_chunks: [const { AtomicPtr::new(ptr::null_mut()) }; SHARED_CHUNKS],
            shared: [const { AtomicPtr::new(ptr::null_mut()) }; SHARED_CHUNKS],
            are_counters: [const { AtomicBool::new(false) }; SHARED_CHUNKS],
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
            // Relaxed: nobody else pops, so this is the push that was seen above.
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

    /// The chunk at `index` of a lane that the caller leases, made if it is missing; `None` beyond the
    /// lane's table and beyond the memory limit.
    pub(super) fn own_chunk(&self, lane: &'static Lane, index: usize) -> Option<&'static Chunk> {
        if index >= LANE_CHUNKS {
            return None;
        }
        if let Some(chunk) = lane.own_chunk(index) {
            return Some(chunk);
        }
        let chunk: &'static Chunk = self.charged()?;
        chunk.lane.store(ptr::from_ref(lane).cast_mut(), Ordering::Relaxed);
        push(&self.newest_chunks[index], chunk, &chunk.next);
        lane.install(index, Some(chunk));
        Some(chunk)
    }

    /// Takes a chunk out of its list. The caller holds the gather lock, so nobody walks the list.
    fn unlink_chunk(&self, index: usize, chunk: &Chunk) {
        let (head, unlinked) = (&self.newest_chunks[index], ptr::from_ref(chunk).cast_mut());
        let next = chunk.next.load(Ordering::Relaxed);
        // Relaxed: a read-modify-write passes on what the pushes before it have published.
        if head.compare_exchange(unlinked, next, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            return;
        }
        if let Some(before) =
            self.chunks(index).find(|other| other.next.load(Ordering::Relaxed) == unlinked)
        {
            before.next.store(next, Ordering::Relaxed);
        }
    }

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

    /// Says that the words of an index are counters' and nothing else, before there is any.
    pub(super) fn keep_for_counters(&self, index: usize) {
        if let Some(are_counters) = self.are_counters.get(index) {
            are_counters.store(true, Ordering::Relaxed);
        }
    }

    /// Adds the counters of lanes that nobody leases to the shared lane and gives their memory back, so that a burst of
    /// threads leaves nothing to be read. The caller holds the gather lock: no reader sees a number twice or not at all.
    pub(super) fn fold_returned(&self) {
        let returns = self.returns.load(Ordering::Relaxed);
        if self.folded_returns.swap(returns, Ordering::Relaxed) == returns {
            return;
        }
        for lane in self.iter() {
            if lane.try_lease() {
                // One lane at a time, so that a quick reader need not wait for long. The fence keeps what follows from
                // being seen by who has not seen the fold begin.
                self.folds.fetch_add(1, Ordering::Relaxed);
                fence(Ordering::Release);
                self.fold(lane);
                self.folds.fetch_add(1, Ordering::Release);
                lane.give_back();
            }
        }
        self.free_limbo();
    }

    /// The sum of a counter's word over all lanes, without the gather lock: who records does not wait for a scrape. `None`
    /// if folds were under way each time.
    pub(super) fn quick_sum(&self, (chunk, word): (usize, usize)) -> Option<u64> {
        self.quick_readers.fetch_add(1, Ordering::Relaxed);
        // Pairs with the one in `free_limbo`: either the reader is seen there, or what was taken out is not seen here.
        fence(Ordering::SeqCst);
        let sum = (0..QUICK_ATTEMPTS).find_map(|_| {
            let before = self.folds.load(Ordering::Acquire);
            let chunks = self.chunks(chunk).chain(self.shared_chunk(chunk));
            let sum = chunks.fold(0_u64, |sum, chunk| {
                sum.wrapping_add(chunk.all()[word].load(Ordering::Relaxed))
            });
            fence(Ordering::Acquire);
            let is_settled =
                before.is_multiple_of(2) && self.folds.load(Ordering::Relaxed) == before;
            if !is_settled {
                yield_now();
            }
            is_settled.then_some(sum)
        });
        // Release: what was read is read before the memory may go.
        self.quick_readers.fetch_sub(1, Ordering::Release);
        sum
    }

    /// Frees the chunks that were taken out, unless somebody may be looking at one. The caller holds the gather lock.
    fn free_limbo(&self) {
        fence(Ordering::SeqCst);
        if self.quick_readers.load(Ordering::Acquire) != 0 {
            // The next fold tries again.
            self.folded_returns.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let mut next = self.limbo.swap(ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: chunks in limbo are freed here and nowhere else.
        while let Some(chunk) = unsafe { next.cast_const().as_ref() } {
            let freed = next;
            next = chunk.lane.load(Ordering::Relaxed).cast();
            // SAFETY: it comes from `charged`, is in no table and in no list, and nobody looks at it: readers are kept out
            // by the gather lock, and there were no quick ones after it had been taken out.
            unsafe { Chunk::free(freed) };
            self.bytes.fetch_sub(size_of::<Chunk>(), Ordering::Relaxed);
            self.changes.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Folds a lane that the caller leases.
    fn fold(&self, lane: &'static Lane) {
        for index in lane.indexes() {
            if !self.are_counters[index].load(Ordering::Relaxed) {
                continue;
            }
            let (Some(chunk), Some(shared)) = (lane.own_chunk(index), self.shared_chunk(index))
            else {
                continue;
            };
            for (word, total) in chunk.all().iter().zip(shared.all()) {
                let count = word.load(Ordering::Relaxed);
                if count != 0 {
                    total.fetch_add(count, Ordering::Relaxed);
                }
            }
            lane.install(index, None);
            self.unlink_chunk(index, chunk);
            // Its lane is of no use any more, and its `next` still leads quick readers on.
            let below = self.limbo.swap(ptr::from_ref(chunk).cast_mut(), Ordering::Relaxed);
            chunk.lane.store(below.cast(), Ordering::Relaxed);
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

/// Whose a chunk is.
fn lane_of(chunk: &Chunk) -> Option<&'static Lane> {
    // SAFETY: a lane is never freed. Relaxed: it was written before the chunk was published.
    unsafe { chunk.lane.load(Ordering::Relaxed).cast_const().as_ref() }
}
