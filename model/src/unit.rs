//! Units, and the name under which a metric with a unit is exposed.

use core::fmt;

use crate::Kind;
use crate::text::{equal, strip_word};

/// What a metric's values are measured in.
///
/// The first nine are the base units that Prometheus recommends. The rest are what programs that
/// use the `metrics` facade can describe; values are exposed as they are recorded, never rescaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Time.
    Seconds,
    /// Memory and data.
    Bytes,
    /// A share of a whole, from 0 to 1.
    Ratio,
    /// Temperature.
    Celsius,
    /// Length.
    Meters,
    /// Electric potential.
    Volts,
    /// Electric current.
    Amperes,
    /// Energy.
    Joules,
    /// Mass.
    Grams,
    /// A number of things; it adds nothing to the name.
    Count,
    /// A share of a whole, from 0 to 100.
    Percent,
    /// Thousandths of a second.
    Milliseconds,
    /// Millionths of a second.
    Microseconds,
    /// Billionths of a second.
    Nanoseconds,
    /// 1024 bytes.
    Kibibytes,
    /// 1024 kibibytes.
    Mebibytes,
    /// 1024 mebibytes.
    Gibibytes,
    /// 1024 gibibytes.
    Tebibytes,
    /// Bits per second.
    BitsPerSecond,
    /// 1000 bits per second.
    KilobitsPerSecond,
    /// 1000 kilobits per second.
    MegabitsPerSecond,
    /// 1000 megabits per second.
    GigabitsPerSecond,
    /// 1000 gigabits per second.
    TerabitsPerSecond,
    /// Things per second.
    CountPerSecond,
}

impl Unit {
    /// Every unit, base units first.
    pub const ALL: &'static [Self] = &[
        Self::Seconds,
        Self::Bytes,
        Self::Ratio,
        Self::Celsius,
        Self::Meters,
        Self::Volts,
        Self::Amperes,
        Self::Joules,
        Self::Grams,
        Self::Count,
        Self::Percent,
        Self::Milliseconds,
        Self::Microseconds,
        Self::Nanoseconds,
        Self::Kibibytes,
        Self::Mebibytes,
        Self::Gibibytes,
        Self::Tebibytes,
        Self::BitsPerSecond,
        Self::KilobitsPerSecond,
        Self::MegabitsPerSecond,
        Self::GigabitsPerSecond,
        Self::TerabitsPerSecond,
        Self::CountPerSecond,
    ];

    /// The unit's word; where the `metrics` facade has the unit, it is the facade's word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::Ratio => "ratio",
            Self::Celsius => "celsius",
            Self::Meters => "meters",
            Self::Volts => "volts",
            Self::Amperes => "amperes",
            Self::Joules => "joules",
            Self::Grams => "grams",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
            Self::Kibibytes => "kibibytes",
            Self::Mebibytes => "mebibytes",
            Self::Gibibytes => "gibibytes",
            Self::Tebibytes => "tebibytes",
            Self::BitsPerSecond => "bits_per_second",
            Self::KilobitsPerSecond => "kilobits_per_second",
            Self::MegabitsPerSecond => "megabits_per_second",
            Self::GigabitsPerSecond => "gigabits_per_second",
            Self::TerabitsPerSecond => "terabits_per_second",
            Self::CountPerSecond => "count_per_second",
        }
    }

    /// What the unit adds to a name and prints in `# UNIT`; nothing for [`Unit::Count`], whose
    /// `_count` would clash with the samples of histograms.
    #[must_use]
    pub const fn suffix(self) -> Option<&'static str> {
        match self {
            Self::Count => None,
            unit => Some(unit.as_str()),
        }
    }

    /// The unit that a name's last word claims: its word, or an abbreviation of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick_model::Unit;
    ///
    /// assert_eq!(Unit::from_suffix("us"), Some(Unit::Microseconds));
    /// assert_eq!(Unit::from_suffix("bytes"), Some(Unit::Bytes));
    /// assert_eq!(Unit::from_suffix("total"), None);
    /// ```
    #[must_use]
    pub fn from_suffix(word: &str) -> Option<Self> {
        let is_its =
            |unit: &Self| unit.suffix() == Some(word) || unit.abbreviations().contains(&word);
        Self::ALL.iter().copied().find(is_its)
    }

    /// Other words that end a name and mean the unit.
    const fn abbreviations(self) -> &'static [&'static str] {
        match self {
            Self::Seconds => &["s", "sec", "secs", "second"],
            Self::Bytes => &["byte"],
            Self::Milliseconds => &["ms", "msec", "msecs", "millis", "millisecond"],
            Self::Microseconds => &["us", "usec", "usecs", "micros", "microsecond"],
            Self::Nanoseconds => &["ns", "nsec", "nsecs", "nanos", "nanosecond"],
            Self::Kibibytes => &["kib"],
            Self::Mebibytes => &["mib"],
            Self::Gibibytes => &["gib"],
            Self::Tebibytes => &["tib"],
            Self::BitsPerSecond => &["bps"],
            Self::KilobitsPerSecond => &["kbps"],
            Self::MegabitsPerSecond => &["mbps"],
            Self::GigabitsPerSecond => &["gbps"],
            Self::TerabitsPerSecond => &["tbps"],
            Self::Percent => &["pct", "percents", "percentage"],
            Self::Ratio => &["ratios"],
            _ => &[],
        }
    }

    /// Whether it is one of those that Prometheus recommends.
    const fn is_base(self) -> bool {
        matches!(
            self,
            Self::Seconds
                | Self::Bytes
                | Self::Ratio
                | Self::Celsius
                | Self::Meters
                | Self::Volts
                | Self::Amperes
                | Self::Joules
                | Self::Grams
        )
    }

    /// The unit whose [`as_str`](Self::as_str) is `word`.
    #[must_use]
    pub const fn from_word(word: &str) -> Option<Self> {
        let mut index = 0;
        while index < Self::ALL.len() {
            if equal(Self::ALL[index].as_str(), word) {
                return Some(Self::ALL[index]);
            }
            index += 1;
        }
        None
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The name under which a metric is exposed: the base name, the unit, then `_total` for counters.
///
/// An abbreviation of the unit gives way to its word. Neither suffix is ever doubled, wherever among the last words of the base name it stood, so the
/// function applied to its own result changes nothing. Suffixes are compared as whole words: the
/// base name `discount` does not end in `count`. A base name that is nothing but a suffix
/// (`seconds`) counts as a name of its own, since OpenMetrics refuses a family without a stem.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Kind, Unit, exposed_name};
///
/// let seconds = Some(Unit::Seconds);
/// assert_eq!(exposed_name("query_duration", seconds, Kind::Histogram), "query_duration_seconds");
/// assert_eq!(exposed_name("sent_total", Some(Unit::Bytes), Kind::Counter), "sent_bytes_total");
/// assert_eq!(exposed_name("requests", None, Kind::Counter), "requests_total");
/// assert_eq!(exposed_name("skew_us", Some(Unit::Microseconds), Kind::Gauge), "skew_microseconds");
/// ```
#[must_use]
pub fn exposed_name(base: &str, unit: Option<Unit>, kind: Kind) -> String {
    let is_counter = kind == Kind::Counter;
    if kind == Kind::Info {
        // Facts have no unit.
        return format!("{}_{INFO}", strip_word(base, INFO).unwrap_or(base));
    }
    let short = unit.map_or(&[][..], Unit::abbreviations);
    let unit = unit.and_then(Unit::suffix);
    if !is_counter && unit.is_none() {
        return base.to_owned();
    }
    let mut stem = base;
    let mut had_total = false;
    loop {
        if let Some(shorter) = strip_word(stem, TOTAL) {
            (stem, had_total) = (shorter, true);
        } else if let Some(shorter) = unit.and_then(|unit| strip_word(stem, unit)) {
            stem = shorter;
        } else if let Some(shorter) = short.iter().find_map(|word| strip_word(stem, word)) {
            stem = shorter;
        } else {
            break;
        }
    }
    // A gauge such as `memory_total` keeps its word, but the unit has to come last.
    let inner_total = (had_total && !is_counter).then_some(TOTAL);
    let mut name = stem.to_owned();
    for word in [inner_total, unit, is_counter.then_some(TOTAL)].into_iter().flatten() {
        name.push('_');
        name.push_str(word);
    }
    name
}

/// The suffix of counters, without its underscore.
pub(crate) const TOTAL: &str = "total";

/// The suffix of infos, without its underscore.
pub(crate) const INFO: &str = "info";

/// Words that end a name and claim a unit, besides the words of [`Unit::ALL`].
///
/// Left out is what means something else more often than a unit: `min` (minimum), `m`, `h`, `b`,
/// `day` (`end_of_day`), `meter` and other singulars of things.
const UNIT_WORDS: &[&str] = &[
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

#[cfg(test)]
#[path = "unit_tests.rs"]
mod tests;
