//! What a name says about the unit of its values.
//!
//! A metric has one unit: the one that is declared, else the one that its name says. A name that says another than is
//! declared is refused.

use core::fmt;

use crate::text::strip_word;
use crate::unit::{TOTAL, stem_of};
use crate::{kind::Kind, unit::Unit, unit::exposed_name};

/// The unit that a name says by its last word, besides `_total`: `wait_seconds` is in seconds, whichever code declares it.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, Unit, unit_in_name};
///
/// assert_eq!(unit_in_name("wait_seconds", Kind::Histogram), Some(Unit::Seconds));
/// assert_eq!(unit_in_name("sent_bytes_total", Kind::Counter), Some(Unit::Bytes));
/// assert_eq!(unit_in_name("programs", Kind::Gauge), None);
/// ```
#[must_use]
pub fn unit_in_name(name: &str, kind: Kind) -> Option<Unit> {
    let name = match kind {
        Kind::Counter => stem_of(name, None, kind),
        Kind::Gauge | Kind::Histogram | Kind::Summary => name,
        Kind::Info | Kind::StateSet => return None,
    };
    let says = |unit: &&Unit| unit.suffix().and_then(|word| strip_word(name, word)).is_some();
    // `bits_per_second` over any shorter word.
    Unit::ALL.iter().filter(says).max_by_key(|unit| unit.as_str().len()).copied()
}

/// Whether the last word of a name says that its values are durations: `duration`, `latency`, `time` or `elapsed`.
///
/// Where a name is all that is known of a metric, that makes its unit seconds.
///
/// # Examples
///
/// ```
/// use yardstick_model::says_duration;
///
/// assert!(says_duration("request_duration") && says_duration("latency"));
/// assert!(!says_duration("request_duration_ms") && !says_duration("lifetime"));
/// ```
#[must_use]
pub fn says_duration(name: &str) -> bool {
    const WORDS: &[&str] = &["duration", "durations", "latency", "latencies", "time", "elapsed"];
    WORDS.iter().any(|word| name == *word || strip_word(name, word).is_some())
}

/// Words that end a name and claim a unit, besides the words of [`Unit::ALL`].
///
/// Left out is what means something else more often than a unit: `min` (minimum), `m`, `h`, `b`,
/// `day` (`end_of_day`), `meter` and other singulars of things.
pub(crate) const UNIT_WORDS: &[&str] = &[
    "per_second",
    "per_sec",
    "per_minute",
    "per_hour", // Rates.
    "s",
    "sec",
    "secs",
    "second",
    "ms",
    "msec",
    "msecs",
    "millis",
    "millisecond",
    "us",
    "usec",
    "usecs",
    "micros",
    "microsecond",
    "ns",
    "nsec",
    "nsecs",
    "nanos",
    "nanosecond",
    "mins",
    "minute",
    "minutes",
    "hr",
    "hrs",
    "hour",
    "hours",
    "days",
    "weeks", // Time.
    "byte",
    "kb",
    "mb",
    "gb",
    "tb",
    "kib",
    "mib",
    "gib",
    "tib",
    "kilobytes",
    "megabytes",
    "gigabytes",
    "terabytes",
    "bits",
    "kbit",
    "mbit",
    "gbit",
    "kilobits",
    "megabits",
    "gigabits",
    "bps",
    "kbps",
    "mbps",
    "gbps",
    "tbps", // Data.
    "percents",
    "percentage",
    "ratios",
    "pct", // Shares.
    "fahrenheit",
    "kelvin",
    "metres",
    "kilometers",
    "kilometres",
    "millimeters",
    "millivolts",
    "kilovolts",
    "milliamperes",
    "amps",
    "kilojoules",
    "kwh",
    "watts",
    "kilowatts",
    "kilograms",
    "milligrams",
    "kg",
    "hertz",
    "hz", // Everything else.
];

/// The suffix of a name that claims another unit than the one its values have, with its underscore.
///
/// A trailing `_total` is looked through. The longest such suffix is returned.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Unit, foreign_unit_suffix};
///
/// assert_eq!(foreign_unit_suffix("request_latency_ms", Unit::Seconds), Some("_ms"));
/// assert_eq!(foreign_unit_suffix("busy_micros_total", Unit::Seconds), Some("_micros"));
/// assert_eq!(foreign_unit_suffix("request_latency_seconds", Unit::Seconds), None);
/// assert_eq!(foreign_unit_suffix("programs", Unit::Seconds), None);
/// ```
#[must_use]
pub fn foreign_unit_suffix(name: &str, unit: Unit) -> Option<&str> {
    let name = strip_word(name, TOTAL).unwrap_or(name);
    let is_short = || unit.abbreviations().iter().any(|word| strip_word(name, word).is_some());
    if strip_word(name, unit.as_str()).is_some() || (!unit.is_base() && is_short()) {
        return None;
    }
    let units = Unit::ALL.iter().filter_map(|unit| unit.suffix());
    let stem = units
        .chain(UNIT_WORDS.iter().copied())
        .filter_map(|word| strip_word(name, word))
        .min_by_key(|stem| stem.len())?;
    Some(&name[stem.len()..])
}

/// The name with the suffixes of other units replaced by the unit's own; `_total` stays last.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Unit, with_base_unit};
///
/// assert_eq!(with_base_unit("request_latency_ms", Unit::Seconds), "request_latency_seconds");
/// assert_eq!(with_base_unit("busy_micros_total", Unit::Seconds), "busy_seconds_total");
/// ```
#[must_use]
pub fn with_base_unit(name: &str, unit: Unit) -> String {
    let (mut stem, kind) = match strip_word(name, TOTAL) {
        Some(stem) => (stem, Kind::Counter),
        None => (name, Kind::Gauge),
    };
    while let Some(suffix) = foreign_unit_suffix(stem, unit) {
        let end = strip_word(stem, TOTAL).unwrap_or(stem).len() - suffix.len();
        stem = &stem[..end];
    }
    exposed_name(stem, Some(unit), kind)
}

/// Checks that a name does not claim another unit than the one its values have.
///
/// # Errors
///
/// The suffix that claims it.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Unit, check_unit_suffix};
///
/// let violation = check_unit_suffix("request_latency_ms", Unit::Seconds).unwrap_err();
/// assert_eq!(
///     violation.to_string(),
///     "a duration is recorded in seconds, but the name ends in `_ms`"
/// );
/// assert_eq!(violation.help(), "rename the metric to `request_latency_seconds`");
/// ```
pub fn check_unit_suffix(name: &str, unit: Unit) -> Result<(), UnitViolation<'_>> {
    match foreign_unit_suffix(name, unit) {
        Some(suffix) => Err(UnitViolation { name, suffix, unit }),
        None => Ok(()),
    }
}

/// A name that claims another unit than the one its values have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitViolation<'a> {
    /// The refused name.
    pub name: &'a str,
    /// The part of it that claims a unit, with its underscore.
    pub suffix: &'a str,
    /// The unit that the values have.
    pub unit: Unit,
}

impl UnitViolation<'_> {
    /// The text of the message's `help:` line.
    #[must_use]
    pub fn help(&self) -> String {
        format!("rename the metric to `{}`", with_base_unit(self.name, self.unit))
    }

    /// The text of the message's `note:` line.
    #[must_use]
    pub const fn note(&self) -> &'static str {
        match self.unit {
            Unit::Count => "a name that ends in a unit says that its values have it",
            _ => "Prometheus metrics use base units; dashboards can scale them",
        }
    }
}

impl fmt::Display for UnitViolation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { suffix, unit, .. } = self;
        match unit {
            Unit::Seconds => f.write_str("a duration is recorded in seconds")?,
            Unit::Count => f.write_str("the metric counts, and has no unit")?,
            unit => write!(f, "the metric is recorded in {unit}")?,
        }
        write!(f, ", but the name ends in `{suffix}`")
    }
}

impl core::error::Error for UnitViolation<'_> {}
