use super::{Unit, exposed_name};
use crate::kind::Kind;
use crate::name::check_metric_name;
use crate::unit_claim::{
    UNIT_WORDS, check_unit_suffix, foreign_unit_suffix, unit_in_name, with_base_unit,
};
use proptest::prelude::*;
use proptest::sample::select;

const KINDS: [Kind; 3] = [Kind::Counter, Kind::Gauge, Kind::Histogram];

/// Names of words that are suffixes, look like suffixes, or are neither.
fn base_name() -> impl Strategy<Value = String> {
    const WORDS: &[&str] =
        &["x", "total", "seconds", "bytes", "count", "discount", "bits", "per", "second"];
    let word = prop_oneof![select(WORDS), select(UNIT_WORDS), Just("")];
    proptest::collection::vec(word, 1..6)
        .prop_map(|words| words.join("_"))
        .prop_filter("a valid name", |name| check_metric_name(name).is_ok())
}

fn unit() -> impl Strategy<Value = Unit> {
    select(Unit::ALL)
}

#[test]
fn words_and_units_correspond() {
    for &unit in Unit::ALL {
        assert_eq!(Unit::from_word(unit.as_str()), Some(unit));
        assert_eq!(check_metric_name(unit.as_str()), Ok(()));
    }
    assert_eq!(Unit::from_word("parsecs"), None);
    assert_eq!(Unit::from_word("second"), None);
}

#[test]
fn names_get_what_they_lack() {
    let seconds = Some(Unit::Seconds);
    let bytes = Some(Unit::Bytes);
    let expected = [
        ("requests", None, Kind::Counter, "requests_total"),
        ("requests_total", None, Kind::Counter, "requests_total"),
        ("x", seconds, Kind::Histogram, "x_seconds"),
        ("x_seconds", seconds, Kind::Histogram, "x_seconds"),
        ("x", seconds, Kind::Counter, "x_seconds_total"),
        ("x_seconds", seconds, Kind::Counter, "x_seconds_total"),
        ("x_seconds_total", seconds, Kind::Counter, "x_seconds_total"),
        ("x_total", bytes, Kind::Counter, "x_bytes_total"),
        ("x_total_bytes", bytes, Kind::Counter, "x_bytes_total"),
        ("x_total_total", None, Kind::Counter, "x_total"),
        ("queue", None, Kind::Gauge, "queue"),
        ("memory_total", None, Kind::Gauge, "memory_total"),
        ("sold", Some(Unit::Count), Kind::Counter, "sold_total"),
        ("open", Some(Unit::Count), Kind::Gauge, "open"),
        ("x", Some(Unit::KilobitsPerSecond), Kind::Gauge, "x_kilobits_per_second"),
    ];
    for (base, unit, kind, name) in expected {
        assert_eq!(exposed_name(base, unit, kind), name, "{base} {unit:?} {kind}");
    }
}

#[test]
fn suffixes_are_whole_words() {
    let per_second = Some(Unit::CountPerSecond);
    assert_eq!(
        exposed_name("discount_per_second", per_second, Kind::Gauge),
        "discount_per_second_count_per_second"
    );
    assert_eq!(exposed_name("subtotal", None, Kind::Counter), "subtotal_total");
    assert_eq!(
        exposed_name("x_milliseconds", Some(Unit::Seconds), Kind::Gauge),
        "x_milliseconds_seconds"
    );
}

#[test]
fn a_name_that_is_only_a_suffix_keeps_a_stem() {
    let seconds = Some(Unit::Seconds);
    assert_eq!(exposed_name("seconds", seconds, Kind::Gauge), "seconds_seconds");
    assert_eq!(exposed_name("total", None, Kind::Counter), "total_total");
    assert_eq!(exposed_name("seconds_total", seconds, Kind::Counter), "seconds_seconds_total");
}

#[test]
fn the_unit_comes_last_on_what_is_not_a_counter() {
    let bytes = Some(Unit::Bytes);
    assert_eq!(exposed_name("memory_total", bytes, Kind::Gauge), "memory_total_bytes");
    assert_eq!(exposed_name("memory_bytes_total", bytes, Kind::Gauge), "memory_total_bytes");
}

#[test]
fn suffixes_of_other_units_are_found() {
    let expected = [
        ("x_ms", Some("_ms")),
        ("x_us", Some("_us")),
        ("x_ns", Some("_ns")),
        ("x_milliseconds", Some("_milliseconds")),
        ("x_millis", Some("_millis")),
        ("x_micros", Some("_micros")),
        ("x_minutes", Some("_minutes")),
        ("x_hours", Some("_hours")),
        ("x_sec", Some("_sec")),
        ("x_secs", Some("_secs")),
        ("x_bytes", Some("_bytes")),
        ("x_ms_total", Some("_ms")),
        ("x_bits_per_second", Some("_bits_per_second")),
        ("x_per_second", Some("_per_second")),
        ("x_seconds", None),
        ("x_seconds_total", None),
        ("x_total", None),
        ("x", None),
        ("ms", None),
        ("items_count", None),
        ("atoms", None),
        ("bus", None),
        ("time_min", None),
        ("end_of_day", None),
        ("seconds_x", None),
    ];
    for (name, suffix) in expected {
        assert_eq!(foreign_unit_suffix(name, Unit::Seconds), suffix, "{name}");
    }
    assert_eq!(foreign_unit_suffix("x_seconds", Unit::Bytes), Some("_seconds"));
    assert_eq!(foreign_unit_suffix("x_milliseconds", Unit::Milliseconds), None);
}

#[test]
fn the_message_names_the_suffix_and_the_edit() {
    assert_eq!(check_unit_suffix("request_latency_seconds", Unit::Seconds), Ok(()));
    let violation = check_unit_suffix("request_latency_ms", Unit::Seconds).unwrap_err();
    assert_eq!(
        format!("{violation}\nhelp: {}\nnote: {}", violation.help(), violation.note()),
        "a duration is recorded in seconds, but the name ends in `_ms`\n\
         help: rename the metric to `request_latency_seconds`\n\
         note: Prometheus metrics use base units; dashboards can scale them"
    );
    assert_eq!(
        check_unit_suffix("body_kb", Unit::Bytes).unwrap_err().to_string(),
        "the metric is recorded in bytes, but the name ends in `_kb`"
    );
    let violation = check_unit_suffix("calls_ms_total", Unit::Count).unwrap_err();
    assert_eq!(
        format!("{violation}\nhelp: {}\nnote: {}", violation.help(), violation.note()),
        "the metric counts, and has no unit, but the name ends in `_ms`\n\
         help: rename the metric to `calls_total`\n\
         note: a name that ends in a unit says that its values have it"
    );
}

#[test]
fn base_units_replace_the_others() {
    let expected = [
        ("x", "x_seconds"),
        ("x_ms", "x_seconds"),
        ("x_ms_total", "x_seconds_total"),
        ("x_seconds_ms", "x_seconds"),
        ("x_bits_per_second", "x_seconds"),
        ("x_seconds", "x_seconds"),
    ];
    for (name, renamed) in expected {
        assert_eq!(with_base_unit(name, Unit::Seconds), renamed, "{name}");
    }
}

proptest! {
    #[test]
    fn exposed_names_are_fixed_points(base in base_name(), unit in proptest::option::of(unit())) {
        for kind in KINDS {
            let name = exposed_name(&base, unit, kind);
            prop_assert_eq!(exposed_name(&name, unit, kind), name.as_str());
        }
    }

    #[test]
    fn exposed_names_carry_each_suffix_once(base in base_name(), unit in unit()) {
        let suffix = unit.suffix().map(|word| format!("_{word}")).unwrap_or_default();
        let counter = exposed_name(&base, Some(unit), Kind::Counter);
        let stem = counter.strip_suffix(&format!("{suffix}_total"));
        prop_assert!(stem.is_some_and(|stem| !stem.is_empty()), "{}", counter);
        // What is left may itself be a suffix, but only when it is the whole stem.
        let stem = stem.unwrap();
        prop_assert!(super::strip_word(stem, "total").is_none(), "{}", counter);
        prop_assert!(suffix.is_empty() || super::strip_word(stem, &suffix[1..]).is_none());
        let gauge = exposed_name(&base, Some(unit), Kind::Gauge);
        prop_assert!(gauge.ends_with(&suffix), "{}", gauge);
        let doubled = format!("{suffix}{suffix}");
        prop_assert!(suffix.is_empty() || super::strip_word(&gauge, &doubled[1..]).is_none());
    }

    #[test]
    fn exposed_names_are_valid(base in base_name(), unit in unit()) {
        prop_assume!(base != "_");
        for kind in KINDS {
            prop_assert_eq!(check_metric_name(&exposed_name(&base, Some(unit), kind)), Ok(()));
        }
    }

    #[test]
    fn a_found_suffix_is_one_and_its_remedy_holds(name in base_name(), unit in unit()) {
        if let Some(suffix) = foreign_unit_suffix(&name, unit) {
            prop_assert!(super::strip_word(&name, "total").unwrap_or(&name).ends_with(suffix));
            let renamed = with_base_unit(&name, unit);
            prop_assert_eq!(foreign_unit_suffix(&renamed, unit), None, "{}", renamed);
        }
    }
}

#[test]
fn the_last_word_of_a_name_says_its_unit() {
    let seconds = Some(Unit::Seconds);
    assert_eq!(unit_in_name("wait_seconds", Kind::Summary), seconds);
    assert_eq!(unit_in_name("busy_seconds_total", Kind::Counter), seconds);
    assert_eq!(unit_in_name("link_bits_per_second", Kind::Gauge), Some(Unit::BitsPerSecond));
    assert_eq!(unit_in_name("memory_bytes_total", Kind::Gauge), None);
    assert_eq!(unit_in_name("request_count", Kind::Counter), None);
    assert_eq!(unit_in_name("seconds", Kind::Gauge), None);
    assert_eq!(unit_in_name("wait_seconds", Kind::Info), None);
}
