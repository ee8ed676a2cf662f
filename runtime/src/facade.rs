//! The facade's half: `counter!`, `gauge!` and `histogram!` of any library, recorded into a registry.
//!
//! Names are sanitised, kinds and label names are checked, and what does not fit is refused and counted:
//! the caller then holds a handle that does nothing. Two names that only look alike once sanitised are
//! never merged. A name that an attribute or a schema declares is that metric, whichever comes first.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use metrics::{Key, KeyName, Metadata, Recorder, SharedString};
use yardstick_model::{Kind, Location, Unit, clean_library_label_name, clean_metric_name};

use crate::{
    base::{
        reentry::{Scope, Within},
        refusals::{Refusal, drop_description, refuse, warn_once},
    },
    data::Role,
    labels::{
        LabelValues,
        lookup::{self, Kept, Owner},
    },
    registry::{
        Both, Claim, Difference, FamilyCore, FamilySpec, HelpSpec, LabelNames, NamePolicy,
        RegisterError, Registry, SeriesLimit,
        facade_keys::{ByKey, Description, Reached},
        series::{CounterSeries, GaugeSeries, HistogramSeries},
    },
    site::catalog,
};

/// Names that may be described before they are used; further ones keep their generated help text, and no unit.
const DESCRIPTIONS_MAX: usize = 10_000;

/// Keys of one kind for which there is a place that all threads share: several metrics as large as they may be. More are
/// found anew by each thread.
const KEYS_MAX: usize = 16_384;

impl Recorder for Registry {
    fn describe_counter(&self, name: KeyName, unit: Option<metrics::Unit>, help: SharedString) {
        self.describe(name.as_str(), Kind::Counter, unit, &help);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<metrics::Unit>, help: SharedString) {
        self.describe(name.as_str(), Kind::Gauge, unit, &help);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<metrics::Unit>, help: SharedString) {
        self.describe(name.as_str(), Kind::Histogram, unit, &help);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> metrics::Counter {
        self.reached::<CounterSeries>(key).map_or_else(metrics::Counter::noop, |reached| {
            metrics::Counter::from_arc(reached.into_arc())
        })
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> metrics::Gauge {
        self.reached::<GaugeSeries>(key).map_or_else(metrics::Gauge::noop, |reached| {
            metrics::Gauge::from_arc(reached.into_arc())
        })
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> metrics::Histogram {
        self.reached::<HistogramSeries>(key).map_or_else(metrics::Histogram::noop, |reached| {
            metrics::Histogram::from_arc(reached.into_arc())
        })
    }
}

impl Registry {
    /// Keeps a description, whether the metric was used before or comes later.
    fn describe(&self, name: &str, kind: Kind, unit: Option<metrics::Unit>, help: &str) {
        let _scope = Scope::enter();
        let unit = unit.and_then(|unit| Unit::from_word(unit.as_str()));
        let before = self.description(name);
        let description = Description { unit, help: help.to_owned() };
        {
            let mut known = self.descriptions().write().unwrap_or_else(PoisonError::into_inner);
            if known.len() < DESCRIPTIONS_MAX || known.contains_key(name) {
                known.insert(name.to_owned(), description.clone());
            } else {
                drop_description();
            }
        }
        let Ok(base) = clean_metric_name(name, DIGIT_PREFIX) else {
            // Refused, and counted, when it is used.
            return;
        };
        let known = |unit| {
            self.family_named(&yardstick_model::exposed_name(&base, unit, kind))
                .filter(|family| family.meta.kind == kind)
        };
        if let Some(family) = known(unit) {
            // The unit agrees; only the help text can be new.
            let spec = facade_spec(name, &base, kind, &description);
            let _ = spec.agree(&family);
        } else if known(before.unit).is_some() {
            self.rename(&base, kind, (before.unit, unit), help);
        }
    }

    fn description(&self, name: &str) -> Description {
        let known = self.descriptions().read().unwrap_or_else(PoisonError::into_inner);
        known.get(name).cloned().unwrap_or_default()
    }

    /// The series of a key, from this thread's table or the registry; `None` if it is refused.
    ///
    /// What was found is of use until a family is taken out, as what it led to may be gone. The number of those that were
    /// is part of the key and read before the series is found: one that is gone is never kept under a number that still
    /// stands.
    #[inline]
    fn reached<S: ByKey>(&self, key: &Key) -> Option<Kept<Reached<S>>> {
        // A function that asks through the facade has its claim on the family looked at each time.
        if Claim::asking().is_some() {
            return self.reached_anew(key, &self.looked_up(key));
        }
        let within = Within::enter();
        let looked_up = self.looked_up(key);
        let known = lookup::get(S::near(), &looked_up, &Written(key));
        drop(within);
        known.or_else(|| self.reached_anew(key, &looked_up))
    }

    /// Inlined, as a key that is returned would be copied.
    #[inline(always)]
    fn looked_up(&self, key: &Key) -> lookup::Key {
        let owner = Owner { metric: self.id(), registry: self.taken_out() };
        lookup::Key::of(owner, &Written(key))
    }

    /// From what other threads found, or the families.
    #[inline(never)]
    fn reached_anew<S: ByKey>(
        &self,
        key: &Key,
        looked_up: &lookup::Key,
    ) -> Option<Kept<Reached<S>>> {
        let _scope = Scope::enter();
        let (common, claim) = (S::common(self.keyed()), Claim::asking());
        if claim.is_none()
            && let Some(known) = lookup::fetch(S::near(), common, looked_up, &Written(key))
        {
            return Some(known);
        }
        loop {
            let family = self.facade_family(key.name(), S::KIND)?;
            if let Some(claim) = claim {
                self.counted(family.claim(claim))?;
                let (near, values) = (S::near(), Written(key));
                let known = lookup::get(near, looked_up, &values);
                let known = known.or_else(|| lookup::fetch(near, common, looked_up, &values));
                if known.is_some() {
                    return known;
                }
            }
            let labels = self.counted(Self::facade_labels(key, &family))?;
            let pairs: Vec<_> = labels.iter().map(|(n, v)| (n.as_str(), *v)).collect();
            let Some(found) = family.series::<S>(&pairs, SeriesLimit::Enforced) else {
                refuse(Refusal::Memory, 1);
                return None;
            };
            // Each turn of the loop is one family that was taken out meanwhile.
            if !self.shows(&family) {
                continue;
            }
            let reach = |series: Arc<S>| Reached { cell: S::cell(&series), series };
            let (values, found) = (Written(key), found.map(reach));
            return Some(lookup::share(S::near(), common, looked_up, &values, found, KEYS_MAX));
        }
    }

    fn facade_family(&self, name: &str, kind: Kind) -> Option<Arc<FamilyCore>> {
        let base = self.counted(clean_metric_name(name, DIGIT_PREFIX).map_err(|violation| {
            RegisterError::MetricName { name: name.to_owned(), violation, location: LOCATION }
        }))?;
        let description = self.description(name);
        let spec = facade_spec(name, &base, kind, &description);
        if let Some(declared) = catalog::find(&base, kind) {
            let family = declared.family(self)?;
            return self.counted(spec.agree_on_spelling(&family.meta).map(|()| family));
        }
        self.family(&spec).inspect_err(tell).ok()
    }

    /// The cleaned labels of a key, without empty values where each series brings its own labels: to Prometheus an
    /// empty label is an absent one.
    fn facade_labels<'k>(
        key: &'k Key,
        family: &FamilyCore,
    ) -> Result<BTreeMap<String, &'k str>, RegisterError> {
        let written = key.labels().map(|label| (label.key(), label.value()));
        let mut labels = family.spelled(written, clean_library_label_name, LOCATION)?;
        match &family.meta.labels {
            LabelNames::Open => labels.retain(|_, value| !value.is_empty()),
            LabelNames::Declared(first) if first.iter().eq(labels.keys()) => {}
            LabelNames::Declared(first) => {
                let (first, second) = (first.clone(), labels.into_keys().collect());
                return Err(RegisterError::Conflict {
                    family: family.meta.name.clone(),
                    difference: Difference::Labels(Both { first, second }),
                    first: family.meta.location,
                    second: LOCATION,
                });
            }
        }
        Ok(labels)
    }

    /// What was asked for; a refusal is counted, and told once, because the facade has no way to answer with it.
    fn counted<T>(&self, asked: Result<T, RegisterError>) -> Option<T> {
        asked.inspect_err(|error| self.count_refusal(error)).inspect_err(tell).ok()
    }
}

/// The facade has no way to answer with an error.
fn tell(error: &RegisterError) {
    warn_once(&format!("what is recorded through the metrics facade is lost: {error}"));
}

/// What a library wrote, letter by letter.
struct Written<'k>(&'k Key);

impl LabelValues for Written<'_> {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        usize::MAX
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        read(self.0.name());
        for label in self.0.labels() {
            read(label.key());
            read(label.value());
        }
    }
}

/// What stands in front of a name that begins with a digit.
const DIGIT_PREFIX: &str = "_";

/// Where a library recorded: the facade does not say.
const LOCATION: Location =
    Location { module: "metrics", file: "(metrics facade)", line: 0, column: 0 };

fn facade_spec<'a>(
    written: &'a str,
    base: &'a str,
    kind: Kind,
    description: &'a Description,
) -> FamilySpec<'a> {
    let help = if description.help.is_empty() {
        HelpSpec::Generated(format!("The {kind} `{written}`, recorded through the metrics facade."))
    } else {
        HelpSpec::Described(&description.help)
    };
    FamilySpec {
        base,
        policy: NamePolicy::Sanitised,
        role: Role::Facade,
        unit: description.unit,
        help,
        labels: None,
        ..FamilySpec::new(written, kind, LOCATION)
    }
}

#[cfg(test)]
mod tests {
    use metrics::Level;

    use super::*;
    use crate::data::LabelText;
    use crate::registry::Tabled as _;

    #[test]
    fn handles_of_removed_series_are_forgotten() {
        const SERIES: usize = 10_000;
        let registry = Registry::new();
        let metadata = Metadata::new("facade", Level::INFO, None);
        for index in 0..SERIES {
            let label = metrics::Label::new("id", index.to_string());
            let key = Key::from_parts("jobs", vec![label]);
            registry.register_counter(&key, &metadata).increment(1);
            let family = registry.family_named("jobs_total").expect("it was asked for");
            let table = CounterSeries::table(&family.tables).expect("of counters");
            assert!(table.remove(&LabelText::of([("id", &*index.to_string())])));
        }
        let kept = registry.keyed().counters.len();
        assert!(kept < 100, "{kept} of {SERIES}");
    }
}
