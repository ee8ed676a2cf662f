use yardstick::{Counter, Gauge, MetricSchema, StateSet};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    requests: Counter<String>,
}

#[derive(MetricSchema)]
struct Pools {
    /// Connections.
    connections: Gauge<(&'static str, u16)>,
    /// Whether a pool is open.
    open: StateSet<bool>,
}

fn main() {
    Metrics::global();
    Pools::global();
}
