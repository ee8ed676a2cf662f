use yardstick::{Counter, Gauge, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    open_connections: Gauge,
    #[metric(help = "")]
    requests: Counter,
    ///
    jobs: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
