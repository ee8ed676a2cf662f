//! Operations that are applied together.
//!
//! Invariant: an operation is in the buffer or applied, never both and never neither, whatever unwinds. Buffers are
//! applied under the registry's lock for batches, which scrapes share and a batch has alone: a scrape sees all of a
//! batch or nothing.

use std::{
    fmt,
    sync::{Arc, PoisonError},
};

use yardstick_model::Kind;

use super::{Collector, Labels, Wanted};
use crate::{
    Counter, Gauge, Histogram, Registry, Summary,
    handle::{CounterKind, GaugeKind, HistogramKind, SummaryKind},
    locks::Mutex,
};

/// Operations that a batch keeps; with more, it is applied in parts. At 24 bytes each, a megabyte and a half.
const OPERATIONS_MAX: usize = 65_536;

/// Operations that are collected, and applied together when this is dropped; see [`Collector::batch`].
///
/// Up to 65,536 operations are kept; with more, the batch is applied in parts. Applying waits for scrapes that are
/// under way, and scrapes that begin meanwhile wait for it. A batch may be shared between threads.
pub struct Batch {
    collector: Collector,
    buffer: Arc<Buffer>,
}

/// What a batch has collected.
#[derive(Default)]
pub(super) struct Buffer {
    operations: Mutex<Vec<Operation>>,
}

enum Operation {
    Count(Arc<Counter>, f64),
    Set(Arc<Gauge>, f64),
    Add(Arc<Gauge>, f64),
    Observe(Arc<Histogram>, f64),
    Summarise(Arc<Summary>, f64),
}

impl Operation {
    fn apply(self) {
        match self {
            Self::Count(counter, amount) => counter.inc_by_f64(amount),
            Self::Set(gauge, value) => gauge.set(value),
            Self::Add(gauge, amount) => gauge.inc_by(amount),
            Self::Observe(histogram, value) => histogram.observe(value),
            Self::Summarise(summary, value) => summary.observe(value),
        }
    }
}

impl Buffer {
    pub(super) fn apply(&self, registry: &Registry) {
        let operations = {
            let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *operations)
        };
        if !operations.is_empty() {
            registry.together(|| operations.into_iter().for_each(Operation::apply));
        }
    }
}

impl Batch {
    pub(super) fn new(collector: Collector) -> Self {
        let buffer = Arc::<Buffer>::default();
        let mut batches = collector.inner.batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.retain(|batch| batch.strong_count() > 0);
        batches.push(Arc::downgrade(&buffer));
        drop(batches);
        Self { collector, buffer }
    }

    /// Applies what was collected so far.
    pub fn flush(&self) {
        self.buffer.apply(&self.collector.inner.registry);
    }

    /// See [`Collector::increment_counter`].
    #[track_caller]
    pub fn increment_counter(&self, name: &str, amount: f64, labels: Labels<'_>) {
        super::log::operation("increment_counter", name, amount, labels);
        let counter = self.collector.find::<CounterKind>(name, labels, Wanted::of(Kind::Counter));
        self.keep(counter.map(|counter| Operation::Count(counter, amount)));
    }

    /// See [`Collector::set_gauge`].
    #[track_caller]
    pub fn set_gauge(&self, name: &str, value: f64, labels: Labels<'_>) {
        super::log::operation("set_gauge", name, value, labels);
        let gauge = self.collector.find::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge));
        self.keep(gauge.map(|gauge| Operation::Set(gauge, value)));
    }

    /// See [`Collector::increment_gauge`].
    #[track_caller]
    pub fn increment_gauge(&self, name: &str, amount: f64, labels: Labels<'_>) {
        super::log::operation("increment_gauge", name, amount, labels);
        let gauge = self.collector.find::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge));
        self.keep(gauge.map(|gauge| Operation::Add(gauge, amount)));
    }

    /// See [`Collector::decrement_gauge`].
    #[track_caller]
    pub fn decrement_gauge(&self, name: &str, amount: f64, labels: Labels<'_>) {
        self.increment_gauge(name, -amount, labels);
    }

    /// See [`Collector::record_histogram`].
    #[track_caller]
    pub fn record_histogram(&self, name: &str, value: f64, labels: Labels<'_>) {
        super::log::operation("record_histogram", name, value, labels);
        let wanted = Wanted::of(Kind::Histogram);
        let histogram = self.collector.find::<HistogramKind>(name, labels, wanted);
        self.keep(histogram.map(|histogram| Operation::Observe(histogram, value)));
    }

    /// See [`Collector::record_summary`].
    #[track_caller]
    pub fn record_summary(&self, name: &str, value: f64, labels: Labels<'_>) {
        super::log::operation("record_summary", name, value, labels);
        let summary = self.collector.find::<SummaryKind>(name, labels, Wanted::of(Kind::Summary));
        self.keep(summary.map(|summary| Operation::Summarise(summary, value)));
    }

    /// See [`Collector::record_timing`].
    #[track_caller]
    pub fn record_timing(&self, name: &str, milliseconds: f64, labels: Labels<'_>) {
        super::log::operation("record_timing", name, milliseconds, labels);
        let histogram = self.collector.find::<HistogramKind>(name, labels, Wanted::timing());
        self.keep(histogram.map(|histogram| Operation::Observe(histogram, milliseconds / 1e3)));
    }

    fn keep(&self, operation: Option<Operation>) {
        let Some(operation) = operation else { return };
        let is_full = {
            let mut kept = self.buffer.operations.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(operation);
            kept.len() >= OPERATIONS_MAX
        };
        if is_full {
            self.flush();
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.flush();
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("collector", &self.collector).finish_non_exhaustive()
    }
}
