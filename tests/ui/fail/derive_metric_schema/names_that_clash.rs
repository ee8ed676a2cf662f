use yardstick::{Counter, Gauge, Histogram, MetricSchema};

#[derive(MetricSchema)]
struct Metrics {
    /// Jobs.
    jobs: Counter,
    /// Jobs, as a gauge.
    jobs_total: Gauge,
    /// Open connections.
    #[metric(name = "connections_count")]
    open: Gauge,
    /// How long connections last.
    connections: Histogram,
    /// Time to wait.
    #[metric(unit = Seconds)]
    wait_ms: Histogram,
}

fn main() {}
