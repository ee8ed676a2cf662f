//! The label values of one call, as nested pairs that borrow from its arguments.

use std::borrow::Borrow;

use crate::{
    labels::{KeptLabel, LabelValue, LabelValues},
    registry::Registry,
};

/// What one metric is given at entry.
pub trait Input {
    /// Whether the current recorder is meant, and not a registry of its own.
    const FOLLOWS: bool;
    /// The values of its labels.
    type Labels: LabelValues;
    /// The values of its labels.
    fn labels(&self) -> &Self::Labels;
    /// The registry that the attribute names.
    fn registry(&self) -> Option<&Registry>;
}

/// Nothing: all labels are literals, and the current recorder is meant.
impl Input for () {
    const FOLLOWS: bool = true;
    type Labels = ();

    #[inline]
    fn labels(&self) -> &() {
        self
    }

    #[inline]
    fn registry(&self) -> Option<&Registry> {
        None
    }
}

/// Label values for a metric of the current recorder.
#[derive(Debug)]
pub struct Following<L>(L);

/// Label values for a metric of one registry.
#[derive(Debug)]
pub struct Directed<R, L>(R, L);

/// Label values for a metric of the current recorder.
#[inline]
pub const fn input<L: LabelValues>(labels: L) -> Following<L> {
    Following(labels)
}

/// Label values for a metric of one registry.
#[inline]
pub const fn input_in<L: LabelValues>(registry: &Registry, labels: L) -> Directed<&Registry, L> {
    Directed(registry, labels)
}

/// As [`input_in`], for a call that outlives what it borrows.
#[inline]
pub fn kept_in<L: LabelValues>(registry: &Registry, labels: L) -> Directed<Registry, L> {
    Directed(registry.clone(), labels)
}

impl<L: LabelValues> Input for Following<L> {
    const FOLLOWS: bool = true;
    type Labels = L;

    #[inline]
    fn labels(&self) -> &L {
        &self.0
    }

    #[inline]
    fn registry(&self) -> Option<&Registry> {
        None
    }
}

impl<R: Borrow<Registry>, L: LabelValues> Input for Directed<R, L> {
    const FOLLOWS: bool = false;
    type Labels = L;

    #[inline]
    fn labels(&self) -> &L {
        &self.1
    }

    #[inline]
    fn registry(&self) -> Option<&Registry> {
        Some(self.0.borrow())
    }
}

/// The identity, under the bound whose message a user reads on the value.
#[inline]
pub const fn label<V: LabelValue>(value: &V) -> &V {
    value
}

/// A value that is passed on as a label, whether or not it is one: the error about it was reported by
/// [`label`] already.
#[derive(Debug)]
pub struct MaybeLabel<'v, V>(pub &'v V);

/// For values that are labels. Tried first: its receiver has one reference more.
pub trait ViaLabelValue {
    /// The value.
    type Label: LabelValue;
    /// The value.
    fn __yardstick_label(&self) -> Self::Label;
    /// Its text, to outlive what it was read from.
    fn __yardstick_kept(&self) -> KeptLabel;
}

/// For all others.
pub trait ViaNoLabelValue {
    /// Any label.
    fn __yardstick_label(&self) -> &'static str;
    /// Any label.
    fn __yardstick_kept(&self) -> &'static str;
}

impl<'v, V: LabelValue> ViaLabelValue for &MaybeLabel<'v, V> {
    type Label = &'v V;

    #[inline]
    fn __yardstick_label(&self) -> &'v V {
        self.0
    }

    #[inline]
    fn __yardstick_kept(&self) -> KeptLabel {
        KeptLabel::of(self.0)
    }
}

impl<V> ViaNoLabelValue for MaybeLabel<'_, V> {
    fn __yardstick_label(&self) -> &'static str {
        ""
    }

    fn __yardstick_kept(&self) -> &'static str {
        ""
    }
}
