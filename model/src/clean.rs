//! Names made of text from run time, and which of them mean one metric.
//!
//! Invariant: what is cleaned passes the check of its kind of name. Two texts mean one metric if they differ in nothing
//! but the suffixes that naming adds (a unit, `_total`), however these were set off; all others that only look alike
//! once cleaned stay two.

use crate::name::{
    NameFault, NameSubject, NameViolation, check_label_name, check_metric_name, sanitise,
};
use crate::unit::stem_of;
use crate::{kind::Kind, unit::Unit};

/// Makes a metric name of any text that has something to make it of; with `digit_prefix` in front of a digit.
///
/// # Errors
///
/// When the text is empty, has no letter or digit to make a name of, or gives a name that is too long.
///
/// # Examples
///
/// ```
/// use yardstick_model::clean_metric_name;
///
/// assert_eq!(clean_metric_name("http.requests", "_").as_deref(), Ok("http_requests"));
/// assert_eq!(clean_metric_name("1st", "m_").as_deref(), Ok("m_1st"));
/// assert_eq!(
///     clean_metric_name("...", "_").unwrap_err().describe("..."),
///     "invalid metric name `...`: it has no letter or digit to make a name of"
/// );
/// ```
pub fn clean_metric_name(text: &str, digit_prefix: &str) -> Result<String, NameViolation> {
    if check_metric_name(text).is_ok() {
        return Ok(text.to_owned());
    }
    has_something(text, NameSubject::Metric)?;
    let begins_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let prefix = if begins_with_digit { digit_prefix } else { "" };
    let name = sanitise(&format!("{prefix}{text}"));
    check_metric_name(&name).map(|()| name)
}

/// Makes a label name of any text that begins, once cleaned, with a letter: `user-id` becomes `user_id`.
///
/// # Errors
///
/// When the text is empty, does not begin with a letter, or is too long.
///
/// # Examples
///
/// ```
/// use yardstick_model::clean_label_name;
///
/// assert_eq!(clean_label_name("user-id").as_deref(), Ok("user_id"));
/// assert_eq!(
///     clean_label_name("1st").unwrap_err().describe("1st"),
///     "invalid label name `1st`: it must begin with a letter and not with `1`"
/// );
/// ```
pub fn clean_label_name(text: &str) -> Result<String, NameViolation> {
    has_something(text, NameSubject::Label)?;
    match text.chars().next() {
        Some(character) if !character.is_ascii_alphabetic() => {
            let fault = NameFault::NoLeadingLetter { character };
            Err(NameViolation { subject: NameSubject::Label, fault })
        }
        _ => {
            let name = sanitise(text);
            check_label_name(&name).map(|()| name)
        }
    }
}

/// Makes a label name of what a library calls it, which begins as it likes: `1st` becomes `_1st`.
///
/// # Errors
///
/// When the text is empty, has no letter or digit to make a name of, or is too long.
pub fn clean_library_label_name(text: &str) -> Result<String, NameViolation> {
    if check_label_name(text).is_ok() {
        return Ok(text.to_owned());
    }
    has_something(text, NameSubject::Label)?;
    let name = sanitise(text);
    check_label_name(&name).map(|()| name)
}

fn has_something(text: &str, subject: NameSubject) -> Result<(), NameViolation> {
    let fault = if text.is_empty() {
        NameFault::Empty
    } else if text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    } else {
        NameFault::NothingLeft
    };
    Err(NameViolation { subject, fault })
}

/// Whether two texts that give one exposed name mean one metric: `requests`, `requests_total` and `requests.total` do,
/// as a counter; `a.b` and `a_b` do not.
///
/// The one rule for every way to record. `unit` is the metric's.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, Unit, is_one_metric};
///
/// assert!(is_one_metric("requests", "requests.total", None, Kind::Counter));
/// assert!(is_one_metric("wait", "wait-seconds", Some(Unit::Seconds), Kind::Histogram));
/// assert!(!is_one_metric("api.errors", "api_errors", None, Kind::Counter));
/// ```
#[must_use]
pub fn is_one_metric(first: &str, second: &str, unit: Option<Unit>, kind: Kind) -> bool {
    first == second || written_stem(first, unit, kind) == written_stem(second, unit, kind)
}

/// The text without the suffixes that naming adds.
fn written_stem(text: &str, unit: Option<Unit>, kind: Kind) -> &str {
    let name = sanitise(text);
    // Each character of the end of the text is one byte of the name's.
    let suffix = name.len() - stem_of(&name, unit, kind).len();
    let start = text.chars().rev().take(suffix).map(char::len_utf8).sum::<usize>();
    &text[..text.len() - start]
}

#[cfg(test)]
#[path = "clean_tests.rs"]
mod tests;
