use yardstick::{Histogram, MetricSchema, track};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track(Shop::time)]
fn timed() {}

fn main() {}
