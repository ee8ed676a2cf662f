use yardstick::{MetricSchema, StateSet};

enum Mode {
    Serving,
}

#[derive(MetricSchema)]
struct Metrics {
    /// What it does.
    mode: StateSet<Mode>,
}

fn main() {}
