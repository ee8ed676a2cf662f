//! What changed in a registry.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
};

use yardstick_model::{parse_label_set, render_label_set, write_value};

use crate::Registry;

/// All samples of a registry at one moment.
///
/// # Examples
///
/// ```
/// use yardstick::{Registry, testing::Snapshot};
///
/// let registry = Registry::new();
/// let jobs = registry.counter("jobs").help("Jobs by queue.").labels(["queue"]).register()?;
/// jobs.with(["mail"])?.inc();
///
/// let before = Snapshot::of(&registry);
/// jobs.with(["mail"])?.inc_by(2);
/// before.changes().assert("jobs_total", &[("queue", "mail")], 2.0);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Snapshot {
    registry: Registry,
    samples: Samples,
}

/// Values by name and canonical label text.
type Samples = BTreeMap<(String, String), f64>;

/// A sample's name, a selection of its labels, and by how much it is to have changed.
pub type Expected<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

impl Snapshot {
    /// The samples of `registry` now.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        Self { registry: registry.clone(), samples: collect(registry) }
    }

    /// What has changed since.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::between(&self.samples, &collect(&self.registry))
    }
}

/// By how much samples changed. Printed, one line for each sample that did.
///
/// Samples are named as a scrape shows them: a histogram has `name_count`, `name_sum` and `name_bucket`. Labels are
/// a selection, as in a query: those that are given must be there, and the samples that have them are added up.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    changes: Samples,
}

impl Changes {
    pub(super) fn since_nothing(registry: &Registry) -> Self {
        Self::between(&Samples::new(), &collect(registry))
    }

    fn between(before: &Samples, after: &Samples) -> Self {
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let value = |samples: &Samples, key| samples.get(key).copied().unwrap_or_default();
        let changes = keys.into_iter().filter_map(|key| {
            let change = value(after, key) - value(before, key);
            // NaN is a change from anything, and to anything.
            (change != 0.0).then(|| (key.clone(), change))
        });
        Self { changes: changes.collect() }
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
        // Sums of decimal fractions are not exact in binary.
        let is_equal = (found - expected).abs() <= expected.abs() * 1e-9;
        assert!(is_equal, "{}", self.explain(&[(name, labels, expected)]));
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
        let is_equal = |(name, labels, change): &Expected<'_>| {
            (self.get(name, labels) - change).abs() <= change.abs() * 1e-9
        };
        let all_are_equal = expected.iter().all(is_equal);
        let is_expected = |key: &(String, String)| {
            expected.iter().any(|(name, labels, _)| key.0 == *name && has_all(&key.1, labels))
        };
        let is_of_these = |name: &str| expected.iter().any(|(known, ..)| *known == name);
        let none_besides = self.changes.keys().filter(|key| is_of_these(&key.0)).all(is_expected);
        assert!(all_are_equal && none_besides, "{}", self.explain(expected));
    }

    fn selected<'a>(
        &'a self,
        name: &'a str,
        labels: &'a [(&'a str, &'a str)],
    ) -> impl Iterator<Item = (&'a str, f64)> {
        let is_selected = move |key: &(String, String)| key.0 == name && has_all(&key.1, labels);
        let selected = self.changes.iter().filter(move |(key, _)| is_selected(key));
        selected.map(|(key, change)| (key.1.as_str(), *change))
    }

    /// What was expected (`-`) and what happened (`+`).
    fn explain(&self, expected: &[Expected<'_>]) -> String {
        let mut text = String::from("the samples did not change as expected\n");
        for (name, labels, change) in expected {
            let found = self.get(name, labels);
            if (found - change).abs() > change.abs() * 1e-9 {
                let pairs: Vec<_> = labels.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
                // Writing to a string cannot fail.
                let _ = writeln!(text, "- {}", line(name, &pairs.join(","), *change));
            }
        }
        let names: BTreeSet<_> = expected.iter().map(|(name, ..)| *name).collect();
        let mut is_empty = true;
        for ((name, labels), change) in
            self.changes.iter().filter(|(key, _)| names.contains(&*key.0))
        {
            is_empty = false;
            let _ = writeln!(text, "+ {}", line(name, labels, *change));
        }
        if is_empty {
            let others: BTreeSet<_> = self.changes.keys().map(|(name, _)| name.as_str()).collect();
            let others: Vec<_> = others.into_iter().collect();
            let _ = match others.as_slice() {
                [] => writeln!(text, "nothing changed at all"),
                others => writeln!(
                    text,
                    "no sample of that name changed; of these, some did: {}",
                    others.join(", ")
                ),
            };
        }
        text
    }
}

/// One line for each sample that changed.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.changes
            .iter()
            .try_for_each(|((name, labels), change)| writeln!(f, "{}", line(name, labels, *change)))
    }
}

fn line(name: &str, labels: &str, change: f64) -> String {
    let mut value = String::new();
    write_value(change, &mut value);
    let sign = if change >= 0.0 { "+" } else { "" };
    match labels {
        "" => format!("{name} {sign}{value}"),
        labels => format!("{name}{{{labels}}} {sign}{value}"),
    }
}

fn has_all(labels: &str, selection: &[(&str, &str)]) -> bool {
    let labels = parse_label_set(labels).unwrap_or_default();
    let has = |(name, value): &(&str, &str)| labels.iter().any(|(n, v)| n == name && v == value);
    selection.iter().all(has)
}

fn collect(registry: &Registry) -> Samples {
    let samples = registry.gather().into_iter().flat_map(|family| family.samples());
    let keyed = samples.map(|sample| {
        let pairs = sample.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        ((sample.name, render_label_set(pairs)), sample.value)
    });
    keyed.collect()
}
