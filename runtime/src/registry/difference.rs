//! `Difference`: how two registrations of one family disagree.

use std::{fmt, time::Duration};

use yardstick_model::{Kind, NativeBuckets};

use super::RefusedBecause;

/// What each of two registrations says.
#[derive(Clone, Debug, PartialEq)]
pub struct Both<T> {
    /// Of the first registration.
    pub first: T,
    /// Of the second registration.
    pub second: T,
}

/// In what two registrations of one family differ.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Difference {
    /// The kind of metric.
    Kind(Both<Kind>),
    /// The names of the labels, each list sorted.
    Labels(Both<Vec<String>>),
    /// The labels that all series have, by name.
    ConstantLabels(Both<Vec<(String, String)>>),
    /// The unit.
    Unit(Both<String>),
    /// The help text that each gave explicitly.
    Help(Both<String>),
    /// The native buckets of a histogram; `None` for one whose buckets were chosen.
    NativeBuckets(Both<Option<NativeBuckets>>),
    /// The bucket bounds.
    Buckets(Both<Vec<f64>>),
    /// The quantiles of a summary.
    Quantiles(Both<Vec<f64>>),
    /// The time that a summary keeps observations for quantiles; `None` for one that keeps none.
    Window(Both<Option<Duration>>),
    /// The states of a state set.
    States(Both<Vec<String>>),
    /// The function: two of one name in one module, whose calls would be added up.
    Function {
        /// The name of both.
        name: &'static str,
        /// The module of both.
        module: &'static str,
    },
    /// The name before characters were replaced: two names that only look alike once sanitised.
    WrittenName(Both<String>),
}

impl Difference {
    /// The cause as the label value under which refusals are counted.
    pub(super) const fn cause(&self) -> RefusedBecause {
        match self {
            Self::Kind(_) => RefusedBecause::Kind,
            Self::Labels(_) | Self::ConstantLabels(_) | Self::Function { .. } => {
                RefusedBecause::Labels
            }
            Self::Unit(_) => RefusedBecause::Unit,
            Self::Help(_) => RefusedBecause::Help,
            Self::Buckets(_) | Self::NativeBuckets(_) | Self::Quantiles(_) | Self::Window(_) => {
                RefusedBecause::Buckets
            }
            Self::States(_) => RefusedBecause::Labels,
            Self::WrittenName(_) => RefusedBecause::Collision,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(Both { first, second }) => write!(f, "kind {first}, then {second}"),
            Self::Labels(Both { first, second }) => {
                write!(f, "labels ({}), then ({})", first.join(", "), second.join(", "))
            }
            Self::ConstantLabels(Both { first, second }) => {
                write!(f, "constant labels {first:?}, then {second:?}")
            }
            Self::Unit(Both { first, second }) => write!(f, "unit {first}, then {second}"),
            Self::Help(Both { first, second }) => write!(f, "help {first:?}, then {second:?}"),
            Self::Buckets(Both { first, second }) => {
                write!(f, "buckets {first:?}, then {second:?}")
            }
            Self::NativeBuckets(Both { first, second }) => {
                let text = |native: &Option<NativeBuckets>| {
                    native.map_or("chosen ones".to_owned(), |native| native.to_string())
                };
                write!(f, "buckets {}, then {}", text(first), text(second))
            }
            Self::Quantiles(Both { first, second }) => {
                write!(f, "quantiles {first:?}, then {second:?}")
            }
            Self::Window(Both { first, second }) => {
                let text = |window: &Option<Duration>| {
                    window.map_or("none".to_owned(), |window| format!("{window:?}"))
                };
                write!(f, "window {}, then {}", text(first), text(second))
            }
            Self::States(Both { first, second }) => write!(f, "states {first:?}, then {second:?}"),
            Self::Function { name, module } => write!(
                f,
                "both functions are called `{name}` in `{module}`; place `#[track]` on their blocks, or \
                 write `function = \"...\"` in one of the attributes"
            ),
            Self::WrittenName(Both { first, second }) => write!(
                f,
                "written `{first}`, then `{second}`, which only look alike once sanitised"
            ),
        }
    }
}
