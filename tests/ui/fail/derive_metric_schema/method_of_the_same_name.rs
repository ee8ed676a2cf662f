use yardstick::{Counter, MetricSchema};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    requests: Counter,
}

impl Metrics {
    fn requests(&self) -> u64 {
        self.requests.get()
    }
}

fn main() {}
