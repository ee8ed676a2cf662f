//! The values of several labels, as nested pairs: how many sets there are, which one this is, and what they read.

use super::value::LabelValue;

/// The lists of values of several labels, as a constant. Its address tells the lists of one label set from others with
/// one comparison; a program may have several copies, each in another unit of compilation.
#[derive(Debug)]
pub struct Lists {
    values: &'static [&'static str],
    rest: Option<&'static Lists>,
}

impl Lists {
    /// The lists, in the order of the labels.
    pub(crate) fn iter(
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

/// Values as texts.
#[derive(Debug)]
pub(crate) struct Texts<'t>(pub(crate) &'t [&'static str]);

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
