//! The names that a metric family occupies.

use crate::kind::Kind;
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

/// The first sample name that two families would both have; `None` if they can stand in one exposition.
///
/// A name that ends as the samples of another kind do (`request_count`, `memory_total`) is refused by this rule alone:
/// where the family whose sample it would be exists or is declared.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, shared_sample};
///
/// let counter = ("request_count_total", Kind::Counter);
/// let clash = shared_sample(counter, ("request", Kind::Histogram));
/// assert_eq!(clash.as_deref(), Some("request_count"));
/// assert_eq!(shared_sample(counter, ("request", Kind::Gauge)), None);
/// ```
#[must_use]
pub fn shared_sample(first: (&str, Kind), second: (&str, Kind)) -> Option<String> {
    let taken = sample_names(second.0, second.1);
    sample_names(first.0, first.1).into_iter().find(|sample| taken.contains(sample))
}

#[cfg(test)]
mod tests {
    use super::{family_name, sample_names, shared_sample};
    use crate::kind::Kind;

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
    fn reserved_names_clash_in_either_order_and_only_with_their_owner() {
        let owners = [
            ("x_total", Kind::Counter, &["x", "x_total", "x_created"][..]),
            ("x", Kind::Histogram, &["x", "x_bucket", "x_count", "x_sum", "x_created"]),
            ("x", Kind::Summary, &["x", "x_count", "x_sum", "x_created"]),
            ("x_info", Kind::Info, &["x", "x_info"]),
        ];
        for (exposed, kind, taken) in owners {
            for suffix in ["", "_total", "_bucket", "_count", "_sum", "_created", "_info"] {
                let gauge = format!("x{suffix}");
                let clash = shared_sample((exposed, kind), (&gauge, Kind::Gauge));
                assert_eq!(clash.is_some(), taken.contains(&&*gauge), "{kind} {gauge}");
                assert_eq!(shared_sample((&gauge, Kind::Gauge), (exposed, kind)), clash);
            }
        }
        assert_eq!(
            shared_sample(("x_count_total", Kind::Counter), ("x_total", Kind::Counter)),
            None
        );
    }
}
