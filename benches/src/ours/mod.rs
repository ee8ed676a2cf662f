//! This library: its handles, as every library's, and its attributes.

mod sites;

use yardstick::{Counter, Histogram, LabelSet, Registry, Unit, dynamic::Dynamic, handle::Family};

pub use self::sites::rows_off;
use crate::{
    peers::Library,
    rows::{Rows, Subject, Work},
    stores::{Observer, Store},
    workloads::{self, BOUNDS, MANY_SETS, Method, SETS},
};

pub const NAME: &str = "yardstick";

/// So that no series of a row is turned away.
const SERIES_MAX: usize = 200_000;

pub struct Yardstick;

#[derive(LabelSet)]
pub struct Enums {
    method: Method,
    cached: bool,
}

#[derive(LabelSet)]
pub struct Strings {
    route: &'static str,
    user: &'static str,
}

impl Library for Yardstick {
    const SUBJECT: Subject = Subject::Ours;
    const BY_LABELS: &'static str = ".with";
    type Counter = Counter;
    type Histogram = Histogram;
    type Enums = Counter<Enums>;
    type Strings = Counter<Strings>;

    fn counter(name: &'static str) -> Counter {
        Registry::new().counter(name).register().expect("a new name")
    }

    #[inline]
    fn count(counter: &Counter) {
        counter.inc();
    }

    fn histogram(bounds: &'static [f64]) -> Option<Histogram> {
        Registry::new().histogram("latency").buckets(bounds).register().ok()
    }

    #[inline]
    fn observe(histogram: &Histogram, value: f64) {
        histogram.observe(value);
    }

    fn enums() -> Self::Enums {
        Registry::new().counter("enums").label_set().register().expect("a new name")
    }

    #[inline]
    fn count_enums(counters: &Self::Enums, method: Method, cached: bool) {
        counters.with(&Enums { method, cached }).inc();
    }

    fn strings() -> Self::Strings {
        let registry = Registry::new();
        let counters = registry.counter("strings").label_set().series_max(SERIES_MAX);
        counters.register().expect("a new name")
    }

    #[inline]
    fn count_strings(counters: &Self::Strings, route: &'static str, user: &'static str) {
        counters.with(&Strings { route, user }).inc();
    }

    fn store() -> Box<dyn Store> {
        let registry = Registry::new();
        let requests = registry.counter("requests").labels(["route", "method", "status"]);
        let requests = requests.series_max(SERIES_MAX).register().expect("a new name");
        let latency = registry.histogram("latency").buckets(&BOUNDS).labels(["route"]);
        let latency = latency.series_max(SERIES_MAX).register().expect("a new name");
        Box::new(Families { registry, requests, latency })
    }
}

struct Families {
    registry: Registry,
    requests: Family<Counter, 3>,
    latency: Family<Histogram, 1>,
}

impl Store for Families {
    fn count(&self, labels: [&str; 3]) {
        self.requests.get_or_create(labels).expect("fewer than the most").inc();
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.latency.get_or_create([route]).expect("fewer than the most").observe(seconds);
    }

    fn observer(&self, route: &str) -> Observer<'_> {
        let histogram = self.latency.get_or_create([route]).expect("fewer than the most");
        Box::new(move |seconds| histogram.observe(seconds))
    }

    fn render(&self) -> String {
        self.registry.render()
    }
}

/// Adds what only this library has. The exporter must be installed.
pub fn rows(rows: &mut Rows) {
    sites::rows(rows);
    let ticks = Registry::new().histogram("ticks").unit(Unit::Seconds).register();
    let ticks = ticks.expect("a new name");
    let observe = move |value| yardstick::__private_0_1_0::observe_ticks(&ticks, value);
    rows.ours(Work::Histogram, "ticks", workloads::ticks(observe));
    for (work, sets) in [
        (Work::StringLabels, SETS),
        (Work::ManyStringLabels, MANY_SETS),
        (Work::FreshThread, MANY_SETS),
    ] {
        let by_name = Dynamic::new(Registry::new());
        let count = move |route, user| {
            by_name.increment_counter("by_name", 1.0, &[("route", route), ("user", user)]);
        };
        rows.ours(work, "by name", workloads::strings(sets, count));
    }
    let facade = workloads::call(|| metrics::counter!("facade", "route" => "/query").increment(1));
    rows.ours(Work::Facade, "", facade);
}
