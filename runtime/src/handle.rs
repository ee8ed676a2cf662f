//! Handles: cheap cloneable objects that record into one series.

use std::{sync::Arc, time::Duration};

use crate::{
    cells::{CounterCell, HistogramCell, HistogramTotals, clock, gathering},
    registry::series::{CounterSeries, GaugeSeries, HistogramSeries},
};

/// A count that only grows.
///
/// Recording takes a few instructions, never blocks, never allocates after a thread's first use of it,
/// never fails and never panics; it may happen anywhere but in a signal handler. Clones count into the
/// same series.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let bytes = registry.counter("sent").unit(yardstick::Unit::Bytes).help("Bytes sent.").register()?;
/// bytes.inc_by(1_500);
/// assert_eq!(bytes.get(), 1_500);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Counter {
    cell: CounterCell,
    series: Arc<CounterSeries>,
}

impl Counter {
    pub(crate) fn new(series: Arc<CounterSeries>) -> Self {
        Self { cell: series.cell(), series }
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.cell.add(1);
    }

    /// Adds a whole number; exact up to 2^64, where the counter starts again.
    #[inline]
    pub fn inc_by(&self, amount: u64) {
        self.cell.add(amount);
    }

    /// Adds an amount that may have a fraction. Negative amounts, NaN and infinities are refused and
    /// counted in `yardstick_observations_refused_total`.
    pub fn inc_by_f64(&self, amount: f64) {
        self.series.add_f64(amount);
    }

    /// The whole part of the count: everything added with [`inc`](Self::inc) and
    /// [`inc_by`](Self::inc_by), by any thread that this one has synchronised with. Never falls. Waits for
    /// other readers.
    #[must_use]
    pub fn get(&self) -> u64 {
        let value = self.series.value(&gathering());
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates"
        )]
        let fraction = value.fraction as u64;
        value.integer.wrapping_add(fraction)
    }

    /// The count with its fraction, rounded to a double.
    #[must_use]
    pub fn get_f64(&self) -> f64 {
        self.series.value(&gathering()).to_f64()
    }

    /// Makes the counter read zero, for tests and batch jobs. To Prometheus this is a restart.
    pub fn reset(&self) {
        self.series.reset();
    }
}

/// A value that goes up and down.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let depth = registry.gauge("queue_depth").help("Jobs that wait.").register()?;
/// depth.set(3.0);
/// depth.dec();
/// assert_eq!(depth.get(), 2.0);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gauge {
    series: Arc<GaugeSeries>,
}

impl Gauge {
    pub(crate) const fn new(series: Arc<GaugeSeries>) -> Self {
        Self { series }
    }

    /// Replaces the value; of several threads, the last one wins.
    pub fn set(&self, value: f64) {
        self.series.set(value);
    }

    /// Adds one.
    pub fn inc(&self) {
        self.series.add(1.0);
    }

    /// Subtracts one.
    pub fn dec(&self) {
        self.series.add(-1.0);
    }

    /// Adds an amount. NaN and infinities are refused and counted: no later addition could undo them.
    pub fn inc_by(&self, amount: f64) {
        self.series.add(amount);
    }

    /// Subtracts an amount, under the same rule as [`inc_by`](Self::inc_by).
    pub fn dec_by(&self, amount: f64) {
        self.series.add(-amount);
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> f64 {
        self.series.value(&gathering())
    }
}

/// A distribution of observations over buckets.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let registry = yardstick::Registry::new();
/// let wait = registry
///     .histogram("queue_wait")
///     .unit(yardstick::Unit::Seconds)
///     .buckets(&[0.01, 0.1, 1.0])
///     .help("Time that a job waits.")
///     .register()?;
/// wait.observe_duration(Duration::from_millis(100));
/// assert_eq!((wait.count(), wait.bucket_counts()), (1, vec![0, 1, 0, 0]));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Histogram {
    cell: HistogramCell,
    series: Arc<HistogramSeries>,
}

impl Histogram {
    pub(crate) fn new(series: Arc<HistogramSeries>) -> Self {
        Self { cell: series.cell(), series }
    }

    /// Records one observation, in the unit of the family. NaN and infinities enter neither buckets nor
    /// sum, and a negative duration neither; they are counted in `yardstick_observations_refused_total`.
    #[inline]
    pub fn observe(&self, value: f64) {
        self.series.observe(value, 1);
    }

    /// Records a duration, in seconds.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.series.observe(duration.as_secs_f64(), 1);
    }

    #[inline]
    pub(crate) fn observe_ticks(&self, ticks: u64) {
        self.cell.record_ticks(ticks, 1);
    }

    /// Observations so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.totals().count()
    }

    /// The sum of all observations, in the unit of the family.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.totals().sum()
    }

    /// Observations in each bucket, not cumulative; the last bucket is the one without a bound.
    #[must_use]
    pub fn bucket_counts(&self) -> Vec<u64> {
        self.totals().buckets
    }

    /// Makes the histogram read empty, for tests and batch jobs. Exact for durations; where observations
    /// are other values, exact up to the rounding of the sum so far.
    pub fn reset(&self) {
        self.series.reset();
    }

    fn totals(&self) -> HistogramTotals {
        let mut totals = HistogramTotals::default();
        self.series.totals(&gathering(), &mut totals);
        totals
    }
}

impl HistogramTotals {
    /// All observations: the sum of the buckets, stored nowhere else.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().fold(0, |count, bucket| count.wrapping_add(*bucket))
    }

    /// The sum of the observations, seconds for durations. One of the two sums is always zero.
    pub(crate) fn sum(&self) -> f64 {
        clock::seconds_from_ticks(self.sum_ticks) + self.sum_values
    }
}
