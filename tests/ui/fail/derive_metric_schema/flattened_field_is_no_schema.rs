use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    #[metrics(flatten)]
    requests: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
