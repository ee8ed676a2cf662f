use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
#[metrics(namespace = "my-shop")]
struct Metrics {
    /// Requests.
    #[metric(name = "http-requests")]
    requests: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
