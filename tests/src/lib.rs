//! What the tests of the whole workspace share: real servers and parsers that nobody here wrote.

use yardstick::Registry;

pub mod golden;
pub mod judges;
pub mod prometheus;
#[cfg(feature = "tls")]
pub mod tls;
pub mod wire;

/// The lines of a scrape that tell counts, without those that are zero: no buckets, no sums, no comments.
#[must_use]
pub fn counts(registry: &Registry) -> Vec<String> {
    let body = registry.render();
    let lines = body.lines().filter(|line| {
        !line.starts_with('#') && !line.contains("_bucket{") && !line.contains("_sum")
    });
    lines.filter(|line| !line.ends_with(" 0")).map(str::to_owned).collect()
}
