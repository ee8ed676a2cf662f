//! The facade's half: `counter!`, `gauge!` and `histogram!` of any library, recorded into a registry.
//!
//! Names are sanitised, kinds and label names are checked, and what does not fit is refused and counted:
//! the caller then holds a handle that does nothing. Two names that only look alike once sanitised are
//! never merged.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError},
};

use metrics::{Key, KeyName, Metadata, Recorder, SharedString};
use yardstick_model::{Kind, Location, Unit, sanitise_label_name, sanitise_metric_name};

use super::{
    Cause, Claim, Demand, FamilyCore, FamilySpec, Found, HelpSpec, LabelNames, NamePolicy,
    Registry, Tabled,
    series::{CounterSeries, GaugeSeries, HistogramSeries},
    table::SERIES_MAX_DEFAULT,
};
use crate::{
    diagnostics::{Refusal, refuse},
    reentry::Scope,
    site::catalog,
};

/// What the facade told about names, and the handles that keys led to before.
#[derive(Default)]
pub(super) struct Handles {
    descriptions: HashMap<String, Description>,
    counters: HashMap<Key, Arc<CounterSeries>>,
    gauges: HashMap<Key, Arc<GaugeSeries>>,
    histograms: HashMap<Key, Arc<HistogramSeries>>,
    /// The label name that each sanitised one was written as, by family.
    labels: HashMap<(String, String), String>,
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
}

macro_rules! cached_by {
    ($($series:ty = $field:ident;)*) => {$(
        impl CachedBy for $series {
            fn cached(handles: &Handles, key: &Key) -> Option<Arc<Self>> {
                handles.$field.get(key).cloned()
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
        let base = sanitise_metric_name(name);
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

    /// The series of a key, from the handles or the families; `None` if it is refused.
    fn facade_series<S: CachedBy>(
        &self,
        key: &Key,
        kind: Kind,
        cache: impl Fn(&mut Handles) -> &mut HashMap<Key, Arc<S>>,
    ) -> Option<Arc<S>> {
        let _scope = Scope::enter();
        let claim = Claim::asking();
        let cached = {
            let handles = self.inner.facade.read().unwrap_or_else(PoisonError::into_inner);
            S::cached(&handles, key)
        };
        if cached.is_some() && claim.is_none() {
            return cached;
        }
        let family = self.facade_family(key.name(), kind)?;
        if let Some(Err(error)) = claim.map(|claim| family.claim(claim)) {
            self.count_refusal(&error);
            return None;
        }
        if cached.is_some() {
            return cached;
        }
        let labels = self.facade_labels(key, &family)?;
        let pairs: Vec<_> = labels.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        match family.series(&pairs, Demand::Open) {
            Some(Found::Series(series)) => {
                let mut handles = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
                cache(&mut handles).insert(key.to_retained(), Arc::clone(&series));
                Some(series)
            }
            // Not kept: the handles are bounded by the families' limits.
            Some(Found::Overflow(series)) => Some(series),
            None => {
                refuse(Refusal::Memory, 1);
                None
            }
        }
    }

    fn facade_family(&self, name: &str, kind: Kind) -> Option<Arc<FamilyCore>> {
        let base = sanitise_metric_name(name);
        let description = self.description(name);
        if let Some(declared) = catalog::find(&base, kind) {
            return declared.family(self);
        }
        self.family(&facade_spec(name, &base, kind, &description)).ok()
    }

    /// The sanitised labels of a key, without empty values (to Prometheus an empty label is an absent
    /// one); `None` if they are refused.
    fn facade_labels(&self, key: &Key, family: &FamilyCore) -> Option<Vec<(String, String)>> {
        let mut labels = BTreeMap::new();
        let mut handles = self.inner.facade.write().unwrap_or_else(PoisonError::into_inner);
        for label in key.labels() {
            let name = sanitise_label_name(label.key());
            let written = handles
                .labels
                .entry((family.facts.name.clone(), name.clone()))
                .or_insert_with(|| label.key().to_owned());
            let collides = written != label.key();
            let reserved = yardstick_model::reserved_label(family.facts.kind, &name);
            if collides || reserved || labels.insert(name, label.value().to_owned()).is_some() {
                self.count_cause(if reserved { Cause::Labels } else { Cause::Collision });
                return None;
            }
        }
        drop(handles);
        if let LabelNames::Declared(names) = &family.facts.labels {
            if !names.iter().eq(labels.keys()) {
                self.count_cause(Cause::Labels);
                return None;
            }
        } else {
            labels.retain(|_, value| !value.is_empty());
        }
        Some(labels.into_iter().collect())
    }
}

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
        location: Location { module: "metrics", file: "(metrics facade)", line: 0, column: 0 },
        series_max: SERIES_MAX_DEFAULT,
    }
}
