//! Schemas: the metrics of a component, declared once in a struct.

use yardstick_model::{Kind, Location, Unit};

use crate::{
    Counter, Gauge, Histogram, LabelSet, RegisterError, Registry,
    handle::{CounterKind, GaugeKind, HistogramKind, MetricKind},
    registry::{FamilySpec, HelpSpec, NamePolicy, SERIES_MAX_DEFAULT},
};

/// The metrics of a component: a struct whose fields are metrics.
///
/// Derive it. Each field is a [`Counter`], [`Gauge`] or [`Histogram`], with a [`LabelSet`] as parameter if it has
/// labels, or a schema within the schema. The field's name is the metric's, after the namespace; its doc comment
/// is the help text, and must be there.
///
/// | option | where | meaning | default |
/// |---|---|---|---|
/// | `#[metrics(namespace = "..")]` | struct | the first part of every name | none |
/// | `#[metrics(crate = path)]` | struct | where this crate is, if re-exported | `::yardstick` |
/// | `#[metrics(flatten)]` | field | the field is a schema, whose metrics are added to these, under this namespace too | |
/// | `#[metric(name = "..")]` | field | the metric's name, after the namespace | the field's |
/// | `#[metric(help = "..")]` | field | the help text | the doc comment's first paragraph |
/// | `#[metric(unit = Bytes)]` | field | a [`Unit`]: the last part of the name | none |
/// | `#[metric(buckets = ..)]` | histogram | bucket bounds, in the forms of [`track_duration`](crate::track_duration) | [`DEFAULT_SECONDS`](crate::DEFAULT_SECONDS) |
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
/// assert_eq!(registry.get_sample_value("shop_queue_size_bytes", &[]), Some(512.0));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric schema",
    label = "not a schema",
    note = "derive `MetricSchema` on a struct whose fields are metrics"
)]
pub trait MetricSchema: Sized {
    /// Registers every metric in `registry`, or finds those that exist.
    ///
    /// # Errors
    ///
    /// The first metric that the registry refuses, because it has a family that differs or no room is left.
    /// Metrics before it stay registered.
    fn register(registry: &Registry) -> Result<Self, RegisterError> {
        Self::register_under(registry, "")
    }

    /// As [`register`](Self::register), with `prefix` in front of every name.
    #[doc(hidden)]
    fn register_under(registry: &Registry, prefix: &str) -> Result<Self, RegisterError>;
}

/// What a field of a schema says about its metric.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct SchemaFacts {
    pub name: &'static str,
    pub help: &'static str,
    pub unit: Option<Unit>,
    pub buckets: Option<&'static [f64]>,
    pub series_max: Option<usize>,
}

/// A field of a schema.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "not a metric",
    note = "a schema's fields are `Counter`, `Gauge` and `Histogram`, or schemas with `#[metrics(flatten)]`"
)]
pub trait SchemaMetric: Sized {
    const KIND: Kind;
    fn register(
        registry: &Registry,
        prefix: &str,
        facts: &SchemaFacts,
        location: Location,
    ) -> Result<Self, RegisterError>;
}

macro_rules! schema_metrics {
    ($($handle:ident of $kind:ident = $model_kind:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<L: LabelSet> SchemaMetric for $handle<L> {
            const KIND: Kind = Kind::$model_kind;

            fn register(
                registry: &Registry,
                prefix: &str,
                facts: &SchemaFacts,
                location: Location,
            ) -> Result<Self, RegisterError> {
                let store = store::<$kind, L>(registry, prefix, facts, (Self::KIND, location))?;
                Ok(Self::of_store(store))
            }
        }
    )*};
}

schema_metrics! {
    Counter of CounterKind = Counter;
    Gauge of GaugeKind = Gauge;
    Histogram of HistogramKind = Histogram;
}

fn store<K: MetricKind, L: LabelSet>(
    registry: &Registry,
    prefix: &str,
    facts: &SchemaFacts,
    (kind, location): (Kind, Location),
) -> Result<L::Store<K>, RegisterError> {
    let mut names = Vec::new();
    L::each_name(&mut |name| names.push(name));
    let name = match prefix {
        "" => facts.name.to_owned(),
        prefix => format!("{prefix}_{}", facts.name),
    };
    let spec = FamilySpec {
        base: &name,
        written: &name,
        policy: NamePolicy::Checked,
        kind,
        unit: facts.unit,
        help: HelpSpec::Explicit(facts.help),
        labels: Some(&names),
        bounds: facts.buckets,
        location,
        series_max: facts.series_max.unwrap_or(SERIES_MAX_DEFAULT),
    };
    registry.store_of::<K, L>(&spec)
}
