//! prometric, which derives structs of metrics of the crate prometheus. A series is found by its labels each time,
//! also where there are none.

use prometheus::{Registry, TextEncoder};
use prometric::{Counter, Histogram};

use super::Library;
use crate::{
    rows::Subject,
    stores::Store,
    workloads::{BOUNDS, Method, text_of},
};

pub struct Prometric;

impl Library for Prometric {
    const SUBJECT: Subject = Subject::Peer("prometric");
    type Counter = Counter;
    type Histogram = Histogram;
    type Enums = Counter;
    type Strings = Counter;

    fn counter(name: &'static str) -> Counter {
        Counter::new(&Registry::new(), name, "help", &[], Default::default())
    }

    #[inline]
    fn count(counter: &Counter) {
        counter.inc(&[]);
    }

    fn histogram(bounds: &'static [f64]) -> Option<Histogram> {
        let bounds = Some(bounds.into());
        Some(Histogram::new(&Registry::new(), "latency", "help", &[], Default::default(), bounds))
    }

    #[inline]
    fn observe(histogram: &Histogram, value: f64) {
        histogram.observe(&[], value);
    }

    fn enums() -> Counter {
        counters(&Registry::new(), &["method", "cached"])
    }

    #[inline]
    fn count_enums(counters: &Counter, method: Method, cached: bool) {
        counters.inc(&[method.text(), text_of(cached)]);
    }

    fn strings() -> Counter {
        counters(&Registry::new(), &["route", "user"])
    }

    #[inline]
    fn count_strings(counters: &Counter, route: &'static str, user: &'static str) {
        counters.inc(&[route, user]);
    }

    fn store() -> Box<dyn Store> {
        let registry = Registry::new();
        let requests = counters(&registry, &["route", "method", "status"]);
        let bounds = Some(BOUNDS.into());
        let latency =
            Histogram::new(&registry, "latency", "help", &["route"], Default::default(), bounds);
        Box::new(Families { registry, requests, latency })
    }
}

fn counters(registry: &Registry, labels: &[&str]) -> Counter {
    Counter::new(registry, "requests", "help", labels, Default::default())
}

struct Families {
    registry: Registry,
    requests: Counter,
    latency: Histogram,
}

impl Store for Families {
    fn count(&self, labels: [&str; 3]) {
        self.requests.inc(&labels);
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.latency.observe(&[route], seconds);
    }

    fn render(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).expect("valid families")
    }
}
