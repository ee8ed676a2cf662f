//! In what two registrations of one family can differ.

use std::{fmt, time::Duration};

use yardstick_model::{Kind, NativeBuckets};

use super::RefusedBecause;

/// In what two registrations of one family differ.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Difference {
    /// The kind of metric.
    Kind {
        /// Of the first registration.
        first: Kind,
        /// Of the second registration.
        second: Kind,
    },
    /// The names of the labels, each list sorted.
    Labels {
        /// Of the first registration.
        first: Vec<String>,
        /// Of the second registration.
        second: Vec<String>,
    },
    /// The labels that all series have, by name.
    ConstantLabels {
        /// Of the first registration.
        first: Vec<(String, String)>,
        /// Of the second registration.
        second: Vec<(String, String)>,
    },
    /// The unit.
    Unit {
        /// Of the first registration.
        first: String,
        /// Of the second registration.
        second: String,
    },
    /// The help text that each gave explicitly.
    Help {
        /// Of the first registration.
        first: String,
        /// Of the second registration.
        second: String,
    },
    /// The native buckets of a histogram; `None` for one whose buckets were chosen.
    NativeBuckets {
        /// Of the first registration.
        first: Option<NativeBuckets>,
        /// Of the second registration.
        second: Option<NativeBuckets>,
    },
    /// The bucket bounds.
    Buckets {
        /// Of the first registration.
        first: Vec<f64>,
        /// Of the second registration.
        second: Vec<f64>,
    },
    /// The quantiles of a summary.
    Quantiles {
        /// Of the first registration.
        first: Vec<f64>,
        /// Of the second registration.
        second: Vec<f64>,
    },
    /// The time that a summary keeps observations for quantiles; `None` for one that keeps none.
    Window {
        /// Of the first registration.
        first: Option<Duration>,
        /// Of the second registration.
        second: Option<Duration>,
    },
    /// The states of a state set.
    States {
        /// Of the first registration.
        first: Vec<String>,
        /// Of the second registration.
        second: Vec<String>,
    },
    /// The function: two of one name in one module, whose calls would be added up.
    Function {
        /// The name of both.
        name: &'static str,
        /// The module of both.
        module: &'static str,
    },
    /// The name before characters were replaced: two names that only look alike once sanitised.
    WrittenName {
        /// Of the first registration.
        first: String,
        /// Of the second registration.
        second: String,
    },
}

impl Difference {
    /// The cause as the label value under which refusals are counted.
    pub(super) const fn cause(&self) -> RefusedBecause {
        match self {
            Self::Kind { .. } => RefusedBecause::Kind,
            Self::Labels { .. } | Self::ConstantLabels { .. } | Self::Function { .. } => {
                RefusedBecause::Labels
            }
            Self::Unit { .. } => RefusedBecause::Unit,
            Self::Help { .. } => RefusedBecause::Help,
            Self::Buckets { .. }
            | Self::NativeBuckets { .. }
            | Self::Quantiles { .. }
            | Self::Window { .. } => RefusedBecause::Buckets,
            Self::States { .. } => RefusedBecause::Labels,
            Self::WrittenName { .. } => RefusedBecause::Collision,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { first, second } => write!(f, "kind {first}, then {second}"),
            Self::Labels { first, second } => {
                write!(f, "labels ({}), then ({})", first.join(", "), second.join(", "))
            }
            Self::ConstantLabels { first, second } => {
                write!(f, "constant labels {first:?}, then {second:?}")
            }
            Self::Unit { first, second } => write!(f, "unit {first}, then {second}"),
            Self::Help { first, second } => write!(f, "help {first:?}, then {second:?}"),
            Self::Buckets { first, second } => write!(f, "buckets {first:?}, then {second:?}"),
            Self::NativeBuckets { first, second } => {
                let text = |native: &Option<NativeBuckets>| {
                    native.map_or("chosen ones".to_owned(), |native| native.to_string())
                };
                write!(f, "buckets {}, then {}", text(first), text(second))
            }
            Self::Quantiles { first, second } => {
                write!(f, "quantiles {first:?}, then {second:?}")
            }
            Self::Window { first, second } => {
                let text = |window: &Option<Duration>| {
                    window.map_or("none".to_owned(), |window| format!("{window:?}"))
                };
                write!(f, "window {}, then {}", text(first), text(second))
            }
            Self::States { first, second } => write!(f, "states {first:?}, then {second:?}"),
            Self::Function { name, module } => write!(
                f,
                "both functions are called `{name}` in `{module}`; place `#[track]` on their blocks, or \
                 write `function = \"...\"` in one of the attributes"
            ),
            Self::WrittenName { first, second } => write!(
                f,
                "written `{first}`, then `{second}`, which only look alike once sanitised"
            ),
        }
    }
}
