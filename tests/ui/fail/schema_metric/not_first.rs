use yardstick::{Histogram, MetricSchema, track_duration};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track_duration(on_cancel = skip, Shop::time)]
async fn timed() {}

fn main() {}
