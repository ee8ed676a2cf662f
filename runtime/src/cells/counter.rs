//! Counters: one integer word, and one of fractions where a fraction was ever added.
//!
//! Invariant: each lane's word only grows, so the sum over lanes only grows, whichever lanes a read
//! happens to visit before others. Integers wrap at 2^64, which Prometheus reads as a reset.

use super::{
    extreme,
    gather::{Gathering, gathering},
    local::{ARENA, Target, find_words, own_words},
    space::{At, Words},
    sums,
    sync::{AtomicU64, Ordering},
};

/// The integer word of a counter. A plain offset: copying it is free, and a stale copy can count into
/// the wrong series but never touch foreign memory. Whoever keeps one keeps its [`Words`] alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CounterCell(At);

impl CounterCell {
    pub(crate) const WORDS: usize = 1;

    pub(crate) fn new(words: &Words) -> Self {
        debug_assert!(words.len() >= Self::WORDS);
        Self(words.at())
    }

    /// No counter: its offset is beyond every lane, so the question whether a lane has the word answers the one
    /// whether there is a counter.
    pub(crate) const NONE: Self = Self(At::NONE);

    /// The offset, to be kept in an atomic.
    pub(crate) const fn offset(self) -> u32 {
        self.0.get()
    }

    /// The cell of an offset that came from [`offset`](Self::offset).
    pub(crate) const fn of_offset(offset: u32) -> Self {
        Self(At::of(offset))
    }

    /// Adds `n`; `false` if this is [`NONE`](Self::NONE).
    #[inline(always)]
    pub(crate) fn try_add(self, n: u64) -> bool {
        match own_words(self.0, 1) {
            Some([word]) => {
                add_own(word, n, Ordering::Relaxed);
                true
            }
            _ => self.try_add_slowly(n),
        }
    }

    #[cold]
    #[inline(never)]
    fn try_add_slowly(self, n: u64) -> bool {
        let is_there = self != Self::NONE;
        if is_there {
            self.add_slowly(n);
        }
        is_there
    }

    /// Adds `n`.
    #[inline]
    pub(crate) fn add(self, n: u64) {
        match own_words(self.0, 1) {
            Some([word]) => add_own(word, n, Ordering::Relaxed),
            _ => self.add_slowly(n),
        }
    }

    #[cold]
    #[inline(never)]
    fn add_slowly(self, n: u64) {
        match find_words(self.0, 1) {
            Some(Target::Own([word])) => add_own(word, n, Ordering::Relaxed),
            Some(Target::Shared([word])) => _ = word.fetch_add(n, Ordering::Relaxed),
            _ => {}
        }
    }

    /// The sum over all lanes, without waiting for a reader.
    pub(crate) fn quick_sum(self) -> u64 {
        let quick = ARENA.quick_sum(self.0.split());
        quick.unwrap_or_else(|| self.sum(&gathering()))
    }

    /// The sum over all lanes.
    pub(crate) fn sum(self, gathering: &Gathering<'_>) -> u64 {
        sums::sum(self.0.split(), gathering)
    }
}

/// Adds to a word that only this thread writes.
#[inline]
pub(super) fn add_own(word: &AtomicU64, n: u64, publish: Ordering) {
    word.store(word.load(Ordering::Relaxed).wrapping_add(n), publish);
}

/// A word of `f64` bits that only grows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FractionCell(At);

impl FractionCell {
    pub(crate) const WORDS: usize = 1;

    pub(crate) fn new(words: &Words) -> Self {
        Self(words.at())
    }

    /// Adds `amount`, which the caller checked to be finite and not negative; `false`, with nothing added, if that
    /// would make a sum infinite.
    #[inline]
    pub(crate) fn add(self, amount: f64) -> bool {
        match own_words(self.0, 1) {
            Some([word]) if add_own_f64(word, amount) => true,
            _ => self.add_slowly(amount),
        }
    }

    #[cold]
    #[inline(never)]
    fn add_slowly(self, amount: f64) -> bool {
        match find_words(self.0, 1) {
            Some(Target::Own([word])) => {
                add_own_f64(word, amount) || extreme::add((self.0, 1, 0), word, amount)
            }
            Some(Target::Shared([word])) => {
                add_shared_f64(word, amount) || extreme::add((self.0, 1, 0), word, amount)
            }
            _ => true,
        }
    }

    /// The sum over all lanes. New lanes are visited first and start at zero, and rounded addition is
    /// monotone, so this never falls either.
    pub(crate) fn sum(self, _: &Gathering<'_>) -> f64 {
        let mut sum = 0.0;
        ARENA.for_each_words(self.0.split(), 1, |words| {
            sum += f64::from_bits(words[0].load(Ordering::Relaxed));
        });
        sum
    }
}

/// Adds to `f64` bits that only this thread writes, if the sum may be stored without a look at other lanes.
#[inline]
fn add_own_f64(word: &AtomicU64, amount: f64) -> bool {
    let sum = f64::from_bits(word.load(Ordering::Relaxed)) + amount;
    if extreme::is_plain(sum) {
        word.store(sum.to_bits(), Ordering::Relaxed);
        return true;
    }
    false
}

/// Adds to `f64` bits that any thread may write, if the sum may be stored without a look at other lanes.
fn add_shared_f64(word: &AtomicU64, amount: f64) -> bool {
    let add = |bits| {
        let sum = f64::from_bits(bits) + amount;
        extreme::is_plain(sum).then(|| sum.to_bits())
    };
    word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
}
