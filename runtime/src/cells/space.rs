//! Word offsets: which words belong to which series.
//!
//! Invariants: an offset belongs to one [`Words`] at a time. When that is dropped no handle or cache
//! holds the offset any more, so no writer exists; its words are zeroed in every lane under the gather
//! lock and only then given to another series. Who drops it does not wait for that lock: where a reader has it, the words
//! are retired, and zeroed before the next gather. The words of one series never straddle two chunks, and the words of
//! counters are in chunks of their own, which can be folded.

use std::{collections::BTreeMap, sync::PoisonError};

use super::{
    gather::{Gathering, try_gathering},
    lane::{CHUNK_WORDS, CHUNKS},
    local::ARENA,
    sums::void_sums,
    sync::Ordering,
};
use crate::base::{gate::Inside, lock::Mutex};

/// The offset of a word in every lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

impl At {
    /// The offset of no word: beyond every lane.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) const fn get(self) -> u32 {
        self.0
    }

    pub(super) const fn of(word: u32) -> Self {
        Self(word)
    }

    /// The chunk and the word within it.
    #[inline]
    pub(super) const fn split(self) -> (usize, usize) {
        let word = self.0 as usize;
        (word / CHUNK_WORDS, word % CHUNK_WORDS)
    }
}

/// Words of every lane that belong to one series until this is dropped.
#[derive(Debug)]
pub(crate) struct Words(Run);

/// Words side by side.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: At,
    len: u16,
    /// Whether it is the word of a counter, in a chunk of such.
    is_counter: bool,
}

impl Words {
    /// Takes `len` words, all zero; `None` when the address space or the memory is used up, or when
    /// `len` is zero or more than a chunk.
    pub(crate) fn allocate(len: usize) -> Option<Self> {
        if len == 0 || len > CHUNK_WORDS {
            return None;
        }
        Self::take(len, false)
    }

    /// Takes the word of a counter, zero; `None` when the address space or the memory is used up.
    pub(crate) fn allocate_counter() -> Option<Self> {
        Self::take(1, true)
    }

    fn take(len: usize, is_counter: bool) -> Option<Self> {
        let mut space = SPACE.lock().unwrap_or_else(PoisonError::into_inner);
        let word = if is_counter { space.take_counter()? } else { space.take(len)? };
        let at = At(u32::try_from(word).ok()?);
        let run = Run { at, len: u16::try_from(len).ok()?, is_counter };
        if !ARENA.ensure_shared_chunk(at.split().0) {
            // Not by dropping a `Words`, which takes the lock that is held here.
            space.put_back(run);
            return None;
        }
        Some(Self(run))
    }

    pub(super) const fn at(&self) -> At {
        self.0.at
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len as usize
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        let _inside = Inside::enter();
        RETIRED.lock().unwrap_or_else(PoisonError::into_inner).push(self.0);
        if let Some(gathering) = try_gathering() {
            reclaim(&gathering);
        }
    }
}

/// What was dropped and is not zero yet.
static RETIRED: Mutex<Vec<Run>> = Mutex::new(Vec::new());

/// Zeroes what was retired, and gives it to the next who asks.
pub(super) fn reclaim(gathering: &Gathering<'_>) {
    let retired = std::mem::take(&mut *RETIRED.lock().unwrap_or_else(PoisonError::into_inner));
    if retired.is_empty() {
        return;
    }
    for run in &retired {
        ARENA.for_each_words(run.at.split(), usize::from(run.len), |words| {
            words.iter().for_each(|word| word.store(0, Ordering::Relaxed));
        });
    }
    void_sums(gathering);
    let mut space = SPACE.lock().unwrap_or_else(PoisonError::into_inner);
    retired.into_iter().for_each(|run| space.put_back(run));
}

/// Free runs of words by length, and where the untouched rest begins.
struct Space {
    next: usize,
    free: BTreeMap<usize, Vec<usize>>,
    /// Where the untouched rest of the last chunk of counters begins, and where it ends.
    next_counter: usize,
    counters_end: usize,
    free_counters: Vec<usize>,
}

static SPACE: Mutex<Space> = Mutex::new(Space::new());

impl Space {
    const fn new() -> Self {
        let free = BTreeMap::new();
        Self { next: 0, free, next_counter: 0, counters_end: 0, free_counters: Vec::new() }
    }

    /// The word of a counter.
    fn take_counter(&mut self) -> Option<usize> {
        if let Some(word) = self.free_counters.pop() {
            return Some(word);
        }
        if self.next_counter == self.counters_end {
            let chunk = self.take_chunk()?;
            ARENA.keep_for_counters(chunk);
            (self.next_counter, self.counters_end) =
                (chunk * CHUNK_WORDS, (chunk + 1) * CHUNK_WORDS);
        }
        self.next_counter += 1;
        Some(self.next_counter - 1)
    }

    /// A whole untouched chunk.
    fn take_chunk(&mut self) -> Option<usize> {
        let left_in_chunk = (CHUNK_WORDS - self.next % CHUNK_WORDS) % CHUNK_WORDS;
        if self.next + left_in_chunk + CHUNK_WORDS > CHUNKS * CHUNK_WORDS {
            return None;
        }
        self.put(self.next, left_in_chunk);
        self.next += left_in_chunk + CHUNK_WORDS;
        Some(self.next / CHUNK_WORDS - 1)
    }

    fn put_back(&mut self, run: Run) {
        let word = run.at.0 as usize;
        if run.is_counter {
            self.free_counters.push(word);
        } else {
            self.put(word, usize::from(run.len));
        }
    }

    /// A run of exactly `len`, else the head of a longer free run, else untouched words.
    fn take(&mut self, len: usize) -> Option<usize> {
        let reusable = self.free.range(len..).find(|(_, runs)| !runs.is_empty());
        if let Some(run_len) = reusable.map(|(run_len, _)| *run_len) {
            let start = self.free.get_mut(&run_len)?.pop()?;
            self.put(start + len, run_len - len);
            return Some(start);
        }
        let left_in_chunk = CHUNK_WORDS - self.next % CHUNK_WORDS;
        if left_in_chunk < len {
            self.put(self.next, left_in_chunk);
            self.next += left_in_chunk;
        }
        if self.next + len > CHUNKS * CHUNK_WORDS {
            return None;
        }
        let start = self.next;
        self.next += len;
        Some(start)
    }

    fn put(&mut self, start: usize, len: usize) {
        if len > 0 {
            self.free.entry(len).or_default().push(start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::{CounterCell, gathering};

    #[test]
    fn runs_never_overlap_nor_straddle_chunks() {
        let mut space = Space::new();
        let mut owner = vec![false; CHUNK_WORDS * 64];
        for len in (1..=40).cycle().take(700) {
            let start = space.take(len).expect("64 chunks hold this");
            assert_eq!(start / CHUNK_WORDS, (start + len - 1) / CHUNK_WORDS, "straddles a chunk");
            for word in &mut owner[start..start + len] {
                assert!(!std::mem::replace(word, true), "a word was handed out twice");
            }
        }
    }

    #[test]
    fn a_freed_run_is_reused_before_untouched_words() {
        let mut space = Space::new();
        let start = space.take(18).expect("fits");
        space.put(start, 18);
        assert_eq!(space.take(18), Some(start));
        space.put(start, 18);
        assert_eq!(space.take(2), Some(start), "the head of a longer run");
        assert_eq!(space.take(16), Some(start + 2), "and its tail");
    }

    /// On one thread, which would wait for itself.
    #[test]
    fn who_drops_or_raises_a_series_does_not_wait_for_a_reader() {
        let words = Words::allocate_counter().expect("there is room");
        let other = Words::allocate_counter().expect("there is room");
        let (cell, kept) = (CounterCell::new(&words), CounterCell::new(&other));
        cell.add(3);
        kept.add(5);
        {
            let _gathering = gathering();
            assert_eq!(kept.quick_sum(), 5);
            drop(words);
        }
        // Zeroed before it is handed out again.
        reclaim(&gathering());
        assert_eq!(cell.quick_sum(), 0);
        assert_eq!(kept.quick_sum(), 5);
    }

    #[test]
    fn counters_have_chunks_of_their_own() {
        let mut space = Space::new();
        let first = space.take(3).expect("fits");
        let counters: Vec<_> = (0..600).map(|_| space.take_counter().expect("fits")).collect();
        let next = space.take(5).expect("fits");
        let chunk = |word: &usize| word / CHUNK_WORDS;
        let of_counters: Vec<_> = counters.iter().map(chunk).collect();
        assert!(!of_counters.contains(&chunk(&first)) && !of_counters.contains(&chunk(&next)));
        assert_eq!(next, first + 3, "what is left of a chunk is used");
    }

    #[test]
    fn the_address_space_ends() {
        let mut space = Space { next: CHUNKS * CHUNK_WORDS - 1, ..Space::new() };
        assert_eq!(space.take(2), None);
        assert!(space.take(1).is_some(), "what was left of the last chunk is still there");
    }
}
