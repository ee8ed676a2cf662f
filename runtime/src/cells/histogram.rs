//! Histograms: a sequence word, a sum, and one word for each bucket.
//!
//! Invariants: the count is the sum of the buckets and is stored nowhere, so the `+Inf` bucket always
//! equals it. Sum and buckets of one lane agree because the sequence word says so (see `sequence`).
//! Durations are recorded in ticks of the clock against bounds in ticks: no floating point, and a
//! carry out of the sum's low word goes to the high word.

use std::time::Duration;

use super::{
    clock::seconds_from_ticks,
    counter::add_own,
    extreme::{self, COUNT_UNCHECKED, Excess},
    gather::Gathering,
    lane::{Chunk, Lane},
    local::{ARENA, Target, find_words, own_chunk, write_if_idle},
    scale::Scale,
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
    Ticks(&'static Scale<u64>),
    /// Any other value.
    Values(&'static Scale<f64>),
}

impl Bounds {
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Ticks(scale) => scale.bounds().len(),
            Self::Values(scale) => scale.bounds().len(),
        }
    }
}

/// The words of a histogram; see [`CounterCell`](super::CounterCell) about copies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HistogramCell {
    at: At,
    /// One more than there are bounds: how many words follow the header, all in one chunk.
    buckets: u32,
    bounds: Bounds,
}

/// Sequence, sum, and the high word of a sum of ticks.
const HEADER_WORDS: usize = 3;

/// The word of a sum of values.
const SUM: usize = 1;

/// How often a read of one lane starts again at once. A writer that does nothing but record lets a read
/// through within tens of attempts.
const SPINS: usize = 256;

/// How often it starts again after a pause: the writer lost its core in the middle of a write, and gets it
/// back when others sleep. Two hundred milliseconds are many time slices; what is still unsettled then is accepted and
/// counted.
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
        // What each record relies on is asked once.
        assert!(Self::words(bounds.len()) <= words.len(), "words of fewer bounds");
        // No more than the words of a chunk.
        let buckets = u32::try_from(bounds.len() + 1).unwrap_or(0);
        Self { at: words.at(), buckets, bounds }
    }

    pub(crate) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Records a duration of `ticks`: in seconds, if the histogram is one of values.
    #[inline]
    pub(crate) fn record_ticks(&self, ticks: u64) {
        self.write_ticks(ticks, 1);
    }

    /// Records `count` durations of `ticks`, or says why not.
    pub(crate) fn record_ticks_many(&self, ticks: u64, count: u64) -> Result<(), Excess> {
        self.many(count, || self.write_ticks(ticks, count))
    }

    /// The histogram is one of values: the duration is one in seconds.
    #[cold]
    fn write_seconds(&self, ticks: u64, count: u64) {
        // Durations take no sum of durations out of the range of numbers.
        let _ = self.record_value(seconds_from_ticks(u128::from(ticks)), count);
    }

    /// The histogram's words in a chunk, which begin at `first`.
    #[inline]
    fn words_in(&self, (chunk, first): (&'static Chunk, usize)) -> &'static [AtomicU64] {
        // SAFETY: `new` was given the words of one `Words`, which never straddle two chunks, and checked that they are
        // as many as these.
        unsafe { chunk.words_within(first, HEADER_WORDS + self.buckets as usize) }
    }

    #[inline]
    fn write_ticks(&self, ticks: u64, count: u64) {
        if !self.write_ticks_by_table(ticks, count) {
            self.write_ticks_otherwise(ticks, count);
        }
    }

    #[inline]
    fn write_ticks_by_table(&self, ticks: u64, count: u64) -> bool {
        let Some(chunk) = own_chunk(self.at) else { return false };
        let Bounds::Ticks(scale) = self.bounds else { return false };
        let Some(bucket) = scale.bucket_by_table(ticks) else { return false };
        // SAFETY: `new` counted the buckets of this scale, which has none behind that of the last bound.
        unsafe { std::hint::assert_unchecked(bucket < self.buckets as usize) };
        Ticks { bucket, ticks, count }.write_own(self.words_in(chunk));
        true
    }

    /// Bounds that take a search, no words of this thread's yet, or a histogram of values.
    #[inline(never)]
    fn write_ticks_otherwise(&self, ticks: u64, count: u64) {
        let Bounds::Ticks(scale) = self.bounds else {
            return self.write_seconds(ticks, count);
        };
        let observation = Ticks { bucket: scale.bucket(ticks), ticks, count };
        match own_chunk(self.at) {
            Some(chunk) => observation.write_own(self.words_in(chunk)),
            None => {
                self.find(
                    |words| observation.write_own(words),
                    |words| observation.write_shared(words),
                );
            }
        }
    }

    /// Records `count` observations of `value` if that takes no closer look: `false`, and nothing recorded, for NaN and
    /// infinities, for sums beyond those that are plain, for bounds that take a search, in a histogram of durations, and
    /// where this thread has no words.
    #[inline]
    pub(crate) fn record_value_by_table(&self, value: f64, count: u64) -> bool {
        let Some(chunk) = own_chunk(self.at) else { return false };
        let Bounds::Values(scale) = self.bounds else { return false };
        let Some(bucket) = scale.bucket_by_table(value) else { return false };
        // SAFETY: `new` counted the buckets of this scale, which has none behind that of the last bound.
        unsafe { std::hint::assert_unchecked(bucket < self.buckets as usize) };
        count <= COUNT_UNCHECKED && Value { bucket, value, count }.write_own(self.words_in(chunk))
    }

    /// Records `count` observations of `value`, which the caller checked to be finite, or says why not. Does nothing
    /// to a histogram of durations.
    pub(crate) fn record_value(&self, value: f64, count: u64) -> Result<(), Excess> {
        let Bounds::Values(scale) = self.bounds else { return Ok(()) };
        let observation = Value { bucket: scale.bucket(value), value, count };
        let is_written = count <= COUNT_UNCHECKED
            && own_chunk(self.at).is_some_and(|chunk| observation.write_own(self.words_in(chunk)));
        if is_written { Ok(()) } else { self.record_value_slowly(&observation) }
    }

    #[cold]
    #[inline(never)]
    fn record_value_slowly(&self, value: &Value) -> Result<(), Excess> {
        let write = || self.find(|words| value.write_own(words), |words| value.write_shared(words));
        match self.many(value.count, write)? {
            Some(false) => self.record_extreme(value),
            Some(true) | None => Ok(()),
        }
    }

    /// Records what no lane may add to its sum without a look at the others.
    fn record_extreme(&self, value: &Value) -> Result<(), Excess> {
        let len = Self::words(self.bounds.len());
        let alone = extreme::alone();
        let fits = |words: &[AtomicU64]| {
            extreme::sum_after((self.at, len, SUM), &words[SUM], value.amount(), &alone).is_some()
        };
        let write = |write: fn(&Value, &[AtomicU64]), words: &[AtomicU64]| {
            let fits = fits(words);
            if fits {
                write(value, words);
            }
            fits
        };
        match self
            .find(|words| write(Value::store_own, words), |words| write(Value::add_shared, words))
        {
            Some(false) => Err(Excess::Sum),
            Some(true) | None => Ok(()),
        }
    }

    /// Runs `write`, which counts `count` observations, unless they are too many.
    fn many<R>(&self, count: u64, write: impl FnOnce() -> R) -> Result<R, Excess> {
        if count <= COUNT_UNCHECKED {
            return Ok(write());
        }
        let _alone = extreme::alone();
        let buckets = (self.at, Self::words(self.bounds.len()), HEADER_WORDS);
        if !extreme::may_count(buckets, count) {
            return Err(Excess::Count);
        }
        Ok(write())
    }

    /// Runs `own` on words of this thread's, or `shared` on everybody's; `None` for an offset that no series owns.
    #[cold]
    #[inline(never)]
    fn find<R>(
        &self,
        own: impl FnOnce(&[AtomicU64]) -> R,
        shared: impl FnOnce(&[AtomicU64]) -> R,
    ) -> Option<R> {
        match find_words(self.at, Self::words(self.bounds.len()))? {
            Target::Own(words) => Some(own(words)),
            Target::Shared(words) => Some(shared(words)),
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
        ARENA.for_each_lane_words(self.at.split(), len, |lane, words| {
            copy_settled(lane, words, &mut copy);
            let (header, buckets) = copy.split_at(HEADER_WORDS);
            match self.bounds {
                Bounds::Ticks(_) => {
                    let sum = u128::from(header[1]) | (u128::from(header[2]) << 64);
                    totals.sum_ticks = totals.sum_ticks.wrapping_add(sum);
                }
                Bounds::Values(_) => totals.sum_values += f64::from_bits(header[1]),
            }
            for (total, bucket) in totals.buckets.iter_mut().zip(buckets) {
                *total = total.wrapping_add(*bucket);
            }
        });
    }
}

/// Copies the words of one lane, or of the shared one, in a state in which sum and buckets agree.
fn copy_settled(lane: Option<&Lane>, words: &[AtomicU64], copy: &mut [u64]) {
    let mut seen = None;
    let mut has_changed = false;
    for attempt in 0..SPINS + PAUSES {
        let settled = sequence::read(&words[0], || {
            copy.iter_mut().zip(words).for_each(|(to, from)| *to = from.load(Ordering::Relaxed));
        });
        if settled {
            return;
        }
        has_changed |= seen.replace(copy[0]).is_some_and(|before| before != copy[0]);
        if attempt == SPINS && !has_changed && repair(lane, &words[0], copy[0]) {
            continue;
        }
        if attempt < SPINS {
            std::hint::spin_loop();
        } else {
            std::thread::sleep(PAUSE);
        }
    }
    UNSETTLED_READS.fetch_add(1, Ordering::Relaxed);
    // Nobody has come back for as long as a writer may take: it was lost in the fork that made this process.
    if !has_changed && is_child_of_fork() {
        sequence::repair(&words[0], copy[0]);
    }
}

/// Repairs the sequence word of a lane that no thread can be writing to; what a lost writer left half-way is counted.
fn repair(lane: Option<&Lane>, sequence: &AtomicU64, seen: u64) -> bool {
    let repaired = lane.is_some_and(|lane| {
        write_if_idle(lane, || {
            sequence::repair(sequence, seen);
        })
    });
    UNSETTLED_READS.fetch_add(u64::from(repaired), Ordering::Relaxed);
    repaired
}

#[cfg(unix)]
fn is_child_of_fork() -> bool {
    super::fork::is_child()
}

#[cfg(not(unix))]
const fn is_child_of_fork() -> bool {
    false
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
            add_own(bucket, self.count, Ordering::Relaxed);
            let (sum, carry) = low.load(Ordering::Relaxed).overflowing_add(amount_low);
            low.store(sum, Ordering::Relaxed);
            if carry || amount_high != 0 {
                add_own(high, amount_high.wrapping_add(u64::from(carry)), Ordering::Relaxed);
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
            high.fetch_add(amount_high.wrapping_add(u64::from(carry)), Ordering::Relaxed);
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
    /// Writes to a lane of this thread, unless its sum takes a look at the others. No sum with NaN or an infinity is
    /// plain, so this one comparison refuses them, too.
    #[inline]
    fn write_own(&self, words: &[AtomicU64]) -> bool {
        let Some(sum) = words.get(SUM) else { return false };
        let after = self.sum_after(sum);
        let is_plain = extreme::is_plain(after);
        if is_plain {
            self.store(words, after);
        }
        is_plain
    }

    /// Writes to the shared lane, unless its sum takes a look at the others.
    fn write_shared(&self, words: &[AtomicU64]) -> bool {
        let is_plain = words.get(SUM).is_some_and(|sum| extreme::is_plain(self.sum_after(sum)));
        if is_plain {
            self.add_shared(words);
        }
        is_plain
    }

    fn store_own(&self, words: &[AtomicU64]) {
        self.store(words, self.sum_after(&words[SUM]));
    }

    /// Counts in a lane of this thread, whose sum becomes `after`.
    #[inline]
    fn store(&self, words: &[AtomicU64], after: f64) {
        let [sequence, sum, _, buckets @ ..] = words else { return };
        let Some(bucket) = buckets.get(self.bucket) else { return };
        sequence::write_own(sequence, || {
            add_own(bucket, self.count, Ordering::Relaxed);
            sum.store(after.to_bits(), Ordering::Relaxed);
        });
    }

    fn add_shared(&self, words: &[AtomicU64]) {
        let [sequence, sum, _, buckets @ ..] = words else { return };
        let Some(bucket) = buckets.get(self.bucket) else { return };
        let add = |bits| Some((f64::from_bits(bits) + self.amount()).to_bits());
        sequence::write_shared(sequence, || {
            bucket.fetch_add(self.count, Ordering::Relaxed);
            // The closure never declines, so this cannot fail.
            let _ = sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        });
    }

    #[inline]
    fn sum_after(&self, sum: &AtomicU64) -> f64 {
        f64::from_bits(sum.load(Ordering::Relaxed)) + self.amount()
    }

    #[inline]
    fn amount(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a sum of floats is rounded anyway")]
        let count = self.count as f64;
        self.value * count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer that a fork lost: the sequence word says that a writer is inside.
    #[test]
    fn an_idle_lane_is_repaired_by_its_first_reader() {
        static IDLE: Lane = Lane::empty();
        let words = [1, 7, 0, 3].map(AtomicU64::new);
        let mut copy = [0; 4];
        copy_settled(Some(&IDLE), &words, &mut copy);
        let repaired = words[0].load(Ordering::Relaxed);
        assert_ne!(repaired, 1, "no writer is inside any more");
        copy_settled(Some(&IDLE), &words, &mut copy);
        assert_eq!(words[0].load(Ordering::Relaxed), repaired, "once");
        assert_eq!(copy, [repaired, 7, 0, 3]);
    }
}
