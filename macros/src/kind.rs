//! What attributes measure: four metrics, each with an attribute of its own, and one attribute for all of them.

use std::fmt;

use yardstick_model::{Kind, Unit};

/// One of the metrics of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Duration,
    Errors,
    Calls,
    Active,
}

/// Which attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    /// `#[track_duration]` and its like.
    One(Measure),
    /// `#[track]`.
    All,
}

impl Measure {
    pub(crate) const ALL: [Self; 4] = [Self::Duration, Self::Errors, Self::Calls, Self::Active];

    /// The word that `#[track("name")]` adds to its name for this metric.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Errors => "errors",
            Self::Calls => "calls",
            Self::Active => "active",
        }
    }

    /// The kind of its family.
    pub(crate) const fn metric(self) -> Kind {
        match self {
            Self::Duration => Kind::Histogram,
            Self::Errors | Self::Calls => Kind::Counter,
            Self::Active => Kind::Gauge,
        }
    }

    /// The unit of its values.
    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::Duration => Unit::Seconds,
            Self::Errors | Self::Calls | Self::Active => Unit::Count,
        }
    }

    /// The label that it adds itself, when the call ends.
    pub(crate) const fn own_label(self) -> Option<&'static str> {
        match self {
            Self::Errors => Some("error_type"),
            Self::Calls => Some("outcome"),
            Self::Duration | Self::Active => None,
        }
    }

    /// Whether it always looks at what the function returns.
    pub(crate) const fn observes_result(self) -> bool {
        matches!(self, Self::Errors | Self::Calls)
    }
}

impl AttributeKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::One(Measure::Duration),
        Self::One(Measure::Errors),
        Self::One(Measure::Calls),
        Self::One(Measure::Active),
        Self::All,
    ];

    /// The attribute as it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::One(Measure::Duration) => "track_duration",
            Self::One(Measure::Errors) => "track_errors",
            Self::One(Measure::Calls) => "track_calls",
            Self::One(Measure::Active) => "track_active",
            Self::All => "track",
        }
    }

    /// The metrics that it asks for.
    pub(crate) const fn measures(self) -> &'static [Measure] {
        match self {
            Self::One(Measure::Duration) => &[Measure::Duration],
            Self::One(Measure::Errors) => &[Measure::Errors],
            Self::One(Measure::Calls) => &[Measure::Calls],
            Self::One(Measure::Active) => &[Measure::Active],
            Self::All => &Measure::ALL,
        }
    }

    /// Whether it asks for this metric.
    pub(crate) fn has(self, measure: Measure) -> bool {
        self.measures().contains(&measure)
    }
}

impl fmt::Display for AttributeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// As its own attribute is written.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AttributeKind::One(*self).fmt(f)
    }
}
