use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    #[metric(name = "a", name = "b")]
    requests: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
