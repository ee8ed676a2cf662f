//! Handles: cheap cloneable objects that record into one series, or into the series of typed labels, and what makes them.
//!
//! A [`Registry`](crate::Registry) declares a metric with a [`MetricBuilder`]. Without labels, or with the labels of a
//! [`LabelSet`], it is a handle such as [`Counter`]; with label names that are known only at run time it is a
//! [`Family`] of handles.

mod builder;
pub(crate) mod counter;
mod family;
pub(crate) mod gauge;
pub(crate) mod histogram;
mod info;
pub(crate) mod kinds;
pub(crate) mod label_set;
mod metric;
mod number;
mod registering;
mod state_set;
mod summary;
mod timer;
pub(crate) mod typed;

pub use self::{
    builder::MetricBuilder,
    counter::Counter,
    family::Family,
    gauge::{Gauge, InProgress},
    histogram::Histogram,
    info::Info,
    label_set::{ByErrorType, ByOutcome, LabelSet},
    metric::{Handle, Measured, Metric, Unlabelled},
    number::{IntoCount, IntoValue},
    state_set::{NamedStates, StateSet},
    summary::Summary,
    timer::{Timed, Timer},
    typed::SeriesRef,
};
pub(crate) use self::{
    counter::CounterKind,
    gauge::GaugeKind,
    histogram::HistogramKind,
    state_set::{State, StateKind},
    summary::SummaryKind,
    typed::{FamilyRef, MetricKind, OfFamily, OfKind, Typed},
};
