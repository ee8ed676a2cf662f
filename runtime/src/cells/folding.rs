//! Folds the counters of lanes that no thread leases, beside readers that sum a counter without the gather lock.
//!
//! Invariants: a fold holds the gather lock, leases the lane, and adds each of its counters to the shared lane before the
//! chunk is out of its list, so readers under the lock see each number once. A quick reader takes no lock: it begins anew
//! when a fold has begun or ended meanwhile, and a chunk is freed only when there was no quick reader after it had been
//! taken out.

use std::ptr;

use super::{
    arena::Arena,
    lane::{Chunk, Lane},
    sync::{Ordering, fence, yield_now},
};

/// Sums that a quick reader begins, of which a fold may overtake each.
#[cfg(not(yardstick_loom))]
const QUICK_ATTEMPTS: usize = 64;
#[cfg(yardstick_loom)]
const QUICK_ATTEMPTS: usize = 1;

impl Arena {
    /// Takes a chunk out of its list. The caller holds the gather lock, so no reader walks the list.
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

    /// Adds the counters of lanes that no thread leases to the shared lane and gives their memory back, so that a burst of
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

    /// Frees the chunks that were taken out, unless a reader may be looking at one. The caller holds the gather lock.
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
            // SAFETY: it comes from `charged`, is in no table and in no list, and no thread looks at it: readers are kept out
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
}
