use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    requests: Counter,
    /// Jobs.
    #[metric(name = "requests")]
    jobs: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
