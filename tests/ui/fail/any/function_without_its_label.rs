use yardstick::{Histogram, MetricSchema, track_calls, track_duration, track_errors};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

#[track_calls("counted", function = "Shop::counted")]
fn counted() {}

#[track_duration(Shop::time, function = "Shop::timed")]
fn timed() {}

#[track_calls(function = "one")]
#[track_errors(function = "other")]
fn twice() -> Result<(), String> {
    Ok(())
}

#[track_calls(function = NAME)]
fn named() {}

#[track_calls(labels(function))]
fn has_it_anyway() {}

fn main() {
    counted();
    timed();
    let _ = twice();
    named();
    has_it_anyway();
}
