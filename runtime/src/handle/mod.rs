//! Handles: cheap cloneable objects that record into one series, or into the series of typed labels.

mod builder;
mod counter;
mod family;
mod gauge;
mod histogram;
mod info;
pub(crate) mod label_set;
mod metric;
mod number;
mod registering;
mod state_set;
mod summary;
mod timer;
mod typed;

pub use self::{
    builder::MetricBuilder,
    counter::{Counter, CounterKind},
    family::Family,
    gauge::{Gauge, GaugeKind, InProgress},
    histogram::{Histogram, HistogramKind},
    info::Info,
    label_set::{ByErrorType, ByOutcome, LabelSet},
    metric::{Handle, Metric, Unlabelled},
    number::{IntoCount, IntoValue},
    state_set::{NamedStates, StateSet},
    summary::Summary,
    timer::{Timed, Timer},
    typed::{FamilyRef, MetricKind, OfFamily, SeriesRef, Typed},
};
pub(crate) use self::{
    state_set::{State, StateKind},
    summary::SummaryKind,
    typed::OfKind,
};
