//! What registration can refuse, and why.

use std::fmt;

use yardstick_model::{BoundsViolation, Kind, Location, NameViolation, NativeBuckets};

/// Why a family or series could not be registered.
///
/// Conflicts name both source locations: where the family was registered first, and where it was asked
/// for in a way that does not agree.
///
/// Its `Debug` says what its `Display` does, because that is what a program prints whose `main` answers with it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum RegisterError {
    /// The metric's name breaks the naming rule.
    MetricName {
        /// The name as it was written.
        name: String,
        /// What is wrong with it.
        violation: NameViolation,
        /// Where it was written.
        location: Location,
    },
    /// A label's name breaks the naming rule or is reserved.
    LabelName {
        /// The metric as it was written.
        metric: String,
        /// The label as it was written.
        label: String,
        /// What is wrong with it; `None` if it is reserved for this kind of metric.
        violation: Option<NameViolation>,
        /// Where it was written.
        location: Location,
    },
    /// A label is named twice.
    DuplicateLabel {
        /// The metric as it was written.
        metric: String,
        /// The label.
        label: String,
        /// Where it was written.
        location: Location,
    },
    /// A series was asked for without a value for one of its family's labels.
    MissingLabel {
        /// The name under which the family is exposed.
        family: String,
        /// The label.
        label: String,
        /// Where the series was asked for.
        location: Location,
    },
    /// The metric's name ends in what is reserved for another unit or kind of metric.
    Suffix {
        /// The name as it was written.
        name: String,
        /// The part of it that is reserved.
        suffix: String,
        /// What it is reserved for.
        owner: String,
        /// Where it was written.
        location: Location,
    },
    /// The type of a state set's states does not know its values: it is no enum.
    NoStates {
        /// The metric as it was written.
        metric: String,
        /// Where it was written.
        location: Location,
    },
    /// The help text says nothing.
    EmptyHelp {
        /// The metric as it was written.
        metric: String,
        /// Where it was written.
        location: Location,
    },
    /// The bucket bounds break a rule.
    Bounds {
        /// The metric as it was written.
        metric: String,
        /// What is wrong with them.
        violation: BoundsViolation,
        /// Where they were written.
        location: Location,
    },
    /// The quantiles of a summary are not between 0 and 1 and strictly increasing, or cover no time.
    Quantiles {
        /// The metric as it was written.
        metric: String,
        /// The quantiles.
        quantiles: Vec<f64>,
        /// Where they were written.
        location: Location,
    },
    /// The family exists and differs.
    Conflict {
        /// The name under which the family is exposed.
        family: String,
        /// In what they differ.
        difference: Difference,
        /// Where the family was registered first.
        first: Location,
        /// Where it was asked for again.
        second: Location,
    },
    /// Another family's samples have this name already.
    SampleName {
        /// The name under which the family would be exposed.
        family: String,
        /// The sample that both would have.
        sample: String,
        /// The family that has it.
        owner: String,
        /// Where the owner was registered.
        first: Location,
        /// Where this family was asked for.
        second: Location,
    },
    /// The registry has no family of this name.
    UnknownFamily {
        /// The name that was asked for.
        family: String,
        /// Where it was.
        location: Location,
    },
    /// No words are left for the cells of another series.
    OutOfWords {
        /// The name under which the family is exposed.
        family: String,
    },
}

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

impl RegisterError {
    /// The cause as the label value under which refusals are counted.
    pub(crate) const fn cause(&self) -> Cause {
        match self {
            Self::MetricName { .. }
            | Self::LabelName { .. }
            | Self::DuplicateLabel { .. }
            | Self::NoStates { .. }
            | Self::Suffix { .. }
            | Self::UnknownFamily { .. } => Cause::Name,
            Self::MissingLabel { .. } => Cause::Labels,
            Self::EmptyHelp { .. } => Cause::Help,
            Self::Bounds { .. } | Self::Quantiles { .. } => Cause::Buckets,
            Self::Conflict { difference, .. } => match difference {
                Difference::Kind { .. } => Cause::Kind,
                Difference::Labels { .. }
                | Difference::ConstantLabels { .. }
                | Difference::Function { .. } => Cause::Labels,
                Difference::Unit { .. } => Cause::Unit,
                Difference::Help { .. } => Cause::Help,
                Difference::Buckets { .. }
                | Difference::NativeBuckets { .. }
                | Difference::Quantiles { .. } => Cause::Buckets,
                Difference::States { .. } => Cause::Labels,
                Difference::WrittenName { .. } => Cause::Collision,
            },
            Self::SampleName { .. } => Cause::Collision,
            Self::OutOfWords { .. } => Cause::Memory,
        }
    }
}

/// The causes under which refused registrations are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Buckets,
    Collision,
    Help,
    Kind,
    Labels,
    Memory,
    Name,
    Unit,
}

impl Cause {
    pub(crate) const ALL: [Self; 8] = [
        Self::Buckets,
        Self::Collision,
        Self::Help,
        Self::Kind,
        Self::Labels,
        Self::Memory,
        Self::Name,
        Self::Unit,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Buckets => "buckets",
            Self::Collision => "collision",
            Self::Help => "help",
            Self::Kind => "kind",
            Self::Labels => "labels",
            Self::Memory => "memory",
            Self::Name => "name",
            Self::Unit => "unit",
        }
    }
}

impl fmt::Debug for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MetricName { name, violation, location } => {
                write!(f, "invalid metric name `{name}` at {location}: {violation}")
            }
            Self::LabelName { metric, label, violation: Some(violation), location } => {
                write!(f, "invalid label name `{label}` of `{metric}` at {location}: {violation}")
            }
            Self::LabelName { metric, label, violation: None, location } => write!(
                f,
                "label `{label}` of `{metric}` at {location} is reserved; choose another name"
            ),
            Self::DuplicateLabel { metric, label, location } => {
                write!(f, "label `{label}` of `{metric}` at {location} is named twice")
            }
            Self::MissingLabel { family, label, location } => {
                write!(f, "a series of `{family}` needs a value for `{label}` at {location}")
            }
            Self::Suffix { name, suffix, owner, location } => {
                write!(
                    f,
                    "`{name}` at {location} ends in `{suffix}`, which is reserved for {owner}"
                )
            }
            Self::NoStates { metric, location } => {
                write!(f, "the state set `{metric}` at {location} has no states; give it an enum")
            }
            Self::EmptyHelp { metric, location } => {
                write!(f, "the help text of `{metric}` at {location} is empty; say what it means")
            }
            Self::Bounds { metric, violation, location } => {
                write!(f, "buckets of `{metric}` at {location}: {violation}")
            }
            Self::Quantiles { metric, quantiles, location } => write!(
                f,
                "quantiles of `{metric}` at {location} must be from 0 to 1, strictly increasing and over some \
                 time, and these are {quantiles:?}"
            ),
            Self::Conflict { family, difference, first, second } => write!(
                f,
                "`{family}` is registered at {first} and differs at {second}: {difference}"
            ),
            Self::SampleName { family, sample, owner, first, second } => write!(
                f,
                "`{family}` at {second} would expose `{sample}`, which belongs to `{owner}` at {first}"
            ),
            Self::UnknownFamily { family, location } => {
                write!(f, "there is no family `{family}` to share at {location}")
            }
            Self::OutOfWords { family } => {
                write!(f, "no memory is left for another series of `{family}`")
            }
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

impl std::error::Error for RegisterError {}
