//! From a name and labels, as they were written, to a handle: through a cache of this thread, or the registry.
//!
//! Invariant: an entry of the cache is used only for the same name, labels and collector, letter by letter. What goes
//! to the overflow series is not kept.

use std::{sync::Arc, thread::LocalKey};

use yardstick_model::{Kind, Location, Unit};

use super::{Collector, Inner, Labels};
use crate::{
    Difference, RegisterError,
    handle::{CounterKind, GaugeKind, HistogramKind, OfKind, SummaryKind},
    registry::{Demand, FamilySpec, Found, HelpSpec, NamePolicy, SERIES_MAX_DEFAULT},
    site::{Cache, LabelValues, LateId, Owner, cache_hash},
};

/// What a name is asked to be.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    kind: Kind,
    unit: Option<Unit>,
    buckets: Option<&'a [f64]>,
    location: &'static std::panic::Location<'static>,
}

impl Collector {
    /// Finds the metric and records into it, or says once why not.
    #[inline]
    pub(super) fn with<K: OfKind + ByName>(
        &self,
        name: &str,
        labels: Labels<'_>,
        wanted: Wanted<'_>,
        record: impl FnOnce(&K::Handle),
    ) {
        if let Some(handle) = self.find::<K>(name, labels, wanted) {
            record(&handle);
        }
    }

    #[inline]
    pub(super) fn find<K: OfKind + ByName>(
        &self,
        name: &str,
        labels: Labels<'_>,
        wanted: Wanted<'_>,
    ) -> Option<Arc<K::Handle>> {
        let (owner, values) = (self.owner::<K>(), Spelled { name, labels, wanted });
        let hash = cache_hash(owner, &values);
        let cache: &'static LocalKey<Cache<K::Handle>> = K::cache();
        let known = cache.try_with(|cache| cache.get(owner, hash, &values)).ok().flatten();
        known.or_else(|| self.find_slowly::<K>(owner, hash, &values))
    }

    /// The owner of what this thread keeps: until a family is taken out of the registry, as what it led to may be gone.
    #[inline]
    fn owner<K: OfKind + ByName>(&self) -> Owner {
        K::id(&self.inner).owner_after(self.inner.registry.taken_out())
    }

    #[cold]
    #[inline(never)]
    fn find_slowly<K: OfKind + ByName>(
        &self,
        owner: Owner,
        hash: u64,
        values: &Spelled<'_>,
    ) -> Option<Arc<K::Handle>> {
        match self.resolve::<K>(values.name, values.labels, values.wanted) {
            Ok((handle, may_keep)) => {
                let handle = Arc::new(handle);
                if may_keep {
                    let kept = Arc::clone(&handle);
                    // Fails only while the thread ends; then each use finds its series anew.
                    let _ = K::cache().try_with(|cache| cache.put(owner, hash, values, kept));
                }
                Some(handle)
            }
            Err(error) => {
                self.inner.log.refused(values.name, error);
                None
            }
        }
    }

    /// The handle of a name and labels; the flag says whether it may be kept.
    pub(super) fn resolve<K: OfKind>(
        &self,
        name: &str,
        labels: Labels<'_>,
        wanted: Wanted<'_>,
    ) -> Result<(K::Handle, bool), RegisterError> {
        let Inner { registry, names, log, .. } = &*self.inner;
        let base = names.sanitise(name, wanted.unit);
        let labels = log.valid_labels(name, wanted.kind, labels);
        let label_names: Vec<_> = labels.iter().map(|(label, _)| *label).collect();
        let help = names.help(name);
        let mut spec = FamilySpec {
            base: &base,
            written: name,
            policy: NamePolicy::Sanitised,
            kind: wanted.kind,
            unit: wanted.unit,
            help: match &help {
                Some(help) => HelpSpec::Described(help),
                None => HelpSpec::Generated(format!("The {} `{name}`.", wanted.kind)),
            },
            labels: Some(&label_names),
            constant: &[],
            bounds: wanted.buckets,
            native: None,
            quantiles: None,
            states: &[],
            location: Location::from_caller("", wanted.location),
            series_max: SERIES_MAX_DEFAULT,
        };
        if registry.family_named(&spec.exposed_name()).is_some() {
            // The first use decided.
            spec.bounds = None;
        }
        let family = registry.family(&spec)?;
        // Units that were taken off a name are no reason to take two names for one.
        let written = &family.facts.written;
        if wanted.unit.is_some() && names.sanitise(written, None) != names.sanitise(name, None) {
            let error = RegisterError::Conflict {
                family: family.facts.name.clone(),
                difference: Difference::WrittenName {
                    first: written.clone(),
                    second: name.to_owned(),
                },
                first: family.facts.location,
                second: spec.location,
            };
            registry.count_refusal(&error);
            return Err(error);
        }
        match family.series::<K::Series>(&labels, Demand::Open) {
            Some(Found::Series(series)) => Ok((K::handle(series), true)),
            Some(Found::Overflow(series)) => Ok((K::handle(series), false)),
            None => {
                let error = RegisterError::OutOfWords { family: family.facts.name.clone() };
                registry.count_refusal(&error);
                Err(error)
            }
        }
    }
}

impl<'a> Wanted<'a> {
    pub(super) const fn with_buckets(self, buckets: &'a [f64]) -> Self {
        Self { buckets: Some(buckets), ..self }
    }

    #[track_caller]
    pub(super) const fn of(kind: Kind) -> Self {
        let location = std::panic::Location::caller();
        Self { kind, unit: None, buckets: None, location }
    }

    #[track_caller]
    pub(super) const fn timing() -> Self {
        let location = std::panic::Location::caller();
        Self { kind: Kind::Histogram, unit: Some(Unit::Seconds), buckets: None, location }
    }
}

/// Picks a collector's identity for one kind of metric.
pub(super) trait ByName {
    fn id(inner: &Inner) -> LateId;
}

macro_rules! by_name {
    ($($kind:ident = $field:ident;)*) => {$(
        impl ByName for $kind {
            fn id(inner: &Inner) -> LateId {
                inner.$field
            }
        }
    )*};
}

by_name! {
    CounterKind = counters;
    GaugeKind = gauges;
    HistogramKind = histograms;
    SummaryKind = summaries;
}

/// What was written, letter by letter: the key of a cache.
struct Spelled<'a> {
    name: &'a str,
    labels: Labels<'a>,
    wanted: Wanted<'a>,
}

impl LabelValues for Spelled<'_> {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        usize::MAX
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        read(self.name);
        read(self.wanted.unit.map_or("", Unit::as_str));
        for (name, value) in self.labels {
            read(name);
            read(value);
        }
    }
}
