//! fastmetrics, another implementation of OpenMetrics.

use fastmetrics::{
    derive::{EncodeLabelValue, LabelSet},
    format::text::{self, TextProfile},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

use super::Library;
use crate::{
    rows::Subject,
    stores::Store,
    workloads::{self, BOUNDS},
};

pub struct Fastmetrics;

#[derive(Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Method {
    Get,
    Post,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
pub struct Enums {
    method: Method,
    cached: bool,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
pub struct Strings {
    route: &'static str,
    user: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
struct Request {
    route: String,
    method: String,
    status: String,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
struct Route {
    route: String,
}

impl Library for Fastmetrics {
    const SUBJECT: Subject = Subject::Peer("fastmetrics");
    type Counter = Counter;
    type Histogram = Histogram;
    type Enums = Family<Enums, Counter>;
    type Strings = Family<Strings, Counter>;

    fn counter(_: &'static str) -> Counter {
        Counter::default()
    }

    #[inline]
    fn count(counter: &Counter) {
        counter.inc();
    }

    fn histogram(bounds: &'static [f64]) -> Option<Histogram> {
        Some(Histogram::new(bounds.iter().copied()))
    }

    #[inline]
    fn observe(histogram: &Histogram, value: f64) {
        histogram.observe(value);
    }

    fn enums() -> Self::Enums {
        Family::default()
    }

    #[inline]
    fn count_enums(counters: &Self::Enums, method: workloads::Method, cached: bool) {
        let method = match method {
            workloads::Method::Get => Method::Get,
            workloads::Method::Post => Method::Post,
        };
        counters.with_or_new(&Enums { method, cached }, Counter::inc);
    }

    fn strings() -> Self::Strings {
        Family::default()
    }

    #[inline]
    fn count_strings(counters: &Self::Strings, route: &'static str, user: &'static str) {
        counters.with_or_new(&Strings { route, user }, Counter::inc);
    }

    fn store() -> Box<dyn Store> {
        let mut registry = Registry::default();
        let requests = Family::<Request, Counter>::default();
        let latency = Family::<Route, Histogram>::new(|| Histogram::new(BOUNDS));
        registry.register("requests", "help", requests.clone()).expect("a new name");
        registry.register("latency", "help", latency.clone()).expect("a new name");
        Box::new(Families { registry, requests, latency })
    }
}

struct Families {
    registry: Registry,
    requests: Family<Request, Counter>,
    latency: Family<Route, Histogram>,
}

impl Store for Families {
    fn count(&self, labels: [&str; 3]) {
        let [route, method, status] = labels.map(str::to_owned);
        self.requests.with_or_new(&Request { route, method, status }, Counter::inc);
    }

    fn observe(&self, route: &str, seconds: f64) {
        let labels = Route { route: route.to_owned() };
        self.latency.with_or_new(&labels, |histogram| histogram.observe(seconds));
    }

    fn render(&self) -> String {
        let mut text = String::new();
        text::encode(&mut text, &self.registry, TextProfile::PrometheusV0_0_4)
            .expect("a string takes everything");
        text
    }
}
