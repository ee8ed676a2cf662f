//! `Counter`: a value that only grows.

use std::sync::Arc;

use super::{IntoCount, IntoValue, typed::metric_kind};
use crate::{
    base::refusals::{Refusal, refuse},
    cells::{CounterCell, gathering},
    data::Exemplar,
    handle::label_set::LabelSet,
    registry::{FamilyCore, ZERO_SERIES_MAX, series::CounterSeries},
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
pub struct Counter<L: LabelSet = ()> {
    store: L::Store<CounterKind>,
}

/// What a counter without labels keeps.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct CounterOne {
    cell: CounterCell,
    series: Arc<CounterSeries>,
    family: Option<Arc<FamilyCore>>,
}

metric_kind!(Counter, CounterKind, CounterOne, CounterSeries, ZERO_SERIES_MAX);

impl Counter {
    pub(crate) fn of_series(series: Arc<CounterSeries>) -> Self {
        Self { store: CounterOne { cell: series.cell(), series, family: None } }
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.store.cell.add(1);
        self.store.series.note_span(1);
    }

    /// Adds a whole number; exact up to 2^64, where the counter starts again. A negative one is refused and counted
    /// in `yardstick_observations_refused_total`.
    #[inline]
    pub fn inc_by(&self, amount: impl IntoCount) {
        match amount.into_count() {
            Some(amount) => {
                self.store.cell.add(amount);
                self.store.series.note_span(amount);
            }
            None => refuse(Refusal::Negative, 1),
        }
    }

    /// Adds one, and keeps where it comes from as the series' exemplar: see
    /// [`inc_by_with_exemplar`](Self::inc_by_with_exemplar).
    pub fn inc_with_exemplar(&self, labels: &[(&str, &str)]) {
        self.inc_by_with_exemplar(1_u64, labels);
    }

    /// Adds a whole number, and keeps where it comes from, such as `[("trace_id", ..)]`, as the series' exemplar, until
    /// the next one. `OpenMetrics` shows exemplars, the text format does not.
    ///
    /// Labels that break a rule, or have more than 128 characters in all, are refused and counted in
    /// `yardstick_exemplars_refused_total`; the amount is added all the same. Allocates, and never waits.
    pub fn inc_by_with_exemplar(&self, amount: impl IntoCount, labels: &[(&str, &str)]) {
        let Some(amount) = amount.into_count() else { return refuse(Refusal::Negative, 1) };
        self.inc_by(amount);
        #[allow(clippy::cast_precision_loss, reason = "a sample's value is a double")]
        let exemplar = Exemplar::now(amount as f64, labels);
        exemplar.into_iter().for_each(|exemplar| self.store.series.note(exemplar));
    }

    /// Adds an amount that may have a fraction. Negative amounts, NaN and infinities are refused and
    /// counted in `yardstick_observations_refused_total`.
    pub fn inc_by_f64(&self, amount: impl IntoValue) {
        self.store.series.add_f64(amount.into_value());
    }

    /// The whole part of the count: everything added with [`inc`](Self::inc) and
    /// [`inc_by`](Self::inc_by), by any thread that this one has synchronised with. Never falls. Waits for
    /// other readers.
    #[must_use]
    pub fn get(&self) -> u64 {
        let value = self.store.series.value(&gathering());
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
        self.store.series.value(&gathering()).to_f64()
    }

    /// Makes the counter read zero, for tests and batch jobs. To Prometheus this is a restart.
    pub fn reset(&self) {
        self.store.series.reset();
    }
}
