//! `Histogram`: observations counted in buckets.

use std::{future::Future, sync::Arc, time::Duration};

use super::{IntoValue, Timer, typed::metric_kind};
use crate::{
    cells::{Bounds, HistogramCell, HistogramTotals, clock, gathering},
    data::Exemplar,
    handle::label_set::LabelSet,
    registry::{FamilyCore, ZERO_SERIES_MAX_HISTOGRAM, series::HistogramSeries},
};

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
pub struct Histogram<L: LabelSet = ()> {
    store: L::Store<HistogramKind>,
}

/// What a histogram without labels keeps.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct HistogramOne {
    cell: HistogramCell,
    series: Arc<HistogramSeries>,
    family: Option<Arc<FamilyCore>>,
}

metric_kind!(Histogram, HistogramKind, HistogramOne, HistogramSeries, ZERO_SERIES_MAX_HISTOGRAM);

impl Histogram {
    pub(crate) fn of_series(series: Arc<HistogramSeries>) -> Self {
        Self { store: HistogramOne { cell: series.cell(), series, family: None } }
    }

    /// Records one observation, in the unit of the family. NaN and infinities enter neither buckets nor
    /// sum, and a negative duration neither; they are counted in `yardstick_observations_refused_total`.
    #[inline]
    pub fn observe(&self, value: impl IntoValue) {
        self.store.series.observe(value.into_value(), 1);
    }

    /// Records a duration, in seconds. Refused and counted, in `yardstick_observations_refused_total`, if the family has
    /// another unit; so are timers.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.store.series.observe_seconds(duration.as_secs_f64());
    }

    /// Records one observation, and keeps where it comes from, such as `[("trace_id", ..)]`, as the exemplar of its
    /// bucket, until the next one. `OpenMetrics` shows exemplars, the text format does not.
    ///
    /// Labels that break a rule, or have more than 128 characters in all, are refused and counted in
    /// `yardstick_exemplars_refused_total`; the observation is recorded all the same. Allocates, and never waits.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// registry.expose_created(false);
    /// let size = registry.histogram("size").buckets(&[10.0]).help("Sizes.").register()?;
    /// size.observe_with_exemplar(7.0, &[("trace_id", "4bf92f3577b34da6")]);
    /// let exposition = registry.render_openmetrics();
    /// assert!(exposition.contains("\nsize_bucket{le=\"10.0\"} 1 # {trace_id=\"4bf92f3577b34da6\"} 7 "));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn observe_with_exemplar(&self, value: impl IntoValue, labels: &[(&str, &str)]) {
        let value = value.into_value();
        if self.store.series.observe(value, 1) {
            let exemplar = Exemplar::now(value, labels);
            exemplar.into_iter().for_each(|exemplar| self.store.series.note(exemplar));
        }
    }

    /// As [`observe_with_exemplar`](Self::observe_with_exemplar), with a duration: see
    /// [`observe_duration`](Self::observe_duration).
    pub fn observe_duration_with_exemplar(&self, duration: Duration, labels: &[(&str, &str)]) {
        if self.store.series.refuses_durations() {
            self.observe_duration(duration);
        } else {
            self.observe_with_exemplar(duration.as_secs_f64(), labels);
        }
    }

    #[inline]
    pub(crate) fn observe_ticks(&self, ticks: u64) {
        self.store.cell.record_ticks(ticks);
        self.store.series.note_span_ticks(ticks);
    }

    /// Starts a timer, which records the time until it is stopped or dropped, in seconds.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let wait = registry.histogram("wait").unit(yardstick::Unit::Seconds).register()?;
    /// let timer = wait.start_timer();
    /// let waited = timer.stop();
    /// wait.start_timer().discard();
    /// assert_eq!(wait.count(), 1);
    /// # let _ = waited;
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn start_timer(&self) -> Timer {
        Timer::start(self.clone())
    }

    /// Times a closure, whether it returns or unwinds.
    pub fn time<R>(&self, work: impl FnOnce() -> R) -> R {
        let _timer = self.start_timer();
        work()
    }

    /// Times a future from its first poll until it is ready or dropped.
    pub fn time_future<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let histogram = self.clone();
        async move {
            let _timer = histogram.start_timer();
            future.await
        }
    }

    /// Records a time of the process' clock.
    #[inline]
    pub(crate) fn observe_elapsed(&self, ticks: u64) {
        match self.store.cell.bounds() {
            Bounds::Ticks(_) => self.observe_ticks(ticks),
            Bounds::Values(_) => {
                self.store.series.observe_seconds(clock::seconds_from_ticks(u128::from(ticks)));
            }
        }
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

    /// Observations up to this bound, as the bucket with this `le` shows them; infinity is the bound of the last one.
    /// `None` if the histogram has no such bucket.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let size = registry.histogram("size").buckets(&[1.0, 10.0]).help("Sizes.").register()?;
    /// [0.5, 7.0, 20.0].map(|value| size.observe(value));
    /// assert_eq!((size.bucket_le(10), size.bucket_le(f64::INFINITY)), (Some(2), Some(3)));
    /// assert_eq!(size.bucket_le(5), None);
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[must_use]
    pub fn bucket_le(&self, bound: impl IntoValue) -> Option<u64> {
        let bound = bound.into_value();
        let bounds = self.store.cell.bounds();
        let position = match bounds {
            _ if bound == f64::INFINITY => Some(bounds.len()),
            Bounds::Ticks(scale) => {
                let ticks = clock::ticks_from_seconds(bound);
                scale.bounds().iter().position(|known| *known == ticks)
            }
            Bounds::Values(scale) => scale.bounds().iter().position(|known| *known == bound),
        };
        let buckets = self.bucket_counts();
        buckets.get(..=position?).map(|buckets| buckets.iter().copied().fold(0, u64::wrapping_add))
    }

    /// Makes the histogram read empty, for tests and batch jobs. Exact for durations; where observations
    /// are other values, exact up to the rounding of the sum so far.
    pub fn reset(&self) {
        self.store.series.reset();
    }

    fn totals(&self) -> HistogramTotals {
        let mut totals = HistogramTotals::default();
        self.store.series.totals(&gathering(), &mut totals);
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
