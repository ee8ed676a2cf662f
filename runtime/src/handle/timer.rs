//! Timers.

use std::time::Duration;

use super::Histogram;
use crate::cells::clock;

/// A time that is being taken; see [`Histogram::start_timer`]. Dropping it records, also while unwinding.
#[derive(Debug)]
#[must_use = "dropping the timer stops it"]
pub struct Timer {
    histogram: Histogram,
    start: u64,
    is_discarded: bool,
}

impl Timer {
    pub(super) fn start(histogram: Histogram) -> Self {
        Self { histogram, start: clock::now(), is_discarded: false }
    }

    /// Records the time since the start, and answers with it.
    pub fn stop(mut self) -> Duration {
        let ticks = self.elapsed_ticks();
        self.is_discarded = true;
        self.histogram.observe_elapsed(ticks);
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

impl Drop for Timer {
    fn drop(&mut self) {
        if !self.is_discarded {
            self.histogram.observe_elapsed(self.elapsed_ticks());
        }
    }
}
