use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
#[metrics(name_space = "x")]
struct Metrics {
    /// Requests.
    #[metric(unti = Bytes)]
    requests: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
