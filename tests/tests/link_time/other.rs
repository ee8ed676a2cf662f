//! A crate that uses another version of the toolkit.

use yardstick::track_calls;

/// Works.
#[track_calls("other_version")]
pub fn work() {}

/// What that version's catalog lists, and what it recorded in a registry of its own.
pub fn report() -> String {
    let names: Vec<String> = yardstick::catalog().iter().map(|m| m.name.clone()).collect();
    let registry = yardstick::Registry::new();
    metrics::with_local_recorder(&registry, work);
    let count = registry.sample_value("other_version_total", &[("outcome", "ok")]);
    format!("other: {names:?} {count:?}")
}
