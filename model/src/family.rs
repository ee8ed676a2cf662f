//! The names that a metric family occupies.

use crate::Kind;
use crate::text::strip_word;
use crate::unit::{INFO, TOTAL};

/// The name of a family in OpenMetrics: an exposed counter loses its `_total` and an info its `_info`, all
/// others are unchanged.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, family_name};
///
/// assert_eq!(family_name("requests_total", Kind::Counter), "requests");
/// assert_eq!(family_name("memory_total", Kind::Gauge), "memory_total");
/// ```
#[must_use]
pub fn family_name(exposed: &str, kind: Kind) -> &str {
    match kind {
        Kind::Counter => strip_word(exposed, TOTAL).unwrap_or(exposed),
        Kind::Info => strip_word(exposed, INFO).unwrap_or(exposed),
        Kind::Gauge | Kind::Histogram | Kind::StateSet | Kind::Summary => exposed,
    }
}

/// Every name that a family reserves against all other families, in the text format and in
/// OpenMetrics together; the family's OpenMetrics name comes first.
///
/// Two families whose lists share a name cannot stand in one exposition: a histogram `x` and a
/// counter `x_count` would have their values mixed up without any server reporting it.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, sample_names};
///
/// assert_eq!(
///     sample_names("requests_total", Kind::Counter),
///     ["requests", "requests_total", "requests_created"]
/// );
/// ```
#[must_use]
pub fn sample_names(exposed: &str, kind: Kind) -> Vec<String> {
    let suffixes: &[&str] = match kind {
        Kind::Counter => &["", "_total", "_created"],
        Kind::Gauge | Kind::StateSet => &[""],
        Kind::Histogram => &["", "_bucket", "_sum", "_count", "_created"],
        Kind::Info => &["", "_info"],
        Kind::Summary => &["", "_sum", "_count", "_created"],
    };
    let family = family_name(exposed, kind);
    suffixes.iter().map(|suffix| format!("{family}{suffix}")).collect()
}

/// The suffix of an exposed name that belongs to the samples of another kind, and the reason.
///
/// Such a family would stand where servers and linters expect that kind, and its name would collide with the
/// samples of a family that has the rest as its name.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, foreign_sample_suffix};
///
/// assert_eq!(foreign_sample_suffix("jobs_total", Kind::Gauge), Some(("_total", "counters")));
/// assert_eq!(foreign_sample_suffix("jobs_total", Kind::Counter), None);
/// assert_eq!(foreign_sample_suffix("discount", Kind::Gauge), None);
/// ```
#[must_use]
pub fn foreign_sample_suffix(exposed: &str, kind: Kind) -> Option<(&str, &'static str)> {
    const SUFFIXES: &[(&str, &str)] = &[
        (TOTAL, "counters"),
        ("bucket", "the buckets of histograms"),
        ("count", "the counts of histograms"),
        ("sum", "the sums of histograms"),
        ("created", "the times at which series were created"),
        (INFO, "info metrics"),
    ];
    let stem = family_name(exposed, kind);
    SUFFIXES.iter().find_map(|(suffix, owner)| {
        let rest = strip_word(stem, suffix)?;
        Some((&stem[rest.len()..], *owner))
    })
}

#[cfg(test)]
mod tests {
    use super::{family_name, sample_names};
    use crate::Kind;

    #[test]
    fn each_kind_reserves_its_samples() {
        assert_eq!(sample_names("x", Kind::Gauge), ["x"]);
        assert_eq!(
            sample_names("x_seconds", Kind::Histogram),
            [
                "x_seconds",
                "x_seconds_bucket",
                "x_seconds_sum",
                "x_seconds_count",
                "x_seconds_created"
            ]
        );
    }

    #[test]
    fn a_counter_without_its_suffix_reserves_the_suffixed_name_too() {
        assert_eq!(sample_names("x", Kind::Counter), ["x", "x_total", "x_created"]);
        assert_eq!(family_name("_total", Kind::Counter), "_total");
    }

    #[test]
    fn a_counter_of_the_counts_clashes_with_the_histogram() {
        let histogram = sample_names("x", Kind::Histogram);
        let counter = sample_names("x_count_total", Kind::Counter);
        assert!(counter.iter().any(|name| histogram.contains(name)));
    }
}
