//! Label sets as the values that are looked up.

use super::LabelSet;
use crate::labels::LabelValues;

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
