//! Walks the families and collectors of a registry in one order, and sends them to a sink.
//!
//! Invariant: families come in the order of their names, series in the order of their labels, labels
//! in the order of their names. The same state gives the same calls.

use std::{sync::PoisonError, time::SystemTime};

use yardstick_model::{Kind, NativeBuckets};

use super::{Registry, series::CounterValue};
use crate::{
    base::reentry::Scope,
    cells::{Gather, HistogramTotals},
    data::{Exemplar, LabelText, MetricFamily, SeriesData, Value},
};

/// Receives what a registry holds. Called under the gather lock: it must not read metrics itself.
pub(crate) trait Sink {
    /// Whether histograms come with all their native buckets; else with those of whole doublings.
    fn wants_native(&self) -> bool {
        false
    }

    /// A family begins; its series follow.
    fn family(&mut self, family: &Head<'_>);

    /// A series of the family that began last.
    fn series(&mut self, labels: &LabelText, point: &Point<'_>, notes: &Notes<'_>);
}

/// What a series shows at one moment.
pub(crate) enum Point<'a> {
    Counter(CounterValue),
    Gauge(f64),
    /// Its buckets are not cumulative.
    Histogram {
        bounds: &'a [f64],
        totals: &'a HistogramTotals,
    },
    Summary {
        quantiles: &'a [(f64, f64)],
        totals: &'a HistogramTotals,
    },
    Info,
    /// The states, and the position of the current one.
    StateSet {
        states: &'a [&'a str],
        current: usize,
    },
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
        let collected = self.collect_counted();
        self.gather_with(collected, sink);
    }

    /// Sends the registry's own families, and these, without global labels.
    pub(super) fn gather_with(&self, collected: Vec<MetricFamily>, sink: &mut dyn Sink) {
        let mut collected = collected.into_iter().peekable();
        let _scope = Scope::enter();
        let _whole = self.inner.batches.read().unwrap_or_else(PoisonError::into_inner);
        let _gather = Gather::begin();
        for family in self.families() {
            while let Some(before) = collected.next_if(|other| other.name < family.meta.name) {
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
            let notes = Notes { created: series.created, exemplars: &series.exemplars };
            series.value.send(&LabelText::of_owned(&series.labels), &notes, sink);
        }
    }
}

impl Value {
    fn send(&self, labels: &LabelText, notes: &Notes<'_>, sink: &mut dyn Sink) {
        let mut send = |point: &Point<'_>| sink.series(labels, point, notes);
        match self {
            Self::Counter { whole, fraction } => {
                send(&Point::Counter(CounterValue { integer: *whole, fraction: *fraction }));
            }
            Self::Gauge(value) => send(&Point::Gauge(*value)),
            Self::Histogram { bounds, counts, sum } => {
                send(&Point::Histogram { bounds, totals: &totals(counts.clone(), *sum) });
            }
            Self::Summary { quantiles, count, sum } => {
                send(&Point::Summary { quantiles, totals: &totals(vec![*count], *sum) });
            }
            Self::Info => send(&Point::Info),
            Self::StateSet { states, current } => {
                let states: Vec<_> = states.iter().map(String::as_str).collect();
                send(&Point::StateSet { states: &states, current: *current });
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

impl Sink for Gathered {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, unit, .. } = *family;
        let mut family = MetricFamily::new(kind, name, help);
        family.unit = unit;
        self.families.push(family);
    }

    fn series(&mut self, labels: &LabelText, point: &Point<'_>, notes: &Notes<'_>) {
        let Some(family) = self.families.last_mut() else { return };
        let value = match *point {
            Point::Counter(CounterValue { integer: whole, fraction }) => {
                Value::Counter { whole, fraction }
            }
            Point::Gauge(value) => Value::Gauge(value),
            Point::Histogram { bounds, totals } => Value::Histogram {
                bounds: bounds.to_vec(),
                counts: totals.buckets.clone(),
                sum: totals.sum(),
            },
            Point::Summary { quantiles, totals } => Value::Summary {
                quantiles: quantiles.to_vec(),
                count: totals.count(),
                sum: totals.sum(),
            },
            Point::Info => Value::Info,
            Point::StateSet { states, current } => {
                let states = states.iter().map(|state| (*state).to_owned()).collect();
                Value::StateSet { states, current }
            }
        };
        let (labels, exemplars) = (labels.to_pairs(), notes.exemplars.to_vec());
        family.series.push(SeriesData { labels, value, created: notes.created, exemplars });
    }
}
