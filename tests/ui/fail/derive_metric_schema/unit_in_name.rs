use yardstick::{Counter, Gauge, Histogram, MetricSchema, Summary};

#[derive(MetricSchema)]
struct Metrics {
    /// Skew.
    skew_us: Histogram,
    /// Latency.
    latency_ms: Summary,
    /// Size.
    size_mb: Histogram,
    /// Time, of which the name says it all.
    wait_seconds: Histogram,
    /// Memory.
    memory_kb: Gauge,
    /// Time.
    busy_ms: Counter,
    /// Skew.
    #[metric(unit = Seconds)]
    other_skew_us: Histogram,
}

fn main() {
    Metrics::skew_us();
}
