//! vise, typed metrics on top of prometheus-client.

use vise::{
    Buckets, BuildMetric, Counter, Format, Histogram, LabeledFamily, MetricBuilder, Metrics,
    Registry,
};

use super::Library;
use crate::{
    rows::Subject,
    stores::{Observer, Store},
    workloads::{BOUNDS, Method, text_of},
};

pub struct Vise;

type Enums = LabeledFamily<(&'static str, &'static str), Counter, 2>;
type Strings = LabeledFamily<(&'static str, &'static str), Counter, 2>;

#[derive(Debug, Metrics)]
struct Families {
    /// help
    #[metrics(labels = ["route", "method", "status"])]
    requests: LabeledFamily<(String, String, String), Counter, 3>,
    /// help
    #[metrics(labels = ["route"], buckets = &BOUNDS)]
    latency: LabeledFamily<String, Histogram<f64>>,
}

impl Library for Vise {
    const SUBJECT: Subject = Subject::Peer("vise");
    type Counter = Counter;
    type Histogram = Histogram<f64>;
    type Enums = Enums;
    type Strings = Strings;

    fn counter(_: &'static str) -> Counter {
        Counter::default()
    }

    #[inline]
    fn count(counter: &Counter) {
        counter.inc();
    }

    fn histogram(bounds: &'static [f64]) -> Option<Histogram<f64>> {
        Some(Histogram::build(MetricBuilder::new().with_buckets(Buckets::values(bounds))))
    }

    #[inline]
    fn observe(histogram: &Histogram<f64>, value: f64) {
        histogram.observe(value);
    }

    fn enums() -> Enums {
        Enums::build(MetricBuilder::new().with_labels(["method", "cached"]))
    }

    #[inline]
    fn count_enums(counters: &Enums, method: Method, cached: bool) {
        counters[&(method.text(), text_of(cached))].inc();
    }

    fn strings() -> Strings {
        Strings::build(MetricBuilder::new().with_labels(["route", "user"]))
    }

    #[inline]
    fn count_strings(counters: &Strings, route: &'static str, user: &'static str) {
        counters[&(route, user)].inc();
    }

    fn store() -> Box<dyn Store> {
        let families = Families::default();
        let mut registry = Registry::empty();
        registry.register_metrics(&families);
        Box::new(Rendered { registry, families })
    }
}

struct Rendered {
    registry: Registry,
    families: Families,
}

impl Store for Rendered {
    fn count(&self, labels: [&str; 3]) {
        let [route, method, status] = labels.map(str::to_owned);
        self.families.requests[&(route, method, status)].inc();
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.families.latency[route].observe(seconds);
    }

    fn observer(&self, route: &str) -> Observer<'_> {
        let histogram = &self.families.latency[route];
        Box::new(move |seconds| histogram.observe(seconds))
    }

    fn render(&self) -> String {
        let mut text = String::new();
        self.registry.encode(&mut text, Format::Prometheus).expect("a string takes everything");
        text
    }
}
