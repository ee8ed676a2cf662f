use yardstick::{Histogram, LabelSet, MetricSchema, track_calls, track_duration};

#[derive(LabelSet)]
struct Labels {
    endpoint: &'static str,
}

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram<Labels>,
}

#[track_calls("counted", endpoint = "/query")]
fn counted() {}

#[track_duration(Shop::time, endpoint = "/query")]
fn timed() {}

fn main() {
    counted();
    timed();
}
