use yardstick::{Histogram, MetricSchema, track_duration};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track_duration(Shop::time)]
#[track_duration(Shop::time)]
fn timed() {}

fn main() {}
