//! The labels of one operation: names, and any values that can be displayed.
//!
//! Invariant: reading them allocates nothing once a thread has done it, because the text of all values stands in one
//! buffer that the thread keeps.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
    fmt::{Display, Write as _},
};

use super::Labels;

/// Text that a thread keeps room for between operations, in bytes: more than the labels of any usual metric. Longer
/// text is recorded all the same, and its room given back.
const KEPT_MAX: usize = 4_096;

/// Labels that are read without allocating, as many as an array of labels may have.
const PAIRS: usize = 16;

/// Labels that most operations have at most.
const FEW: usize = 4;

/// What may be the labels of an operation by name: pairs of a name and a value that can be displayed.
///
/// Arrays by reference, with up to 16 labels; slices, vectors and maps with any number. [`labels!`](crate::labels) makes
/// labels of values of several types. A type of your own becomes labels by an implementation for a reference to it.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
///
/// use yardstick::{dynamic::Dynamic, labels, Registry};
///
/// let metrics = Dynamic::new(Registry::new());
/// let (path, status) = (String::from("/query"), 200_u16);
/// metrics.increment_counter("requests", 1.0, &[("path", "/query"), ("status", "200")]);
/// metrics.increment_counter("requests", 1.0, labels! { "path" => path, "status" => status });
/// let map = BTreeMap::from([("path", "/query"), ("status", "200")]);
/// metrics.increment_counter("requests", 1.0, &map);
/// let labels = [("path", "/query"), ("status", "200")];
/// assert_eq!(metrics.registry().sample_value("requests_total", &labels), Some(3.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the labels of a metric",
    label = "not labels",
    note = "write `&[(\"name\", value)]`, or `labels! {{ \"name\" => value }}` where the values are of several types"
)]
pub trait LabelPairs: Copy {
    /// Calls `visit` with each name and value.
    fn each<'s>(&'s self, visit: &mut dyn FnMut(&'s str, &'s dyn Display));
}

/// Labels of an operation by name, with values of any types that can be displayed: `labels! { "status" => 200 }`.
///
/// See [`LabelPairs`].
#[macro_export]
macro_rules! labels {
    ($($name:expr => $value:expr),* $(,)?) => {
        &[$(($name, &$value as &dyn ::core::fmt::Display)),*]
    };
}

fn visit_all<'s, K: AsRef<str> + 's, V: Display + 's>(
    pairs: impl IntoIterator<Item = (&'s K, &'s V)>,
    visit: &mut dyn FnMut(&'s str, &'s dyn Display),
) {
    pairs.into_iter().for_each(|(name, value)| visit(name.as_ref(), value));
}

impl LabelPairs for &[(&str, &str); 0] {
    fn each<'s>(&'s self, _: &mut dyn FnMut(&'s str, &'s dyn Display)) {}
}

/// One for each length: an empty array says nothing of the type of its elements, so it can fit one of them only.
macro_rules! arrays {
    ($($length:literal)*) => {$(
        impl<K: AsRef<str>, V: Display> LabelPairs for &[(K, V); $length] {
            fn each<'s>(&'s self, visit: &mut dyn FnMut(&'s str, &'s dyn Display)) {
                visit_all(self.iter().map(|(name, value)| (name, value)), visit);
            }
        }
    )*};
}

arrays!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);

impl<K: AsRef<str>, V: Display> LabelPairs for &[(K, V)] {
    fn each<'s>(&'s self, visit: &mut dyn FnMut(&'s str, &'s dyn Display)) {
        visit_all(self.iter().map(|(name, value)| (name, value)), visit);
    }
}

impl<K: AsRef<str>, V: Display> LabelPairs for &Vec<(K, V)> {
    fn each<'s>(&'s self, visit: &mut dyn FnMut(&'s str, &'s dyn Display)) {
        visit_all(self.iter().map(|(name, value)| (name, value)), visit);
    }
}

impl<K: AsRef<str>, V: Display> LabelPairs for &BTreeMap<K, V> {
    fn each<'s>(&'s self, visit: &mut dyn FnMut(&'s str, &'s dyn Display)) {
        visit_all(self.iter(), visit);
    }
}

impl<K: AsRef<str>, V: Display, S> LabelPairs for &HashMap<K, V, S> {
    fn each<'s>(&'s self, visit: &mut dyn FnMut(&'s str, &'s dyn Display)) {
        visit_all(self.iter(), visit);
    }
}

/// Calls `read` with the text of all labels.
pub(super) fn with_texts<R>(labels: &impl LabelPairs, read: impl FnOnce(Labels<'_>) -> R) -> R {
    thread_local! {
        static ROOM: Cell<String> = const { Cell::new(String::new()) };
    }
    let mut count = 0;
    labels.each(&mut |_, _| count += 1);
    // Taken out, so that a value which records while it is displayed finds room of its own.
    let mut text = ROOM.try_with(Cell::take).unwrap_or_default();
    text.clear();
    // Nearly always there are few: clearing room for many takes longer than all else.
    let answer = if count <= FEW {
        with_room(&mut [("", 0); FEW], &mut [("", ""); FEW], labels, &mut text, read)
    } else if count <= PAIRS {
        with_room(&mut [("", 0); PAIRS], &mut [("", ""); PAIRS], labels, &mut text, read)
    } else {
        let (mut ends, mut pairs) = (vec![("", 0); count], vec![("", ""); count]);
        with_room(&mut ends, &mut pairs, labels, &mut text, read)
    };
    if text.capacity() <= KEPT_MAX {
        let _ = ROOM.try_with(|room| room.set(text));
    }
    answer
}

/// Calls `read` with the text of as many labels as there is room for.
#[inline]
fn with_room<'t, R>(
    ends: &mut [(&'t str, usize)],
    pairs: &mut [(&'t str, &'t str)],
    labels: &'t impl LabelPairs,
    text: &'t mut String,
    read: impl FnOnce(Labels<'_>) -> R,
) -> R {
    let mut count = 0;
    labels.each(&mut |name, value| {
        // A value that fails to display itself is what it has written until then.
        let _ = write!(text, "{value}");
        if let Some(place) = ends.get_mut(count) {
            *place = (name, text.len());
            count += 1;
        }
    });
    let (text, mut start) = (&*text, 0);
    for ((name, end), pair) in ends.iter().take(count).zip(&mut *pairs) {
        *pair = (name, text.get(start..*end).unwrap_or_default());
        start = *end;
    }
    read(pairs.get(..count).unwrap_or_default())
}
