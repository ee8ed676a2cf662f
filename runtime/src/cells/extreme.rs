//! Amounts so large that adding them could make a sum infinite, or a number of observations overflow.
//!
//! Invariant: no sum over lanes is ever infinite, whatever each lane holds. A sum of one lane below [`SUM_UNCHECKED`]
//! cannot matter: all lanes of a process together are too few for such sums to change the largest double. What would
//! raise a lane's sum beyond it is added under one lock, and only if the sum over all lanes stays finite.

use super::{
    gather::{GatherLock, Gathering},
    local::ARENA,
    space::At,
    sync::{AtomicU64, Ordering},
};
use crate::base::refusals::Refusal;

/// Below this magnitude, 2^940, sums are added to without a look at others. Eight million lanes of such sums stay below
/// 2^963, and what is below 2^969 is lost in the rounding beside the largest double.
const SUM_UNCHECKED: f64 = f64::from_bits((1_023 + 940) << 52);

/// Observations that may be recorded at once without a look at how many there are.
pub(super) const COUNT_UNCHECKED: u64 = 1 << 32;

/// Observations of one histogram that were recorded more than [`COUNT_UNCHECKED`] at once: half of what a word
/// holds, so that those that come one by one have centuries until the count starts again at zero.
const COUNT_MAX: u64 = 1 << 63;

/// Why an amount was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// The sum would be infinite.
    Sum,
    /// There would be more observations than a histogram counts.
    Count,
}

impl From<Excess> for Refusal {
    fn from(excess: Excess) -> Self {
        match excess {
            Excess::Sum => Self::Infinite,
            Excess::Count => Self::Overflow,
        }
    }
}

/// Whether a lane's sum may be stored without a look at the other lanes.
#[inline]
pub(super) fn is_plain(sum: f64) -> bool {
    sum.abs() < SUM_UNCHECKED
}

/// Held while an amount is added that is not plain. It is not the gather lock: recording never waits for a scrape.
pub(super) fn alone() -> Gathering<'static> {
    static ALONE: GatherLock = GatherLock::new();
    ALONE.lock()
}

/// The sum that `own`, the word at `index` of some lane's `len` words, has after `amount`; `None` if it or the sum over
/// all lanes would be infinite.
pub(super) fn sum_after(
    (at, len, index): (At, usize, usize),
    own: &AtomicU64,
    amount: f64,
    _: &Gathering<'_>,
) -> Option<f64> {
    let after = f64::from_bits(own.load(Ordering::Relaxed)) + amount;
    let mut total = 0.0;
    let mut is_finite = after.is_finite();
    ARENA.for_each_words(at.split(), len, |words| {
        let word = &words[index];
        let value = f64::from_bits(word.load(Ordering::Relaxed));
        total += if std::ptr::eq(word, own) { after } else { value };
        is_finite &= f64::is_finite(total);
    });
    is_finite.then_some(after)
}

/// Adds to the word at `index` of some lane's `len` words unless a sum would be infinite.
#[cold]
#[inline(never)]
pub(super) fn add(words: (At, usize, usize), own: &AtomicU64, amount: f64) -> bool {
    let alone = alone();
    let mut before = own.load(Ordering::Relaxed);
    while let Some(after) = sum_after(words, own, amount, &alone) {
        let stored =
            own.compare_exchange(before, after.to_bits(), Ordering::Relaxed, Ordering::Relaxed);
        match stored {
            Ok(_) => return true,
            // Somebody added something plain to the shared lane.
            Err(now) => before = now,
        }
    }
    false
}

/// Whether a histogram whose buckets are the words from `first` on may count so many more.
pub(super) fn may_count((at, len, first): (At, usize, usize), more: u64) -> bool {
    let mut total = u128::from(more);
    ARENA.for_each_words(at.split(), len, |words| {
        for bucket in &words[first..] {
            total += u128::from(bucket.load(Ordering::Relaxed));
        }
    });
    total <= u128::from(COUNT_MAX)
}
