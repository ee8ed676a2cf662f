//! Schemas: the metrics of a component, declared once in a struct.

mod declared;
mod global;
#[cfg(feature = "testing")]
pub(crate) mod instances;
mod register;

pub(crate) use self::global::CataloguedSchema;
use self::register::strictly;
pub use self::{
    declared::{Descriptors, Field, FieldSpec, metric},
    global::{Global, SchemaEntry},
    register::{Registrar, SchemaMetric},
};
use crate::registry::{RegisterError, Registry};

/// The metrics of a component: a struct whose fields are metrics.
///
/// Derive it. Each field is a [`Counter`](crate::Counter), [`Gauge`](crate::Gauge), [`Histogram`](crate::Histogram),
/// [`Summary`](crate::Summary), [`Info`](crate::Info) or [`StateSet`](crate::StateSet), with a
/// [`LabelSet`](crate::LabelSet) as parameter if it has labels, or a schema within the schema. The field's name is the metric's, after the namespace; its doc comment
/// is the help text, and must be there.
///
/// [`global`](Self::global) is the instance in the default registry, which the exporter serves. It comes to be when
/// it is first asked for, or when an exporter is installed, whichever is earlier; so every metric of every schema is
/// shown from the start. A schema that is only ever a field of another is not registered on its own.
///
/// For each field the derive adds a function of the same name and visibility, which answers with that metric of the
/// global instance. That is what attributes take: `#[track_duration(ShopMetrics::request_duration)]`, or
/// `#[track_duration(ShopMetrics::pool.wait)]` where `pool` is a schema.
///
/// | option | where | meaning | default |
/// |---|---|---|---|
/// | `#[metrics(namespace = "..")]` | struct | the first part of every name | none |
/// | `#[metrics(labels(key = ".."))]` | struct | labels that all its series have, with these values | none |
/// | `#[metrics(unlisted)]` | struct | installing an exporter does not register it: for a schema that is registered elsewhere, or perhaps never used | |
/// | `#[metrics(crate = path)]` | struct | where this crate is, if re-exported | `::yardstick` |
/// | `#[metrics(flatten)]` | field | the field is a schema, whose metrics are added to these, under this namespace too | |
/// | `#[metric(name = "..")]` | field | the metric's name, after the namespace | the field's |
/// | `#[metric(help = "..")]` | field | the help text | the doc comment's first paragraph |
/// | `#[metric(unit = Bytes)]` | field | a [`Unit`](crate::Unit): the last part of the name | none |
/// | `#[metric(buckets = ..)]` | histogram | bucket bounds, in the forms of [`track_duration`](crate::track_duration) | those for its unit: [`DEFAULT_SECONDS`](crate::buckets::DEFAULT_SECONDS), in that unit of time, or powers of four of bytes |
/// | `#[metric(quantiles = [0.5, 0.99])]` | summary | the quantiles that are shown | none |
/// | `#[metric(window = 10m)]` | summary | the time that they cover; alone, of observations that are kept for [`Summary::quantile`](crate::Summary::quantile) and not shown | ten minutes |
/// | `#[metric(labels(key = ".."))]` | field | labels that all its series have | none |
/// | `#[metric(series_max = 100)]` | field | how many series the family may have | 2,000 |
///
/// # Examples
///
/// ```
/// use yardstick::{Counter, Gauge, Histogram, LabelSet, MetricSchema, Registry};
///
/// #[derive(LabelSet)]
/// struct Cache {
///     cache_name: &'static str,
///     hit: bool,
/// }
///
/// #[derive(MetricSchema)]
/// #[metrics(namespace = "shop")]
/// struct ShopMetrics {
///     /// Look-ups in the cache.
///     cache_requests: Counter<Cache>,
///     /// Tokens per request.
///     #[metric(buckets = [10, 100, 1_000])]
///     token_usage: Histogram,
///     /// Bytes in the queue.
///     #[metric(unit = Bytes)]
///     queue_size: Gauge,
/// }
///
/// let registry = Registry::new();
/// let metrics = ShopMetrics::register(&registry)?;
/// metrics.cache_requests.with(&Cache { cache_name: "sessions", hit: true }).inc();
/// metrics.queue_size.set(512.0);
/// assert_eq!(registry.sample_value("shop_queue_size_bytes", &[]), Some(512.0));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric schema",
    label = "not a schema",
    note = "derive `MetricSchema` on a struct whose fields are metrics"
)]
pub trait MetricSchema: Sized + Send + Sync + 'static {
    /// What it declares, in the order of the fields.
    const DESCRIPTORS: Descriptors;

    /// Registers every metric in `registry`, or finds those that exist.
    ///
    /// # Errors
    ///
    /// The first metric that the registry refuses, because it has a family that differs or no room is left.
    /// Metrics before it stay registered.
    fn register(registry: &Registry) -> Result<Self, RegisterError> {
        let mut schema = None;
        let refused = strictly(registry, &mut |registrar| schema = Self::register_in(registrar));
        schema.ok_or_else(|| refused.unwrap_or_else(|| unreachable!("a refusal is noted")))
    }

    /// The instance in the default registry. Of two metrics that contradict each other, the first is shown; the
    /// other records into nothing that is, is counted in `yardstick_registrations_refused_total`, and makes the
    /// installation of an exporter fail with both source locations.
    ///
    /// # Panics
    ///
    /// When the process has no words left for its metrics: after some thirty million series.
    fn global() -> &'static Self;

    /// As [`register`](Self::register), under what encloses the schema; `None` if a metric was refused, which the
    /// registrar notes.
    #[doc(hidden)]
    fn register_in(registrar: &Registrar<'_>) -> Option<Self>;
}
