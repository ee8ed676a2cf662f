//! What a returned value tells the metrics of its call.

use super::{error_name::ErrorText, labels::LabelValues};
use crate::LabelValue;

/// What one metric needs to know of a call that returned.
pub trait Verdict {
    /// The labels that the value gives.
    type Labels: LabelValues;
    /// Calls `read` with the name of the error, if there is one, and the labels.
    fn read(&self, read: impl FnOnce(Option<&str>, &Self::Labels));
}

/// For metrics that do not care.
impl Verdict for () {
    type Labels = ();

    #[inline]
    fn read(&self, read: impl FnOnce(Option<&str>, &())) {
        read(None, &());
    }
}

impl Verdict for ErrorText {
    type Labels = ();

    #[inline]
    fn read(&self, read: impl FnOnce(Option<&str>, &())) {
        read(self.0, &());
    }
}

/// The name that the user's closure gave.
#[derive(Debug)]
pub struct Named<N>(Option<N>);

impl<N: LabelValue> Verdict for Named<N> {
    type Labels = ();

    fn read(&self, read: impl FnOnce(Option<&str>, &())) {
        match &self.0 {
            Some(name) => name.with_text(|name| read(Some(name), &())),
            None => read(None, &()),
        }
    }
}

/// A verdict with labels that the value gives.
#[derive(Debug)]
pub struct Labelled<V, L>(V, L);

impl<V: Verdict, L: LabelValues> Verdict for Labelled<V, L> {
    type Labels = L;

    fn read(&self, read: impl FnOnce(Option<&str>, &L)) {
        self.0.read(|error, _| read(error, &self.1));
    }
}

/// Asks the user's closure for the name of the error.
pub fn error_named<'r, T, E, N: LabelValue>(
    returned: &'r Result<T, E>,
    name: impl FnOnce(&'r E) -> N,
) -> Named<N> {
    Named(returned.as_ref().err().map(name))
}

/// Asks the user's closure whether a value is an error, and another what it is called.
pub fn error_if<'r, R, N: LabelValue>(
    returned: &'r R,
    is_error: impl FnOnce(&'r R) -> bool,
    name: impl FnOnce(&'r R) -> N,
) -> Named<N> {
    Named(is_error(returned).then(|| name(returned)))
}

/// The name of an error where nobody asks for one.
#[must_use]
pub const fn unnamed<R>(_: &R) -> &'static str {
    ""
}

/// Asks the user's closure for a label's value.
pub fn result_label<'r, R, V>(returned: &'r R, value: impl FnOnce(&'r R) -> V) -> V {
    value(returned)
}

/// Adds labels to a verdict.
pub const fn with_labels<V: Verdict, L: LabelValues>(verdict: V, labels: L) -> Labelled<V, L> {
    Labelled(verdict, labels)
}
