use yardstick::{
    ByErrorType, ByOutcome, Counter, Gauge, Histogram, MetricSchema, track_active, track_calls,
    track_duration, track_errors,
};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
    /// Requests.
    requests: Counter,
    /// Requests by outcome.
    outcomes: Counter<ByOutcome>,
    /// Errors.
    errors: Counter<ByErrorType>,
    /// In flight.
    active: Gauge,
}

#[track_duration(Shop::requests)]
fn timed() {}

#[track_duration(Shop::active)]
fn timed_by_gauge() {}

#[track_errors(Shop::outcomes)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(Shop::requests)]
fn counted() {}

#[track_calls(Shop::time)]
fn counted_by_histogram() {}

#[track_active(Shop::errors)]
fn in_flight() {}

fn main() {}
