//! All sites of the program, so that a metric exists before its first event.
//!
//! Where the linker drops a site, it registers itself when it is first called; it is only its zero that
//! is missing until then.

use std::{collections::BTreeMap, fmt, sync::Arc};

use yardstick_model::{Kind, exposed_name};

use super::{
    Site, SiteInfo, link,
    metric::{Instrument, SiteMetric},
    of_schema::SchemaSite,
};
use crate::{
    MetricSchema,
    catalog::Descriptor,
    diagnostics::warn,
    locks::LazyLock,
    registry::{FamilyCore, FamilySpec, RegisterError, Registry, default_registry},
    schema::{CataloguedSchema, SchemaEntry},
};

/// Series that a counter or gauge family may have before their first event; with more than that known
/// beforehand, none is made.
pub(crate) const ZERO_SERIES_MAX: usize = 100;

/// The same for a histogram, whose series are many lines each.
pub(crate) const ZERO_SERIES_MAX_HISTOGRAM: usize = 20;

/// What is in the link-time list: a site, whatever its metrics are, or a schema.
#[allow(
    private_interfaces,
    reason = "the list passes through user code, its entries' content does not"
)]
pub trait Catalogued: fmt::Debug + Sync {
    #[doc(hidden)]
    fn visit(&'static self, _visit: &mut dyn FnMut(Entry)) {}
    #[doc(hidden)]
    fn schema(&'static self) -> Option<&'static dyn CataloguedSchema> {
        None
    }
}

#[allow(private_interfaces, reason = "as above")]
impl<S: MetricSchema> Catalogued for SchemaEntry<S> {
    fn schema(&'static self) -> Option<&'static dyn CataloguedSchema> {
        Some(self)
    }
}

/// One metric of one site.
#[derive(Clone, Copy)]
pub struct Entry {
    info: &'static SiteInfo,
    metric: &'static dyn CataloguedMetric,
}

trait CataloguedMetric: Sync {
    fn spec_with(&self, info: &'static SiteInfo, with: &mut dyn FnMut(&FamilySpec<'_>));
    fn register(
        &self,
        info: &'static SiteInfo,
        registry: &Registry,
    ) -> Result<Arc<FamilyCore>, RegisterError>;
    fn descriptor(&self, info: &'static SiteInfo) -> Descriptor;
    fn is_directed(&self) -> bool;
    fn known_series(&self) -> usize;
    fn create_known(&'static self, info: &'static SiteInfo, registry: &Registry);
    #[cfg(feature = "stock")]
    fn create_known_remembered(&'static self, info: &'static SiteInfo);
}

impl<K: Instrument> CataloguedMetric for SiteMetric<K> {
    fn spec_with(&self, info: &'static SiteInfo, with: &mut dyn FnMut(&FamilySpec<'_>)) {
        let labels = self.label_names();
        with(&self.spec(info, labels.as_deref()));
    }

    fn register(
        &self,
        info: &'static SiteInfo,
        registry: &Registry,
    ) -> Result<Arc<FamilyCore>, RegisterError> {
        SiteMetric::register(self, info, registry)
    }

    fn descriptor(&self, info: &'static SiteInfo) -> Descriptor {
        SiteMetric::descriptor(self, info)
    }

    fn is_directed(&self) -> bool {
        SiteMetric::is_directed(self)
    }

    fn known_series(&self) -> usize {
        SiteMetric::known_series(self)
    }

    fn create_known(&'static self, info: &'static SiteInfo, registry: &Registry) {
        SiteMetric::create_known(self, info, registry);
    }

    #[cfg(feature = "stock")]
    fn create_known_remembered(&'static self, info: &'static SiteInfo) {
        SiteMetric::create_known_remembered(self, info);
    }
}

/// A list of metrics, one after the other.
pub trait CataloguedList: 'static {
    #[doc(hidden)]
    fn visit(&'static self, info: &'static SiteInfo, visit: &mut dyn FnMut(Entry));
}

impl CataloguedList for () {
    fn visit(&'static self, _: &'static SiteInfo, _: &mut dyn FnMut(Entry)) {}
}

impl<K: Instrument, T: CataloguedList> CataloguedList for (SiteMetric<K>, T) {
    fn visit(&'static self, info: &'static SiteInfo, visit: &mut dyn FnMut(Entry)) {
        visit(Entry { info, metric: &self.0 });
        self.1.visit(info, visit);
    }
}

/// The schema lists what it declares.
impl<K: Instrument, T: CataloguedList> CataloguedList for (SchemaSite<K>, T) {
    fn visit(&'static self, info: &'static SiteInfo, visit: &mut dyn FnMut(Entry)) {
        self.1.visit(info, visit);
    }
}

impl<M: CataloguedList + fmt::Debug + Sync> Catalogued for Site<M> {
    fn visit(&'static self, visit: &mut dyn FnMut(Entry)) {
        self.metrics.visit(&self.info, visit);
    }
}

impl Entry {
    fn spec<R>(self, read: impl FnOnce(&FamilySpec<'_>) -> R) -> Option<R> {
        let (mut read, mut result) = (Some(read), None);
        self.metric.spec_with(self.info, &mut |spec| {
            if let Some(read) = read.take() {
                result = Some(read(spec));
            }
        });
        result
    }

    /// The family of this site in `registry`.
    pub(crate) fn family(self, registry: &Registry) -> Option<Arc<FamilyCore>> {
        self.spec(|spec| registry.family(spec).ok()).flatten()
    }
}

/// All sites, in the order of module, file, line and column, whatever order the linker left them in.
static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut entries = Vec::new();
    for site in link::sites() {
        site.visit(&mut |entry| entries.push(entry));
    }
    entries.sort_by_key(|entry| entry.spec(|spec| spec.location));
    entries
});

/// Those that follow the current recorder.
static ENTRIES: LazyLock<Vec<Entry>> =
    LazyLock::new(|| ALL.iter().copied().filter(|entry| !entry.metric.is_directed()).collect());

/// Whether the program has annotated functions that follow the current recorder.
pub(crate) fn has_sites() -> bool {
    !ENTRIES.is_empty()
}

/// What each site records.
pub(crate) fn sites() -> impl Iterator<Item = Descriptor> {
    ALL.iter().map(|entry| entry.metric.descriptor(entry.info))
}

/// The schemas that stand for themselves: those that are fields of others are registered with these.
pub(crate) fn schemas() -> Vec<&'static dyn CataloguedSchema> {
    let mut flattened = Vec::new();
    let all: Vec<_> = link::sites().iter().filter_map(|entry| entry.schema()).collect();
    for schema in &all {
        schema.descriptors().each_flattened(&mut |schema| flattened.push(schema));
    }
    let stands_alone = |s: &&dyn CataloguedSchema| !flattened.contains(&s.descriptors().schema());
    let mut schemas: Vec<_> = all.into_iter().filter(stands_alone).collect();
    schemas.sort_by_key(|schema| schema.descriptors().to_vec().first().map(|first| first.location));
    schemas
}

/// The first site whose metric the facade means by `base`, a sanitised name.
pub(crate) fn find(base: &str, kind: Kind) -> Option<Entry> {
    static BY_NAME: LazyLock<BTreeMap<(String, Kind), Entry>> = LazyLock::new(|| {
        let mut by_name = BTreeMap::new();
        for entry in &*ENTRIES {
            if let Some(key) = entry.spec(|spec| (spec.exposed_name(), spec.kind)) {
                by_name.entry(key).or_insert(*entry);
            }
        }
        by_name
    });
    let seconds = (kind == Kind::Histogram).then_some(yardstick_model::Unit::Seconds);
    BY_NAME.get(&(exposed_name(base, seconds, kind), kind)).copied()
}

/// Registers every schema, the family of every site, and the series that are known before their first event.
///
/// # Errors
///
/// Every conflict between schemas and sites, or between one of them and what the registry has.
pub(crate) fn register_in_default() -> Result<(), Vec<RegisterError>> {
    let registry = default_registry();
    let refused = schemas().into_iter().flat_map(CataloguedSchema::register).cloned();
    let mut errors: Vec<RegisterError> = refused.collect();
    let mut registered = register_families(registry);
    errors.append(&mut registered.errors);
    for entry in registered.with_known_series() {
        entry.metric.create_known(entry.info, registry);
    }
    registered.tell_of_missing_zeroes(registry);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Makes the series that are known before their first event in the remembered recorder.
#[cfg(feature = "stock")]
pub(crate) fn create_known_remembered(registered: &Registered) {
    for entry in registered.with_known_series() {
        entry.metric.create_known_remembered(entry.info);
    }
}

/// The sites that have their families.
pub(crate) struct Registered {
    entries: Vec<Entry>,
    /// How many series of each family are known before their first event.
    known: BTreeMap<String, usize>,
    /// Why others have none.
    pub(crate) errors: Vec<RegisterError>,
}

/// Registers the family of every site. Those that contradict an earlier one are left out.
pub(crate) fn register_families(registry: &Registry) -> Registered {
    let (mut entries, mut known, mut errors) = (Vec::new(), BTreeMap::new(), Vec::new());
    for entry in &*ENTRIES {
        match entry.metric.register(entry.info, registry) {
            Ok(family) => {
                let name = family.facts.name.clone();
                *known.entry(name).or_default() += entry.metric.known_series();
                entries.push(*entry);
            }
            Err(error) => errors.push(error),
        }
    }
    Registered { entries, known, errors }
}

impl Registered {
    /// The sites whose series are to exist before their first event.
    fn with_known_series(&self) -> impl Iterator<Item = Entry> {
        self.entries.iter().copied().filter(|entry| {
            let of =
                |spec: &FamilySpec<'_>| Some((*self.known.get(&spec.exposed_name())?, spec.kind));
            let fits = |(series, kind)| series <= zero_series_max(kind);
            entry.metric.known_series() > 0 && entry.spec(of).flatten().is_some_and(fits)
        })
    }

    /// One message for all families that have too many series to show them at zero.
    fn tell_of_missing_zeroes(&self, registry: &Registry) {
        let too_many = self.known.iter().filter(|(name, series)| {
            let kind = registry.family_named(name).map(|family| family.facts.kind);
            kind.is_some_and(|kind| **series > zero_series_max(kind))
        });
        let names: Vec<String> =
            too_many.map(|(name, series)| format!("{name} ({series})")).collect();
        if !names.is_empty() {
            warn(&format!(
                "these families have too many series to show each at zero before its first event: {}",
                names.join(", ")
            ));
        }
    }
}

const fn zero_series_max(kind: Kind) -> usize {
    match kind {
        Kind::Histogram => ZERO_SERIES_MAX_HISTOGRAM,
        _ => ZERO_SERIES_MAX,
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("site", &self.info).finish_non_exhaustive()
    }
}
