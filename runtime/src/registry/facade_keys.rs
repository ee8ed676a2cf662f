//! What a registry knows of the names and keys of the `metrics` facade.
//!
//! Invariant: what a key led to is found again for that key alone, and forgotten when a family is taken out.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    thread::LocalKey,
};

use yardstick_model::{Kind, Unit};

use super::{
    Tabled,
    series::{CounterSeries, GaugeSeries, HistogramSeries},
};
use crate::{
    cells::CounterCell,
    labels::lookup::{Common, Entry, Near, Removable},
};

/// The module that the families of the facade name as theirs.
pub(super) const FACADE_MODULE: &str = "metrics";

/// What the facade told about names, as they were written.
pub(crate) type Descriptions = HashMap<String, Description>;

/// What all threads found by keys.
pub(crate) struct Keyed {
    pub(crate) counters: Common<Reached<CounterSeries>>,
    gauges: Common<Reached<GaugeSeries>>,
    histograms: Common<Reached<HistogramSeries>>,
}

impl Keyed {
    pub(super) const fn new() -> Self {
        Self { counters: Common::new(), gauges: Common::new(), histograms: Common::new() }
    }

    /// Forgets which series keys led to, which may be gone; those that are not are found again by their families.
    pub(super) fn forget(&self) {
        self.counters.forget();
        self.gauges.forget();
        self.histograms.forget();
    }
}

/// A series as the facade's handles record into it.
///
/// Each thread's table has one of its own for each key, which the handles that it gives out share: what counts the
/// references to it is written by that thread, as long as it keeps its handles to itself.
pub(crate) struct Reached<S: ByKey> {
    pub(crate) cell: S::Cell,
    pub(crate) series: Arc<S>,
}

impl<S: ByKey> Clone for Reached<S> {
    fn clone(&self) -> Self {
        Self { cell: self.cell, series: Arc::clone(&self.series) }
    }
}

impl<S: ByKey> Removable for Reached<S> {
    fn is_removed(&self) -> bool {
        self.series.hidden().load(Ordering::Relaxed)
    }
}

#[derive(Clone, Default)]
pub(crate) struct Description {
    pub(crate) unit: Option<Unit>,
    pub(crate) help: String,
}

impl metrics::CounterFn for Entry<Reached<CounterSeries>> {
    fn increment(&self, value: u64) {
        self.cell.add(value);
    }

    fn absolute(&self, value: u64) {
        self.series.absolute(value);
    }
}

impl metrics::GaugeFn for Entry<Reached<GaugeSeries>> {
    fn increment(&self, value: f64) {
        self.series.add(value);
    }

    fn decrement(&self, value: f64) {
        self.series.add(-value);
    }

    fn set(&self, value: f64) {
        self.series.set(value);
    }
}

impl metrics::HistogramFn for Entry<Reached<HistogramSeries>> {
    fn record(&self, value: f64) {
        self.series.observe(value, 1);
    }

    fn record_many(&self, value: f64, count: usize) {
        self.series.observe(value, count as u64);
    }
}

/// Picks what is found by keys of one kind.
pub(crate) trait ByKey: Tabled {
    const KIND: Kind;
    /// What is recorded to without a look at the series.
    type Cell: Copy + Send + Sync;
    fn cell(&self) -> Self::Cell;
    fn common(keyed: &Keyed) -> &Common<Reached<Self>>;
    /// What this thread was answered with before.
    fn near() -> &'static LocalKey<Near<Reached<Self>>>;
}

macro_rules! by_key {
    ($($kind:ident: $series:ty = $field:ident, $cell:ty, |$of:ident| $get:expr;)*) => {$(
        impl ByKey for $series {
            const KIND: Kind = Kind::$kind;
            type Cell = $cell;

            fn cell(&self) -> $cell {
                let $of = self;
                $get
            }

            fn common(keyed: &Keyed) -> &Common<Reached<Self>> {
                &keyed.$field
            }

            fn near() -> &'static LocalKey<Near<Reached<Self>>> {
                thread_local! {
                    static NEAR: Near<Reached<$series>> = const { Near::new() };
                }
                &NEAR
            }
        }
    )*};
}

by_key! {
    Counter: CounterSeries = counters, CounterCell, |series| Self::cell(series);
    Gauge: GaugeSeries = gauges, (), |_series| ();
    Histogram: HistogramSeries = histograms, (), |_series| ();
}
