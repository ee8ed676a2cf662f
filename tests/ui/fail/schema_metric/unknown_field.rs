use yardstick::{Histogram, MetricSchema, track_duration};

#[derive(MetricSchema)]
struct Pool {
    /// Time to wait.
    wait: Histogram,
}

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    request_duration: Histogram,
    #[metrics(flatten)]
    pool: Pool,
}

#[track_duration(Shop::request_durations)]
fn timed() {}

#[track_duration(Shop::pool.waits)]
fn waiting() {}

fn main() {}
