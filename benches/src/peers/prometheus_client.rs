//! prometheus-client, the official client library.

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

use super::Library;
use crate::{
    rows::Subject,
    stores::{Observer, Store},
    workloads::{BOUNDS, Method},
};

pub struct PrometheusClient;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Enums {
    method: Method,
    cached: bool,
}

impl EncodeLabelValue for Method {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.text().encode(encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Strings {
    route: &'static str,
    user: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    method: String,
    status: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

impl Library for PrometheusClient {
    const SUBJECT: Subject = Subject::Peer("prometheus-client");
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
    fn count_enums(counters: &Self::Enums, method: Method, cached: bool) {
        counters.get_or_create(&Enums { method, cached }).inc();
    }

    fn strings() -> Self::Strings {
        Family::default()
    }

    #[inline]
    fn count_strings(counters: &Self::Strings, route: &'static str, user: &'static str) {
        counters.get_or_create(&Strings { route, user }).inc();
    }

    fn store() -> Box<dyn Store> {
        let mut registry = Registry::default();
        let requests = Family::<Request, Counter>::default();
        let make: fn() -> Histogram = || Histogram::new(BOUNDS);
        let latency = Family::<Route, Histogram, _>::new_with_constructor(make);
        registry.register("requests", "help", requests.clone());
        registry.register("latency", "help", latency.clone());
        Box::new(Families { registry, requests, latency })
    }
}

struct Families {
    registry: Registry,
    requests: Family<Request, Counter>,
    latency: Family<Route, Histogram, fn() -> Histogram>,
}

impl Store for Families {
    fn count(&self, labels: [&str; 3]) {
        let [route, method, status] = labels.map(str::to_owned);
        self.requests.get_or_create(&Request { route, method, status }).inc();
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.latency.get_or_create(&Route { route: route.to_owned() }).observe(seconds);
    }

    fn observer(&self, route: &str) -> Observer<'_> {
        let histogram = self.latency.get_or_create_owned(&Route { route: route.to_owned() });
        Box::new(move |seconds| histogram.observe(seconds))
    }

    fn render(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a string takes everything");
        text
    }
}
