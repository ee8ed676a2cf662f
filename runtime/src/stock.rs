//! The catalog for those who already run `metrics-exporter-prometheus`.

use std::fmt;

use metrics::Recorder;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use yardstick_model::Kind;

use crate::{
    data::Descriptor,
    registry::{Registry, current, native},
    site::catalog,
};

/// Why the exporter could not be installed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StockError {
    /// The builder refused the buckets of a site.
    Buckets(BuildError),
    /// Another recorder is the global one already.
    AlreadyInstalled,
    /// Annotated functions contradict each other: all conflicts.
    Conflicts(Vec<crate::registry::RegisterError>),
    /// There are schemas, whose metrics this exporter would not show: the first metric of each.
    Schemas(Vec<Descriptor>),
}

impl fmt::Display for StockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buckets(error) => write!(f, "the exporter refused a site's buckets: {error}"),
            Self::AlreadyInstalled => f.write_str("a global metrics recorder is installed already"),
            Self::Conflicts(conflicts) => {
                f.write_str("annotated functions contradict each other:")?;
                conflicts.iter().try_for_each(|conflict| write!(f, "\n  {conflict}"))
            }
            Self::Schemas(schemas) => {
                f.write_str(
                    "schemas record into the default registry, which this exporter does not show; install \
                     `yardstick::exporter()`, or mark them `#[metrics(unlisted)]` and serve \
                     `default_registry()` too:",
                )?;
                schemas.iter().try_for_each(|first| {
                    write!(f, "\n  the schema of `{}` at {}", first.name, first.location)
                })
            }
        }
    }
}

impl std::error::Error for StockError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Buckets(error) => Some(error),
            Self::AlreadyInstalled | Self::Conflicts(_) | Self::Schemas(_) => None,
        }
    }
}

/// Gives every annotated function's buckets and help text to `builder`, builds its recorder and makes it
/// the global one. Names are passed with their unit and `_total`, as this toolkit exposes them; counters and
/// gauges whose labels are literals exist at zero. Call sites keep the handles of this recorder, and of no
/// other, so an attribute costs a handle's update and no look-up.
///
/// Rendering, upkeep and serving stay the business of that exporter; see its documentation for what the
/// returned handle must be asked to do.
///
/// A handle records into its registry, not through a recorder, and so do schemas and what is recorded by name. That
/// exporter cannot show it. Schemas are known beforehand, so a program that has one is told at once; one that serves
/// [`default_registry`](crate::default_registry) beside the exporter marks its schemas `#[metrics(unlisted)]`.
///
/// # Errors
///
/// When there is a schema that is not `unlisted`, the sites contradict each other, or another recorder is installed.
pub fn install(builder: PrometheusBuilder) -> Result<PrometheusHandle, StockError> {
    let schemas: Vec<_> = catalog::schemas()
        .into_iter()
        .filter_map(|schema| schema.descriptors().to_vec().into_iter().next())
        .collect();
    if !schemas.is_empty() {
        return Err(StockError::Schemas(schemas));
    }
    // A registry of its own finds the conflicts, and holds the facts that the builder is given.
    let registry = Registry::new();
    let mut registered = catalog::register_families(&registry);
    if !registered.errors.is_empty() {
        return Err(StockError::Conflicts(std::mem::take(&mut registered.errors)));
    }
    let mut builder = builder;
    for family in registry.families() {
        if family.meta.kind == Kind::Histogram {
            let matcher = Matcher::Full(family.meta.name.clone());
            let bounds = &family.meta.bounds;
            let doublings = |native| native::doubling_bounds(native, bounds);
            let shown = family.meta.native.map_or_else(|| bounds.clone(), doublings);
            builder =
                builder.set_buckets_for_metric(matcher, &shown).map_err(StockError::Buckets)?;
        }
    }
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    for family in registry.families() {
        let name = metrics::KeyName::from(family.meta.name.clone());
        let help = metrics::SharedString::from(family.help().text.clone());
        match family.meta.kind {
            Kind::Gauge => recorder.describe_gauge(name, None, help),
            Kind::Histogram => recorder.describe_histogram(name, None, help),
            _ => recorder.describe_counter(name, None, help),
        }
    }
    metrics::set_global_recorder(recorder).map_err(|_| StockError::AlreadyInstalled)?;
    current::remember();
    catalog::create_known_remembered(&registered);
    Ok(handle)
}
