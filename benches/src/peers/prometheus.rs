//! prometheus, the oldest client library.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};

use super::Library;
use crate::{
    rows::Subject,
    stores::{Observer, Store},
    workloads::{BOUNDS, Method, text_of},
};

pub struct Prometheus;

impl Library for Prometheus {
    const SUBJECT: Subject = Subject::Peer("prometheus");
    type Counter = IntCounter;
    type Histogram = Histogram;
    type Enums = IntCounterVec;
    type Strings = IntCounterVec;

    fn counter(name: &'static str) -> IntCounter {
        IntCounter::new(name, "help").expect("a valid name")
    }

    #[inline]
    fn count(counter: &IntCounter) {
        counter.inc();
    }

    fn histogram(bounds: &'static [f64]) -> Option<Histogram> {
        Histogram::with_opts(HistogramOpts::new("latency", "help").buckets(bounds.into())).ok()
    }

    #[inline]
    fn observe(histogram: &Histogram, value: f64) {
        histogram.observe(value);
    }

    fn enums() -> IntCounterVec {
        counters(&["method", "cached"])
    }

    #[inline]
    fn count_enums(counters: &IntCounterVec, method: Method, cached: bool) {
        counters.with_label_values(&[method.text(), text_of(cached)]).inc();
    }

    fn strings() -> IntCounterVec {
        counters(&["route", "user"])
    }

    #[inline]
    fn count_strings(counters: &IntCounterVec, route: &'static str, user: &'static str) {
        counters.with_label_values(&[route, user]).inc();
    }

    fn store() -> Box<dyn Store> {
        let registry = Registry::new();
        let requests = counters(&["route", "method", "status"]);
        let options = HistogramOpts::new("latency", "help").buckets(BOUNDS.into());
        let latency = HistogramVec::new(options, &["route"]).expect("valid names");
        registry.register(Box::new(requests.clone())).expect("a new name");
        registry.register(Box::new(latency.clone())).expect("a new name");
        Box::new(Families { registry, requests, latency })
    }
}

fn counters(labels: &[&str]) -> IntCounterVec {
    IntCounterVec::new(Opts::new("requests", "help"), labels).expect("valid names")
}

struct Families {
    registry: Registry,
    requests: IntCounterVec,
    latency: HistogramVec,
}

impl Store for Families {
    fn count(&self, labels: [&str; 3]) {
        self.requests.with_label_values(&labels).inc();
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.latency.with_label_values(&[route]).observe(seconds);
    }

    fn observer(&self, route: &str) -> Observer<'_> {
        let histogram = self.latency.with_label_values(&[route]);
        Box::new(move |seconds| histogram.observe(seconds))
    }

    fn render(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).expect("valid families")
    }
}
