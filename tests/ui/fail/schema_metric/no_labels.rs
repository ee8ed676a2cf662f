use yardstick::{Histogram, LabelSet, MetricSchema, track_duration};

#[derive(LabelSet)]
struct RequestLabels {
    endpoint: &'static str,
}

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram<RequestLabels>,
}

#[track_duration(Shop::time)]
fn timed() {}

fn main() {}
