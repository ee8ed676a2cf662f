use yardstick::{Histogram, MetricSchema, Summary};

#[derive(MetricSchema)]
struct Metrics {
    /// Sizes.
    #[metric(quantiles = [0.9, 0.5])]
    unsorted: Summary,
    /// Sizes.
    #[metric(quantiles = [1.5])]
    out_of_range: Summary,
    /// Sizes.
    #[metric(quantiles = 0.5)]
    no_list: Summary,
    /// Sizes.
    #[metric(quantiles = [0.5], window = "10m")]
    window_text: Summary,
}

#[derive(MetricSchema)]
struct OfAnotherKind {
    /// Sizes.
    #[metric(quantiles = [0.5])]
    sizes: Histogram,
}

fn main() {}
