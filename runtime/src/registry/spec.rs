//! What a registration asks for, and how it is compared with what exists.

use std::{collections::BTreeSet, sync::PoisonError, time::Duration};

use yardstick_model::{
    Kind, Location, NativeBuckets, Unit, check_bounds, check_duration_bounds, check_label_name,
    check_metric_name, exposed_name, foreign_unit_suffix, is_one_metric, reserved_label,
    unit_in_name,
};

use super::{
    difference::{Both, Difference},
    error::RegisterError,
    family::{Family, FamilyMeta, Help, HelpWeight, LabelNames},
    native,
    series::Layout,
    table::SERIES_MAX_DEFAULT,
};
use crate::{
    base::lock::Mutex,
    cells::{Bounds, clock},
    data::Role,
};

/// How the name of a family is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamePolicy {
    /// Written in source code, where an error can be corrected.
    Checked,
    /// Cleaned from whatever a library passed to the facade; `written` keeps the original.
    Sanitised,
    /// Cleaned from what was recorded by name; then the name says all that is known.
    ByName,
}

/// The help text that a registration brings.
#[derive(Clone, Debug)]
pub(crate) enum HelpSpec<'a> {
    Explicit(&'a str),
    Described(&'a str),
    Doc(&'a str),
    /// None: this one is made up, so that HELP is not empty.
    Generated(String),
}

/// A request for a family.
#[derive(Clone, Debug)]
pub(crate) struct FamilySpec<'a> {
    /// The name without sanitised characters; the unit and `_total` are added where they are missing.
    pub(crate) base: &'a str,
    /// The name as it was written.
    pub(crate) written: &'a str,
    pub(crate) policy: NamePolicy,
    pub(crate) kind: Kind,
    /// What declares it.
    pub(crate) role: Role,
    pub(crate) unit: Option<Unit>,
    pub(crate) help: HelpSpec<'a>,
    /// `None` for a family whose series bring their own labels.
    pub(crate) labels: Option<&'a [&'a str]>,
    /// Labels that all series have.
    pub(crate) constant: &'a [(&'a str, &'a str)],
    /// `None` to take the bounds that exist, or the default ones.
    pub(crate) bounds: Option<&'a [f64]>,
    /// The buckets, if they are native; then the bounds are theirs.
    pub(crate) native: Option<NativeBuckets>,
    /// The quantiles that a summary shows, and over what time.
    pub(crate) quantiles: Option<Quantiles<'a>>,
    /// The states of a state set.
    pub(crate) states: &'static [&'static str],
    pub(crate) location: Location,
    pub(crate) series_max: usize,
}

/// The quantiles of a summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quantiles<'a> {
    /// Each from 0 to 1, strictly increasing; empty where none is shown.
    pub(crate) of: &'a [f64],
    /// Observations that are older do not count.
    pub(crate) window: Duration,
    /// Whether quantiles are shown, and not only kept to be asked for.
    pub(crate) are_shown: bool,
}

impl<'a> FamilySpec<'a> {
    /// A family without labels, of which no more is known.
    pub(crate) fn new(name: &'a str, kind: Kind, location: Location) -> Self {
        Self {
            base: name,
            written: name,
            policy: NamePolicy::Checked,
            kind,
            role: Role::Builder,
            unit: None,
            help: HelpSpec::Generated(format!("The {kind} `{name}`.")),
            labels: Some(&[]),
            constant: &[],
            bounds: None,
            native: None,
            quantiles: None,
            states: &[],
            location,
            series_max: SERIES_MAX_DEFAULT,
        }
    }

    /// One that code declares, located where the caller is.
    #[track_caller]
    pub(crate) fn declared(name: &'a str, kind: Kind) -> Self {
        Self::new(name, kind, Location::from_caller("", std::panic::Location::caller()))
    }

    /// The names of the labels that the declaration writes out, the constant ones among them.
    pub(super) fn own_labels(&self) -> impl Iterator<Item = &'a str> {
        let constant = self.constant.iter().map(|(name, _)| *name);
        self.labels.unwrap_or_default().iter().copied().chain(constant)
    }
}

impl FamilySpec<'_> {
    /// The unit that is declared, else the one that the name says: who declares `wait_seconds` first does not decide
    /// what it is.
    fn unit_of_values(&self) -> Option<Unit> {
        self.unit.or_else(|| unit_in_name(self.base, self.kind))
    }

    /// The bounds that every format can show.
    pub(crate) fn shown_bounds(&self) -> Vec<f64> {
        let bounds = self.bounds.unwrap_or_default();
        self.native
            .map_or_else(|| bounds.to_vec(), |native| native::doubling_bounds(native, bounds))
    }

    pub(crate) fn exposed_name(&self) -> String {
        exposed_name(self.base, self.unit, self.kind)
    }

    /// Whether the registration is valid in itself.
    pub(crate) fn check(&self) -> Result<(), RegisterError> {
        let (metric, location) = (|| self.written.to_owned(), self.location);
        // The suffixes count too: they can make a name too long, or `_` into `__total`.
        check_metric_name(self.base)
            .and_then(|()| check_metric_name(&self.exposed_name()))
            .map_err(|violation| RegisterError::MetricName {
                name: metric(),
                violation,
                location,
            })?;
        self.check_suffix()?;
        let mut seen = BTreeSet::new();
        for label in self.own_labels() {
            let refused = |violation| RegisterError::LabelName {
                metric: metric(),
                label: label.to_owned(),
                violation,
                location,
            };
            check_label_name(label).map_err(|violation| refused(Some(violation)))?;
            if reserved_label(self.kind, label) {
                return Err(refused(None));
            }
            if !seen.insert(label) {
                let label = label.to_owned();
                return Err(RegisterError::DuplicateLabel { metric: metric(), label, location });
            }
        }
        if self.kind == Kind::StateSet && self.states.is_empty() {
            return Err(RegisterError::NoStates { metric: metric(), location });
        }
        for (index, state) in self.states.iter().enumerate() {
            if state.is_empty() || self.states[..index].contains(state) {
                let state = (*state).to_owned();
                return Err(RegisterError::State { metric: metric(), state, location });
            }
        }
        if self.kind == Kind::StateSet && seen.contains(self.exposed_name().as_str()) {
            // The exposition uses the family's name for the label of its states.
            let (label, violation) = (self.exposed_name(), None);
            return Err(RegisterError::LabelName { metric: metric(), label, violation, location });
        }
        self.quantiles.map_or(Ok(()), |quantiles| self.check_quantiles(quantiles))?;
        if let (NamePolicy::Checked, HelpSpec::Explicit(help)) = (self.policy, &self.help)
            && help.trim().is_empty()
        {
            return Err(RegisterError::EmptyHelp { metric: metric(), location });
        }
        let check =
            if self.unit == Some(Unit::Seconds) { check_duration_bounds } else { check_bounds };
        // Native bounds are valid as they are made.
        let bounds = self.bounds.filter(|_| self.native.is_none());
        bounds.map_or(Ok(()), check).map_err(|violation| RegisterError::Bounds {
            metric: metric(),
            violation,
            location,
        })
    }

    fn check_quantiles(&self, quantiles: Quantiles<'_>) -> Result<(), RegisterError> {
        let is_in_range = |quantile: &f64| (0.0..=1.0).contains(quantile);
        let is_valid = quantiles.of.is_empty() != quantiles.are_shown
            && quantiles.of.iter().all(is_in_range)
            && quantiles.of.is_sorted_by(|a, b| a < b)
            && !quantiles.window.is_zero();
        if is_valid {
            return Ok(());
        }
        let (metric, location) = (self.written.to_owned(), self.location);
        Err(RegisterError::Quantiles { metric, quantiles: quantiles.of.to_vec(), location })
    }

    /// Whether the name claims no other unit; what a library passes to the facade is taken as it is.
    fn check_suffix(&self) -> Result<(), RegisterError> {
        if self.policy != NamePolicy::Checked {
            return Ok(());
        }
        let foreign = self.unit.and_then(|unit| foreign_unit_suffix(self.base, unit));
        foreign.map_or(Ok(()), |suffix| {
            Err(RegisterError::Suffix {
                name: self.written.to_owned(),
                suffix: suffix.to_owned(),
                owner: "another unit".to_owned(),
                location: self.location,
            })
        })
    }

    /// Whether the registration agrees with `family`; a weightier help text then takes effect.
    pub(crate) fn agree(&self, family: &Family) -> Result<(), RegisterError> {
        if let Some(difference) = self.difference(&family.meta) {
            return Err(self.conflict(&family.meta, difference));
        }
        self.agree_on_help(family)?;
        self.declare(family);
        Ok(())
    }

    /// Notes where a family was declared with its labels written out.
    fn declare(&self, family: &Family) {
        if self.policy == NamePolicy::Checked {
            let _ = family.declared.set(self.location);
        }
    }

    fn conflict(&self, meta: &FamilyMeta, difference: Difference) -> RegisterError {
        RegisterError::Conflict {
            family: meta.name.clone(),
            difference,
            first: meta.location,
            second: self.location,
        }
    }

    fn difference(&self, meta: &FamilyMeta) -> Option<Difference> {
        if meta.kind != self.kind {
            return Some(Difference::Kind(Both { first: meta.kind, second: self.kind }));
        }
        let (first, second) = (meta.unit, self.unit_of_values());
        if first.and_then(Unit::suffix) != second.and_then(Unit::suffix) {
            let text = |unit: Option<Unit>| unit.map_or("none", Unit::as_str).to_owned();
            return Some(Difference::Unit(Both { first: text(first), second: text(second) }));
        }
        if let Some(difference) = self.spelling(meta) {
            return Some(difference);
        }
        if let (LabelNames::Declared(first), LabelNames::Declared(second)) =
            (&meta.labels, self.label_names())
            && *first != second
        {
            return Some(Difference::Labels(Both { first: first.clone(), second }));
        }
        if self.labels.is_some() && self.constant_labels() != meta.constant {
            let (first, second) = (meta.constant.clone(), self.constant_labels());
            return Some(Difference::ConstantLabels(Both { first, second }));
        }
        if self.kind == Kind::Summary && self.quantiles.map_or(&[][..], |q| q.of) != meta.quantiles
        {
            let second = self.quantiles.map_or_else(Vec::new, |quantiles| quantiles.of.to_vec());
            return Some(Difference::Quantiles(Both { first: meta.quantiles.clone(), second }));
        }
        let window = self.quantiles.map(|quantiles| quantiles.window);
        if self.kind == Kind::Summary && window != meta.layout.window {
            return Some(Difference::Window(Both { first: meta.layout.window, second: window }));
        }
        if self.kind == Kind::StateSet && self.states != meta.layout.states {
            let text = |states: &[&str]| states.iter().map(|s| (*s).to_owned()).collect();
            let (first, second) = (text(meta.layout.states), text(self.states));
            return Some(Difference::States(Both { first, second }));
        }
        if self.bounds.is_some() && self.native != meta.native {
            let (first, second) = (meta.native, self.native);
            return Some(Difference::NativeBuckets(Both { first, second }));
        }
        match self.bounds {
            Some(bounds) if bounds != meta.bounds => {
                let (first, second) = (meta.bounds.clone(), bounds.to_vec());
                Some(Difference::Buckets(Both { first, second }))
            }
            _ => None,
        }
    }

    /// Whether the name as it was written means the family that is exposed by that name.
    pub(crate) fn agree_on_spelling(&self, meta: &FamilyMeta) -> Result<(), RegisterError> {
        self.spelling(meta).map_or(Ok(()), |difference| Err(self.conflict(meta, difference)))
    }

    fn spelling(&self, meta: &FamilyMeta) -> Option<Difference> {
        let is_one = is_one_metric(&meta.written, self.written, meta.unit, self.kind);
        (!is_one).then(|| {
            Difference::WrittenName(Both {
                first: meta.written.clone(),
                second: self.written.to_owned(),
            })
        })
    }

    fn agree_on_help(&self, family: &Family) -> Result<(), RegisterError> {
        let new = self.help();
        let mut help = family.help();
        if help.text == new.text {
            help.weight = new.weight.max(help.weight.clone());
            return Ok(());
        }
        match new.weight.cmp(&help.weight) {
            std::cmp::Ordering::Equal if new.weight == HelpWeight::Explicit => {
                let (first, second) = (help.text.clone(), new.text);
                Err(self.conflict(&family.meta, Difference::Help(Both { first, second })))
            }
            std::cmp::Ordering::Less => Ok(()),
            _ => {
                *help = new;
                Ok(())
            }
        }
    }

    /// The help text, whatever its weight.
    pub(crate) fn help_text(&self) -> &str {
        match &self.help {
            HelpSpec::Explicit(text) | HelpSpec::Described(text) | HelpSpec::Doc(text) => text,
            HelpSpec::Generated(text) => text,
        }
    }

    fn help(&self) -> Help {
        let (text, weight) = match &self.help {
            HelpSpec::Explicit(text) => ((*text).to_owned(), HelpWeight::Explicit),
            HelpSpec::Described(text) => ((*text).to_owned(), HelpWeight::Described),
            HelpSpec::Doc(text) => {
                ((*text).to_owned(), HelpWeight::Doc(std::cmp::Reverse(self.location)))
            }
            HelpSpec::Generated(text) => (text.clone(), HelpWeight::Generated),
        };
        Help { text, weight }
    }

    fn label_names(&self) -> LabelNames {
        self.labels.map_or(LabelNames::Open, |labels| {
            let mut names: Vec<String> = labels.iter().map(|name| (*name).to_owned()).collect();
            names.sort_unstable();
            LabelNames::Declared(names)
        })
    }

    /// The labels that all series have, by name.
    fn constant_labels(&self) -> Vec<(String, String)> {
        let mut labels: Vec<_> =
            self.constant.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        labels.sort_unstable();
        labels
    }

    pub(crate) fn create(&self, name: String) -> Family {
        let bounds = match self.kind {
            Kind::Histogram => {
                self.bounds.unwrap_or(yardstick_model::default_bounds(self.unit)).to_vec()
            }
            _ => Vec::new(),
        };
        let unit = self.unit_of_values();
        let is_duration_by_name = self.policy == NamePolicy::ByName && unit == Some(Unit::Seconds);
        let layout = Layout {
            // Only a declared unit is recorded in ticks; then a sum is rounded to them.
            bounds: scale(&bounds, self.unit),
            refuses_negative: self.native.is_some() || is_duration_by_name,
            refuses_durations: !matches!(unit, None | Some(Unit::Seconds | Unit::Count)),
            window: self.quantiles.map(|quantiles| quantiles.window),
            states: self.states,
        };
        let meta = FamilyMeta {
            name,
            written: self.written.to_owned(),
            kind: self.kind,
            role: self.role,
            unit,
            labels: self.label_names(),
            constant: self.constant_labels(),
            location: self.location,
            bounds,
            native: self.native,
            quantiles: self.quantiles.map_or_else(Vec::new, |quantiles| quantiles.of.to_vec()),
            layout,
            series_max: self.series_max,
        };
        let family = Family::new(meta, self.help());
        self.declare(&family);
        family
    }
}

/// The bounds as histograms record against: ticks for seconds, values for all else.
fn scale(bounds: &[f64], unit: Option<Unit>) -> Bounds {
    if unit == Some(Unit::Seconds) {
        let ticks: Vec<u64> = bounds.iter().copied().map(clock::ticks_from_seconds).collect();
        Bounds::of_ticks(&ticks)
    } else {
        Bounds::of_values(bounds)
    }
}

/// One copy of the bounds, kept as long as the process lives. There are as many as a program has different lists.
pub(super) fn interned_values(bounds: &[f64]) -> &'static [f64] {
    static VALUES: Mutex<Vec<&'static [f64]>> = Mutex::new(Vec::new());
    let mut known = VALUES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.iter().find(|found| **found == bounds) {
        return found;
    }
    let new: &'static [f64] = Box::leak(bounds.into());
    known.push(new);
    new
}

/// One copy of the states, for ever.
pub(crate) fn interned_states(states: &[&str]) -> &'static [&'static str] {
    static STATES: Mutex<Vec<&'static [&'static str]>> = Mutex::new(Vec::new());
    let mut known = STATES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.iter().find(|found| **found == states) {
        return found;
    }
    let texts = states.iter().map(|state| -> &'static str { Box::leak(Box::from(*state)) });
    let new: &'static [&'static str] = Box::leak(texts.collect());
    known.push(new);
    new
}
