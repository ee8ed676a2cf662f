//! One operation by name, and its effect on a series.

use yardstick_model::{Kind, Unit};

use super::{Dynamic, LabelPairs, labels::with_texts, log, resolve::Wanted};
use crate::{
    handle::{
        Counter, CounterKind, Gauge, GaugeKind, Histogram, HistogramKind, Summary, SummaryKind,
    },
    labels::lookup::Kept,
};

/// An operation as it was asked for.
#[derive(Clone, Copy)]
pub(super) struct Recorded<'a> {
    /// What the caller called.
    method: &'static str,
    amount: f64,
    action: Action,
    wanted: Wanted<'a>,
}

#[derive(Clone, Copy)]
enum Action {
    Count,
    Set,
    Add,
    Observe,
    Summarise,
}

/// An operation on a series.
pub(super) enum Operation {
    Count(Kept<Counter>, f64),
    Set(Kept<Gauge>, f64),
    Add(Kept<Gauge>, f64),
    Observe(Kept<Histogram>, f64),
    Summarise(Kept<Summary>, f64),
}

impl Operation {
    #[inline]
    pub(super) fn apply(self) {
        match self {
            Self::Count(counter, amount) => counter.inc_by_f64(amount),
            Self::Set(gauge, value) => gauge.set(value),
            Self::Add(gauge, amount) => gauge.inc_by(amount),
            Self::Observe(histogram, value) => histogram.observe(value),
            Self::Summarise(summary, value) => summary.observe(value),
        }
    }
}

impl<'a> Recorded<'a> {
    #[track_caller]
    const fn of(method: &'static str, kind: Kind, action: Action, amount: f64) -> Self {
        Self { method, amount, action, wanted: Wanted::of(kind) }
    }

    #[track_caller]
    pub(super) const fn count(amount: f64) -> Self {
        Self::of("increment_counter", Kind::Counter, Action::Count, amount)
    }

    #[track_caller]
    pub(super) const fn set(value: f64) -> Self {
        Self::of("set_gauge", Kind::Gauge, Action::Set, value)
    }

    #[track_caller]
    pub(super) const fn add(amount: f64) -> Self {
        Self::of("increment_gauge", Kind::Gauge, Action::Add, amount)
    }

    #[track_caller]
    pub(super) const fn subtract(amount: f64) -> Self {
        Self::of("decrement_gauge", Kind::Gauge, Action::Add, -amount)
    }

    #[track_caller]
    pub(super) const fn observe(value: f64) -> Self {
        Self::of("record_histogram", Kind::Histogram, Action::Observe, value)
    }

    #[track_caller]
    pub(super) const fn summarise(value: f64) -> Self {
        Self::of("record_summary", Kind::Summary, Action::Summarise, value)
    }

    #[track_caller]
    pub(super) const fn time(milliseconds: f64) -> Self {
        let recorded =
            Self::of("record_timing", Kind::Histogram, Action::Observe, milliseconds / 1e3);
        Self { wanted: recorded.wanted.in_unit(Unit::Seconds), ..recorded }
    }

    pub(super) const fn with_buckets(self, buckets: &'a [f64]) -> Self {
        Self { wanted: self.wanted.with_buckets(buckets), ..self }
    }
}

impl Dynamic {
    /// Does what is asked: in the batch that this thread is in, or at once.
    pub(super) fn record(&self, name: &str, labels: &impl LabelPairs, recorded: Recorded<'_>) {
        let Some(operation) = self.operation(name, labels, recorded) else { return };
        match self.open_buffer() {
            Some(buffer) => buffer.keep(operation),
            None => operation.apply(),
        }
    }

    /// What is to be done; `None` if the name or the labels are refused.
    #[inline]
    pub(super) fn operation(
        &self,
        name: &str,
        labels: &impl LabelPairs,
        recorded: Recorded<'_>,
    ) -> Option<Operation> {
        let Recorded { method, amount, action, wanted } = recorded;
        with_texts(labels, |labels| {
            log::operation(method, name, amount, labels);
            Some(match action {
                Action::Count => {
                    Operation::Count(self.find::<CounterKind>(name, labels, wanted)?, amount)
                }
                Action::Set => {
                    Operation::Set(self.find::<GaugeKind>(name, labels, wanted)?, amount)
                }
                Action::Add => {
                    Operation::Add(self.find::<GaugeKind>(name, labels, wanted)?, amount)
                }
                Action::Observe => {
                    Operation::Observe(self.find::<HistogramKind>(name, labels, wanted)?, amount)
                }
                Action::Summarise => {
                    Operation::Summarise(self.find::<SummaryKind>(name, labels, wanted)?, amount)
                }
            })
        })
    }
}
