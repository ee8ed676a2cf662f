//! Walks the families and collectors of a registry in one order, and sends them to a sink.
//!
//! Invariant: families come in the order of their names, series in the order of their labels, labels
//! in the order of their names. The same state gives the same calls.

use std::{sync::PoisonError, time::SystemTime};

use yardstick_model::{Kind, NativeBuckets, parse_label_set, render_label_set};

use super::{Registry, series::CounterValue};
use crate::{
    base::reentry::Scope,
    cells::{Gather, HistogramTotals},
    data::{Exemplar, MetricFamily, SeriesData, Value},
};

/// Receives what a registry holds. Called under the gather lock: it must not read metrics itself.
pub(crate) trait Sink {
    /// Whether histograms come with all their native buckets; else with those of whole doublings.
    fn wants_native(&self) -> bool {
        false
    }

    /// A family begins; its series follow.
    fn family(&mut self, family: &Head<'_>);

    /// A counter of the family that began last. `labels` is the canonical text of the label set.
    fn counter(&mut self, labels: &str, value: CounterValue, notes: &Notes<'_>);

    /// A gauge of the family that began last.
    fn gauge(&mut self, labels: &str, value: f64);

    /// A histogram of the family that began last, its buckets not cumulative.
    fn histogram(
        &mut self,
        labels: &str,
        bounds: &[f64],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    );

    /// A summary of the family that began last.
    fn summary(
        &mut self,
        labels: &str,
        quantiles: &[(f64, f64)],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    );

    /// An info of the family that began last.
    fn info(&mut self, labels: &str);

    /// A state set of the family that began last, and the position of its current state.
    fn state_set(&mut self, labels: &str, states: &[&str], current: usize);
}

/// What a family's series have in common.
pub(crate) struct Head<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    pub(crate) help: &'a str,
    pub(crate) unit: Option<yardstick_model::Unit>,
    /// What the buckets of its histograms are, if they are native and that is wanted.
    pub(crate) native: Option<NativeBuckets>,
}

/// What a series tells beside its values. The text format has no form for it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Notes<'a> {
    /// When it began to count.
    pub(crate) created: Option<SystemTime>,
    /// At most one for each bucket.
    pub(crate) exemplars: &'a [Exemplar],
}

impl Registry {
    /// Asks every family and every collector once.
    pub(crate) fn gather_into(&self, sink: &mut dyn Sink) {
        self.with_global_labels(sink, |sink| self.gather_plain(sink));
    }

    fn gather_plain(&self, sink: &mut dyn Sink) {
        // Outside the scope: within it, annotated functions that a collector calls would record nothing.
        let mut collected = self.collect_counted().into_iter().peekable();
        let _scope = Scope::enter();
        let _whole = self.inner.batches.read().unwrap_or_else(PoisonError::into_inner);
        let _gather = Gather::begin();
        for family in self.families() {
            while let Some(before) = collected.next_if(|other| other.name < family.facts.name) {
                before.send(sink);
            }
            family.gather(sink);
        }
        collected.for_each(|family| family.send(sink));
    }

    /// All families as plain data, in the order of their names, those of [collectors](super::Collector) among them.
    /// Waits for other readers, never for a writer.
    #[must_use]
    pub fn gather(&self) -> Vec<MetricFamily> {
        let mut gathered = Gathered::default();
        self.gather_into(&mut gathered);
        gathered.families
    }
}

impl MetricFamily {
    fn send(&self, sink: &mut dyn Sink) {
        let Self { name, kind, help, unit, series } = self;
        sink.family(&Head { name, kind: *kind, help, unit: *unit, native: None });
        for series in series {
            let pairs = series.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let notes = Notes { created: series.created, exemplars: &series.exemplars };
            series.value.send(&render_label_set(pairs), &notes, sink);
        }
    }
}

impl Value {
    fn send(&self, labels: &str, notes: &Notes<'_>, sink: &mut dyn Sink) {
        match self {
            Self::Counter { whole, fraction } => {
                let value = CounterValue { integer: *whole, fraction: *fraction };
                sink.counter(labels, value, notes);
            }
            Self::Gauge(value) => sink.gauge(labels, *value),
            Self::Histogram { bounds, counts, sum } => {
                sink.histogram(labels, bounds, &totals(counts.clone(), *sum), notes);
            }
            Self::Summary { quantiles, count, sum } => {
                sink.summary(labels, quantiles, &totals(vec![*count], *sum), notes);
            }
            Self::Info => sink.info(labels),
            Self::StateSet { states, current } => {
                let states: Vec<_> = states.iter().map(String::as_str).collect();
                sink.state_set(labels, &states, *current);
            }
        }
    }
}

const fn totals(buckets: Vec<u64>, sum_values: f64) -> HistogramTotals {
    HistogramTotals { buckets, sum_ticks: 0, sum_values }
}

/// Turns what is sent into plain data.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) families: Vec<MetricFamily>,
}

impl Gathered {
    fn add(&mut self, labels: &str, value: Value, notes: &Notes<'_>) {
        let labels = parse_label_set(labels).unwrap_or_default();
        if let Some(family) = self.families.last_mut() {
            let Notes { created, exemplars } = *notes;
            let exemplars = exemplars.to_vec();
            family.series.push(SeriesData { labels, value, created, exemplars });
        }
    }
}

impl Sink for Gathered {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, unit, .. } = *family;
        let mut family = MetricFamily::new(kind, name, help);
        family.unit = unit;
        self.families.push(family);
    }

    fn counter(&mut self, labels: &str, value: CounterValue, notes: &Notes<'_>) {
        let value = Value::Counter { whole: value.integer, fraction: value.fraction };
        self.add(labels, value, notes);
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.add(labels, Value::Gauge(value), &Notes::default());
    }

    fn histogram(
        &mut self,
        labels: &str,
        bounds: &[f64],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        let (bounds, counts) = (bounds.to_vec(), totals.buckets.clone());
        self.add(labels, Value::Histogram { bounds, counts, sum: totals.sum() }, notes);
    }

    fn summary(
        &mut self,
        labels: &str,
        quantiles: &[(f64, f64)],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        let (quantiles, count) = (quantiles.to_vec(), totals.count());
        self.add(labels, Value::Summary { quantiles, count, sum: totals.sum() }, notes);
    }

    fn info(&mut self, labels: &str) {
        self.add(labels, Value::Info, &Notes::default());
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        let states = states.iter().map(|state| (*state).to_owned()).collect();
        self.add(labels, Value::StateSet { states, current }, &Notes::default());
    }
}
