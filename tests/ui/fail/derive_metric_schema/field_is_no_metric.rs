use yardstick::{MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    requests: u64,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
