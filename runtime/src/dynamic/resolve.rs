//! Finds the handle of a name and labels: in a cache of this thread, or in the registry.
//!
//! Invariant: an entry of the cache is used only for the same name, labels and `Dynamic`, letter by letter. What goes
//! to the overflow series is not kept.

use yardstick_model::{Kind, Location, Unit};

use super::{Dynamic, Inner, Labels, labels::with_texts, name::Meant};
use crate::{
    data::Role,
    dynamic::LabelPairs,
    handle::{CounterKind, GaugeKind, HistogramKind, OfKind, SummaryKind},
    labels::{
        LabelValues,
        lookup::{self, Common, Kept, Key, Lookup, LookupId, Owner},
    },
    registry::{FamilySpec, HelpSpec, NamePolicy, RegisterError, Registry, SeriesLimit},
};

/// What a name is asked to be.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    kind: Kind,
    unit: Option<Unit>,
    buckets: Option<&'a [f64]>,
    location: &'static std::panic::Location<'static>,
}

impl Dynamic {
    #[inline]
    pub(super) fn find<K: OfKind + ByName>(
        &self,
        name: &str,
        labels: Labels<'_>,
        wanted: Wanted<'_>,
    ) -> Option<Kept<K::Handle>> {
        let values = Spelled { name, labels, wanted };
        let key = Key::of(self.owner::<K>(), &values);
        lookup::get(K::cache(), &key, &values).or_else(|| self.find_slowly::<K>(&key, &values))
    }

    /// The owner of what this thread keeps: until a family is taken out of the registry, as what it led to may be gone.
    #[inline]
    fn owner<K: OfKind + ByName>(&self) -> Owner {
        K::found(&self.inner).id.owner_after(self.inner.registry.taken_out())
    }

    #[cold]
    #[inline(never)]
    fn find_slowly<K: OfKind + ByName>(
        &self,
        key: &Key,
        values: &Spelled<'_>,
    ) -> Option<Kept<K::Handle>> {
        let common = &K::found(&self.inner).common;
        if let Some(kept) = lookup::fetch(K::cache(), common, key, values) {
            return Some(kept);
        }
        match self.resolve::<K>(values.name, values.labels, values.wanted) {
            Ok(found) => Some(lookup::share(K::cache(), common, key, values, found, FOUND_MAX)),
            Err(error) => {
                self.inner.log.refused(values.name, error);
                None
            }
        }
    }

    /// The handle of a name and labels, to be kept by the caller.
    pub(super) fn handle_of<K: OfKind>(
        &self,
        name: &str,
        labels: &impl LabelPairs,
        wanted: Wanted<'_>,
    ) -> Result<K::Handle, RegisterError> {
        with_texts(labels, |labels| self.resolve::<K>(name, labels, wanted)).map(Lookup::into_inner)
    }

    /// The handle of a name and labels.
    fn resolve<K: OfKind>(
        &self,
        name: &str,
        labels: Labels<'_>,
        wanted: Wanted<'_>,
    ) -> Result<Lookup<K::Handle>, RegisterError> {
        let registry = &self.inner.registry;
        let location = wanted.location();
        let meant =
            self.inner.names.meant(name, wanted.kind, wanted.unit).map_err(|violation| {
                let name = name.to_owned();
                counted(registry, RegisterError::MetricName { name, violation, location })
            })?;
        let labels =
            self.cleaned(&meant, labels, location).map_err(|error| counted(registry, error))?;
        let pairs: Vec<_> = labels.iter().map(|label| (label.name.as_str(), label.value)).collect();
        let names: Vec<_> = pairs.iter().map(|(name, _)| *name).collect();
        let help = self.inner.names.help(&meant);
        let mut spec = meant.spec(&names, help.as_deref(), wanted);
        if registry.family_named(&spec.exposed_name()).is_some() {
            // The first use decided.
            spec.bounds = None;
        }
        let family = registry.family(&spec)?;
        for Label { name, written, .. } in &labels {
            family.spell(name, written, location).map_err(|error| counted(registry, error))?;
        }
        let found = family.series::<K::Series>(&pairs, SeriesLimit::Enforced);
        found.map(|found| found.map(K::handle)).ok_or_else(|| {
            let family = family.meta.name.clone();
            counted(registry, RegisterError::OutOfMemory { family })
        })
    }

    /// The labels that can be, by their cleaned names.
    ///
    /// # Errors
    ///
    /// When two of them have one name.
    fn cleaned<'a>(
        &self,
        meant: &Meant<'_>,
        labels: Labels<'a>,
        location: Location,
    ) -> Result<Vec<Label<'a>>, RegisterError> {
        let mut cleaned: Vec<Label<'a>> = Vec::with_capacity(labels.len());
        for (written, value) in labels {
            let Some(name) = self.inner.log.clean(meant.written, meant.kind, written) else {
                continue;
            };
            let metric = || meant.exposed_name();
            match cleaned.iter().find(|before| before.name == name) {
                None => cleaned.push(Label { name, written, value }),
                Some(before) if before.written == *written => {
                    let label = (*written).to_owned();
                    return Err(RegisterError::DuplicateLabel {
                        metric: metric(),
                        label,
                        location,
                    });
                }
                Some(before) => {
                    return Err(RegisterError::LookAlikeLabels {
                        metric: metric(),
                        label: name,
                        first: before.written.to_owned(),
                        second: (*written).to_owned(),
                        location,
                    });
                }
            }
        }
        Ok(cleaned)
    }
}

/// A label of one operation.
struct Label<'a> {
    /// Cleaned.
    name: String,
    written: &'a str,
    value: &'a str,
}

fn counted(registry: &Registry, error: RegisterError) -> RegisterError {
    registry.count_refusal(&error);
    error
}

impl Meant<'_> {
    fn spec<'a>(
        &'a self,
        labels: &'a [&'a str],
        help: Option<&'a str>,
        wanted: Wanted<'a>,
    ) -> FamilySpec<'a> {
        let Self { written, base, kind, .. } = self;
        let spec = FamilySpec::new(written, *kind, wanted.location());
        FamilySpec {
            // It says the unit.
            base,
            policy: NamePolicy::ByName,
            role: Role::Dynamic,
            help: help.map_or(spec.help, HelpSpec::Described),
            labels: Some(labels),
            bounds: wanted.buckets,
            ..spec
        }
    }
}

impl<'a> Wanted<'a> {
    pub(super) const fn with_buckets(self, buckets: &'a [f64]) -> Self {
        Self { buckets: Some(buckets), ..self }
    }

    pub(super) fn location(&self) -> Location {
        Location::from_caller("", self.location)
    }

    #[track_caller]
    pub(super) const fn of(kind: Kind) -> Self {
        let location = std::panic::Location::caller();
        Self { kind, unit: None, buckets: None, location }
    }

    pub(super) const fn in_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }
}

/// What all threads found by the names of one kind of metric.
pub(super) struct Known<K: OfKind> {
    id: LookupId,
    common: Common<K::Handle>,
}

/// Names and labels of one kind for which there is a place that all threads share, as they were written: several metrics
/// as large as they may be. More are found anew by each thread.
const FOUND_MAX: usize = 16_384;

impl<K: OfKind> Known<K> {
    pub(super) fn new() -> Self {
        Self { id: LookupId::next(), common: Common::new() }
    }
}

/// Picks what a `Dynamic` keeps for one kind of metric.
pub(super) trait ByName: OfKind {
    fn found(inner: &Inner) -> &Known<Self>;
}

macro_rules! by_name {
    ($($kind:ident = $field:ident;)*) => {$(
        impl ByName for $kind {
            fn found(inner: &Inner) -> &Known<Self> {
                &inner.$field
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
