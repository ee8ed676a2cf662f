//! The text of a label set: what a series is found by, and what stands between the braces of its lines.
//!
//! Invariant: it is what [`render_label_set`] wrote, so two texts are equal if and only if the label sets are, and the
//! labels can always be read back.

use std::borrow::Cow;

use yardstick_model::{label_pairs, render_label_set};

/// A label set, as its canonical text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LabelText(Box<str>);

impl LabelText {
    /// The text of these labels, whose names differ.
    pub(crate) fn of<'l>(pairs: impl IntoIterator<Item = (&'l str, &'l str)>) -> Self {
        Self(render_label_set(pairs).into())
    }

    /// The text of labels that are kept as plain data.
    pub(crate) fn of_owned(pairs: &[(String, String)]) -> Self {
        Self::of(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// As it stands in a line.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The labels, in the order of their names.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        label_pairs(&self.0)
    }

    /// The labels as plain data.
    pub(crate) fn to_pairs(&self) -> Vec<(String, String)> {
        self.pairs().map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
    }

    /// The set with more labels; of a name that is there already, the value stays.
    pub(crate) fn with<'l>(&self, more: impl IntoIterator<Item = (&'l str, &'l str)>) -> Self {
        let own: Vec<_> = self.pairs().collect();
        let mut all: Vec<_> = own.iter().map(|(name, value)| (*name, &**value)).collect();
        for (name, value) in more {
            if own.iter().all(|(own, _)| *own != name) {
                all.push((name, value));
            }
        }
        Self::of(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_added_and_read_back() {
        let text = LabelText::of([("b", "x\"y"), ("a", "1")]);
        assert_eq!(text.as_str(), r#"a="1",b="x\"y""#);
        let more = text.with([("aa", "new"), ("a", "not taken")]);
        assert_eq!(more.as_str(), r#"a="1",aa="new",b="x\"y""#);
        assert_eq!(LabelText::of_owned(&more.to_pairs()), more);
        assert_eq!(LabelText::default().with([("a", "1")]).as_str(), r#"a="1""#);
    }
}
