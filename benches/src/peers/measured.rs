//! measured, typed metrics with compact label storage.

use measured::{
    Counter, CounterVec, FixedCardinalityLabel, Histogram, HistogramVec, LabelGroup, MetricGroup,
    label::StaticLabelSet, lasso::ThreadedRodeo, metric::histogram::Thresholds,
    text::BufferedTextEncoder,
};

use super::Library;
use crate::{
    rows::Subject,
    stores::Store,
    workloads::{self, BOUNDS},
};

pub struct Measured;

#[derive(Clone, Copy, Debug, PartialEq, FixedCardinalityLabel)]
pub enum Method {
    Get,
    Post,
}

#[derive(Clone, Copy, Debug, PartialEq, FixedCardinalityLabel)]
pub enum Cached {
    True,
    False,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = EnumSet)]
pub struct Enums {
    method: Method,
    cached: Cached,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = StringSet)]
pub struct Strings<'a> {
    #[label(dynamic_with = ThreadedRodeo, default)]
    route: &'a str,
    #[label(dynamic_with = ThreadedRodeo, default)]
    user: &'a str,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = RequestSet)]
struct Request<'a> {
    #[label(dynamic_with = ThreadedRodeo, default)]
    route: &'a str,
    #[label(dynamic_with = ThreadedRodeo, default)]
    method: &'a str,
    #[label(dynamic_with = ThreadedRodeo, default)]
    status: &'a str,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = RouteSet)]
struct Route<'a> {
    #[label(dynamic_with = ThreadedRodeo, default)]
    route: &'a str,
}

impl Library for Measured {
    const SUBJECT: Subject = Subject::Peer("measured");
    type Counter = Counter;
    type Histogram = Histogram<14>;
    type Enums = CounterVec<EnumSet>;
    type Strings = CounterVec<StringSet>;

    fn counter(_: &'static str) -> Counter {
        Counter::new()
    }

    #[inline]
    fn count(counter: &Counter) {
        counter.get_metric().inc();
    }

    fn histogram(bounds: &'static [f64]) -> Option<Histogram<14>> {
        let bounds = bounds.try_into().ok()?;
        Some(Histogram::with_metadata(Thresholds::with_buckets(bounds)))
    }

    #[inline]
    fn observe(histogram: &Histogram<14>, value: f64) {
        histogram.get_metric().observe(value);
    }

    fn enums() -> Self::Enums {
        let (method, cached) = (StaticLabelSet::new(), StaticLabelSet::new());
        CounterVec::dense_with_label_set(EnumSet { method, cached })
    }

    #[inline]
    fn count_enums(counters: &Self::Enums, method: workloads::Method, cached: bool) {
        let method = match method {
            workloads::Method::Get => Method::Get,
            workloads::Method::Post => Method::Post,
        };
        let cached = if cached { Cached::True } else { Cached::False };
        counters.inc(Enums { method, cached });
    }

    fn strings() -> Self::Strings {
        CounterVec::with_label_set(StringSet::default())
    }

    #[inline]
    fn count_strings(counters: &Self::Strings, route: &'static str, user: &'static str) {
        counters.inc(Strings { route, user });
    }

    fn store() -> Box<dyn Store> {
        let thresholds = Thresholds::with_buckets(BOUNDS);
        Box::new(Families {
            requests: CounterVec::with_label_set(RequestSet::default()),
            latency: HistogramVec::with_label_set_and_metadata(RouteSet::default(), thresholds),
        })
    }
}

#[derive(MetricGroup)]
struct Families {
    requests: CounterVec<RequestSet>,
    latency: HistogramVec<RouteSet, 14>,
}

impl Store for Families {
    fn count(&self, [route, method, status]: [&str; 3]) {
        self.requests.inc(Request { route, method, status });
    }

    fn observe(&self, route: &str, seconds: f64) {
        self.latency.observe(Route { route }, seconds);
    }

    fn render(&self) -> String {
        let mut encoder = BufferedTextEncoder::new();
        match self.collect_group_into(&mut encoder) {
            Ok(()) => {}
            Err(never) => match never {},
        }
        String::from_utf8(encoder.finish().into()).expect("labels were text")
    }
}
