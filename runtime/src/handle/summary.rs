//! `Summary`: count, sum, and perhaps quantiles of a sliding window.

use std::{sync::Arc, time::Duration};

use super::{IntoValue, Timer, typed::metric_kind};
use crate::{
    cells::{HistogramTotals, clock, gathering},
    handle::label_set::LabelSet,
    registry::{FamilyCore, SummarySeries, ZERO_SERIES_MAX},
};

/// Observations with their count and sum for ever, and, where it is declared with quantiles, quantiles of those of
/// the last minutes.
///
/// Prefer a [`Histogram`](crate::Histogram) where many processes are looked at together: quantiles cannot be added up.
/// Without quantiles, which is the default, recording costs what a counter does. With them, each observation takes a
/// lock of its series and goes into a sketch that is off by at most one part in a hundred; a series then keeps at most
/// 80 KiB (40 KiB of positive values), and typically a fifth of that.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let registry = yardstick::Registry::new();
/// let size = registry
///     .summary("message_size")
///     .unit(yardstick::Unit::Bytes)
///     .quantiles(&[0.5, 0.99], Duration::from_secs(600))
///     .help("Size of messages.")
///     .register()?;
/// for bytes in 1..=100 {
///     size.observe(f64::from(bytes));
/// }
/// assert_eq!((size.count(), size.sum()), (100, 5_050.0));
/// assert!(size.quantile(0.5).is_some_and(|median| (median - 50.0).abs() <= 1.0));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
pub struct Summary<L: LabelSet = ()> {
    store: L::Store<SummaryKind>,
}

/// What a summary without labels keeps.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct SummaryOne {
    series: Arc<SummarySeries>,
    family: Option<Arc<FamilyCore>>,
}

metric_kind!(Summary, SummaryKind, SummaryOne, SummarySeries, ZERO_SERIES_MAX);

impl Summary {
    pub(crate) const fn of_series(series: Arc<SummarySeries>) -> Self {
        Self { store: SummaryOne { series, family: None } }
    }

    /// Records one observation, in the unit of the family, by the rules of
    /// [`Histogram::observe`](crate::Histogram::observe).
    pub fn observe(&self, value: impl IntoValue) {
        self.store.series.observe(value.into_value(), 1);
    }

    /// Records a duration, in seconds. Refused and counted if the family has another unit.
    pub fn observe_duration(&self, duration: Duration) {
        self.store.series.observe_seconds(duration.as_secs_f64());
    }

    /// Times a closure, whether it returns or unwinds.
    pub fn time<R>(&self, work: impl FnOnce() -> R) -> R {
        let _timer = self.start_timer();
        work()
    }

    /// Starts a timer, which records when it is stopped or dropped, in seconds.
    pub fn start_timer(&self) -> Timer<Self> {
        Timer::start(self.clone())
    }

    /// Records a time of the process' clock.
    pub(crate) fn observe_elapsed(&self, ticks: u64) {
        self.store.series.observe_seconds(clock::seconds_from_ticks(u128::from(ticks)));
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

    /// The value below which this part of the recent observations lies, from 0 to 1: any, whether it is exposed or not,
    /// if the summary was declared with [`quantiles`](crate::handle::MetricBuilder::quantiles) or a
    /// [`window`](crate::handle::MetricBuilder::window). `None` without recent observations.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        self.store.series.quantile(quantile)
    }

    /// Makes the summary read empty, for tests and batch jobs.
    pub fn reset(&self) {
        self.store.series.reset();
    }

    fn totals(&self) -> HistogramTotals {
        let mut totals = HistogramTotals::default();
        self.store.series.totals(&gathering(), &mut totals);
        totals
    }
}
