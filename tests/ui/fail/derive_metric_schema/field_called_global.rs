use yardstick::{Counter, MetricSchema};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests from everywhere.
    global: Counter,
}

fn main() {}
