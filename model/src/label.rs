//! Label sets and the text that identifies them.

use std::{borrow::Cow, iter};

use crate::escape::{escape_label_value, unescape_label_value};
use crate::name::check_label_name;

/// The value of every label of the series that takes the observations beyond a family's limit.
pub const OVERFLOW_VALUE: &str = "_other";

/// The value of a label for which there was nothing to read, such as the result of a call that
/// panicked.
pub const NONE_VALUE: &str = "_none";

/// Writes the labels in the order of their names as `a="x",b="y"`, with the values escaped.
///
/// The text is a label set's identity: two sets give the same text if and only if they hold the
/// same names and values. It is also what stands between the braces of an exposition line.
///
/// # Panics
///
/// With debug assertions, if two labels have the same name.
///
/// # Examples
///
/// ```
/// use yardstick_model::render_label_set;
///
/// assert_eq!(render_label_set([("b", "2"), ("a", "1")]), r#"a="1",b="2""#);
/// ```
#[must_use]
pub fn render_label_set<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable_by_key(|&(name, _)| name);
    debug_assert!(
        pairs.windows(2).all(|pair| pair[0].0 != pair[1].0),
        "label names must be unique, but the labels are {pairs:?}"
    );
    // Each label adds two quotes, an equals sign and a comma to its name and value.
    let length = pairs.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let mut text = String::with_capacity(length);
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(name);
        text.push_str("=\"");
        escape_label_value(value, &mut text);
        text.push('"');
    }
    text
}

/// The labels whose text is `text`; `None` if [`render_label_set`] never writes that text for valid
/// and unique names.
///
/// # Examples
///
/// ```
/// use yardstick_model::parse_label_set;
///
/// let labels = parse_label_set(r#"a="1",b="x\"y""#).unwrap();
/// assert_eq!(labels[1], ("b".to_owned(), "x\"y".to_owned()));
/// assert_eq!(parse_label_set(r#"b="1",a="1""#), None);
/// ```
#[must_use]
pub fn parse_label_set(text: &str) -> Option<Vec<(String, String)>> {
    let mut labels: Vec<(String, String)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if !labels.is_empty() {
            rest = rest.strip_prefix(',')?;
        }
        let (name, after_name) = rest.split_once("=\"")?;
        check_label_name(name).ok()?;
        if labels.last().is_some_and(|(last, _)| last.as_str() >= name) {
            return None;
        }
        let end = closing_quote(after_name)?;
        labels.push((name.to_owned(), unescape_label_value(&after_name[..end])?));
        rest = &after_name[end + 1..];
    }
    Some(labels)
}

/// The labels in a text that [`render_label_set`] wrote, in its order. Of another text, those before the first that it
/// would not have written.
///
/// # Examples
///
/// ```
/// use yardstick_model::label_pairs;
///
/// let labels: Vec<_> = label_pairs(r#"a="1",b="x\"y""#).collect();
/// assert_eq!(labels, [("a", "1".into()), ("b", "x\"y".into())]);
/// ```
pub fn label_pairs(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = text;
    iter::from_fn(move || {
        let (name, after_name) = rest.split_once("=\"")?;
        let (value, after_value) = after_name.split_at_checked(closing_quote(after_name)?)?;
        rest = after_value[1..].strip_prefix(',').unwrap_or_default();
        let value = match value.contains('\\') {
            true => Cow::Owned(unescape_label_value(value)?),
            false => Cow::Borrowed(value),
        };
        Some((name, value))
    })
}

/// The position of the first quote that no backslash escapes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => return Some(position),
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{label_pairs, parse_label_set, render_label_set};
    use proptest::collection::btree_map;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Labels = BTreeMap<String, String>;

    /// Few names and values full of separators, so that a careless text would collide soon.
    fn labels() -> impl Strategy<Value = Labels> {
        btree_map("[a-c][a-c_0]{0,2}", "[\\\\\"\n,=a-c]{0,6}", 0..4)
    }

    fn render(labels: &Labels) -> String {
        render_label_set(labels.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    #[test]
    fn values_that_imitate_labels_stay_values() {
        let imitation = render_label_set([("a", "1\",b=\"2")]);
        assert_eq!(imitation, r#"a="1\",b=\"2""#);
        assert_ne!(imitation, render_label_set([("a", "1"), ("b", "2")]));
    }

    #[test]
    fn empty_sets_and_empty_values_are_distinct() {
        assert_eq!(render_label_set([]), "");
        assert_eq!(render_label_set([("a", "")]), r#"a="""#);
        assert_eq!(parse_label_set(""), Some(Vec::new()));
    }

    #[test]
    fn text_that_is_not_canonical_is_refused() {
        let refused = [
            "a",
            "a=1",
            "a=\"1",
            "a=\"1\",",
            ",a=\"1\"",
            "a=\"1\"b=\"2\"",
            "a=\"1\",a=\"2\"",
            "b=\"1\",a=\"2\"",
            "a=\"\\t\"",
            "1=\"x\"",
            "=\"x\"",
            "a=\"1\" ",
            "a=\"\n\"",
        ];
        for text in refused {
            assert_eq!(parse_label_set(text), None, "{text:?}");
        }
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "label names must be unique")]
    fn a_repeated_name_is_the_callers_mistake() {
        let _ = render_label_set([("a", "1"), ("a", "2")]);
    }

    proptest! {
        #[test]
        fn label_sets_survive_the_round_trip(labels in labels()) {
            let parsed = parse_label_set(&render(&labels)).unwrap();
            prop_assert_eq!(parsed.into_iter().collect::<Labels>(), labels);
        }

        #[test]
        fn pairs_are_those_that_were_written(labels in labels()) {
            let text = render(&labels);
            let pairs = label_pairs(&text).map(|(name, value)| (name.to_owned(), value.into_owned()));
            prop_assert_eq!(pairs.collect::<Labels>(), labels);
        }

        #[test]
        fn the_text_is_injective(left in labels(), right in labels()) {
            prop_assert_eq!(render(&left) == render(&right), left == right);
        }

        #[test]
        fn the_order_given_does_not_matter(labels in labels()) {
            let reversed = labels.iter().rev().map(|(n, v)| (n.as_str(), v.as_str()));
            prop_assert_eq!(render_label_set(reversed), render(&labels));
        }

        #[test]
        fn what_parses_is_canonical(text in "[ab=\"\\\\,n]{0,16}") {
            if let Some(labels) = parse_label_set(&text) {
                prop_assert_eq!(render(&labels.into_iter().collect()), text);
            }
        }
    }
}
