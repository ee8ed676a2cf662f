//! Labels of every series of a registry.
//!
//! Invariant: they are added when a registry is gathered and at no other time, so they cost recording nothing. A label
//! that a series brings by itself keeps its value; one that a declaration writes out is refused. Which of the two came
//! first decides nothing. One gather adds one list of them, also while another is set.

use std::sync::{Arc, PoisonError};

use yardstick_model::{Kind, Location, check_label_name, reserved_label};

use super::{
    FamilySpec, LabelNames, NamePolicy, RegisterError, Registry,
    gather::{Head, Notes, Point, Sink},
};
use crate::data::LabelText;

/// What a registry adds to every series.
pub(super) struct GlobalLabels {
    /// By name.
    labels: Vec<(String, String)>,
    /// Where they were given.
    location: Location,
}

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
            // A label of every series is one of histograms and of summaries.
            let is_reserved =
                [Kind::Histogram, Kind::Summary].map(|kind| reserved_label(kind, &label));
            let is_reserved = is_reserved.contains(&true);
            if let Err(violation) = check_label_name(&label) {
                let violation = Some(violation);
                errors.push(RegisterError::LabelName { metric, label, violation, location });
            } else if is_reserved {
                errors.push(RegisterError::LabelName { metric, label, violation: None, location });
            } else if labels[..index].iter().any(|(known, _)| *known == label) {
                errors.push(RegisterError::DuplicateLabel { metric, label, location });
            } else {
                errors.extend(self.declared_with(&label).map(|(metric, second)| {
                    let (label, first) = (label.clone(), location);
                    RegisterError::GlobalLabel { metric, label, first, second }
                }));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Gives every series of this registry these labels, in place of those that were set before. A scrape shows the old
    /// ones or the new ones, never some of each. To Prometheus, series with other labels are other series: set them
    /// before the first scrape where you can.
    ///
    /// A label that a series brings by itself, as those recorded by name do, keeps its value.
    ///
    /// # Errors
    ///
    /// When a name is invalid, reserved or there twice, or a family is declared with a label of that name. The labels are
    /// then what they were.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// registry.gauge("depth").help("Depth.").register()?.set(2);
    /// registry.set_global_labels(&[("service", "shop")])?;
    /// assert!(registry.render().ends_with("depth{service=\"shop\"} 2\n"));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[track_caller]
    pub fn set_global_labels(&self, labels: &[(&str, &str)]) -> Result<(), RegisterError> {
        let location = Location::from_caller("", std::panic::Location::caller());
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let labels: Vec<_> = labels.iter().map(owned).collect();
        if let Err(refused) = self.check_global_labels(&labels, location) {
            refused.iter().for_each(|error| self.count_refusal(error));
            return refused.into_iter().next().map_or(Ok(()), Err);
        }
        self.replace_global_labels(labels, location);
        Ok(())
    }

    /// Sets the labels of every series, after they were checked.
    pub(crate) fn replace_global_labels(
        &self,
        mut labels: Vec<(String, String)>,
        location: Location,
    ) {
        labels.sort();
        let mut current = self.inner.global_labels.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::new(GlobalLabels { labels, location }));
    }

    /// The labels of every series, by name.
    pub(crate) fn global_label_pairs(&self) -> Vec<(String, String)> {
        self.global_labels().map_or_else(Vec::new, |global| global.labels.clone())
    }

    fn global_labels(&self) -> Option<Arc<GlobalLabels>> {
        let current = self.inner.global_labels.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }

    /// Whether no label that a declaration writes out is one of every series.
    pub(super) fn check_own_labels(&self, spec: &FamilySpec<'_>) -> Result<(), RegisterError> {
        let Some(global) = self.global_labels() else { return Ok(()) };
        if spec.policy != NamePolicy::Checked {
            return Ok(());
        }
        let is_global = |label: &&str| global.labels.iter().any(|(name, _)| name == label);
        spec.own_labels().find(is_global).map_or(Ok(()), |label| {
            Err(RegisterError::GlobalLabel {
                metric: spec.exposed_name(),
                label: label.to_owned(),
                first: global.location,
                second: spec.location,
            })
        })
    }

    /// The families that are declared with a label of this name, and where.
    fn declared_with(&self, label: &str) -> impl Iterator<Item = (String, Location)> {
        let has = |names: &[String]| names.iter().any(|name| name == label);
        let families = self.families().into_iter().filter_map(move |family| {
            let constant = family.meta.constant.iter().any(|(name, _)| name == label);
            let is_own = constant
                || matches!(&family.meta.labels, LabelNames::Declared(names) if has(names));
            let location = *family.declared.get()?;
            is_own.then(|| (family.meta.name.clone(), location))
        });
        families.collect::<Vec<_>>().into_iter()
    }

    /// Calls `gather` with a sink that adds the global labels.
    pub(super) fn with_global_labels(
        &self,
        sink: &mut dyn Sink,
        gather: impl FnOnce(&mut dyn Sink),
    ) {
        match self.global_labels() {
            Some(global) if !global.labels.is_empty() => {
                gather(&mut Labelled { sink, labels: &global.labels });
            }
            _ => gather(sink),
        }
    }
}

/// Adds labels to every series.
struct Labelled<'a> {
    sink: &'a mut dyn Sink,
    labels: &'a [(String, String)],
}

impl Sink for Labelled<'_> {
    fn wants_native(&self) -> bool {
        self.sink.wants_native()
    }

    fn family(&mut self, family: &Head<'_>) {
        self.sink.family(family);
    }

    fn series(&mut self, labels: &LabelText, point: &Point<'_>, notes: &Notes<'_>) {
        let global = self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.sink.series(&labels.with(global), point, notes);
    }
}
