//! Names of metrics and labels: what is valid, why a name is not, and what to write instead.

use core::fmt;

use crate::kind::Kind;
use crate::text::{char_at, equal, starts_with};

/// The longest metric or label name in bytes, which is what VictoriaMetrics stores by default.
pub const NAME_LENGTH_MAX: usize = 256;

/// What a name is meant to name; the rules and the messages differ a little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameSubject {
    /// The name of a metric family.
    Metric,
    /// The name of a label.
    Label,
}

impl NameSubject {
    /// `metric` or `label`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Label => "label",
        }
    }
}

/// The rule that a name breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameFault {
    /// There is no character at all.
    Empty,
    /// No letter and no digit is left once the text is cleaned.
    NothingLeft,
    /// A cleaned label name begins with something else than a letter.
    NoLeadingLetter {
        /// What it begins with.
        character: char,
    },
    /// The name is longer than [`NAME_LENGTH_MAX`].
    TooLong {
        /// The name's length in bytes.
        length: usize,
    },
    /// A character is outside `[a-zA-Z0-9_]`.
    Character {
        /// The first such character.
        character: char,
        /// How many characters stand before it.
        position: usize,
    },
    /// The first character is a digit.
    LeadingDigit {
        /// The digit.
        character: char,
    },
    /// A metric name contains a colon, which only recording rules may use.
    Colon {
        /// How many characters stand before it.
        position: usize,
    },
    /// The name starts with two underscores, which Prometheus reserves for itself.
    Reserved,
}

/// Why a name is refused.
///
/// `Display` gives a line that stands alone, [`describe`](Self::describe) the same with the name in
/// it; [`help`](Self::help) and [`note`](Self::note) complete the message.
///
/// # Examples
///
/// ```
/// use yardstick_model::check_metric_name;
///
/// let name = "http-request.duration";
/// let violation = check_metric_name(name).unwrap_err();
/// assert_eq!(
///     violation.describe(name),
///     "invalid metric name `http-request.duration`: `-` at position 4 is not allowed"
/// );
/// assert_eq!(violation.help(name).unwrap(), "write it as `http_request_duration`");
/// assert_eq!(violation.note(), "a metric name matches `[a-zA-Z_][a-zA-Z0-9_]*`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameViolation {
    /// What the name was meant to name.
    pub subject: NameSubject,
    /// The rule it breaks.
    pub fault: NameFault,
}

/// Checks the name of a metric against `[a-zA-Z_][a-zA-Z0-9_]*`.
///
/// The colon, which the exposition formats permit, is left to recording rules.
///
/// # Errors
///
/// The first rule that the name breaks, reading from the left; the length is checked last.
///
/// # Examples
///
/// ```
/// const _: () = assert!(yardstick_model::check_metric_name("http_requests").is_ok());
/// ```
pub const fn check_metric_name(name: &str) -> Result<(), NameViolation> {
    check(name, NameSubject::Metric)
}

/// Checks the name of a label against `[a-zA-Z_][a-zA-Z0-9_]*`.
///
/// Names that depend on the metric's kind are [`reserved_label`]'s business.
///
/// # Errors
///
/// The first rule that the name breaks, reading from the left; the length is checked last.
pub const fn check_label_name(name: &str) -> Result<(), NameViolation> {
    check(name, NameSubject::Label)
}

const fn check(name: &str, subject: NameSubject) -> Result<(), NameViolation> {
    match find_fault(name, subject) {
        Some(fault) => Err(NameViolation { subject, fault }),
        None => Ok(()),
    }
}

const fn find_fault(name: &str, subject: NameSubject) -> Option<NameFault> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        return Some(NameFault::Empty);
    }
    if bytes[0].is_ascii_digit() {
        return Some(NameFault::LeadingDigit { character: bytes[0] as char });
    }
    // Every byte before the first fault is ASCII, so its index is the character's position too.
    let mut position = 0;
    while position < bytes.len() {
        if bytes[position] == b':' && matches!(subject, NameSubject::Metric) {
            return Some(NameFault::Colon { position });
        }
        if !is_name_byte(bytes[position]) {
            let character = char_at(name, position);
            return Some(NameFault::Character { character, position });
        }
        position += 1;
    }
    if starts_with(name, "__") {
        return Some(NameFault::Reserved);
    }
    if bytes.len() > NAME_LENGTH_MAX {
        return Some(NameFault::TooLong { length: bytes.len() });
    }
    None
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a label name is reserved on metrics of a kind: `le` on histograms, `quantile` and every
/// name that starts with `__` on all kinds.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, reserved_label};
///
/// assert!(reserved_label(Kind::Histogram, "le"));
/// assert!(!reserved_label(Kind::Counter, "le"));
/// ```
#[must_use]
pub const fn reserved_label(kind: Kind, name: &str) -> bool {
    reserved_label_note(kind, name).is_some()
}

/// Who uses a reserved label, for the `note:` of the message; `None` if the label is not reserved.
#[must_use]
pub const fn reserved_label_note(kind: Kind, name: &str) -> Option<&'static str> {
    if starts_with(name, "__") {
        return Some("names that start with `__` are reserved for Prometheus itself");
    }
    if equal(name, "quantile") {
        return Some("the exposition uses `quantile` for the quantiles of a summary");
    }
    if matches!(kind, Kind::Histogram) && equal(name, "le") {
        return Some("the exposition uses `le` for the upper bound of each bucket");
    }
    None
}

/// The first line of the message about a [`reserved_label`].
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, reserved_label_message};
///
/// assert_eq!(
///     reserved_label_message(Kind::Histogram, "le"),
///     "label `le` is reserved on a histogram"
/// );
/// ```
#[must_use]
pub fn reserved_label_message(kind: Kind, name: &str) -> String {
    let name = Quoted(name);
    if matches!(kind, Kind::Histogram) && name.0 == "le" {
        format!("label {name} is reserved on a {kind}")
    } else {
        format!("label {name} is reserved")
    }
}

impl NameViolation {
    /// The first line of the message, with the name as the user wrote it.
    #[must_use]
    pub fn describe(&self, name: &str) -> String {
        let subject = self.subject.as_str();
        if self.fault == NameFault::Empty {
            return self.to_string();
        }
        format!("invalid {subject} name {}: {}", Quoted(name), self.fault)
    }

    /// A valid name close to the refused one, where a useful one can be computed.
    #[must_use]
    pub fn suggestion(&self, name: &str) -> Option<String> {
        let suggestion = match self.subject {
            NameSubject::Metric => sanitise_metric_name(name),
            NameSubject::Label => sanitise_label_name(name),
        };
        let is_meaningful = suggestion.bytes().any(|byte| byte != b'_');
        (is_meaningful && check(&suggestion, self.subject).is_ok()).then_some(suggestion)
    }

    /// The text of the message's `help:` line.
    #[must_use]
    pub fn help(&self, name: &str) -> Option<String> {
        self.suggestion(name).map(|suggestion| format!("write it as `{suggestion}`"))
    }

    /// The text of the message's `note:` line: the reason for the rule.
    #[must_use]
    pub const fn note(&self) -> &'static str {
        match (self.fault, self.subject) {
            (NameFault::Colon { .. }, _) => "recording rules use `:` to name what they compute",
            (NameFault::Reserved, _) => {
                "names that start with `__` are reserved for Prometheus itself"
            }
            (NameFault::TooLong { .. }, _) => "servers refuse or cut longer names by default",
            (_, NameSubject::Metric) => "a metric name matches `[a-zA-Z_][a-zA-Z0-9_]*`",
            (_, NameSubject::Label) => "a label name matches `[a-zA-Z_][a-zA-Z0-9_]*`",
        }
    }
}

impl fmt::Display for NameViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.subject.as_str();
        match self.fault {
            NameFault::Empty => write!(f, "a {subject} name must not be empty"),
            fault => write!(f, "invalid {subject} name: {fault}"),
        }
    }
}

impl core::error::Error for NameViolation {}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("it is empty"),
            Self::NothingLeft => f.write_str("it has no letter or digit to make a name of"),
            Self::NoLeadingLetter { character } => {
                let mut buffer = [0; 4];
                let quoted = Quoted(character.encode_utf8(&mut buffer));
                write!(f, "it must begin with a letter and not with {quoted}")
            }
            Self::TooLong { length } => {
                write!(f, "its {length} bytes exceed the limit of {NAME_LENGTH_MAX}")
            }
            Self::Character { character, position } => {
                let mut buffer = [0; 4];
                let quoted = Quoted(character.encode_utf8(&mut buffer));
                write!(f, "{quoted} at position {position} is not allowed")
            }
            Self::LeadingDigit { character } => {
                write!(f, "it must not start with the digit `{character}`")
            }
            Self::Colon { position } => {
                write!(f, "`:` at position {position} is reserved for recording rules")
            }
            Self::Reserved => f.write_str("a leading `__` is reserved"),
        }
    }
}

/// A user's word in backticks, on one line and of bounded length whatever the word is.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How many characters of a word are shown.
        const SHOWN_MAX: usize = 64;
        f.write_str("`")?;
        for character in self.0.chars().take(SHOWN_MAX) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        f.write_str(if self.0.chars().nth(SHOWN_MAX).is_some() { "...`" } else { "`" })
    }
}

/// Makes a metric name of any text, for names that come from elsewhere and cannot be refused.
///
/// Every character outside the class becomes `_`, a leading digit gets `_` in front, several
/// leading `_` are reduced to one, and empty text becomes `_`. The result passes
/// [`check_metric_name`] unless it is too long: cutting it would merge names that differ. Different
/// texts can give one name, so the caller must look for collisions.
///
/// # Examples
///
/// ```
/// use yardstick_model::sanitise_metric_name;
///
/// assert_eq!(sanitise_metric_name("http.server-requests"), "http_server_requests");
/// assert_eq!(sanitise_metric_name("1st"), "_1st");
/// ```
#[must_use]
pub fn sanitise_metric_name(text: &str) -> String {
    sanitise(text)
}

/// Makes a label name of any text, by the rules of [`sanitise_metric_name`].
#[must_use]
pub fn sanitise_label_name(text: &str) -> String {
    sanitise(text)
}

pub(crate) fn sanitise(text: &str) -> String {
    let mut name = String::with_capacity(text.len() + 1);
    if text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit()) {
        name.push('_');
    }
    for character in text.chars() {
        let valid = character.is_ascii_alphanumeric() || character == '_';
        let replaced = if valid { character } else { '_' };
        // Two leading underscores are reserved, whether they were written or come from here.
        if !(name == "_" && replaced == '_') {
            name.push(replaced);
        }
    }
    name
}

#[cfg(test)]
#[path = "name_tests.rs"]
mod tests;
