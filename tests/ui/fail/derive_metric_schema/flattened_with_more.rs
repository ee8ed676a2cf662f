use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Inner {
    /// Requests.
    requests: Counter,
}

#[derive(MetricSchema)]
struct Metrics {
    #[metrics(flatten, name = "x")]
    #[metric(help = "y")]
    inner: Inner,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
