use yardstick::{Counter, MetricSchema};

#[derive(MetricSchema)]
struct Metrics<const N: usize = 1> {
    /// Requests.
    requests: Counter,
}

fn main() {}
