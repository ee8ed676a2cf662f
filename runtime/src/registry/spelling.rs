//! Label names made at run time: cleaned, and remembered as they were written.
//!
//! Invariants: within a family, a label has one spelling. Two that only look alike once cleaned are never merged, in
//! whatever order and through whichever door they come. What is remembered is bounded.

use std::{collections::BTreeMap, sync::PoisonError};

use yardstick_model::{Location, NameViolation, reserved_label};

use super::{FamilyCore, RegisterError};
use crate::base::lock::Mutex;

/// Names that the labels of one family may have where they are made at run time. A family with so many labels is one
/// whose names should be values.
const LABEL_NAMES_MAX: usize = 1_000;

/// How each label of a family was written first, by its cleaned name.
#[derive(Debug, Default)]
pub(super) struct Spellings(Mutex<BTreeMap<String, String>>);

impl Clone for Spellings {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }
}

impl FamilyCore {
    /// The labels of a series, by their cleaned names.
    ///
    /// # Errors
    ///
    /// When a name cannot be cleaned, is reserved, is there twice, was written otherwise before, or is one too many.
    pub(crate) fn spelled<'v>(
        &self,
        written: impl Iterator<Item = (&'v str, &'v str)>,
        clean: impl Fn(&str) -> Result<String, NameViolation>,
        location: Location,
    ) -> Result<BTreeMap<String, &'v str>, RegisterError> {
        let metric = || self.meta.name.clone();
        let mut labels = BTreeMap::new();
        for (label, value) in written {
            let refused = |violation| RegisterError::LabelName {
                metric: metric(),
                label: label.to_owned(),
                violation,
                location,
            };
            let name = clean(label).map_err(|violation| refused(Some(violation)))?;
            if reserved_label(self.meta.kind, &name) {
                return Err(refused(None));
            }
            self.spell(&name, label, location)?;
            if labels.insert(name, value).is_some() {
                let label = label.to_owned();
                return Err(RegisterError::DuplicateLabel { metric: metric(), label, location });
            }
        }
        Ok(labels)
    }

    /// Holds a label to its first spelling.
    pub(crate) fn spell(
        &self,
        name: &str,
        written: &str,
        location: Location,
    ) -> Result<(), RegisterError> {
        let metric = || self.meta.name.clone();
        let mut spellings = self.spellings.0.lock().unwrap_or_else(PoisonError::into_inner);
        match spellings.get(name) {
            Some(first) if first == written => Ok(()),
            Some(first) => Err(RegisterError::LookAlikeLabels {
                metric: metric(),
                label: name.to_owned(),
                first: first.clone(),
                second: written.to_owned(),
                location,
            }),
            None if spellings.len() >= LABEL_NAMES_MAX => Err(RegisterError::TooManyLabels {
                family: metric(),
                label: written.to_owned(),
                max: LABEL_NAMES_MAX,
                location,
            }),
            None => {
                spellings.insert(name.to_owned(), written.to_owned());
                Ok(())
            }
        }
    }
}
