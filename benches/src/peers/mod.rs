//! The other libraries. Each says how it counts and observes; the rows are the same for all.

pub mod attributes;
mod exporter;
mod fastmetrics;
mod measured;
mod opentelemetry;
mod prometheus;
mod prometheus_client;
mod prometric;
mod vise;

use crate::{
    rows::{Rows, Subject, Work},
    stores::Store,
    workloads::{self, BOUNDS, MANY_SETS, Method, SETS},
};

/// A library that keeps metrics, this one among them.
pub trait Library: 'static {
    const SUBJECT: Subject;
    /// How it finds a series by its labels.
    const BY_LABELS: &'static str = "";
    type Counter: Send + Sync;
    type Histogram: Send + Sync;
    type Enums: Send + Sync;
    type Strings: Send + Sync;

    fn counter(name: &'static str) -> Self::Counter;
    fn count(counter: &Self::Counter);
    /// `None` if it cannot have so many buckets.
    fn histogram(bounds: &'static [f64]) -> Option<Self::Histogram>;
    fn observe(histogram: &Self::Histogram, value: f64);
    /// Between samples of a histogram.
    fn after_observing(_: &Self::Histogram) {}
    fn enums() -> Self::Enums;
    fn count_enums(counters: &Self::Enums, method: Method, cached: bool);
    fn strings() -> Self::Strings;
    fn count_strings(counters: &Self::Strings, route: &'static str, user: &'static str);
    fn store() -> Box<dyn Store>;
}

/// Calls a function with every library.
#[macro_export]
macro_rules! for_each_library {
    ($function:ident($($argument:expr),*)) => {
        $function::<$crate::ours::Yardstick>($($argument),*);
        $crate::for_each_peer!($function($($argument),*));
    };
}

/// Calls a function with every library but this one.
#[macro_export]
macro_rules! for_each_peer {
    ($function:ident($($argument:expr),*)) => {
        $function::<$crate::peers::Exporter>($($argument),*);
        $function::<$crate::peers::Prometheus>($($argument),*);
        $function::<$crate::peers::PrometheusClient>($($argument),*);
        $function::<$crate::peers::Measured>($($argument),*);
        $function::<$crate::peers::Vise>($($argument),*);
        $function::<$crate::peers::Fastmetrics>($($argument),*);
        $function::<$crate::peers::Prometric>($($argument),*);
        $function::<$crate::peers::OpenTelemetry>($($argument),*);
    };
}

pub use self::{
    exporter::Exporter, fastmetrics::Fastmetrics, measured::Measured, opentelemetry::OpenTelemetry,
    prometheus::Prometheus, prometheus_client::PrometheusClient, prometric::Prometric, vise::Vise,
};

/// Adds the rows that every library has.
pub fn rows_of<L: Library>(rows: &mut Rows) {
    let mut add = |work, way, run| rows.add(work, L::SUBJECT, way, run);
    let four = ["a", "b", "c", "d"].map(L::counter);
    add(Work::CounterInTurn, "handle", workloads::in_turn(four, L::count));
    add(Work::CounterSame, "handle", workloads::same(L::counter("e"), L::count));
    let enums = L::enums();
    add(
        Work::EnumLabels,
        L::BY_LABELS,
        workloads::enums(move |method, cached| L::count_enums(&enums, method, cached)),
    );
    for (work, sets) in [
        (Work::StringLabels, SETS),
        (Work::ManyStringLabels, MANY_SETS),
        (Work::FreshThread, MANY_SETS),
    ] {
        let strings = L::strings();
        let count = move |route, user| L::count_strings(&strings, route, user);
        add(work, L::BY_LABELS, workloads::strings(sets, count));
    }
    if let Some(histogram) = L::histogram(&BOUNDS) {
        let histogram = std::sync::Arc::new(histogram);
        let same = std::sync::Arc::clone(&histogram);
        let run = workloads::observations(move |value| L::observe(&histogram, value));
        add(Work::Histogram, "f64", run);
        rows.after(move || L::after_observing(&same));
    }
    let store = L::store();
    crate::stores::fill(&*store, crate::stores::COUNTERS, crate::stores::HISTOGRAMS);
    let render = move |n| (0..n).for_each(|_| _ = std::hint::black_box(store.render()));
    rows.add(Work::Scrape, L::SUBJECT, "", Box::new(render));
}
