use yardstick::{Histogram, MetricSchema, Registry, track_duration};

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram,
}

static REGISTRY: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);

#[track_duration(Shop::time, help = "Time.", buckets = 5ms..10s, registry = REGISTRY)]
fn timed() {}

fn main() {}
