use super::{
    NAME_LENGTH_MAX, NameFault, NameSubject, NameViolation, check_label_name, check_metric_name,
    reserved_label, reserved_label_message, reserved_label_note,
};
use super::{sanitise_label_name, sanitise_metric_name};
use crate::kind::Kind;
use proptest::prelude::*;

/// Names in which every rule is broken often, next to arbitrary text.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c0-2_:.é]{0,6}", any::<String>()]
}

fn metric_fault(name: &str) -> Option<NameFault> {
    check_metric_name(name).err().map(|violation| violation.fault)
}

/// The three lines of a message, as the macros print them.
fn message(name: &str, check: fn(&str) -> Result<(), NameViolation>) -> String {
    let violation = check(name).unwrap_err();
    let help = violation.help(name).map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("{}{help}\nnote: {}", violation.describe(name), violation.note())
}

#[test]
fn valid_names_pass() {
    for name in ["a", "_", "_a", "A1_b", "http_requests_total", "x__y", "le"] {
        assert_eq!(check_metric_name(name), Ok(()), "{name}");
        assert_eq!(check_label_name(name), Ok(()), "{name}");
    }
}

#[test]
fn each_rule_has_its_fault() {
    assert_eq!(metric_fault(""), Some(NameFault::Empty));
    assert_eq!(metric_fault("1st"), Some(NameFault::LeadingDigit { character: '1' }));
    assert_eq!(metric_fault("job:rate"), Some(NameFault::Colon { position: 3 }));
    assert_eq!(metric_fault("__name__"), Some(NameFault::Reserved));
    assert_eq!(metric_fault("__"), Some(NameFault::Reserved));
    assert_eq!(metric_fault("größe.é"), Some(NameFault::Character { character: 'ö', position: 2 }));
}

#[test]
fn a_colon_is_reserved_in_metrics_and_simply_invalid_in_labels() {
    let violation = check_label_name("a:b").unwrap_err();
    assert_eq!(violation.subject, NameSubject::Label);
    assert_eq!(violation.fault, NameFault::Character { character: ':', position: 1 });
}

#[test]
fn the_longest_name_is_as_long_as_the_limit() {
    assert_eq!(metric_fault(&"a".repeat(NAME_LENGTH_MAX)), None);
    let length = NAME_LENGTH_MAX + 1;
    assert_eq!(metric_fault(&"a".repeat(length)), Some(NameFault::TooLong { length }));
}

#[test]
fn checks_run_in_constants() {
    const VIOLATION: Option<NameViolation> = match check_metric_name("a\u{1F980}") {
        Ok(()) => None,
        Err(violation) => Some(violation),
    };
    let fault = NameFault::Character { character: '\u{1F980}', position: 1 };
    assert_eq!(VIOLATION, Some(NameViolation { subject: NameSubject::Metric, fault }));
}

#[test]
fn messages_name_the_word_the_rule_and_the_edit() {
    assert_eq!(
        message("http-request.duration", check_metric_name),
        "invalid metric name `http-request.duration`: `-` at position 4 is not allowed\n\
         help: write it as `http_request_duration`\n\
         note: a metric name matches `[a-zA-Z_][a-zA-Z0-9_]*`"
    );
    assert_eq!(
        message("1st", check_label_name),
        "invalid label name `1st`: it must not start with the digit `1`\n\
         help: write it as `_1st`\n\
         note: a label name matches `[a-zA-Z_][a-zA-Z0-9_]*`"
    );
    assert_eq!(
        message("job:rate", check_metric_name),
        "invalid metric name `job:rate`: `:` at position 3 is reserved for recording rules\n\
         help: write it as `job_rate`\n\
         note: recording rules use `:` to name what they compute"
    );
    assert_eq!(
        message("__name__", check_label_name),
        "invalid label name `__name__`: a leading `__` is reserved\n\
         help: write it as `_name__`\n\
         note: names that start with `__` are reserved for Prometheus itself"
    );
    assert_eq!(
        message("", check_label_name),
        "a label name must not be empty\nnote: a label name matches `[a-zA-Z_][a-zA-Z0-9_]*`"
    );
}

#[test]
fn messages_stay_on_one_line_of_bounded_length() {
    let long = "a".repeat(300);
    let violation = check_metric_name(&long).unwrap_err();
    assert_eq!(
        violation.describe(&long),
        format!("invalid metric name `{}...`: its 300 bytes exceed the limit of 256", &long[..64])
    );
    assert_eq!(violation.suggestion(&long), None);
    let line = check_metric_name("a\nb").unwrap_err().describe("a\nb");
    assert_eq!(line, "invalid metric name `a\\nb`: `\\n` at position 1 is not allowed");
}

#[test]
fn a_violation_prints_without_the_name_too() {
    assert_eq!(
        check_metric_name("a.b").unwrap_err().to_string(),
        "invalid metric name: `.` at position 1 is not allowed"
    );
    assert_eq!(check_metric_name("").unwrap_err().to_string(), "a metric name must not be empty");
}

#[test]
fn a_suggestion_of_underscores_alone_is_none() {
    assert_eq!(check_metric_name("...").unwrap_err().suggestion("..."), None);
}

#[test]
fn reserved_labels_depend_on_the_kind() {
    for kind in [Kind::Counter, Kind::Gauge, Kind::Histogram] {
        assert!(reserved_label(kind, "quantile"));
        assert!(reserved_label(kind, "__name__"));
        assert!(!reserved_label(kind, "level"));
        assert!(!reserved_label(kind, "l"));
        assert!(!reserved_label(kind, ""));
        assert_eq!(reserved_label(kind, "le"), kind == Kind::Histogram);
    }
}

#[test]
fn reserved_labels_are_explained() {
    assert_eq!(
        reserved_label_message(Kind::Histogram, "le"),
        "label `le` is reserved on a histogram"
    );
    assert_eq!(
        reserved_label_note(Kind::Histogram, "le"),
        Some("the exposition uses `le` for the upper bound of each bucket")
    );
    assert_eq!(reserved_label_message(Kind::Gauge, "__x"), "label `__x` is reserved");
    assert_eq!(reserved_label_note(Kind::Gauge, "method"), None);
}

#[test]
fn foreign_names_are_sanitised() {
    let expected = [
        ("", "_"),
        ("api-errors", "api_errors"),
        ("http.server:duration", "http_server_duration"),
        ("1st", "_1st"),
        ("-1", "_1"),
        ("größe", "gr__e"),
        ("__name__", "_name__"),
        ("..x", "_x"),
        ("___", "_"),
        ("x__y", "x__y"),
    ];
    for (text, name) in expected {
        assert_eq!(sanitise_metric_name(text), name, "{text:?}");
        assert_eq!(sanitise_label_name(text), name, "{text:?}");
    }
}

proptest! {
    #[test]
    fn the_check_agrees_with_the_pattern(name in any_name()) {
        let mut characters = name.chars();
        let matches_pattern = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && characters.all(|c| c.is_ascii_alphanumeric() || c == '_');
        let expected = matches_pattern && !name.starts_with("__") && name.len() <= NAME_LENGTH_MAX;
        prop_assert_eq!(check_metric_name(&name).is_ok(), expected);
        prop_assert_eq!(check_label_name(&name).is_ok(), expected);
    }

    #[test]
    fn the_position_is_that_of_the_first_offending_character(name in any_name()) {
        if let Some(NameFault::Character { character, position }) = metric_fault(&name) {
            prop_assert_eq!(name.chars().nth(position), Some(character));
            let before: String = name.chars().take(position).collect();
            prop_assert!(before.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        }
    }

    #[test]
    fn sanitised_names_are_valid_and_valid_names_are_unchanged(text in any_name()) {
        let name = sanitise_metric_name(&text);
        let only_too_long = matches!(metric_fault(&name), None | Some(NameFault::TooLong { .. }));
        prop_assert!(only_too_long, "{name} is invalid");
        prop_assert_eq!(sanitise_metric_name(&name), name.as_str());
        if check_metric_name(&text).is_ok() {
            prop_assert_eq!(name, text);
        }
    }

    #[test]
    fn suggestions_are_valid(name in any_name()) {
        for check in [check_metric_name, check_label_name] {
            if let Err(violation) = check(&name)
                && let Some(suggestion) = violation.suggestion(&name)
            {
                prop_assert_eq!(check(&suggestion), Ok(()));
            }
            if let Err(violation) = check(&name) {
                prop_assert!(!violation.describe(&name).contains('\n'));
            }
        }
    }
}
