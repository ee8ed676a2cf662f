//! Instrumentation by attribute: exact counters, gauges and histograms, scraped by Prometheus.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod __private;
mod cells;
mod diagnostics;
mod error_type;
mod exporter;
mod exposition;
mod handle;
mod label_value;
mod registry;
mod site;

pub use yardstick_model::{BoundsViolation, Kind, Location, NameViolation, Unit};

#[cfg(feature = "http")]
pub use crate::exporter::{DEFAULT_ADDRESS, Limits, ShutdownError};
pub use crate::{
    error_type::ErrorType,
    exporter::{Exporter, ExporterBuilder, InstallError, exporter},
    handle::{Counter, Gauge, Histogram},
    label_value::LabelValue,
    registry::{
        Difference, Family, FamilyBuilder, Handle, MetricBuilder, RegisterError, Registry,
        default_registry,
    },
};
