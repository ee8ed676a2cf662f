use yardstick::{MetricSchema, Registry};

#[derive(MetricSchema)]
enum Metrics {
    A,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
