//! Instrumentation by attribute: exact counters, gauges and histograms, scraped by Prometheus.
//!
//! Annotate functions, install the exporter, let Prometheus scrape it:
//!
//! ```
//! use yardstick::{track_duration, track_errors};
//!
//! /// Answers one query.
//! #[track_duration("query_duration", labels(endpoint = "/query"), buckets = 5ms..10s)]
//! #[track_errors]
//! fn answer(query: &str) -> Result<usize, std::num::ParseIntError> {
//!     query.parse()
//! }
//!
//! let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
//! let _ = answer("42");
//! assert!(exporter.render().contains("query_duration_seconds_count{endpoint=\"/query\"} 1\n"));
//! exporter.shutdown_blocking()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Concepts
//!
//! - An **attribute** ([`track_duration`], [`track_errors`], [`track_calls`], [`track_active`], or all: [`track`]) records
//!   into the facade's current recorder: the default registry once [`exporter`](fn@exporter) is installed, a
//!   [`Registry`] under `metrics::with_local_recorder`, or any other `metrics` recorder.
//! - A **registry** holds metric families and renders them. It implements [`metrics::Recorder`], so what
//!   libraries record through the facade ends in the same place.
//! - A **handle** ([`Counter`], [`Gauge`], [`Histogram`], [`Summary`], [`Info`], [`StateSet`]) records into one series. Recording never fails,
//!   never blocks and loses nothing: each thread counts in words of its own, and a scrape adds them up.
//! - A **schema** ([`MetricSchema`]) declares the metrics of a component in a struct; attributes refer to its fields.
//! - A **collector** ([`Collector`](gather::Collector)) gives families when a registry is gathered.
//! - What is named only at run time is recorded through [`Dynamic`](dynamic::Dynamic).
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `http` | yes | the endpoint: `/metrics` from a thread of its own |
//! | `tower` | no | `tower`: a layer that tracks HTTP requests, and `/metrics` as a service |
//! | `axum` | no | `axum::router()`: `/metrics` inside an application of axum, and its routes as labels |
//! | `tls` | no | `ExporterBuilder::web_config`: TLS and authentication of the endpoint |
//! | `exemplars` | no | `span_exemplars`: exemplars from the current span of `tracing` |
//! | `stock` | no | the catalog of attributes for `metrics-exporter-prometheus` |
//! | `tracing` | yes | what is recorded by name as events, and what is refused as warnings |
//! | `process` | no | `ProcessMetrics`: the standard metrics of a process, on Linux |
//! | `tokio` | no | `TokioMetrics`: what tokio says of its runtimes |
//! | `build-info` | no | `build_info!`: version, commit and compiler of the program |
//! | `testing` | no | `testing`: captures, deltas, golden files and a clock for tests |
//! | `off` | no | turns every attribute into the identity; arguments are still checked |
//!
//! # Not supported
//!
//! Recording inside a signal handler. Attributes on `const fn`, and on functions that return a future or stream
//! of a named type, are refused.

// Marks, on docs.rs, what needs a feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
#[path = "__private.rs"]
pub mod __private_0_1_0;
/// What fuzzers call, which build with `--cfg fuzzing`.
#[cfg(all(any(test, fuzzing), feature = "http"))]
#[doc(hidden)]
pub use crate::exporter::http::fuzz as __fuzz;
mod attributes;
#[cfg(feature = "axum")]
pub mod axum;
mod base;
pub mod catalog;
mod cells;
#[cfg(any(feature = "build-info", feature = "process", feature = "tokio"))]
pub mod collectors;
mod data;
pub mod dynamic;
pub mod exporter;
mod exposition;
mod facade;
pub mod handle;
mod labels;
pub mod prelude;
mod registry;
mod schema;
mod site;
#[cfg(feature = "exemplars")]
pub mod span_exemplars;
#[cfg(feature = "stock")]
pub mod stock;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;

// What everybody uses stands here; what belongs to one subject stands in the module of its name.

/// Derives [`ErrorType`](trait@ErrorType): see there.
pub use yardstick_macros::ErrorType;
/// Derives [`LabelSet`](trait@LabelSet): see there.
pub use yardstick_macros::LabelSet;
/// Derives [`LabelValue`](trait@LabelValue): see there.
pub use yardstick_macros::LabelValue;
/// Derives [`MetricSchema`](trait@MetricSchema): see there.
pub use yardstick_macros::MetricSchema;
pub use yardstick_model::Unit;

#[doc(inline)]
pub use crate::handle::{
    ByErrorType, ByOutcome, Counter, Gauge, Histogram, Info, LabelSet, StateSet, Summary,
};
pub use crate::{
    attributes::{track, track_active, track_calls, track_duration, track_errors},
    catalog::program::catalog,
    dynamic::default::dynamic,
    exporter::{builder::exporter, recorder::install},
    labels::{ErrorType, LabelValue, Outcome},
    registry::{RegisterError, Registry, default_registry},
    schema::MetricSchema,
};

/// Bounds of buckets, made when the program runs: for [`MetricBuilder::buckets`](handle::MetricBuilder::buckets) and for
/// rules of the exporter. Attributes and schemas have a notation of their own, which is checked at compile time.
///
/// # Examples
///
/// ```
/// use yardstick::{Registry, Unit, buckets};
///
/// let registry = Registry::new();
/// let bounds = buckets::exponential(1_024.0, 4.0, 5)?;
/// registry.histogram("body").unit(Unit::Bytes).buckets(&bounds).help("Sizes.").register()?;
/// assert!(registry.render().contains("body_bytes_bucket{le=\"4096.0\"} 0\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub mod buckets {
    pub use yardstick_model::{
        BoundsViolation, DEFAULT_SECONDS, NativeBuckets, NativeBucketsError, exponential, linear,
        steps,
    };

    pub use crate::registry::{Buckets, Matcher};
}

/// Why a declaration was refused: the parts of a [`RegisterError`], to be matched on or shown.
///
/// # Examples
///
/// ```
/// use yardstick::{RegisterError, Registry, error::NameFault};
///
/// let refused = Registry::new().counter("two words").help("Words.").register();
/// let Err(RegisterError::MetricName { violation, .. }) = refused else { panic!("a name with a space") };
/// assert!(matches!(violation.fault, NameFault::Character { character: ' ', .. }));
/// ```
pub mod error {
    pub use yardstick_model::{
        BoundsViolation, Location, NameFault, NameSubject, NameViolation, NativeBucketsError,
    };

    pub use crate::registry::{Both, CollectError, Difference, RegisterError};
}

/// What a registry holds at one moment, as plain data, and [collectors](gather::Collector), which bring families of
/// their own when a registry is gathered.
///
/// # Examples
///
/// ```
/// use yardstick::{Registry, gather::Value};
///
/// let registry = Registry::new();
/// registry.counter("orders").help("Orders.").register()?.inc_by(2);
/// let families = registry.gather();
/// assert_eq!(families[0].name, "orders_total");
/// assert_eq!(families[0].series[0].value, Value::Counter { whole: 2, fraction: 0.0 });
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
pub mod gather {
    pub use yardstick_model::Kind;

    pub use crate::{
        data::{Exemplar, MetricFamily, Sample, SeriesData, Value},
        registry::{CollectError, Collector, CollectorId},
    };
}

/// The exposition of the default registry in the Prometheus text format, for those who serve it themselves. They call
/// [`install`] before, or what annotated functions record is not in it, as its first line and the log then say.
///
/// # Examples
///
/// ```
/// yardstick::default_registry().counter("rendered").help("Renderings.").register()?.inc();
/// assert!(yardstick::render().contains("rendered_total 1\n"));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[must_use]
pub fn render() -> String {
    default_registry().render()
}
