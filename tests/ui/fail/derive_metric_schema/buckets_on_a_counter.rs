use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    #[metric(buckets = [1, 2])]
    requests: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
