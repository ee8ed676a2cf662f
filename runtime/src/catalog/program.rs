//! The catalog of a program, gathered from its attributes and schemas.

use std::fmt;

use super::{json, markdown};
use crate::{
    data::Descriptor,
    site::catalog::{schemas, sites},
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
    let mut metrics: Vec<Descriptor> = Vec::new();
    for descriptor in schemas().into_iter().flat_map(|s| s.descriptors().to_vec()).chain(sites()) {
        match metrics.iter_mut().find(|known| known.name == descriptor.name) {
            Some(known) => known.merge(descriptor),
            None => metrics.push(descriptor),
        }
    }
    metrics.sort_by(|a, b| a.name.cmp(&b.name));
    Catalog { metrics }
}

/// What a program can record; see [`catalog`].
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    metrics: Vec<Descriptor>,
}

impl Catalog {
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

    /// A JSON document, for programs that generate dashboards or alert rules. Its fields are stable: they are
    /// added to, never renamed.
    ///
    /// ```json
    /// {
    ///   "metrics": [
    ///     {
    ///       "name": "shop_requests_total",
    ///       "kind": "counter",
    ///       "help": "Requests by method.",
    ///       "unit": null,
    ///       "labels": [{"name": "method", "values": ["get", "post"]}, {"name": "user", "values": null}],
    ///       "buckets": [],
    ///       "location": {"module": "shop::api", "file": "src/api.rs", "line": 12, "column": 5}
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// `values` is null where the values are not known beforehand, and `buckets` lists the upper bounds of a
    /// histogram without `+Inf`, in its unit.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::render(&self.metrics)
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
