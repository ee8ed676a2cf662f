//! `Timer`: observes a duration when it is stopped or dropped.

use std::{fmt, time::Duration};

use super::{Histogram, Summary};
use crate::cells::clock;

mod sealed {
    pub trait Sealed {}
}

/// What a [`Timer`] records into: a [`Histogram`] or a [`Summary`].
pub trait Timed: sealed::Sealed {
    #[doc(hidden)]
    fn observe_elapsed(&self, ticks: u64);
}

impl sealed::Sealed for Histogram {}

impl Timed for Histogram {
    fn observe_elapsed(&self, ticks: u64) {
        Self::observe_elapsed(self, ticks);
    }
}

impl sealed::Sealed for Summary {}

impl Timed for Summary {
    fn observe_elapsed(&self, ticks: u64) {
        Self::observe_elapsed(self, ticks);
    }
}

/// A time that is being taken; see [`Histogram::start_timer`] and [`Summary::start_timer`]. Dropping it records, also
/// while unwinding.
#[must_use = "dropping the timer stops it"]
pub struct Timer<H: Timed = Histogram> {
    metric: H,
    start: u64,
    is_discarded: bool,
}

impl<H: Timed> Timer<H> {
    pub(super) fn start(metric: H) -> Self {
        Self { metric, start: clock::now(), is_discarded: false }
    }

    /// Records the time since the start, and answers with it.
    pub fn stop(mut self) -> Duration {
        let ticks = self.elapsed_ticks();
        self.is_discarded = true;
        self.metric.observe_elapsed(ticks);
        Duration::from_secs_f64(clock::seconds_from_ticks(u128::from(ticks)))
    }

    /// Ends the timer without recording.
    pub fn discard(mut self) {
        self.is_discarded = true;
    }

    fn elapsed_ticks(&self) -> u64 {
        clock::elapsed(self.start, clock::now())
    }
}

impl<H: Timed> Drop for Timer<H> {
    fn drop(&mut self) {
        if !self.is_discarded {
            self.metric.observe_elapsed(self.elapsed_ticks());
        }
    }
}

impl<H: Timed> fmt::Debug for Timer<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer").field("start", &self.start).finish_non_exhaustive()
    }
}
