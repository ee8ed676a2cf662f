use yardstick::{Counter, MetricSchema};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    requests: Counter<String>,
}

fn main() {
    Metrics::global();
}
