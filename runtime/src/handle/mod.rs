//! Handles: cheap cloneable objects that record into one series, or into the series of typed labels.

mod builder;
mod counter;
mod family;
mod gauge;
mod histogram;
mod info;
mod info_builder;
pub(crate) mod label_set;
mod number;
mod registering;
mod state_set;
mod summary;
mod timer;
mod typed;
mod typed_builder;

pub use self::{
    builder::{Handle, MetricBuilder},
    counter::{Counter, CounterKind},
    family::{Family, FamilyBuilder},
    gauge::{Gauge, GaugeKind, InProgress},
    histogram::{Histogram, HistogramKind},
    info::Info,
    info_builder::FactsBuilder,
    label_set::{ByErrorType, ByOutcome, LabelSet},
    number::{IntoCount, IntoValue},
    registering::Metric,
    state_set::{NamedStates, StateSet},
    summary::Summary,
    timer::{Timed, Timer},
    typed::{FamilyRef, MetricKind, OfFamily, SeriesRef, Typed},
    typed_builder::TypedBuilder,
};
pub(crate) use self::{
    state_set::{State, StateKind},
    summary::SummaryKind,
    typed::OfKind,
};
