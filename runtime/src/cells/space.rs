//! Word offsets: which words belong to which series.
//!
//! Invariant: an offset belongs to one [`Words`] at a time. When that is dropped no handle or cache
//! holds the offset any more, so no writer exists; its words are zeroed in every lane under the gather
//! lock and only then given to another series. The words of one series never straddle two chunks.

use std::{collections::BTreeMap, sync::PoisonError};

use super::{
    arena::SHARED_CHUNKS, gate::Inside, gather::gathering, lane::CHUNK_WORDS, local::ARENA,
    sync::Ordering,
};
use crate::locks::Mutex;

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
pub(crate) struct Words {
    at: At,
    len: usize,
}

impl Words {
    /// Takes `len` words, all zero; `None` when the address space or the memory is used up, or when
    /// `len` is zero or more than a chunk.
    pub(crate) fn allocate(len: usize) -> Option<Self> {
        if len == 0 || len > CHUNK_WORDS {
            return None;
        }
        let mut space = SPACE.lock().unwrap_or_else(PoisonError::into_inner);
        let word = space.take(len)?;
        let at = At(u32::try_from(word).ok()?);
        if !ARENA.ensure_shared_chunk(at.split().0) {
            // Not by dropping a `Words`, which takes the lock that is held here.
            space.put(word, len);
            return None;
        }
        Some(Self { at, len })
    }

    pub(super) const fn at(&self) -> At {
        self.at
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        let _inside = Inside::enter();
        {
            let _gathering = gathering();
            ARENA.for_each_words(self.at.split(), self.len, |words| {
                words.iter().for_each(|word| word.store(0, Ordering::Relaxed));
            });
        }
        let mut space = SPACE.lock().unwrap_or_else(PoisonError::into_inner);
        space.free.entry(self.len).or_default().push(self.at.0 as usize);
    }
}

/// Free runs of words by length, and where the untouched rest begins.
struct Space {
    next: usize,
    free: BTreeMap<usize, Vec<usize>>,
}

static SPACE: Mutex<Space> = Mutex::new(Space { next: 0, free: BTreeMap::new() });

impl Space {
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
        if self.next + len > SHARED_CHUNKS * CHUNK_WORDS {
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

    #[test]
    fn runs_never_overlap_nor_straddle_chunks() {
        let mut space = Space { next: 0, free: BTreeMap::new() };
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
        let mut space = Space { next: 0, free: BTreeMap::new() };
        let start = space.take(18).expect("fits");
        space.put(start, 18);
        assert_eq!(space.take(18), Some(start));
        space.put(start, 18);
        assert_eq!(space.take(2), Some(start), "the head of a longer run");
        assert_eq!(space.take(16), Some(start + 2), "and its tail");
    }

    #[test]
    fn the_address_space_ends() {
        let mut space = Space { next: SHARED_CHUNKS * CHUNK_WORDS - 1, free: BTreeMap::new() };
        assert_eq!(space.take(2), None);
        assert!(space.take(1).is_some(), "what was left of the last chunk is still there");
    }
}
