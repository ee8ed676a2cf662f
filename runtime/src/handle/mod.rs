//! Handles: cheap cloneable objects that record into one series.

mod counter;
mod gauge;
mod histogram;
mod timer;

pub use self::{
    counter::Counter,
    gauge::{Gauge, InProgress},
    histogram::Histogram,
    timer::Timer,
};
