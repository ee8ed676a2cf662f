use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    #[metric(series_max = 0)]
    requests: Counter,
    /// Jobs.
    #[metric(series_max = "many")]
    jobs: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
