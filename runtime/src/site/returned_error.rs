//! What a returned value tells the metrics of its call: whether it is an error, and its name.

use super::error_name::ErrorText;
use crate::labels::{KeptLabel, LabelValue, LabelValues};

/// What one metric needs to know of a call that returned.
pub trait ReturnedError {
    /// The labels that the value gives.
    type Labels: LabelValues;
    /// Calls `read` with the name of the error, if there is one, and the labels.
    fn read(&self, read: impl FnOnce(Option<&str>, &Self::Labels));
}

/// What a value tells metrics of which none cares.
#[inline(always)]
pub fn untold<T, W: Default>(_: &T) -> W {
    W::default()
}

/// For metrics that ignore the result.
impl ReturnedError for () {
    type Labels = ();

    #[inline]
    fn read(&self, read: impl FnOnce(Option<&str>, &())) {
        read(None, &());
    }
}

impl ReturnedError for ErrorText {
    type Labels = ();

    #[inline]
    fn read(&self, read: impl FnOnce(Option<&str>, &())) {
        read(self.0, &());
    }
}

/// The name that a closure gave, if the value is an error.
#[derive(Debug)]
pub struct Named<N>(Option<N>);

impl<N: LabelValue> ReturnedError for Named<N> {
    type Labels = ();

    fn read(&self, read: impl FnOnce(Option<&str>, &())) {
        match &self.0 {
            Some(name) => name.with_text(|name| read(Some(name), &())),
            None => read(None, &()),
        }
    }
}

/// A name that is passed on whether or not it can be a label: the error about it was reported by
/// [`error_name`] already.
#[derive(Debug)]
pub struct MaybeName<'n, N>(pub &'n Option<N>);

/// For names that are labels. Tried first: its receiver has one reference more.
pub trait ViaName {
    /// The name.
    fn __yardstick_named(&self) -> Named<KeptLabel>;
}

/// For all others.
pub trait ViaNoName {
    /// Any name.
    fn __yardstick_named(&self) -> Named<KeptLabel>;
}

impl<N: LabelValue> ViaName for &MaybeName<'_, N> {
    #[inline]
    fn __yardstick_named(&self) -> Named<KeptLabel> {
        Named(self.0.as_ref().map(KeptLabel::of))
    }
}

impl<N> ViaNoName for MaybeName<'_, N> {
    fn __yardstick_named(&self) -> Named<KeptLabel> {
        Named(None)
    }
}

/// The identity, under the bound whose message a user reads on the name.
#[inline]
pub const fn error_name<N: LabelValue>(name: &Option<N>) -> &Option<N> {
    name
}

/// A returned_error with labels that the value gives.
#[derive(Debug)]
pub struct Labelled<V, L>(V, L);

impl<V: ReturnedError, L: LabelValues> ReturnedError for Labelled<V, L> {
    type Labels = L;

    fn read(&self, read: impl FnOnce(Option<&str>, &L)) {
        self.0.read(|error, _| read(error, &self.1));
    }
}

/// Asks the user's closure for the name of the error.
pub fn error_named<'r, T, E, N>(
    returned: &'r Result<T, E>,
    name: impl FnOnce(&'r E) -> N,
) -> Option<N> {
    returned.as_ref().err().map(name)
}

/// Asks the user's closure whether a value is an error, and another what it is called.
pub fn error_if<'r, R, N>(
    returned: &'r R,
    is_error: impl FnOnce(&'r R) -> bool,
    name: impl FnOnce(&'r R) -> N,
) -> Option<N> {
    is_error(returned).then(|| name(returned))
}

/// The returned_error with a name of our own.
pub const fn named(name: Option<&'static str>) -> Named<&'static str> {
    Named(name)
}

/// The name of an error where none is asked for.
#[must_use]
pub const fn unnamed<R>(_: &R) -> &'static str {
    ""
}

/// Asks the user's closure for a label's value.
pub fn result_label<'r, R, V>(returned: &'r R, value: impl FnOnce(&'r R) -> V) -> V {
    value(returned)
}

/// Adds labels to a returned_error.
pub const fn with_labels<V: ReturnedError, L: LabelValues>(
    returned_error: V,
    labels: L,
) -> Labelled<V, L> {
    Labelled(returned_error, labels)
}
