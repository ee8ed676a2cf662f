//! What all metrics of one attribute kind have in common: kind, unit, default name and help.

use yardstick_model::{Kind, Unit};

use super::{
    by_result::ByResultCells,
    foreign::ForeignKind,
    instrument::{ActiveCells, CallsCells, DurationCells, ErrorsCells},
    recording::{Origin, SiteCells},
    site_spec::SiteSpec,
};
use crate::{
    data::Role,
    labels::{LabelValue as _, Outcome, lookup::Lookup},
};

/// What all attributes of one kind have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behaviour {
    /// The kind of its family.
    pub(super) kind: Kind,
    /// What it tells.
    pub(super) role: Role,
    /// The unit of its family.
    pub(super) unit: Option<Unit>,
    /// The name of its family where the attribute gives none.
    pub(super) default_name: &'static str,
    /// The help text of that family.
    pub(super) default_help: &'static str,
    /// How the help text of another one begins and ends, around what it is about, where neither the attribute nor the
    /// function documents it.
    pub(super) generated_help: (&'static str, &'static str),
    /// The label that it adds to those of the attribute.
    pub(super) own_label: Option<&'static str>,
    /// The values of that label, if they are known beforehand.
    pub(super) own_values: &'static [&'static str],
    /// How many series are known before the first call, for one set of the attribute's labels.
    pub(super) known_series: usize,
    /// Whether the result gives some of its labels.
    pub(super) is_by_result: bool,
    /// What it asks of another recorder.
    pub(super) foreign: ForeignKind,
    /// Finds the cells.
    pub(super) resolve: fn(Origin, &'static SiteSpec) -> Option<Lookup<SiteCells>>,
}

pub(super) static DURATION: Behaviour = Behaviour {
    kind: Kind::Histogram,
    role: Role::Duration,
    unit: Some(Unit::Seconds),
    default_name: "function_duration",
    default_help: "Duration of calls of annotated functions.",
    generated_help: ("Duration of calls of ", "."),
    own_label: None,
    own_values: &[],
    known_series: 1,
    is_by_result: false,
    foreign: ForeignKind::Histogram { skips_cancelled: false },
    resolve: DurationCells::resolve,
};

pub(super) static COMPLETED: Behaviour =
    Behaviour { foreign: ForeignKind::Histogram { skips_cancelled: true }, ..DURATION };

pub(super) static ERRORS: Behaviour = Behaviour {
    kind: Kind::Counter,
    role: Role::Errors,
    unit: None,
    default_name: "function_errors",
    default_help: "Calls of annotated functions that ended in an error or a panic, by type.",
    generated_help: ("Calls of ", " that ended in an error or a panic, by type."),
    own_label: Some("error_type"),
    own_values: &[],
    known_series: 1,
    is_by_result: false,
    foreign: ForeignKind::ErrorTypes,
    resolve: ErrorsCells::resolve,
};

pub(super) static CALLS: Behaviour = Behaviour {
    kind: Kind::Counter,
    role: Role::Calls,
    unit: None,
    default_name: "function_calls",
    default_help: "Calls of annotated functions that ended, by outcome.",
    generated_help: ("Calls of ", " that ended, by outcome."),
    own_label: Some("outcome"),
    own_values: Outcome::VALUES,
    known_series: Outcome::ALL.len(),
    is_by_result: false,
    foreign: ForeignKind::Outcomes,
    resolve: CallsCells::resolve,
};

pub(super) static ACTIVE: Behaviour = Behaviour {
    kind: Kind::Gauge,
    role: Role::Active,
    unit: None,
    default_name: "function_active",
    default_help: "Calls of annotated functions that are in flight.",
    generated_help: ("Calls of ", " that are in flight."),
    own_label: None,
    own_values: &[],
    known_series: 1,
    is_by_result: false,
    foreign: ForeignKind::Gauge,
    resolve: ActiveCells::resolve,
};

/// The same, of which the result gives labels: no series is known before a call has ended.
macro_rules! by_result {
    ($($name:ident: $of:ident;)*) => {$(
        pub(super) static $name: Behaviour = Behaviour {
            known_series: 0,
            is_by_result: true,
            resolve: |origin, site_spec| Some(Lookup::Own(ByResultCells::of(origin, site_spec, &$of))),
            ..$of
        };
    )*};
}

by_result! {
    DURATION_BY_RESULT: DURATION;
    COMPLETED_BY_RESULT: COMPLETED;
    ERRORS_BY_RESULT: ERRORS;
    CALLS_BY_RESULT: CALLS;
}

impl Behaviour {
    /// The help text of a family that is about `subject`.
    pub(super) fn help_about(&self, subject: &str) -> String {
        let (before, after) = self.generated_help;
        format!("{before}{subject}{after}")
    }
}
