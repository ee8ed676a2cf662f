//! Series: a label set and the cells that hold its numbers.
//!
//! Invariant: a series owns its [`Words`]; a holder of one of its cells keeps the series alive, so
//! words are reused only when no holder can write them any more. Bases are written under the gather lock.

mod counter;
mod gauge;
mod histogram;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

pub(crate) use self::{
    counter::{CounterSeries, CounterValue},
    gauge::GaugeSeries,
    histogram::HistogramSeries,
};
use crate::{
    cells::{Bounds, Gathering},
    data::LabelText,
};

/// What all series of a family have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// The bounds that histograms record against; none for other kinds.
    pub(crate) bounds: Bounds,
    /// Whether the unit says that values are no durations.
    pub(crate) refuses_durations: bool,
    /// Whether observations below zero have no bucket.
    pub(crate) refuses_negative: bool,
    /// Over what time summaries keep a sketch of their observations, if they do.
    pub(crate) window: Option<Duration>,
    /// The states of a state set.
    pub(crate) states: &'static [&'static str],
}

/// What the table of a family needs to know of its series.
pub(crate) trait Series: Sized + Send + Sync + 'static {
    /// A series that starts at zero; `None` when no words are left.
    fn create(labels: LabelText, layout: Layout) -> Option<Self>;

    /// The label set in its canonical text, without braces.
    fn labels(&self) -> &LabelText;

    /// Makes the series read zero and be left out until it changes.
    fn hide(&self);

    /// Whether it is left out until it changes.
    fn hidden(&self) -> &AtomicBool;

    /// Has the series shown again, whatever it reads.
    fn show(&self) {
        self.hidden().store(false, Ordering::Relaxed);
    }

    /// Whether the series was hidden and has not changed since.
    fn is_hidden_now(&self, gathering: &Gathering<'_>) -> bool;
}
