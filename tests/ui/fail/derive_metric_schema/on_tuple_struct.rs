use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics(Counter);

fn main() {
    let _ = Metrics::register(&Registry::new());
}
