//! Histograms: a sequence word, a sum, and one word for each bucket.
//!
//! Invariants: the count is the sum of the buckets and is stored nowhere, so the `+Inf` bucket always
//! equals it. Sum and buckets of one lane agree because the sequence word says so (see `sequence`).
//! Durations are recorded in ticks of the clock against bounds in ticks: no floating point, and a
//! carry out of the sum's low word goes to the high word.

use std::time::Duration;

use super::{
    clock::seconds_from_ticks,
    counter::{add_own_f64, add_shared_f64},
    gather::Gathering,
    local::{ARENA, Target, find_words, own_words},
    sequence,
    space::{At, Words},
    sync::{AtomicU64, Ordering},
};

/// The upper bounds of a histogram's buckets; the last bucket, `+Inf`, has none.
///
/// Kept for the life of the process, because handles copy the reference.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bounds {
    /// Durations, in ticks of the process' clock.
    Ticks(&'static [u64]),
    /// Any other value.
    Values(&'static [f64]),
}

impl Bounds {
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Ticks(bounds) => bounds.len(),
            Self::Values(bounds) => bounds.len(),
        }
    }
}

/// The words of a histogram; see [`CounterCell`](super::CounterCell) about copies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HistogramCell {
    at: At,
    bounds: Bounds,
}

/// Sequence, sum, and the high word of a sum of ticks.
const HEADER_WORDS: usize = 3;

/// How often a read of one lane starts again at once. A writer that does nothing but record lets a read
/// through within tens of attempts.
const SPINS: usize = 256;

/// How often it starts again after a pause: the writer lost its core in the middle of a write, and gets it
/// back when others sleep. Two hundred milliseconds are many time slices; what is still unsettled then was
/// frozen by a fork, and is accepted and counted.
const PAUSES: usize = 4_000;
const PAUSE: Duration = Duration::from_micros(50);

static UNSETTLED_READS: AtomicU64 = AtomicU64::new(0);

/// Reads that gave up waiting for a writer; sum and buckets of such a read may differ by the
/// observations that were under way.
pub(crate) fn unsettled_reads() -> u64 {
    UNSETTLED_READS.load(Ordering::Relaxed)
}

/// What a histogram holds: the observations in each bucket, not cumulative, and their sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HistogramTotals {
    pub(crate) buckets: Vec<u64>,
    pub(crate) sum_ticks: u128,
    pub(crate) sum_values: f64,
}

impl HistogramCell {
    /// Words of a histogram with that many bounds.
    pub(crate) const fn words(bounds: usize) -> usize {
        HEADER_WORDS + bounds + 1
    }

    pub(crate) fn new(words: &Words, bounds: Bounds) -> Self {
        debug_assert!(words.len() >= Self::words(bounds.len()));
        Self { at: words.at(), bounds }
    }

    pub(crate) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Records `count` durations of `ticks`: in seconds, if the histogram is one of values.
    #[inline]
    pub(crate) fn record_ticks(&self, ticks: u64, count: u64) {
        let Bounds::Ticks(bounds) = self.bounds else {
            return self.record_value(seconds_from_ticks(u128::from(ticks)), count);
        };
        let observation = Ticks { bucket: bounds.partition_point(|b| *b < ticks), ticks, count };
        match own_words(self.at, Self::words(bounds.len())) {
            Some(words) => observation.write_own(words),
            None => self.find(
                |words| observation.write_own(words),
                |words| {
                    observation.write_shared(words);
                },
            ),
        }
    }

    /// Records `count` observations of `value`, which the caller checked to be finite. Does nothing to
    /// a histogram of durations.
    #[inline]
    pub(crate) fn record_value(&self, value: f64, count: u64) {
        let Bounds::Values(bounds) = self.bounds else { return };
        let observation = Value { bucket: bounds.partition_point(|b| *b < value), value, count };
        match own_words(self.at, Self::words(bounds.len())) {
            Some(words) => observation.write_own(words),
            None => self.find(
                |words| observation.write_own(words),
                |words| {
                    observation.write_shared(words);
                },
            ),
        }
    }

    #[cold]
    #[inline(never)]
    fn find(&self, own: impl FnOnce(&[AtomicU64]), shared: impl FnOnce(&[AtomicU64])) {
        match find_words(self.at, Self::words(self.bounds.len())) {
            Some(Target::Own(words)) => own(words),
            Some(Target::Shared(words)) => shared(words),
            None => {}
        }
    }

    /// Everything observed so far, into `totals`.
    pub(crate) fn read(&self, _: &Gathering<'_>, totals: &mut HistogramTotals) {
        let len = Self::words(self.bounds.len());
        totals.buckets.clear();
        totals.buckets.resize(self.bounds.len() + 1, 0);
        totals.sum_ticks = 0;
        totals.sum_values = 0.0;
        let mut copy = vec![0; len];
        ARENA.for_each_words(self.at.split(), len, |words| {
            copy_settled(words, &mut copy);
            let (header, buckets) = copy.split_at(HEADER_WORDS);
            match self.bounds {
                Bounds::Ticks(_) => {
                    totals.sum_ticks += u128::from(header[1]) | (u128::from(header[2]) << 64);
                }
                Bounds::Values(_) => totals.sum_values += f64::from_bits(header[1]),
            }
            for (total, bucket) in totals.buckets.iter_mut().zip(buckets) {
                *total = total.wrapping_add(*bucket);
            }
        });
    }
}

/// Copies the words of one lane in a state in which sum and buckets agree.
fn copy_settled(words: &[AtomicU64], copy: &mut [u64]) {
    for attempt in 0..SPINS + PAUSES {
        let settled = sequence::read(&words[0], || {
            copy.iter_mut().zip(words).for_each(|(to, from)| *to = from.load(Ordering::Relaxed));
        });
        if settled {
            return;
        }
        if attempt < SPINS {
            std::hint::spin_loop();
        } else {
            std::thread::sleep(PAUSE);
        }
    }
    UNSETTLED_READS.fetch_add(1, Ordering::Relaxed);
}

/// One or more equal durations on their way into a lane.
struct Ticks {
    bucket: usize,
    ticks: u64,
    count: u64,
}

impl Ticks {
    #[inline]
    fn write_own(&self, words: &[AtomicU64]) {
        let [sequence, low, high, buckets @ ..] = words else { return };
        let Some(bucket) = buckets.get(self.bucket) else { return };
        let (amount_low, amount_high) = self.amount();
        sequence::write_own(sequence, || {
            bucket.store(bucket.load(Ordering::Relaxed) + self.count, Ordering::Relaxed);
            let (sum, carry) = low.load(Ordering::Relaxed).overflowing_add(amount_low);
            low.store(sum, Ordering::Relaxed);
            if carry || amount_high != 0 {
                let sum = high.load(Ordering::Relaxed) + amount_high + u64::from(carry);
                high.store(sum, Ordering::Relaxed);
            }
        });
    }

    fn write_shared(&self, words: &[AtomicU64]) {
        let [sequence, low, high, buckets @ ..] = words else { return };
        let Some(bucket) = buckets.get(self.bucket) else { return };
        let (amount_low, amount_high) = self.amount();
        sequence::write_shared(sequence, || {
            bucket.fetch_add(self.count, Ordering::Relaxed);
            let before = low.fetch_add(amount_low, Ordering::Relaxed);
            let carry = before.checked_add(amount_low).is_none();
            high.fetch_add(amount_high + u64::from(carry), Ordering::Relaxed);
        });
    }

    /// What all of them add to the sum, in two words.
    #[inline]
    fn amount(&self) -> (u64, u64) {
        if self.count == 1 {
            return (self.ticks, 0);
        }
        let amount = u128::from(self.ticks) * u128::from(self.count);
        #[allow(clippy::cast_possible_truncation, reason = "the low word is meant")]
        let low = amount as u64;
        #[allow(clippy::cast_possible_truncation, reason = "a product of words has two words")]
        let high = (amount >> 64) as u64;
        (low, high)
    }
}

/// One or more equal values on their way into a lane.
struct Value {
    bucket: usize,
    value: f64,
    count: u64,
}

impl Value {
    #[inline]
    fn write_own(&self, words: &[AtomicU64]) {
        let [sequence, sum, _, buckets @ ..] = words else { return };
        let Some(bucket) = buckets.get(self.bucket) else { return };
        sequence::write_own(sequence, || {
            bucket.store(bucket.load(Ordering::Relaxed) + self.count, Ordering::Relaxed);
            add_own_f64(sum, self.amount());
        });
    }

    fn write_shared(&self, words: &[AtomicU64]) {
        let [sequence, sum, _, buckets @ ..] = words else { return };
        let Some(bucket) = buckets.get(self.bucket) else { return };
        sequence::write_shared(sequence, || {
            bucket.fetch_add(self.count, Ordering::Relaxed);
            add_shared_f64(sum, self.amount());
        });
    }

    #[inline]
    fn amount(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a sum of floats is rounded anyway")]
        let count = self.count as f64;
        self.value * count
    }
}
