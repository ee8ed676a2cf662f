//! Units, and the name under which a metric with a unit is exposed.

use core::fmt;

use crate::kind::Kind;
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
    pub(crate) const fn abbreviations(self) -> &'static [&'static str] {
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
    pub(crate) const fn is_base(self) -> bool {
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
/// An abbreviation of the unit gives way to its word. Neither suffix is ever doubled, wherever among the last words of the
/// base name it stood, so the function applied to its own result changes nothing. Suffixes are compared as whole words: the
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
    let stem = stem_of(base, unit, kind);
    if kind == Kind::Info {
        return format!("{stem}_{INFO}");
    }
    let unit = unit.and_then(Unit::suffix);
    // A gauge such as `memory_total` keeps its word, but the unit has to come last.
    let had_total = base[stem.len()..].split('_').any(|word| word == TOTAL);
    let inner_total = (had_total && !is_counter).then_some(TOTAL);
    let mut name = stem.to_owned();
    for word in [inner_total, unit, is_counter.then_some(TOTAL)].into_iter().flatten() {
        name.push('_');
        name.push_str(word);
    }
    name
}

/// The name without the words at its end that [`exposed_name`] sets anew.
pub(crate) fn stem_of(base: &str, unit: Option<Unit>, kind: Kind) -> &str {
    // Facts have no unit.
    if kind == Kind::Info {
        return strip_word(base, INFO).unwrap_or(base);
    }
    let word = unit.and_then(Unit::suffix);
    let words = || word.into_iter().chain(unit.into_iter().flat_map(Unit::abbreviations).copied());
    let mut stem = base;
    while kind == Kind::Counter || word.is_some() {
        let of_unit = || words().find_map(|word| strip_word(stem, word));
        let shorter = strip_word(stem, TOTAL).or_else(of_unit);
        let Some(shorter) = shorter else { break };
        stem = shorter;
    }
    stem
}

/// The suffix of counters, without its underscore.
pub(crate) const TOTAL: &str = "total";

/// The suffix of infos, without its underscore.
pub(crate) const INFO: &str = "info";

#[cfg(test)]
#[path = "unit_tests.rs"]
mod tests;
