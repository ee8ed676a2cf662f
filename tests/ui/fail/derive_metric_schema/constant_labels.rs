use yardstick::{Counter, MetricSchema};

const TIER: &str = "gold";

#[derive(MetricSchema)]
#[metrics(labels(service = "shop", le = "1"))]
struct Metrics {
    /// Requests.
    #[metric(labels(tier = TIER))]
    requests: Counter,
    /// Errors.
    #[metric(labels(service = "other"))]
    errors: Counter,
    /// Orders.
    #[metric(labels())]
    orders: Counter,
    /// Returns.
    #[metric(labels = "x")]
    returns: Counter,
}

fn main() {}
