//! Labels of every series of a registry.
//!
//! Invariant: they are added when a registry is gathered and at no other time, so they cost recording nothing. A series
//! that has a label of the same name keeps its own value.

use yardstick_model::{Location, check_label_name, parse_label_set, render_label_set};

use super::{
    LabelNames, RegisterError, Registry,
    gather::{Head, Notes, Sink},
    series::CounterValue,
};
use crate::cells::HistogramTotals;

impl Registry {
    /// Whether these can be the labels of every series.
    ///
    /// # Errors
    ///
    /// When a name is invalid, reserved or there twice, or a family is declared with a label of that name.
    pub(crate) fn check_global_labels(
        &self,
        labels: &[(String, String)],
        location: Location,
    ) -> Result<(), Vec<RegisterError>> {
        let mut errors = Vec::new();
        for (index, (label, _)) in labels.iter().enumerate() {
            let (metric, label) = ("(every metric)".to_owned(), label.clone());
            let is_reserved = ["le", "quantile"].contains(&&*label) || label.starts_with("__");
            if let Err(violation) = check_label_name(&label) {
                let violation = Some(violation);
                errors.push(RegisterError::LabelName { metric, label, violation, location });
            } else if is_reserved {
                errors.push(RegisterError::LabelName { metric, label, violation: None, location });
            } else if labels[..index].iter().any(|(known, _)| *known == label) {
                errors.push(RegisterError::DuplicateLabel { metric, label, location });
            } else {
                errors.extend(self.families_with(&label).map(|metric| {
                    RegisterError::DuplicateLabel { metric, label: label.clone(), location }
                }));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Sets the labels of every series, once, after they were checked.
    pub(crate) fn set_global_labels(&self, mut labels: Vec<(String, String)>) {
        labels.sort();
        let _ = self.inner.global_labels.set(labels);
    }

    /// Whether these are the labels of every series.
    pub(crate) fn has_global_labels(&self, mut labels: Vec<(String, String)>) -> bool {
        labels.sort();
        self.inner.global_labels.get().map_or(&[][..], Vec::as_slice) == labels
    }

    /// The families that are declared with a label of this name.
    fn families_with(&self, label: &str) -> impl Iterator<Item = String> {
        let has = |names: &[String]| names.iter().any(|name| name == label);
        let families = self.families().into_iter().filter(move |family| {
            let constant = family.facts.constant.iter().any(|(name, _)| name == label);
            constant || matches!(&family.facts.labels, LabelNames::Declared(names) if has(names))
        });
        let names: Vec<_> = families.map(|family| family.facts.name.clone()).collect();
        names.into_iter()
    }

    /// Calls `gather` with a sink that adds the global labels.
    pub(super) fn with_global_labels(
        &self,
        sink: &mut dyn Sink,
        gather: impl FnOnce(&mut dyn Sink),
    ) {
        match self.inner.global_labels.get() {
            Some(labels) if !labels.is_empty() => gather(&mut Labelled { sink, labels }),
            _ => gather(sink),
        }
    }
}

/// Adds labels to every series.
struct Labelled<'a> {
    sink: &'a mut dyn Sink,
    labels: &'a [(String, String)],
}

fn merged(own: &str, global: &[(String, String)]) -> String {
    let pairs = parse_label_set(own).unwrap_or_default();
    let missing = global.iter().filter(|(name, _)| pairs.iter().all(|(known, _)| known != name));
    let all = pairs.iter().chain(missing).map(|(name, value)| (name.as_str(), value.as_str()));
    render_label_set(all)
}

impl Sink for Labelled<'_> {
    fn wants_native(&self) -> bool {
        self.sink.wants_native()
    }

    fn family(&mut self, family: &Head<'_>) {
        self.sink.family(family);
    }

    fn counter(&mut self, labels: &str, value: CounterValue, notes: &Notes<'_>) {
        self.sink.counter(&merged(labels, self.labels), value, notes);
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.sink.gauge(&merged(labels, self.labels), value);
    }

    fn histogram(
        &mut self,
        labels: &str,
        bounds: &[f64],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        self.sink.histogram(&merged(labels, self.labels), bounds, totals, notes);
    }

    fn summary(
        &mut self,
        labels: &str,
        quantiles: &[(f64, f64)],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        self.sink.summary(&merged(labels, self.labels), quantiles, totals, notes);
    }

    fn info(&mut self, labels: &str) {
        self.sink.info(&merged(labels, self.labels));
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        self.sink.state_set(&merged(labels, self.labels), states, current);
    }
}
