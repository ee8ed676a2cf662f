use yardstick::{Gauge, Histogram, MetricSchema};

#[derive(MetricSchema)]
struct Metrics {
    /// Jobs.
    jobs_total: Gauge,
    /// Open connections.
    #[metric(name = "connections_count")]
    connections: Gauge,
    /// Time to wait.
    #[metric(unit = Seconds)]
    wait_ms: Histogram,
}

fn main() {}
