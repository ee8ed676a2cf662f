use yardstick::{
    ByErrorType, ByOutcome, Counter, Gauge, Histogram, MetricSchema, track_active, track_calls,
    track_duration, track_errors,
};

#[derive(MetricSchema)]
struct Pool {
    /// Time to wait.
    #[metric(unit = Milliseconds)]
    wait: Histogram,
    /// Time to wait, too.
    #[metric(unit = Seconds)]
    wait_seconds: Histogram,
}

#[derive(MetricSchema)]
struct Shop {
    /// Sizes.
    #[metric(unit = Bytes)]
    size: Histogram,
    /// Things.
    #[metric(unit = Count)]
    things: Histogram,
    /// Bytes by outcome.
    #[metric(unit = Bytes)]
    sent: Counter<ByOutcome>,
    /// Failures.
    #[metric(unit = Seconds)]
    failed: Counter<ByErrorType>,
    /// Memory.
    #[metric(name = "memory", unit = Bytes)]
    r#in: Gauge,
    #[metrics(flatten)]
    pool: Pool,
}

#[track_duration(Shop::size)]
fn sized() {}

#[track_duration(Shop::things)]
fn counted() {}

#[track_duration(Shop::pool.wait)]
fn waiting() {}

#[track_duration(Shop::pool.wait_seconds)]
fn fine() {}

#[track_calls(Shop::sent)]
fn sending() {}

#[track_errors(Shop::failed)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_active(Shop::r#in)]
fn active() {}

fn main() {}
