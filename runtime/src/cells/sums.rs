//! What one gather has summed: a chunk of counters over all lanes, at once.
//!
//! Invariant: a sum was read under the gather lock after its gather had begun, and is forgotten when that ends. So a
//! value that a gather shows is one that was true while it ran, and no later reader sees less: a reader after the
//! gather has ended reads, under the lock, after the gather did. Who reads while one runs, be it what a gather calls, reads
//! what is there: its own record is in it. What happens to a word other than that it grows, a reset
//! or a new owner, happens under the lock too, and makes all sums from before it void: a base is never newer than the sum
//! that it is taken from.
//!
//! Series come in the order of their labels, which is not that of their words: read one by one over a thousand lanes,
//! each word costs a thousand chunks that are no longer in the processor's cache.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{
    gather::{Gathering, gathering},
    lane::CHUNK_WORDS,
    local::ARENA,
};

/// Sums that a thread keeps the memory of for its next gather: 1 MiB, of 131,072 counters.
const SPARE_MAX: usize = 256;

type Chunk = Box<[u64; CHUNK_WORDS]>;

#[derive(Default)]
struct Sums {
    is_gathering: bool,
    /// How many had been voided when these were summed.
    voided: u64,
    /// By index, of those that were asked for; as long as the highest.
    chunks: Vec<Option<Chunk>>,
    spare: Vec<Chunk>,
}

/// How often sums were made void. Only ever looked at under the gather lock.
static VOIDED: AtomicU64 = AtomicU64::new(0);

/// Makes void what any gather has summed until now. Call it when a base was stored or a word was zeroed.
pub(crate) fn void_sums(_: &Gathering<'_>) {
    VOIDED.fetch_add(1, Relaxed);
}

thread_local! {
    static SUMS: RefCell<Sums> = RefCell::default();
}

/// One gather of this thread; dropping it ends the gather. It cannot be sent to another thread.
#[must_use]
#[derive(Debug)]
pub(crate) struct Gather {
    /// Whether it is the outer one, if one began within another.
    is_outer: bool,
    thread: std::marker::PhantomData<*const ()>,
}

impl Gather {
    /// Begins a gather. Folds what was returned and zeroes what was retired since the last one.
    pub(crate) fn begin() -> Self {
        {
            let gathering = gathering();
            ARENA.fold_returned();
            super::space::reclaim(&gathering);
        }
        let begin = |sums: &RefCell<Sums>| {
            let mut sums = sums.borrow_mut();
            !std::mem::replace(&mut sums.is_gathering, true)
        };
        // While the thread ends there is no table, and each word is read by itself.
        let is_outer = SUMS.try_with(begin).unwrap_or(false);
        Self { is_outer, thread: std::marker::PhantomData }
    }
}

impl Drop for Gather {
    fn drop(&mut self) {
        if !self.is_outer {
            return;
        }
        let _ = SUMS.try_with(|sums| {
            let mut sums = sums.borrow_mut();
            sums.is_gathering = false;
            sums.forget();
        });
    }
}

/// The sum of a counter's word over all lanes: of a gather, what it has summed.
pub(super) fn sum((chunk, word): (usize, usize), gathering: &Gathering<'_>) -> u64 {
    let summed =
        || SUMS.try_with(|sums| sums.try_borrow_mut().ok()?.get(chunk, word)).ok().flatten();
    gathering.is_of_gather().then(summed).flatten().unwrap_or_else(|| {
        let mut sum = 0_u64;
        ARENA.for_each_words((chunk, word), 1, |words| {
            sum = sum.wrapping_add(words[0].load(Relaxed));
        });
        sum
    })
}

impl Sums {
    /// The sum of a word, if a gather is under way.
    #[inline]
    fn get(&mut self, chunk: usize, word: usize) -> Option<u64> {
        if !self.is_gathering {
            return None;
        }
        let voided = VOIDED.load(Relaxed);
        if self.voided != voided {
            self.forget();
            self.voided = voided;
        }
        match self.chunks.get(chunk) {
            Some(Some(sums)) => Some(sums[word]),
            _ => Some(self.look(chunk)[word]),
        }
    }

    /// Forgets all sums, and keeps some of their memory.
    #[cold]
    fn forget(&mut self) {
        let Self { chunks, spare, .. } = self;
        spare.extend(chunks.drain(..).flatten());
        spare.truncate(SPARE_MAX);
    }

    #[cold]
    fn look(&mut self, chunk: usize) -> &[u64; CHUNK_WORDS] {
        if self.chunks.len() <= chunk {
            self.chunks.resize_with(chunk + 1, || None);
        }
        let mut sums = self.spare.pop().unwrap_or_else(|| Box::new([0; CHUNK_WORDS]));
        sum_all(chunk, &mut sums);
        self.chunks[chunk].insert(sums)
    }
}

/// Sums all words of a chunk, lane by lane.
fn sum_all(chunk: usize, sums: &mut [u64; CHUNK_WORDS]) {
    sums.fill(0);
    for lane in ARENA.chunks(chunk).chain(ARENA.shared_chunk(chunk)) {
        for (sum, word) in sums.iter_mut().zip(lane.all()) {
            *sum = sum.wrapping_add(word.load(Relaxed));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Barrier, thread};

    use super::*;
    use crate::{
        cells::{CounterCell, Words, gathering_on},
        registry::Registry,
    };

    /// All alive at once.
    const LANES: usize = 12;

    /// Lets the threads end, also where an assertion fails before.
    struct Release<'b>(&'b Barrier);

    impl Drop for Release<'_> {
        fn drop(&mut self) {
            self.0.wait();
        }
    }

    fn beside_lanes(record: impl Fn() + Sync, meanwhile: impl FnOnce()) {
        let (have_recorded, may_end) = (Barrier::new(LANES + 1), Barrier::new(LANES + 1));
        thread::scope(|scope| {
            for _ in 0..LANES {
                scope.spawn(|| {
                    record();
                    have_recorded.wait();
                    may_end.wait();
                });
            }
            have_recorded.wait();
            let _release = Release(&may_end);
            meanwhile();
        });
    }

    #[test]
    fn a_counter_that_is_reset_while_it_is_gathered_reads_zero() {
        let registry = Registry::new();
        let [one, other] = ["one", "other"].map(|name| registry.counter(name).register());
        let (one, other) = (one.expect("a new name"), other.expect("a new name"));
        let gathered = |name: &str| registry.sample_value(name, &[]);
        let all = f64::from(u32::try_from(LANES).expect("a few"));
        let record = || {
            one.inc();
            other.inc();
        };
        beside_lanes(record, || {
            let _gather = Gather::begin();
            assert_eq!(gathered("one_total"), Some(all));
            thread::scope(|scope| {
                scope.spawn(|| {
                    other.inc_by(5);
                    other.reset();
                });
            });
            assert_eq!(gathered("other_total"), Some(0.0));
            assert_eq!(gathered("one_total"), Some(all));
        });
    }

    #[test]
    fn who_reads_while_it_gathers_sees_its_own_record() {
        let words = Words::allocate_counter().expect("there is room");
        let cell = CounterCell::new(&words);
        let _gather = Gather::begin();
        assert_eq!(cell.sum(&gathering_on()), 0);
        cell.add(1);
        assert_eq!(cell.sum(&gathering()), 1);
    }

    #[test]
    fn a_word_that_changes_hands_while_others_are_gathered_begins_at_zero() {
        let [one, gone] = [(); 2].map(|()| Words::allocate_counter().expect("there is room"));
        let (counted, gone_cell) = (CounterCell::new(&one), CounterCell::new(&gone));
        let record = || {
            counted.add(1);
            gone_cell.add(1);
        };
        beside_lanes(record, || {
            let _gather = Gather::begin();
            let sum = |cell: CounterCell| cell.sum(&gathering_on());
            assert_eq!((sum(counted), sum(gone_cell)), (LANES as u64, LANES as u64));
            drop(gone);
            // One of these has the word; other tests may be faster to take it.
            let news: Vec<_> = (0..64).filter_map(|_| Words::allocate_counter()).collect();
            assert!(
                news.iter().all(|words| sum(CounterCell::new(words)) == 0),
                "a word is not zero"
            );
            assert_eq!(sum(counted), LANES as u64);
        });
    }
}
