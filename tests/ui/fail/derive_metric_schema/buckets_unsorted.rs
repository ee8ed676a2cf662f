use yardstick::{Histogram, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics {
    /// Requests.
    #[metric(buckets = [2, 1])]
    sizes: Histogram,
}

fn main() {
    let _ = Metrics::register(&Registry::new());
}
