use yardstick::{ByOutcome, Counter, Histogram, LabelSet, MetricSchema, track_calls, track_duration};

#[derive(LabelSet)]
struct RequestLabels {
    endpoint: &'static str,
}

#[derive(LabelSet)]
struct CacheLabels {
    cache: &'static str,
}

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram<RequestLabels>,
    /// Requests.
    requests: Counter<ByOutcome<RequestLabels>>,
}

#[track_duration(Shop::time, labels = CacheLabels { cache: "sessions" })]
fn timed() {}

#[track_calls(Shop::requests, labels = CacheLabels { cache: "sessions" })]
fn counted() {}

fn main() {}
