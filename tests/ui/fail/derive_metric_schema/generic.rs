use yardstick::{Counter, MetricSchema, Registry};

#[derive(MetricSchema)]
struct Metrics<const N: usize = 1> {
    /// Requests.
    requests: Counter,
}

fn main() {
    let _ = Metrics::<1>::register(&Registry::new());
}
