//! The kinds of metric families.

use core::fmt;

/// What the series of a metric family hold, as its `# TYPE` line says.
///
/// More kinds may follow, so a `match` outside this crate needs an arm for the rest.
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
    /// What is true of the process for as long as it runs, as labels; its value is always 1.
    Info,
    /// Which of several states something is in.
    StateSet,
    /// Observations with their count and sum, and perhaps quantiles of the recent ones.
    Summary,
}

impl Kind {
    /// The word used in messages and in the `# TYPE` lines of `OpenMetrics`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Info => "info",
            Self::StateSet => "stateset",
            Self::Summary => "summary",
        }
    }

    /// The word used in `# TYPE` lines of the Prometheus text format, which knows fewer kinds.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick_model::Kind;
    ///
    /// assert_eq!(Kind::Info.as_text_format_str(), "gauge");
    /// assert_eq!(Kind::Summary.as_text_format_str(), "summary");
    /// ```
    #[must_use]
    pub const fn as_text_format_str(self) -> &'static str {
        match self {
            Self::Info | Self::StateSet => Self::Gauge.as_str(),
            other => other.as_str(),
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
            [Kind::Counter, Kind::Gauge, Kind::Histogram, Kind::Summary].map(Kind::as_str),
            ["counter", "gauge", "histogram", "summary"]
        );
        assert_eq!(format!("{:>9}", Kind::Gauge), "    gauge");
    }
}
