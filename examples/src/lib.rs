//! What the examples share.

/// An exposition without the lines that would fill the screen: buckets, and what the toolkit says of itself.
#[must_use]
pub fn without_buckets(exposition: &str) -> String {
    let is_shown = |line: &&str| !line.contains("_bucket{") && !line.contains("yardstick_");
    exposition.split_inclusive('\n').filter(is_shown).collect()
}
