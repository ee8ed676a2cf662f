//! Exemplars: observations that say where they come from, such as the trace of one request.
//!
//! Invariant: what is kept can always be exposed; what cannot is refused and counted, and its observation is recorded all
//! the same.

use std::time::SystemTime;

use yardstick_model::check_label_name;

use crate::base::causes::{Cause, Counted, causes};

/// The longest set of labels, in characters of names and values together: `OpenMetrics` 1.0, "Exemplars".
pub(crate) const EXEMPLAR_LABELS_CHARACTERS_MAX: usize = 128;

/// An observation that says where it comes from, by labels that its series does not have.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let sent = registry.counter("sent").unit(yardstick::Unit::Bytes).help("Bytes sent.").register()?;
/// sent.inc_by_with_exemplar(1_500, &[("trace_id", "4bf92f3577b34da6")]);
/// let families = registry.gather();
/// let exemplar = &families[0].series[0].exemplars[0];
/// assert_eq!((exemplar.value, exemplar.labels[0].1.as_str()), (1_500.0, "4bf92f3577b34da6"));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exemplar {
    /// Its labels, such as `trace_id`, in the order of their names.
    pub labels: Vec<(String, String)>,
    /// What was observed, or by how much a counter grew.
    pub value: f64,
    /// When.
    pub timestamp: Option<SystemTime>,
}

causes! {
    /// Why an exemplar is not kept.
    pub(crate) enum Unusable {
        /// A label has no valid name, or one that another has too.
        Label = "label",
        /// The labels are longer than the format allows.
        Length = "length",
        /// The value is not a number.
        Value = "value",
    }
}

/// Exemplars of the whole process that were refused.
pub(crate) static REFUSED: Counted<Unusable, { Unusable::ALL.len() }> = Counted::new();

impl Exemplar {
    /// An exemplar of a family that a collector makes.
    #[must_use]
    pub fn new(value: f64, labels: &[(&str, &str)], timestamp: Option<SystemTime>) -> Self {
        let labels =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { labels, value, timestamp }
    }

    /// An exemplar of this moment; `None`, counted, if it could not be exposed.
    pub(crate) fn now(value: f64, labels: &[(&str, &str)]) -> Option<Self> {
        let mut exemplar = Self::new(value, labels, Some(SystemTime::now()));
        exemplar.labels.sort();
        exemplar.is_usable_counted().then_some(exemplar)
    }

    /// Whether it can be exposed; counted if not. Its labels are in order.
    pub(crate) fn is_usable_counted(&self) -> bool {
        let reason = self.unusable();
        if let Some(reason) = reason {
            REFUSED.add(reason, 1);
        }
        reason.is_none()
    }

    /// Why it could not be exposed.
    fn unusable(&self) -> Option<Unusable> {
        let is_twice = self.labels.windows(2).any(|pair| pair[0].0 == pair[1].0);
        let characters = |text: &String| text.chars().count();
        let length: usize =
            self.labels.iter().map(|(name, value)| characters(name) + characters(value)).sum();
        if is_twice || self.labels.iter().any(|(name, _)| check_label_name(name).is_err()) {
            Some(Unusable::Label)
        } else if length > EXEMPLAR_LABELS_CHARACTERS_MAX {
            Some(Unusable::Length)
        } else if self.value.is_nan() {
            Some(Unusable::Value)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        let longest = "x".repeat(EXEMPLAR_LABELS_CHARACTERS_MAX - "trace_id".len());
        assert!(Exemplar::now(1.0, &[("trace_id", &longest)]).is_some());
        // Characters count and not bytes.
        let wide = "\u{e9}".repeat(EXEMPLAR_LABELS_CHARACTERS_MAX - "trace_id".len());
        assert!(Exemplar::now(1.0, &[("trace_id", &wide)]).is_some());
        let reason =
            |value: f64, labels: &[(&str, &str)]| Exemplar::new(value, labels, None).unusable();
        let too_long = format!("{longest}x");
        assert_eq!(reason(1.0, &[("trace_id", &too_long)]), Some(Unusable::Length));
        assert_eq!(reason(1.0, &[("trace-id", "a")]), Some(Unusable::Label));
        assert_eq!(reason(1.0, &[("a", "a"), ("a", "b")]), Some(Unusable::Label));
        assert_eq!(reason(f64::NAN, &[]), Some(Unusable::Value));
        assert_eq!(reason(f64::INFINITY, &[]), None);
    }
}
