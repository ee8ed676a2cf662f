//! `Changes`: how samples differ between two moments.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::explain::{explain, lines};
use crate::{
    data::LabelText,
    registry::{Registry, is_same_label},
};

/// All samples of a registry at one moment.
///
/// # Examples
///
/// ```
/// use yardstick::{Registry, testing::Snapshot};
///
/// let registry = Registry::new();
/// let jobs = registry.counter("jobs").help("Jobs by queue.").labels(["queue"]).register()?;
/// jobs.get_or_create(["mail"])?.inc();
///
/// let before = Snapshot::of(&registry);
/// jobs.get_or_create(["mail"])?.inc_by(2);
/// before.changes().assert("jobs_total", &[("queue", "mail")], 2.0);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Snapshot {
    registry: Registry,
    samples: Samples,
    seen: Seen,
}

/// Values by name and canonical label text.
pub(super) type Samples = BTreeMap<(String, LabelText), f64>;

/// A sample's name, a selection of its labels, and by how much it is to have changed.
pub type Expected<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

impl Snapshot {
    /// The samples of `registry` now.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        Self { registry: registry.clone(), samples: collect(registry), seen: Seen::InRegistry }
    }

    pub(super) fn of_capture(registry: &Registry) -> Self {
        Self { seen: Seen::InCapture, ..Self::of(registry) }
    }

    /// What has changed since.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::between(&self.samples, &collect(&self.registry), self.seen)
    }
}

/// By how much samples changed. Printed, one line for each sample that did; the buckets of a histogram are one line.
///
/// Samples are named as a scrape shows them: a histogram has `name_count`, `name_sum` and `name_bucket`. Labels are
/// a selection, as in a query: those that are given must be there, and the samples that have them are added up. The
/// bound of a bucket may be written as any number is: `"1"` selects `le="1.0"`.
#[derive(Clone, Debug)]
pub struct Changes {
    pub(super) changes: Samples,
    pub(super) seen: Seen,
}

/// Where changes were looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// In a capture, which sees what is recorded within it and has a clock of its own.
    InCapture,
    /// In a registry.
    InRegistry,
}

impl Changes {
    pub(super) fn since_nothing(registry: &Registry) -> Self {
        Self::between(&Samples::new(), &collect(registry), Seen::InCapture)
    }

    fn between(before: &Samples, after: &Samples, seen: Seen) -> Self {
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let value = |samples: &Samples, key| samples.get(key).copied().unwrap_or_default();
        let changes = keys.into_iter().filter_map(|key| {
            let change = value(after, key) - value(before, key);
            // NaN is a change from anything, and to anything.
            (change != 0.0).then(|| (key.clone(), change))
        });
        Self { changes: changes.collect(), seen }
    }

    /// By how much the selected samples changed, added up.
    #[must_use]
    pub fn get(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.selected(name, labels).map(|(_, change)| change).sum()
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Fails unless the selected samples changed by `expected` together.
    ///
    /// # Panics
    ///
    /// If they did not, with what did change.
    #[track_caller]
    pub fn assert(&self, name: &str, labels: &[(&str, &str)], expected: f64) {
        let found = self.get(name, labels);
        assert!(is_about(found, expected), "{}", explain(self, &[(name, labels, expected)]));
    }

    /// Fails unless each selection changed as expected, and no other sample of the same names changed.
    ///
    /// # Panics
    ///
    /// If not, with the difference.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{testing::Capture, track_calls};
    ///
    /// #[track_calls("deliveries", labels(queue = queue))]
    /// fn deliver(queue: &str) {}
    ///
    /// let capture = Capture::new();
    /// capture.run(|| {
    ///     deliver("mail");
    ///     deliver("mail");
    ///     deliver("fax");
    /// });
    /// capture.changes().assert_all(&[
    ///     ("deliveries_total", &[("queue", "mail")], 2.0),
    ///     ("deliveries_total", &[("queue", "fax")], 1.0),
    /// ]);
    /// ```
    #[track_caller]
    pub fn assert_all(&self, expected: &[Expected<'_>]) {
        let is_equal =
            |(name, labels, change): &Expected<'_>| is_about(self.get(name, labels), *change);
        let all_are_equal = expected.iter().all(is_equal);
        let is_expected = |key: &(String, LabelText)| {
            expected.iter().any(|(name, labels, _)| key.0 == *name && has_all(&key.1, labels))
        };
        let is_of_these = |name: &str| expected.iter().any(|(known, ..)| *known == name);
        let none_besides = self.changes.keys().filter(|key| is_of_these(&key.0)).all(is_expected);
        assert!(all_are_equal && none_besides, "{}", explain(self, expected));
    }

    fn selected<'a>(
        &'a self,
        name: &'a str,
        labels: &'a [(&'a str, &'a str)],
    ) -> impl Iterator<Item = (&'a str, f64)> {
        let is_selected = move |key: &(String, LabelText)| key.0 == name && has_all(&key.1, labels);
        let selected = self.changes.iter().filter(move |(key, _)| is_selected(key));
        selected.map(|(key, change)| (key.1.as_str(), *change))
    }
}

/// One line for each sample that changed, and one for all buckets of a histogram.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(self.changes.iter()).iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Two are equal if the same samples changed by the same amounts, wherever they were.
impl PartialEq for Changes {
    fn eq(&self, other: &Self) -> bool {
        self.changes == other.changes
    }
}

/// Whether two changes are one; sums of decimal fractions are not exact in binary.
pub(super) fn is_about(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= expected.abs() * 1e-9
}

fn has_all(labels: &LabelText, selection: &[(&str, &str)]) -> bool {
    let has = |wanted: &(&str, &str)| {
        labels.pairs().any(|(name, value)| is_same_label((name, &value), *wanted))
    };
    selection.iter().all(has)
}

fn collect(registry: &Registry) -> Samples {
    let samples = registry.gather().into_iter().flat_map(|family| family.samples());
    let keyed =
        samples.map(|sample| ((sample.name, LabelText::of_owned(&sample.labels)), sample.value));
    keyed.collect()
}
