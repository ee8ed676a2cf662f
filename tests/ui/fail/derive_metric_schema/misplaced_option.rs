use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
#[metrics(help = "x")]
struct Metrics {
    /// Requests.
    #[metric(namespace = "b")]
    requests: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
