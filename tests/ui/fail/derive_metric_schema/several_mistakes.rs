use yardstick::{Counter, Histogram, MetricSchema, Registry};

#[derive(MetricSchema)]
#[metrics(namespace = "my-shop")]
struct Metrics {
    requests: Counter,
    /// Sizes.
    #[metric(unit = Furlongs, buckets = [2, 1])]
    sizes: Histogram,
    /// Jobs.
    #[metric(name = "requests")]
    jobs: Counter,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
