use super::{clean_label_name, clean_metric_name, is_one_metric};
use crate::{
    kind::Kind, name::NameFault, name::check_label_name, name::check_metric_name, unit::Unit,
    unit::exposed_name,
};
use proptest::prelude::*;

#[test]
fn text_without_letters_and_digits_gives_no_name() {
    for text in ["...", "\u{e9}", "-_-", "__", " "] {
        let fault = clean_metric_name(text, "_").map_err(|violation| violation.fault);
        assert_eq!(fault, Err(NameFault::NothingLeft), "{text:?}");
        assert!(clean_label_name(text).is_err(), "{text:?}");
    }
    assert_eq!(clean_metric_name("", "_").map_err(|v| v.fault), Err(NameFault::Empty));
    assert_eq!(clean_label_name("").map_err(|v| v.fault), Err(NameFault::Empty));
    // Whoever writes this means it.
    assert_eq!(clean_metric_name("_", "_").as_deref(), Ok("_"));
}

#[test]
fn labels_begin_with_a_letter() {
    assert_eq!(clean_label_name("user.id-2").as_deref(), Ok("user_id_2"));
    for text in ["_user", "2nd", "-a", "__name__", "\u{e9}a"] {
        let violation = clean_label_name(text).unwrap_err();
        let character = text.chars().next().unwrap();
        assert_eq!(violation.fault, NameFault::NoLeadingLetter { character }, "{text:?}");
    }
}

#[test]
fn only_the_suffixes_that_naming_adds_may_be_written_otherwise() {
    let counters = ["requests", "requests_total", "requests.total", "requests total"];
    for (first, second) in counters.iter().flat_map(|a| counters.iter().map(move |b| (a, b))) {
        assert!(is_one_metric(first, second, None, Kind::Counter), "{first} {second}");
    }
    let bytes = Some(Unit::Bytes);
    assert!(is_one_metric("sent.total", "sent_bytes-total", bytes, Kind::Counter));
    assert!(is_one_metric("build", "build-info", None, Kind::Info));
    assert!(!is_one_metric("requests.total", "requests_total", None, Kind::Gauge));
    assert!(!is_one_metric("a.b", "a_b", None, Kind::Counter));
    assert!(!is_one_metric("a.b_total", "a_b", None, Kind::Counter));
    assert!(!is_one_metric("1st", "_1st", None, Kind::Gauge));
    assert!(!is_one_metric("\u{e9}a", "_a", None, Kind::Gauge));
}

proptest! {
    #[test]
    fn cleaned_names_are_valid_and_valid_names_are_unchanged(text in "[a-c0-2_:.\u{e9}]{0,6}") {
        if let Ok(name) = clean_metric_name(&text, "_") {
            prop_assert!(check_metric_name(&name).is_ok());
            prop_assert!(check_metric_name(&text).is_err() || name == text);
        }
        if let Ok(name) = clean_label_name(&text) {
            prop_assert!(check_label_name(&name).is_ok() && name.starts_with(|c: char| c.is_ascii_alphabetic()));
        }
    }

    /// What the toolkit exposes a name as is another way to write it.
    #[test]
    fn an_exposed_name_means_the_same_metric(
        text in "[ab][ab._-]{0,5}(\\.total|_total|_bytes|-bytes){0,2}",
        has_unit in any::<bool>(),
        kind in prop_oneof![Just(Kind::Counter), Just(Kind::Gauge), Just(Kind::Info)],
    ) {
        let unit = has_unit.then_some(Unit::Bytes);
        if let Ok(name) = clean_metric_name(&text, "_")
            && text == name
        {
            prop_assert!(is_one_metric(&name, &exposed_name(&name, unit, kind), unit, kind));
        }
    }
}
