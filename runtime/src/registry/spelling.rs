//! Label names that nobody checked: cleaned, and remembered as they were written.
//!
//! Invariant: within a family, a label has one spelling. Two that only look alike once cleaned are never merged, in
//! whatever order and through whichever door they come.

use std::{
    collections::{BTreeMap, HashMap},
    sync::PoisonError,
};

use yardstick_model::{Location, NameViolation, reserved_label};

use super::{FamilyCore, RegisterError, Registry};

/// The spelling of each label, by family and cleaned name.
#[derive(Default)]
pub(super) struct Spellings(HashMap<(String, String), String>);

impl Registry {
    /// The labels of a series of `family`, by their cleaned names.
    ///
    /// # Errors
    ///
    /// When a name cannot be cleaned, is reserved, is there twice, or was written otherwise before.
    pub(super) fn spelled<'v>(
        &self,
        family: &FamilyCore,
        written: impl Iterator<Item = (&'v str, &'v str)>,
        clean: impl Fn(&str) -> Result<String, NameViolation>,
        location: Location,
    ) -> Result<BTreeMap<String, &'v str>, RegisterError> {
        let metric = || family.facts.name.clone();
        let mut labels = BTreeMap::new();
        for (label, value) in written {
            let refused = |violation| RegisterError::LabelName {
                metric: metric(),
                label: label.to_owned(),
                violation,
                location,
            };
            let name = clean(label).map_err(|violation| refused(Some(violation)))?;
            if reserved_label(family.facts.kind, &name) {
                return Err(refused(None));
            }
            self.spell(family, &name, label, location)?;
            if labels.insert(name, value).is_some() {
                let label = label.to_owned();
                return Err(RegisterError::DuplicateLabel { metric: metric(), label, location });
            }
        }
        Ok(labels)
    }

    /// Forgets how the labels of a family were written, which is gone.
    pub(super) fn forget_spellings(&self, family: &str) {
        let mut described = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
        described.spellings.0.retain(|(of, _), _| of != family);
    }

    /// Holds a label to its first spelling.
    pub(crate) fn spell(
        &self,
        family: &FamilyCore,
        name: &str,
        written: &str,
        location: Location,
    ) -> Result<(), RegisterError> {
        let key = (family.facts.name.clone(), name.to_owned());
        let mut described = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
        let first = described.spellings.0.entry(key).or_insert_with(|| written.to_owned());
        if first == written {
            return Ok(());
        }
        Err(RegisterError::LookAlikeLabels {
            metric: family.facts.name.clone(),
            label: name.to_owned(),
            first: first.clone(),
            second: written.to_owned(),
            location,
        })
    }
}
