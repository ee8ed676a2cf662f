//! The attributes and what they differ in.

use std::fmt;

use yardstick_model::{Kind, Unit};

/// Which attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Duration,
    Errors,
    Calls,
    Active,
    /// All of them.
    Track,
}

impl AttributeKind {
    /// Those that record one metric.
    pub(crate) const EACH: [Self; 4] = [Self::Duration, Self::Errors, Self::Calls, Self::Active];
    pub(crate) const ALL: [Self; 5] =
        [Self::Duration, Self::Errors, Self::Calls, Self::Active, Self::Track];

    /// The attribute as it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Duration => "track_duration",
            Self::Errors => "track_errors",
            Self::Calls => "track_calls",
            Self::Active => "track_active",
            Self::Track => "track",
        }
    }

    /// The word that `#[track("name")]` adds to its name for this metric.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Errors => "errors",
            Self::Calls => "calls",
            Self::Active | Self::Track => "active",
        }
    }

    /// The kind of its family.
    pub(crate) const fn metric(self) -> Kind {
        match self {
            Self::Duration => Kind::Histogram,
            Self::Errors | Self::Calls => Kind::Counter,
            Self::Active | Self::Track => Kind::Gauge,
        }
    }

    /// The unit of its values.
    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::Duration => Unit::Seconds,
            Self::Errors | Self::Calls | Self::Active | Self::Track => Unit::Count,
        }
    }

    /// The label that it adds itself, when the call ends.
    pub(crate) const fn own_label(self) -> Option<&'static str> {
        match self {
            Self::Errors => Some("error_type"),
            Self::Calls => Some("outcome"),
            Self::Duration | Self::Active | Self::Track => None,
        }
    }

    /// Whether it always looks at what the function returns.
    pub(crate) const fn observes_result(self) -> bool {
        matches!(self, Self::Errors | Self::Calls)
    }
}

impl fmt::Display for AttributeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
