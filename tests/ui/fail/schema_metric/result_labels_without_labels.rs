use yardstick::{Histogram, MetricSchema, track_duration};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track_duration(Shop::time, result_labels(status = |_| "ok"))]
fn timed() {}

fn main() {}
