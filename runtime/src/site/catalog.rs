//! All sites and schemas of the program, registered before their first event.
//!
//! Where the linker drops a site, it registers itself when it is first called; it is only its zero that
//! is missing until then.

use std::{collections::BTreeMap, sync::Arc};

use yardstick_model::{Kind, exposed_name};

use super::{link, metric::Metric};
use crate::{
    base::{lock::LazyLock, refusals::warn},
    data::{Descriptor, FunctionDescriptor},
    registry::{
        FamilyCore, FamilySpec, RegisterError, Registry, default_registry, zero_series_max,
    },
    schema::CataloguedSchema,
};

impl Metric {
    fn with_spec<R>(&self, read: impl FnOnce(&FamilySpec<'_>) -> R) -> R {
        let labels = self.label_names();
        read(&self.spec(labels.as_deref()))
    }

    /// The family of this site in `registry`.
    pub(crate) fn family(&self, registry: &Registry) -> Option<Arc<FamilyCore>> {
        self.with_spec(|spec| registry.family(spec).ok())
    }
}

/// All sites, in the order of module, file, line and column, whatever order the linker left them in.
static ALL: LazyLock<Vec<&'static Metric>> = LazyLock::new(|| {
    let mut metrics: Vec<_> = link::sites().collect();
    metrics.sort_by_key(|metric| metric.with_spec(|spec| spec.location));
    metrics
});

/// Those that follow the current recorder.
static FOLLOWING: LazyLock<Vec<&'static Metric>> =
    LazyLock::new(|| ALL.iter().copied().filter(|metric| !metric.is_directed()).collect());

/// Whether the program has annotated functions that follow the current recorder.
pub(crate) fn has_sites() -> bool {
    !FOLLOWING.is_empty()
}

/// What each site records.
pub(crate) fn sites() -> impl Iterator<Item = Descriptor> {
    ALL.iter().map(|metric| metric.descriptor())
}

/// The annotated functions with metrics of their own, in the order of their places.
pub(crate) fn functions() -> Vec<FunctionDescriptor> {
    let mut functions: Vec<FunctionDescriptor> = Vec::new();
    for metric in &*ALL {
        let one = metric.function();
        let is_same = |known: &&mut FunctionDescriptor| {
            known.function == one.function && known.module == one.module
        };
        match functions.iter_mut().find(is_same) {
            Some(known) => known.metrics.extend(one.metrics),
            None => functions.push(one),
        }
    }
    for function in &mut functions {
        function.metrics.sort();
        function.metrics.dedup();
    }
    functions
}

/// The schemas that stand for themselves: those that are fields of others are registered with these.
pub(crate) fn schemas() -> Vec<&'static dyn CataloguedSchema> {
    let mut flattened = Vec::new();
    let all: Vec<_> = link::schemas().to_vec();
    for schema in &all {
        schema.descriptors().each_flattened(&mut |schema| flattened.push(schema));
    }
    let stands_alone = |s: &&dyn CataloguedSchema| !flattened.contains(&s.descriptors().schema());
    let mut schemas: Vec<_> = all.into_iter().filter(stands_alone).collect();
    schemas.sort_by_key(|schema| schema.descriptors().to_vec().first().map(|first| first.location));
    schemas
}

/// The first site whose metric the facade means by `base`, a sanitised name.
pub(crate) fn find(base: &str, kind: Kind) -> Option<&'static Metric> {
    static BY_NAME: LazyLock<BTreeMap<(String, Kind), &'static Metric>> = LazyLock::new(|| {
        let mut by_name = BTreeMap::new();
        for metric in &*FOLLOWING {
            let key = metric.with_spec(|spec| (spec.exposed_name(), spec.kind));
            by_name.entry(key).or_insert(*metric);
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
    for metric in registered.with_known_series() {
        metric.create_known(registry);
    }
    registered.warn_of_missing_zeroes(registry);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Makes the series that are known before their first event in the remembered recorder.
#[cfg(feature = "stock")]
pub(crate) fn create_known_remembered(registered: &Registered) {
    for metric in registered.with_known_series() {
        metric.create_known_remembered();
    }
}

/// The sites that have their families.
pub(crate) struct Registered {
    metrics: Vec<&'static Metric>,
    /// How many series of each family are known before their first event.
    known: BTreeMap<String, usize>,
    /// Why others have none.
    pub(crate) errors: Vec<RegisterError>,
}

/// Registers the family of every site. Those that contradict an earlier one are left out.
pub(crate) fn register_families(registry: &Registry) -> Registered {
    let (mut metrics, mut known, mut errors) = (Vec::new(), BTreeMap::new(), Vec::new());
    for metric in &*FOLLOWING {
        match metric.register(registry) {
            Ok(family) => {
                let name = family.meta.name.clone();
                *known.entry(name).or_default() += metric.known_series();
                metrics.push(*metric);
            }
            Err(error) => errors.push(error),
        }
    }
    Registered { metrics, known, errors }
}

impl Registered {
    /// The sites whose series are to exist before their first event.
    fn with_known_series(&self) -> impl Iterator<Item = &'static Metric> {
        self.metrics.iter().copied().filter(|metric| {
            metric.known_series() > 0
                && metric.with_spec(|spec| {
                    let of_family = self.known.get(&spec.exposed_name());
                    of_family.is_some_and(|series| *series <= zero_series_max(spec.kind))
                })
        })
    }

    /// One message for all families that have too many series to show them at zero.
    fn warn_of_missing_zeroes(&self, registry: &Registry) {
        let too_many = self.known.iter().filter(|(name, series)| {
            let kind = registry.family_named(name).map(|family| family.meta.kind);
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
