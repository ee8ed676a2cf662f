//! What the tests of the whole workspace share: real servers and parsers that nobody here wrote.

use yardstick::{Registry, default_registry};

pub mod attack;
pub mod events;
pub mod golden;
pub mod judges;
pub mod prometheus;
#[cfg(feature = "tls")]
pub mod tls;
pub mod wire;

/// Makes the default registry's exposition far larger than what the sockets at both ends of a connection buffer: more
/// than 20 MB, in the family `large`.
///
/// # Panics
///
/// When there is such a family already.
pub fn make_large() {
    const SERIES: usize = 24_000;
    let family = default_registry().gauge("large").help("Large.").labels(["text"]);
    let family = family.series_max(SERIES).register().expect("a new name");
    for number in 0..SERIES {
        family.get_or_create([&format!("{number:01000}")]).expect("room for it").set(1.0);
    }
}

/// The lines of a scrape that tell counts, without those that are zero: no buckets, no sums, no comments.
#[must_use]
pub fn counts(registry: &Registry) -> Vec<String> {
    let body = registry.render();
    let lines = body.lines().filter(|line| {
        !line.starts_with('#') && !line.contains("_bucket{") && !line.contains("_sum")
    });
    lines.filter(|line| !line.ends_with(" 0")).map(str::to_owned).collect()
}
