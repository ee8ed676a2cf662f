//! A name that ends as a sample of another kind does is a name, as long as that other metric does not exist.

use yardstick::{Counter, MetricSchema, track, track_active, track_calls, track_duration, track_errors};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    request_count: Counter,
    /// Errors.
    error_count_total: Counter,
}

#[track_calls("calls_count")]
#[track_errors("errors_sum")]
#[track_duration("wait_total")]
#[track_active("memory_info")]
fn work() -> Result<(), String> {
    Ok(())
}

#[track("job_count")]
fn job() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (work(), job());
    Metrics::request_count().inc();
    Metrics::error_count_total().inc();
}
