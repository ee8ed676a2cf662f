use yardstick::{Histogram, LabelSet, MetricSchema, track_duration};

#[derive(LabelSet)]
struct RequestLabels {
    endpoint: &'static str,
}

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track_duration(Shop::time, labels = RequestLabels { endpoint: "/" })]
fn timed() {}

fn main() {}
