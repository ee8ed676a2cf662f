use yardstick::{Histogram, MetricSchema, track_duration};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track_duration(Shop::time, labels(endpoint = "/"))]
fn timed() {}

#[track_duration(Shop::time, labels)]
fn unfinished() {}

fn main() {}
