//! The facade's half: `counter!`, `gauge!` and `histogram!` of any library, recorded into a registry.
//!
//! Names are sanitised, kinds and label names are checked, and what does not fit is refused and counted:
//! the caller then holds a handle that does nothing. Two names that only look alike once sanitised are
//! never merged.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, atomic::Ordering},
    thread::LocalKey,
};

use metrics::{Key, KeyName, Metadata, Recorder, SharedString};
use yardstick_model::{Kind, Location, Unit, clean_library_label_name, clean_metric_name};

use super::{
    Claim, Demand, Difference, FamilyCore, FamilySpec, Found, HelpSpec, LabelNames, NamePolicy,
    RegisterError, Registry, Tabled, is_long,
    series::{CounterSeries, GaugeSeries, HistogramSeries, Series},
    spelling::Spellings,
    table::SERIES_MAX_DEFAULT,
};
use crate::{
    diagnostics::{Refusal, refuse, warn_once},
    lookup::{self, Near, Owner},
    reentry::{Scope, Within},
    site::{LabelValues, catalog},
};

/// The module that the families of the facade name as theirs.
pub(super) const FACADE_MODULE: &str = "metrics";

/// What the facade told about names, and the handles that keys led to before.
#[derive(Default)]
pub(super) struct Handles {
    descriptions: HashMap<String, Description>,
    counters: HashMap<Key, Arc<CounterSeries>>,
    gauges: HashMap<Key, Arc<GaugeSeries>>,
    histograms: HashMap<Key, Arc<HistogramSeries>>,
    pub(super) spellings: Spellings,
}

#[derive(Clone, Default)]
struct Description {
    unit: Option<Unit>,
    help: String,
}

impl metrics::CounterFn for CounterSeries {
    fn increment(&self, value: u64) {
        self.cell().add(value);
    }

    fn absolute(&self, value: u64) {
        Self::absolute(self, value);
    }
}

impl metrics::GaugeFn for GaugeSeries {
    fn increment(&self, value: f64) {
        self.add(value);
    }

    fn decrement(&self, value: f64) {
        self.add(-value);
    }

    fn set(&self, value: f64) {
        Self::set(self, value);
    }
}

impl metrics::HistogramFn for HistogramSeries {
    fn record(&self, value: f64) {
        self.observe(value, 1);
    }

    fn record_many(&self, value: f64, count: usize) {
        self.observe(value, count as u64);
    }
}

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
        self.facade_series(key, Kind::Counter, |handles| &mut handles.counters)
            .map_or_else(metrics::Counter::noop, metrics::Counter::from_arc)
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> metrics::Gauge {
        self.facade_series(key, Kind::Gauge, |handles| &mut handles.gauges)
            .map_or_else(metrics::Gauge::noop, metrics::Gauge::from_arc)
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> metrics::Histogram {
        self.facade_series(key, Kind::Histogram, |handles| &mut handles.histograms)
            .map_or_else(metrics::Histogram::noop, metrics::Histogram::from_arc)
    }
}

impl Registry {
    /// Forgets which series keys led to; they are found again by their families.
    pub(super) fn forget_facade_handles(&self) {
        let mut handles = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
        handles.counters.clear();
        handles.gauges.clear();
        handles.histograms.clear();
    }
}

/// Picks the handles of one kind.
trait CachedBy: Tabled {
    fn cached(handles: &Handles, key: &Key) -> Option<Arc<Self>>;
    /// What this thread was answered with before.
    fn near() -> &'static LocalKey<Near<Self>>;
}

macro_rules! cached_by {
    ($($series:ty = $field:ident;)*) => {$(
        impl CachedBy for $series {
            fn cached(handles: &Handles, key: &Key) -> Option<Arc<Self>> {
                handles.$field.get(key).cloned()
            }

            fn near() -> &'static LocalKey<Near<Self>> {
                thread_local! {
                    static NEAR: Near<$series> = const { Near::new() };
                }
                &NEAR
            }
        }
    )*};
}

cached_by! {
    CounterSeries = counters;
    GaugeSeries = gauges;
    HistogramSeries = histograms;
}

impl Registry {
    /// Keeps a description, whether the metric was used before or comes later.
    fn describe(&self, name: &str, kind: Kind, unit: Option<metrics::Unit>, help: &str) {
        let _scope = Scope::enter();
        let unit = unit.and_then(|unit| Unit::from_word(unit.as_str()));
        let before = self.description(name);
        let description = Description { unit, help: help.to_owned() };
        {
            let mut handles = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
            handles.descriptions.insert(name.to_owned(), description.clone());
        }
        let Ok(base) = clean_metric_name(name, DIGIT_PREFIX) else {
            // Refused, and counted, when it is used.
            return;
        };
        let known = |unit| {
            self.family_named(&yardstick_model::exposed_name(&base, unit, kind))
                .filter(|family| family.facts.kind == kind)
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
        let handles = self.inner.facade.read().unwrap_or_else(PoisonError::into_inner);
        handles.descriptions.get(name).cloned().unwrap_or_default()
    }

    /// The series of a key, from this thread's table or the registry; `None` if it is refused.
    ///
    /// What a thread keeps is of use until a family is taken out, as what it led to may be gone. The number of those
    /// that were is read before the series is found: one that is gone is never kept under a number that still stands.
    #[inline]
    fn facade_series<S: CachedBy>(
        &self,
        key: &Key,
        kind: Kind,
        cache: impl Fn(&mut Handles) -> &mut HashMap<Key, Arc<S>>,
    ) -> Option<Arc<S>> {
        // A function that asks through the facade has its claim on the family looked at each time.
        if Claim::asking().is_some() {
            return self.facade_handle(key, kind, cache).map(|(series, _)| series);
        }
        let within = Within::enter();
        let owner = Owner { metric: self.id(), registry: self.taken_out() };
        let looked_up = lookup::Key::of(owner, &Written(key));
        let known = S::near().try_with(|near| near.get(&looked_up, &Written(key))).ok().flatten();
        drop(within);
        if known.is_some() {
            return known;
        }
        let (series, may_keep) = self.facade_handle(key, kind, cache)?;
        if may_keep {
            let _scope = Scope::enter();
            let kept = Arc::clone(&series);
            // Fails only while the thread ends; then each use finds its series anew.
            let _ = S::near().try_with(|near| near.put(&looked_up, &Written(key), kept));
        }
        Some(series)
    }

    /// The series of a key, from the handles or the families; the flag says whether it may be kept.
    #[inline(never)]
    fn facade_handle<S: CachedBy>(
        &self,
        key: &Key,
        kind: Kind,
        cache: impl Fn(&mut Handles) -> &mut HashMap<Key, Arc<S>>,
    ) -> Option<(Arc<S>, bool)> {
        let _scope = Scope::enter();
        let claim = Claim::asking();
        let cached = {
            let handles = self.inner.facade.read().unwrap_or_else(PoisonError::into_inner);
            S::cached(&handles, key)
        };
        if let Some(cached) = &cached
            && claim.is_none()
        {
            return Some((Arc::clone(cached), true));
        }
        loop {
            let family = self.facade_family(key.name(), kind)?;
            if let Some(claim) = claim {
                self.counted(family.claim(claim))?;
            }
            if let Some(cached) = &cached {
                return Some((Arc::clone(cached), true));
            }
            let labels = self.counted(self.facade_labels(key, &family))?;
            let pairs: Vec<_> = labels.iter().map(|(n, v)| (n.as_str(), *v)).collect();
            let Some(found) = family.series(&pairs, Demand::Open) else {
                refuse(Refusal::Memory, 1);
                return None;
            };
            let mut handles = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
            // Who takes a family out forgets all handles afterwards, under this lock: what is kept here is shown, or will
            // be forgotten. Each turn of the loop is one family that was taken out meanwhile.
            if !self.shows(&family) {
                continue;
            }
            return Some(match found {
                Found::Series(series) => {
                    if !labels.values().any(|value| is_long(value)) {
                        let kept = cache(&mut handles);
                        forget_removed(kept);
                        kept.insert(key.to_retained(), Arc::clone(&series));
                    }
                    (series, true)
                }
                // Not kept: the handles are bounded by the families' limits.
                Found::Overflow(series) => (series, false),
            });
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
            return self.counted(spec.agree_on_spelling(&family.facts).map(|()| family));
        }
        self.family(&spec).inspect_err(tell).ok()
    }

    /// The cleaned labels of a key, without empty values where each series brings its own labels: to Prometheus an
    /// empty label is an absent one.
    fn facade_labels<'k>(
        &self,
        key: &'k Key,
        family: &FamilyCore,
    ) -> Result<BTreeMap<String, &'k str>, RegisterError> {
        let written = key.labels().map(|label| (label.key(), label.value()));
        let mut labels = self.spelled(family, written, clean_library_label_name, LOCATION)?;
        match &family.facts.labels {
            LabelNames::Open => labels.retain(|_, value| !value.is_empty()),
            LabelNames::Declared(first) if first.iter().eq(labels.keys()) => {}
            LabelNames::Declared(first) => {
                let (first, second) = (first.clone(), labels.into_keys().collect());
                return Err(RegisterError::Conflict {
                    family: family.facts.name.clone(),
                    difference: Difference::Labels { first, second },
                    first: family.facts.location,
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

/// Forgets the handles of removed series, whenever the number of handles has doubled.
fn forget_removed<S: Series>(handles: &mut HashMap<Key, Arc<S>>) {
    if handles.len() == handles.capacity() {
        handles.retain(|_, series| !series.hidden().load(Ordering::Relaxed));
        handles.reserve(handles.len());
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
        written,
        policy: NamePolicy::Sanitised,
        kind,
        unit: description.unit,
        help,
        labels: None,
        constant: &[],
        bounds: None,
        native: None,
        quantiles: None,
        states: &[],
        location: LOCATION,
        series_max: SERIES_MAX_DEFAULT,
    }
}

#[cfg(test)]
mod tests {
    use metrics::Level;

    use super::*;

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
            assert!(table.remove(&format!("id=\"{index}\"")));
        }
        let handles = registry.inner.facade.read().unwrap_or_else(PoisonError::into_inner);
        assert!(handles.counters.len() < 100, "{} of {SERIES}", handles.counters.len());
    }
}
