//! The kinds of metric families.

use core::fmt;

/// What the series of a metric family hold, as its `# TYPE` line says.
///
/// More kinds may follow (summary, info, state set), so a `match` outside this crate needs an arm
/// for the rest.
///
/// # Examples
///
/// ```
/// use yardstick_model::Kind;
///
/// assert_eq!(Kind::Histogram.to_string(), "histogram");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A total that only grows and starts at zero.
    Counter,
    /// A value that goes up and down.
    Gauge,
    /// Observations counted in cumulative buckets, with their sum.
    Histogram,
}

impl Kind {
    /// The word used in `# TYPE` lines and in messages: `counter`, `gauge` or `histogram`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn words_are_those_of_the_type_line() {
        assert_eq!(
            [Kind::Counter, Kind::Gauge, Kind::Histogram].map(Kind::as_str),
            ["counter", "gauge", "histogram"]
        );
        assert_eq!(format!("{:>9}", Kind::Gauge), "    gauge");
    }
}
