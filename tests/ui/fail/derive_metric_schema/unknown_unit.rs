use yardstick::{Gauge, Histogram, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    #[metric(unit = Furlongs)]
    sizes: Histogram,
    /// Jobs.
    #[metric(unit = "seconds")]
    jobs: Gauge,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
