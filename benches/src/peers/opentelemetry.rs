//! The OpenTelemetry SDK, read by its exporter for Prometheus.

use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter, MeterProvider as _},
};
use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
use prometheus::{Registry, TextEncoder};

use super::Library;
use crate::{
    rows::Subject,
    stores::Store,
    workloads::{BOUNDS, Method, text_of},
};

/// So that no series of a row is folded into an overflow.
const SERIES_MAX: usize = 200_000;

pub struct OpenTelemetry;

/// An instrument, and the provider that must live as long.
pub struct Of<T> {
    instrument: T,
    _provider: SdkMeterProvider,
}

impl<T> Of<T> {
    fn new(make: impl FnOnce(&Meter) -> T) -> Self {
        let (provider, meter, _) = provider();
        Self { instrument: make(&meter), _provider: provider }
    }
}

fn provider() -> (SdkMeterProvider, Meter, Registry) {
    let registry = Registry::new();
    let exporter = opentelemetry_prometheus::exporter().with_registry(registry.clone()).build();
    let provider = SdkMeterProvider::builder()
        .with_reader(exporter.expect("a new registry"))
        .with_view(|_: &Instrument| {
            Stream::builder().with_cardinality_limit(SERIES_MAX).build().ok()
        })
        .build();
    let meter = provider.meter("bench");
    (provider, meter, registry)
}

impl Library for OpenTelemetry {
    const SUBJECT: Subject = Subject::Peer("opentelemetry");
    type Counter = Of<Counter<u64>>;
    type Histogram = Of<Histogram<f64>>;
    type Enums = Of<Counter<u64>>;
    type Strings = Of<Counter<u64>>;

    fn counter(name: &'static str) -> Self::Counter {
        Of::new(|meter| meter.u64_counter(name).build())
    }

    #[inline]
    fn count(counter: &Self::Counter) {
        counter.instrument.add(1, &[]);
    }

    fn histogram(bounds: &'static [f64]) -> Option<Self::Histogram> {
        Some(Of::new(|meter| meter.f64_histogram("latency").with_boundaries(bounds.into()).build()))
    }

    #[inline]
    fn observe(histogram: &Self::Histogram, value: f64) {
        histogram.instrument.record(value, &[]);
    }

    fn enums() -> Self::Enums {
        Self::counter("enums")
    }

    #[inline]
    fn count_enums(counters: &Self::Enums, method: Method, cached: bool) {
        let labels =
            [KeyValue::new("method", method.text()), KeyValue::new("cached", text_of(cached))];
        counters.instrument.add(1, &labels);
    }

    fn strings() -> Self::Strings {
        Self::counter("strings")
    }

    #[inline]
    fn count_strings(counters: &Self::Strings, route: &'static str, user: &'static str) {
        counters.instrument.add(1, &[KeyValue::new("route", route), KeyValue::new("user", user)]);
    }

    fn store() -> Box<dyn Store> {
        let (provider, meter, registry) = provider();
        let requests = meter.u64_counter("requests").build();
        let latency = meter.f64_histogram("latency").with_boundaries(BOUNDS.into()).build();
        Box::new(Families { registry, requests, latency, _provider: provider })
    }
}

struct Families {
    registry: Registry,
    requests: Counter<u64>,
    latency: Histogram<f64>,
    _provider: SdkMeterProvider,
}

impl Store for Families {
    fn count(&self, labels: [&str; 3]) {
        let [route, method, status] = labels.map(str::to_owned);
        let labels = [
            KeyValue::new("route", route),
            KeyValue::new("method", method),
            KeyValue::new("status", status),
        ];
        self.requests.add(1, &labels);
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.latency.record(seconds, &[KeyValue::new("route", route.to_owned())]);
    }

    fn render(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).expect("valid families")
    }
}
