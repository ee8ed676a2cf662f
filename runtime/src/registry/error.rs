//! `RegisterError`: why a registration was refused.

use std::fmt;

use yardstick_model::{BoundsViolation, Location, NameViolation};

use super::Difference;
use crate::base::causes::causes;

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
    /// A metric is declared with a label that every series of the registry has.
    GlobalLabel {
        /// The name under which the family is exposed.
        metric: String,
        /// The label.
        label: String,
        /// Where it was given to every series.
        first: Location,
        /// Where the metric was declared.
        second: Location,
    },
    /// Two label names of one family only look alike once cleaned.
    LookAlikeLabels {
        /// The name under which the family is exposed.
        metric: String,
        /// The label that both would be.
        label: String,
        /// As it was written first.
        first: String,
        /// As it was written now.
        second: String,
        /// Where it was.
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
    /// The metric's name ends in another unit than its own.
    Suffix {
        /// The name as it was written.
        name: String,
        /// The part of it that says another unit.
        suffix: String,
        /// What it says.
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
    /// A state of a state set has no name, or one that another state has.
    State {
        /// The metric as it was written.
        metric: String,
        /// The state.
        state: String,
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
        /// One that it has, and that was probably meant.
        nearest: Option<String>,
        /// Where it was asked for.
        location: Location,
    },
    /// A handle of one series was given where a metric is needed, which knows all of its series.
    OneSeries {
        /// Where it was given.
        location: Location,
    },
    /// The registry has as many families as names known only at run time may make.
    TooManyFamilies {
        /// The name under which the family would be exposed.
        family: String,
        /// How many there may be.
        max: usize,
        /// Where it was asked for.
        location: Location,
    },
    /// The family has as many label names as may be written at run time.
    TooManyLabels {
        /// The name under which the family is exposed.
        family: String,
        /// The label that would be one more.
        label: String,
        /// How many there may be.
        max: usize,
        /// Where it was written.
        location: Location,
    },
    /// No words are left for the cells of another series.
    OutOfMemory {
        /// The name under which the family is exposed.
        family: String,
    },
}

impl RegisterError {
    /// The cause as the label value under which refusals are counted.
    pub(crate) const fn cause(&self) -> RefusedBecause {
        match self {
            Self::MetricName { .. }
            | Self::LabelName { .. }
            | Self::DuplicateLabel { .. }
            | Self::GlobalLabel { .. }
            | Self::NoStates { .. }
            | Self::State { .. }
            | Self::Suffix { .. }
            | Self::UnknownFamily { .. } => RefusedBecause::Name,
            Self::MissingLabel { .. } | Self::OneSeries { .. } => RefusedBecause::Labels,
            Self::EmptyHelp { .. } => RefusedBecause::Help,
            Self::Bounds { .. } | Self::Quantiles { .. } => RefusedBecause::Buckets,
            Self::Conflict { difference, .. } => difference.cause(),
            Self::SampleName { .. } | Self::LookAlikeLabels { .. } => RefusedBecause::Collision,
            Self::TooManyFamilies { .. } | Self::TooManyLabels { .. } => RefusedBecause::Limit,
            Self::OutOfMemory { .. } => RefusedBecause::Memory,
        }
    }
}

causes! {
    /// The causes under which refused registrations are counted.
    pub(crate) enum RefusedBecause {
        Buckets = "buckets",
        Collision = "collision",
        Help = "help",
        Kind = "kind",
        Labels = "labels",
        Limit = "limit",
        Memory = "memory",
        Name = "name",
        Unit = "unit",
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
                write!(f, "invalid metric name `{name}` at {location}: {violation}")?;
                advise(f, violation.help(name))
            }
            Self::LabelName { .. }
            | Self::DuplicateLabel { .. }
            | Self::GlobalLabel { .. }
            | Self::LookAlikeLabels { .. }
            | Self::MissingLabel { .. }
            | Self::TooManyLabels { .. } => self.fmt_of_labels(f),
            Self::Suffix { name, suffix, owner, location } => {
                write!(
                    f,
                    "`{name}` at {location} ends in `{suffix}`, which is reserved for {owner}"
                )
            }
            Self::NoStates { metric, location } => {
                write!(f, "the state set `{metric}` at {location} has no states; give it an enum")
            }
            Self::State { metric, state, location } if state.is_empty() => {
                write!(f, "a state of `{metric}` at {location} has no name; give it one")
            }
            Self::State { metric, state, location } => {
                write!(f, "the state `{state}` of `{metric}` at {location} is named twice")
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
            Self::UnknownFamily { family, nearest, location } => {
                write!(
                    f,
                    "the registry has no family `{family}`, which is asked for at {location}"
                )?;
                advise(f, nearest.as_ref().map(|meant| format!("did you mean `{meant}`?")))
            }
            Self::OneSeries { location } => write!(
                f,
                "the handle at {location} is one of several series; register the metric that it was taken from"
            ),
            Self::TooManyFamilies { family, max, location } => write!(
                f,
                "`{family}` at {location} would be one more than the {max} families that a registry has when names are \
                 made at run time; say with a label what differs"
            ),
            Self::OutOfMemory { family } => {
                write!(f, "no memory is left for another series of `{family}`")
            }
        }
    }
}

impl RegisterError {
    /// The message of a mistake in a label.
    fn fmt_of_labels(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LabelName { metric, label, violation: Some(violation), location } => {
                write!(f, "invalid label name `{label}` of `{metric}` at {location}: {violation}")?;
                advise(f, violation.help(label))
            }
            Self::LabelName { metric, label, violation: None, location } => write!(
                f,
                "label `{label}` of `{metric}` at {location} is reserved; choose another name"
            ),
            Self::DuplicateLabel { metric, label, location } => {
                write!(f, "label `{label}` of `{metric}` at {location} is named twice")
            }
            Self::GlobalLabel { metric, label, first, second } => write!(
                f,
                "label `{label}` of `{metric}` at {second} is one of every series since {first}; rename one \
                 of the two"
            ),
            Self::LookAlikeLabels { metric, label, first, second, location } => write!(
                f,
                "label `{label}` of `{metric}` is written `{first}`, then `{second}` at {location}, which \
                 only look alike once cleaned; write it one way"
            ),
            Self::TooManyLabels { family, label, max, location } => write!(
                f,
                "label `{label}` of `{family}` at {location} would be one more than the {max} names that its labels \
                 may have; say with a value what differs"
            ),
            Self::MissingLabel { family, label, location } => {
                write!(f, "a series of `{family}` needs a value for `{label}` at {location}")
            }
            _ => Ok(()),
        }
    }
}

/// What to write instead, if that is known.
fn advise(f: &mut fmt::Formatter<'_>, advice: Option<String>) -> fmt::Result {
    advice.map_or(Ok(()), |advice| write!(f, "; {advice}"))
}

impl std::error::Error for RegisterError {}
