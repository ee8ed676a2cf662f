//! Handles: cheap cloneable objects that record into one series, or into the series of typed labels.

mod counter;
mod gauge;
mod histogram;
mod timer;
mod typed;

pub(crate) use self::typed::OfKind;
pub use self::{
    counter::{Counter, CounterKind},
    gauge::{Gauge, GaugeKind, InProgress},
    histogram::{Histogram, HistogramKind},
    timer::Timer,
    typed::{Child, FamilyRef, MetricKind, Typed},
};
