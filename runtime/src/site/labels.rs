//! The label values of one call, as a list of pairs that borrow from the function's arguments.

use std::borrow::Borrow;

use super::kept::KeptLabel;
use crate::{label_set::LabelSet, label_value::LabelValue, registry::Registry};

/// What one metric is given at entry.
pub trait Given {
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
impl Given for () {
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
pub struct Input<L>(L);

/// Label values for a metric of one registry.
#[derive(Debug)]
pub struct InputIn<R, L>(R, L);

/// Label values for a metric of the current recorder.
#[inline]
pub const fn input<L: LabelValues>(labels: L) -> Input<L> {
    Input(labels)
}

/// Label values for a metric of one registry.
#[inline]
pub const fn input_in<L: LabelValues>(registry: &Registry, labels: L) -> InputIn<&Registry, L> {
    InputIn(registry, labels)
}

/// As [`input_in`], for a call that outlives what it borrows.
#[inline]
pub fn kept_in<L: LabelValues>(registry: &Registry, labels: L) -> InputIn<Registry, L> {
    InputIn(registry.clone(), labels)
}

impl<L: LabelValues> Given for Input<L> {
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

impl<R: Borrow<Registry>, L: LabelValues> Given for InputIn<R, L> {
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

/// The lists of values of several labels, as a constant. Its address tells the lists of one label set from others with
/// one comparison; a program may have several copies, each in another unit of compilation.
#[derive(Debug)]
pub struct Lists {
    values: &'static [&'static str],
    rest: Option<&'static Lists>,
}

impl Lists {
    /// The lists, in the order of the labels.
    pub(super) fn iter(
        lists: Option<&'static Self>,
    ) -> impl Iterator<Item = &'static [&'static str]> {
        std::iter::successors(lists, |lists| lists.rest).map(|lists| lists.values)
    }
}

/// A list of label values: `()`, or a value and a list.
pub trait LabelValues {
    /// How many sets of values there are, if all values are known beforehand; otherwise zero.
    const COMBINATIONS: usize;
    /// The lists of known values, where they are asked by their address.
    const LISTS: Option<&'static Lists> = None;
    /// The position of these values among all sets.
    fn dense_index(&self) -> usize;
    /// Calls `check` with each value's list of known values.
    fn each_values(check: &mut dyn FnMut(&'static [&'static str]));
    /// Calls `read` with the text of each value, in order.
    fn each_text(&self, read: &mut dyn FnMut(&str));
}

impl LabelValues for () {
    const COMBINATIONS: usize = 1;

    #[inline]
    fn dense_index(&self) -> usize {
        0
    }

    #[inline]
    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    #[inline]
    fn each_text(&self, _: &mut dyn FnMut(&str)) {}
}

impl<V: LabelValue, T: LabelValues> LabelValues for (V, T) {
    const COMBINATIONS: usize = V::VALUES.len().saturating_mul(T::COMBINATIONS);
    const LISTS: Option<&'static Lists> = Some(&Lists { values: V::VALUES, rest: T::LISTS });

    #[inline]
    fn dense_index(&self) -> usize {
        // A position outside the list gives one outside the table, which is resolved by its text.
        let index = self.0.index();
        if index < V::VALUES.len() {
            index.saturating_mul(T::COMBINATIONS).saturating_add(self.1.dense_index())
        } else {
            usize::MAX
        }
    }

    #[inline]
    fn each_values(check: &mut dyn FnMut(&'static [&'static str])) {
        check(V::VALUES);
        T::each_values(check);
    }

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        self.0.with_text(&mut *read);
        self.1.each_text(read);
    }
}

/// The values of a label set, to be looked up by their text.
#[derive(Debug)]
pub(crate) struct SetValues<'l, L>(pub(crate) &'l L);

impl<L: LabelSet> LabelValues for SetValues<'_, L> {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        self.0.dense_index()
    }

    fn each_values(check: &mut dyn FnMut(&'static [&'static str])) {
        L::each_values(check);
    }

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        self.0.each_text(read);
    }
}

/// The values of a label set and one more.
#[derive(Debug)]
pub(crate) struct SetAndText<'l, L>(pub(crate) &'l L, pub(crate) &'l str);

impl<L: LabelSet> LabelValues for SetAndText<'_, L> {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        usize::MAX
    }

    fn each_values(check: &mut dyn FnMut(&'static [&'static str])) {
        L::each_values(check);
        check(&[]);
    }

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        self.0.each_text(read);
        read(self.1);
    }
}

/// Values as texts.
#[derive(Debug)]
pub(super) struct Texts<'t>(pub(super) &'t [&'static str]);

impl LabelValues for Texts<'_> {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        usize::MAX
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        self.0.iter().for_each(|text| read(text));
    }
}

/// All sets of values of these lists, in the order of their dense indexes: the last value changes fastest.
pub(crate) fn combinations(
    lists: &[&'static [&'static str]],
) -> impl Iterator<Item = Vec<&'static str>> + use<> {
    let lists = lists.to_vec();
    let count = lists.iter().map(|list| list.len()).product();
    (0..count).map(move |index| {
        let mut rest = index;
        let mut texts = Vec::with_capacity(lists.len());
        for list in lists.iter().rev() {
            texts.push(list[rest % list.len()]);
            rest /= list.len();
        }
        texts.reverse();
        texts
    })
}
