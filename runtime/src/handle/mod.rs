//! Handles: cheap cloneable objects that record into one series, or into the series of typed labels.

mod counter;
mod gauge;
mod histogram;
mod info;
mod number;
mod state_set;
mod summary;
mod timer;
mod typed;

pub use self::{
    counter::{Counter, CounterKind},
    gauge::{Gauge, GaugeKind, InProgress},
    histogram::{Histogram, HistogramKind},
    info::Info,
    number::{IntoCount, IntoValue},
    state_set::{NamedStates, StateSet},
    summary::Summary,
    timer::Timer,
    typed::{Child, FamilyRef, MetricKind, OfFamily, Typed},
};
pub(crate) use self::{
    state_set::{State, StateKind},
    summary::SummaryKind,
    typed::OfKind,
};
