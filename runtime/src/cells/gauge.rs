//! Gauges: one shared word of `f64` bits.
//!
//! Invariant: all threads write the same word, because `set` means that the last writer wins, which
//! has no meaning across words. Increments are a compare-and-swap loop, so none is lost.

use super::{
    local::shared_words,
    space::{At, Words},
    sync::{AtomicU64, Ordering},
};

/// The word of a gauge; see [`CounterCell`](super::CounterCell) about copies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GaugeCell(At);

impl GaugeCell {
    pub(crate) const WORDS: usize = 1;

    pub(crate) fn new(words: &Words) -> Self {
        Self(words.at())
    }

    fn word(self) -> Option<&'static AtomicU64> {
        shared_words(self.0, 1)?.first()
    }

    /// Replaces the value.
    pub(crate) fn set(self, value: f64) {
        if let Some(word) = self.word() {
            word.store(value.to_bits(), Ordering::Relaxed);
        }
    }

    /// Adds `amount`, which may be negative; `false`, with nothing added, if that would make a finite value infinite,
    /// from which no addition could bring it back.
    pub(crate) fn add(self, amount: f64) -> bool {
        let add = |bits| {
            let before = f64::from_bits(bits);
            let after = before + amount;
            (after.is_finite() || !before.is_finite()).then(|| after.to_bits())
        };
        self.word()
            .is_none_or(|word| word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok())
    }

    /// The value that was set last, and what was added since.
    pub(crate) fn get(self) -> f64 {
        self.word().map_or(0.0, |word| f64::from_bits(word.load(Ordering::Relaxed)))
    }
}
