//! What is said about operations: each at debug level, and what was refused once.

use std::{collections::BTreeSet, sync::PoisonError};

use yardstick_model::{Kind, check_label_name, reserved_label};

use super::Labels;
use crate::{RegisterError, diagnostics, locks::Mutex};

/// Refusals and labels that are remembered as said; further ones are counted and not said.
const SAID_MAX: usize = 1_000;

/// What was said already.
#[derive(Default)]
pub(super) struct Log {
    said: Mutex<Said>,
}

#[derive(Default)]
struct Said {
    refusals: BTreeSet<(String, &'static str)>,
    errors: Vec<RegisterError>,
    labels: BTreeSet<(String, String)>,
}

impl Log {
    /// Notes a refusal, and says it if it is new.
    pub(super) fn refused(&self, name: &str, error: RegisterError) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = said.errors.len() < SAID_MAX
            && said.refusals.insert((name.to_owned(), error.cause().as_str()));
        if is_new {
            #[cfg(feature = "tracing")]
            tracing::warn!(metric = name, %error, "not recorded");
            said.errors.push(error);
        }
    }

    pub(super) fn errors(&self) -> Vec<RegisterError> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).errors.clone()
    }

    /// The labels whose names are valid and there once. Others are counted, and said if they are new.
    pub(super) fn valid_labels<'a>(
        &self,
        metric: &str,
        kind: Kind,
        labels: Labels<'a>,
    ) -> Vec<(&'a str, &'a str)> {
        let mut valid: Vec<(&str, &str)> = Vec::with_capacity(labels.len());
        for (name, value) in labels {
            let is_known = valid.iter().any(|(known, _)| known == name);
            if check_label_name(name).is_ok() && !reserved_label(kind, name) && !is_known {
                valid.push((name, value));
            } else {
                diagnostics::skip_label();
                self.skipped(metric, name);
            }
        }
        valid
    }

    fn skipped(&self, metric: &str, label: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = said.labels.len() < SAID_MAX
            && said.labels.insert((metric.to_owned(), label.to_owned()));
        if is_new {
            #[cfg(feature = "tracing")]
            tracing::warn!(
                metric,
                label,
                "a label was left out: its name is invalid, reserved or repeated"
            );
        }
    }
}

/// Says what is done.
#[inline]
pub(super) fn operation(operation: &'static str, name: &str, amount: f64, labels: Labels<'_>) {
    #[cfg(feature = "tracing")]
    tracing::debug!(operation, metric = name, amount, ?labels, "recorded");
    #[cfg(not(feature = "tracing"))]
    let _ = (operation, name, amount, labels);
}
