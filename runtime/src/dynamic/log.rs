//! Events of `tracing`: one for each operation at debug level, one warning for each refused name.

use std::{collections::BTreeSet, sync::PoisonError};

use yardstick_model::{Kind, clean_label_name, reserved_label};

use super::Labels;
use crate::{
    base::{causes::Cause, lock::Mutex, refusals},
    registry::RegisterError,
};

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

    /// The cleaned name of a label; one that cannot be a label's is counted, and said if it is new.
    pub(super) fn clean(&self, metric: &str, kind: Kind, label: &str) -> Option<String> {
        let name = clean_label_name(label).ok().filter(|name| !reserved_label(kind, name));
        if name.is_none() {
            refusals::skip_label();
            self.skipped(metric, label);
        }
        name
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
                "a label was left out: its name is reserved, or does not begin with a letter"
            );
        }
    }
}

/// Emits the event of an operation.
#[inline]
pub(super) fn operation(operation: &'static str, name: &str, amount: f64, labels: Labels<'_>) {
    #[cfg(feature = "tracing")]
    tracing::debug!(operation, metric = name, amount, ?labels, "recorded");
    #[cfg(not(feature = "tracing"))]
    let _ = (operation, name, amount, labels);
}
