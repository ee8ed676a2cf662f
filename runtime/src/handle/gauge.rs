//! `Gauge`: a value that goes up and down, and calls in progress.

use std::{future::Future, sync::Arc, time::SystemTime};

use super::{IntoValue, typed::metric_kind};
use crate::{
    cells::gathering,
    handle::label_set::LabelSet,
    registry::{FamilyCore, ZERO_SERIES_MAX, series::GaugeSeries},
};

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
pub struct Gauge<L: LabelSet = ()> {
    store: L::Store<GaugeKind>,
}

/// What a gauge without labels keeps.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct GaugeOne {
    series: Arc<GaugeSeries>,
    family: Option<Arc<FamilyCore>>,
}

metric_kind!(Gauge, GaugeKind, GaugeOne, GaugeSeries, ZERO_SERIES_MAX);

impl Gauge {
    pub(crate) const fn of_series(series: Arc<GaugeSeries>) -> Self {
        Self { store: GaugeOne { series, family: None } }
    }

    /// Replaces the value; of several threads, the last one wins.
    pub fn set(&self, value: impl IntoValue) {
        self.store.series.set(value.into_value());
    }

    /// Adds one.
    pub fn inc(&self) {
        self.store.series.add(1.0);
    }

    /// Subtracts one.
    pub fn dec(&self) {
        self.store.series.add(-1.0);
    }

    /// Adds an amount. NaN and infinities are refused and counted: no later addition could undo them.
    pub fn inc_by(&self, amount: impl IntoValue) {
        self.store.series.add(amount.into_value());
    }

    /// Subtracts an amount, under the same rule as [`inc_by`](Self::inc_by).
    pub fn dec_by(&self, amount: impl IntoValue) {
        self.store.series.add(-amount.into_value());
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> f64 {
        self.store.series.value(&gathering())
    }

    /// Sets the value to the current time, in seconds since 1970-01-01 UTC: when something last happened, which
    /// `time()` in a query turns into how long ago. Zero if the system's clock is set before that.
    pub fn set_to_current_time(&self) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        self.set(now.map_or(0.0, |since| since.as_secs_f64()));
    }

    /// Adds one until the guard is dropped, however that happens: by the end of a block, an early return, or a
    /// panic. It may be sent to another thread.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let busy = registry.gauge("workers_busy").help("Workers at work.").register()?;
    /// {
    ///     let _working = busy.track_in_progress();
    ///     assert_eq!(busy.get(), 1.0);
    /// }
    /// assert_eq!(busy.get(), 0.0);
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn track_in_progress(&self) -> InProgress {
        self.inc();
        InProgress { gauge: self.clone() }
    }

    /// Adds one from the future's first poll until it is ready or dropped.
    pub fn track_future<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let gauge = self.clone();
        async move {
            let _guard = gauge.track_in_progress();
            future.await
        }
    }
}

/// Something in progress that a gauge counts; see [`Gauge::track_in_progress`].
#[derive(Debug)]
#[must_use = "dropping the guard ends what it counts"]
pub struct InProgress {
    gauge: Gauge,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.gauge.dec();
    }
}
