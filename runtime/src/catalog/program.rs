//! The catalog of a program, gathered from its attributes and schemas.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
};

use yardstick_model::Kind;

use super::{json, markdown};
use crate::{
    data::{Descriptor, FunctionDescriptor},
    registry::{DEFAULT_ID, Registry, zero_series_max},
    site::catalog::{functions, schemas, sites},
};

/// Every metric that the program's attributes and schemas declare, in the order of their names.
///
/// A schema is listed as [`MetricSchema::global`](crate::MetricSchema::global) has it; one marked `unlisted` is
/// not. Where the linker has no list of attributes and schemas (see the crate's documentation), the catalog is
/// empty.
///
/// # Examples
///
/// ```
/// use yardstick::{gather::Kind, track_calls, LabelValue};
///
/// #[derive(LabelValue)]
/// enum Method {
///     Get,
///     Post,
/// }
///
/// #[track_calls("queries", labels(method: Method = method), help = "Queries by method.")]
/// fn answer(method: Method) {}
///
/// let catalog = yardstick::catalog();
/// let queries = catalog.get("queries_total").expect("it is declared above");
/// assert_eq!((queries.kind, queries.help.as_str()), (Kind::Counter, "Queries by method."));
/// assert_eq!(queries.labels[0].values.as_deref(), Some(&["get".to_owned(), "post".to_owned()][..]));
/// assert!(catalog.to_markdown().contains("| `queries_total` | counter |"));
/// ```
#[must_use]
pub fn catalog() -> Catalog {
    let all = schemas().into_iter().flat_map(|s| s.descriptors().to_vec()).chain(sites());
    Catalog { identity: Identity::default(), functions: functions(), metrics: merged(all) }
}

/// One descriptor for each name, in the order of the names.
fn merged(all: impl IntoIterator<Item = Descriptor>) -> Vec<Descriptor> {
    let mut metrics: BTreeMap<String, Descriptor> = BTreeMap::new();
    for descriptor in all {
        match metrics.entry(descriptor.name.clone()) {
            Entry::Occupied(known) => known.into_mut().merge(descriptor),
            Entry::Vacant(new) => {
                new.insert(descriptor);
            }
        }
    }
    let shown = |mut descriptor: Descriptor| {
        if descriptor.series.zero > zero_series_max(descriptor.kind) {
            descriptor.series.zero = 0;
        }
        descriptor
    };
    metrics.into_values().map(shown).collect()
}

/// Which program a catalog is of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Identity {
    pub(super) package: Option<String>,
    pub(super) version: Option<String>,
    pub(super) commit: Option<String>,
    /// Labels of every series.
    pub(super) labels: Vec<(String, String)>,
}

/// What a program can record; see [`catalog`].
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    identity: Identity,
    functions: Vec<FunctionDescriptor>,
    metrics: Vec<Descriptor>,
}

impl Catalog {
    /// Everything that a registry shows or can show: families of attributes, schemas, builders and layers, of collectors as
    /// far as they describe themselves, of the `metrics` facade and of names made at run time as far as they are known
    /// now, and of the toolkit itself. Of the default registry, all attributes and listed schemas of the program are in it,
    /// whether an exporter is installed or not.
    ///
    /// It asks the registry's collectors, as a scrape does.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{Registry, catalog::{Catalog, Role}};
    ///
    /// let registry = Registry::new();
    /// registry.gauge("depth").help("Depth.").register()?;
    /// let catalog = Catalog::of(&registry);
    /// assert_eq!(catalog.get("depth").map(|metric| metric.role), Some(Role::Builder));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        let mut catalog = if registry.id() == DEFAULT_ID {
            catalog()
        } else {
            Self { identity: Identity::default(), functions: Vec::new(), metrics: Vec::new() }
        };
        let known: BTreeSet<_> = catalog.metrics.iter().map(|metric| metric.name.clone()).collect();
        let mut others = registry.descriptors();
        // Of infos and state sets, only the registry knows all labels.
        let is_better = |kind| matches!(kind, Kind::Info | Kind::StateSet);
        others.retain(|other| !known.contains(&other.name) || is_better(other.kind));
        catalog.metrics.retain(|metric| others.iter().all(|other| other.name != metric.name));
        catalog.metrics.extend(merged(others));
        catalog.metrics.sort_by(|a, b| a.name.cmp(&b.name));
        catalog.identity.labels = registry.global_label_pairs();
        catalog
    }

    /// Says which package and version the program is.
    #[must_use]
    pub fn with_package(mut self, name: &str, version: &str) -> Self {
        self.identity.package = Some(name.to_owned());
        self.identity.version = Some(version.to_owned());
        self
    }

    /// Says which commit the program was built from.
    #[must_use]
    pub fn with_commit(mut self, commit: &str) -> Self {
        self.identity.commit = Some(commit.to_owned()).filter(|commit| !commit.is_empty());
        self
    }

    /// The annotated functions with metrics of their own, in the order of their places.
    #[must_use]
    pub fn functions(&self) -> &[FunctionDescriptor] {
        &self.functions
    }

    pub(super) const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The metrics in the order of their names.
    pub fn iter(&self) -> std::slice::Iter<'_, Descriptor> {
        self.metrics.iter()
    }

    /// The metric that is exposed under this name: that of its `# TYPE` line.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Descriptor> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    /// A table in Markdown, one row for each metric, for the documentation of a service.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::render(&self.metrics)
    }

    /// A JSON document in format 1, for programs that generate dashboards or alert rules: `docs/catalog.schema.json` of
    /// this project is its JSON Schema. Fields are added to it, never renamed.
    ///
    /// ```json
    /// {"format": 1, "package": "shop", "version": "1.4.0", "commit": null, "labels": {}, "series": {"zero": 8, "max": 4009},
    ///  "functions": [
    ///   {"function": "Stock::take", "module": "shop", "metrics": {"calls": ["function_calls_total"]}, "location": {..}}],
    ///  "metrics": [
    ///   {"name": "shop_requests_total", "kind": "counter", "role": "schema", "help": "Requests by method.", "unit": null,
    ///    "labels": [{"name": "method", "values": ["get", "post"]}, {"name": "user", "values": null}],
    ///    "buckets": [], "le": [], "series": {"zero": 0, "max": 2001}, "location": {..}}]}
    /// ```
    ///
    /// `values` is null where the values are not known beforehand. `buckets` lists the upper bounds of a histogram in its
    /// unit, without `+Inf`; `le` has all of them as a scrape writes them, so that a query finds the series.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::render(self)
    }
}

impl<'c> IntoIterator for &'c Catalog {
    type Item = &'c Descriptor;
    type IntoIter = std::slice::Iter<'c, Descriptor>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// As [`Catalog::to_markdown`].
impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_markdown())
    }
}
