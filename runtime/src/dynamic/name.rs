//! Cleaning names that are made at run time, and which of them mean one metric.

use std::{collections::HashMap, sync::PoisonError};

use yardstick_model::{
    Kind, NameViolation, Unit, clean_metric_name, exposed_name, family_name, is_one_metric,
    says_duration, unit_in_name, with_base_unit,
};

use crate::base::{lock::RwLock, refusals::drop_description};

/// Names that may be described; further ones keep their generated help text.
const DESCRIPTIONS_MAX: usize = 10_000;

pub(super) struct Names {
    digit_prefix: String,
    /// By cleaned name, as some names only look alike.
    help: RwLock<HashMap<String, Vec<Description>>>,
}

struct Description {
    written: String,
    help: String,
}

/// A name for a metric of a kind.
pub(super) struct Meant<'a> {
    /// As it was written.
    pub(super) written: &'a str,
    /// Cleaned, and with the unit of its values where that is known.
    pub(super) base: String,
    pub(super) kind: Kind,
    pub(super) unit: Option<Unit>,
}

impl Meant<'_> {
    pub(super) fn exposed_name(&self) -> String {
        exposed_name(&self.base, self.unit, self.kind)
    }
}

impl Names {
    pub(super) fn new(digit_prefix: &str) -> Self {
        Self { digit_prefix: digit_prefix.to_owned(), help: RwLock::default() }
    }

    /// What a name means for a metric of `kind`, whose values are known to be in `unit`.
    ///
    /// There is no other way to say the unit of what is recorded by name, so the name says it: a histogram whose name
    /// ends in a word for durations is one of seconds, as timings are.
    pub(super) fn meant<'a>(
        &self,
        written: &'a str,
        kind: Kind,
        unit: Option<Unit>,
    ) -> Result<Meant<'a>, NameViolation> {
        let base = clean_metric_name(written, &self.digit_prefix)?;
        let is_duration = kind == Kind::Histogram && says_duration(&base);
        let base = match unit.or_else(|| is_duration.then_some(Unit::Seconds)) {
            Some(unit) => with_base_unit(&base, unit),
            None => base,
        };
        let unit = unit_in_name(&base, kind);
        Ok(Meant { written, base, kind, unit })
    }

    pub(super) fn describe(&self, name: &str, help: &str) -> Result<(), NameViolation> {
        let base = clean_metric_name(name, &self.digit_prefix)?;
        let mut known = self.help.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= DESCRIPTIONS_MAX && !known.contains_key(&base) {
            drop_description();
            return Ok(());
        }
        let of_base = known.entry(base).or_default();
        of_base.retain(|described| described.written != name);
        of_base.push(Description { written: name.to_owned(), help: help.to_owned() });
        Ok(())
    }

    /// The help text of whichever name for the same metric was described.
    pub(super) fn help(&self, meant: &Meant<'_>) -> Option<String> {
        let known = self.help.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return None;
        }
        let Meant { written, base, kind, unit } = meant;
        let exposed = meant.exposed_name();
        let stem = family_name(&exposed, *kind);
        let word = unit.and_then(Unit::suffix).unwrap_or_default();
        let bare = stem.strip_suffix(word).map_or(stem, |bare| bare.trim_end_matches('_'));
        [base.as_str(), &exposed, stem, bare].into_iter().find_map(|name| {
            let described = known.get(name)?.iter().rev();
            let mut of_metric =
                described.filter(|other| is_one_metric(&other.written, written, *unit, *kind));
            of_metric.next().map(|described| described.help.clone())
        })
    }
}
