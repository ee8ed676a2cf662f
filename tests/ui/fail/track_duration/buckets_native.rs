//! Native buckets that there cannot be.

use yardstick::{Histogram, MetricSchema, track_duration};

#[track_duration("a", buckets = native(3, 1us, 1h))]
fn per_doubling() {}

#[track_duration("b", buckets = native(8, 1h, 1us))]
fn range() {}

#[track_duration("c", buckets = native(16, 1ns, 1000h))]
fn too_many() {}

#[track_duration("d", buckets = native(8))]
fn arguments() {}

#[track_duration("e", buckets = native(8, "1us", 1h))]
fn text() {}

#[track_duration("f", buckets = natives())]
fn other_word() {}

#[derive(MetricSchema)]
struct Metrics {
    /// Sizes.
    #[metric(buckets = native(8.5, 1, 1000))]
    size: Histogram,
}

fn main() {}
