//! Calls in flight: a pair of words, entered and left, whose difference is the gauge.
//!
//! Invariant: a call's `left` is stored with Release after its `entered`, wherever the call ended up
//! (a future may move between threads; its executor orders the two). A read loads every lane's `left`
//! with Acquire before any lane's `entered`, so each departure it counts comes with its arrival and
//! the difference is never negative.

use super::{
    counter::add_own,
    gather::Gathering,
    local::{ARENA, Target, find_words, own_words},
    reading::{ENTERED, LEFT, PAIR_STORES},
    space::{At, Words},
};

/// The pair of words; see [`CounterCell`](super::CounterCell) about copies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InFlightCell(At);

impl InFlightCell {
    pub(crate) const WORDS: usize = 2;

    pub(crate) fn new(words: &Words) -> Self {
        debug_assert!(words.len() >= Self::WORDS);
        Self(words.at())
    }

    /// A call begins.
    #[inline]
    pub(crate) fn enter(self) {
        self.count(ENTERED);
    }

    /// A call ends, on whichever thread.
    #[inline]
    pub(crate) fn leave(self) {
        self.count(LEFT);
    }

    #[inline]
    fn count(self, word: usize) {
        match own_words(self.0, Self::WORDS) {
            Some(words) => add_own(&words[word], 1, PAIR_STORES[word]),
            None => self.count_slowly(word),
        }
    }

    #[cold]
    #[inline(never)]
    fn count_slowly(self, word: usize) {
        match find_words(self.0, Self::WORDS) {
            Some(Target::Own(words)) => add_own(&words[word], 1, PAIR_STORES[word]),
            Some(Target::Shared(words)) => _ = words[word].fetch_add(1, PAIR_STORES[word]),
            None => {}
        }
    }

    /// Calls that began and have not ended.
    pub(crate) fn get(self, _: &Gathering<'_>) -> u64 {
        ARENA.in_flight(self.0.split())
    }
}
