//! Summaries: count and sum for ever, and perhaps quantiles of what was observed lately.
//!
//! Invariants: count and sum are those of a histogram without bounds, in per-thread lanes, and never wait. Quantiles
//! come from a ring of sketches, each for a part of the window; one lock guards it, so a summary with quantiles
//! serialises its observers for the time of one insertion. Every observation is in the newest part, and a part is
//! dropped as a whole once all of it is older than the window.

use std::{
    collections::VecDeque,
    sync::{PoisonError, atomic::AtomicBool},
    time::{Duration, SystemTime},
};

use super::{
    series::{HistogramSeries, Layout, Series},
    sketch::Sketch,
};
use crate::{
    base::{
        lock::Mutex,
        refusals::{Refusal, refuse},
    },
    cells::{Gathering, HistogramTotals, clock},
    data::LabelText,
};

/// Parts of a window; as many as the clients for Java and Go have. Between the window and one part more of
/// time is covered. At what a [sketch](super::sketch::BINS_MAX) has at most, a series' window has at most 160 KiB, and
/// 80 KiB if its values are positive.
const PARTS: usize = 5;

/// A summary.
#[derive(Debug)]
pub(crate) struct SummarySeries {
    totals: HistogramSeries,
    window: Option<Mutex<Window>>,
}

impl SummarySeries {
    /// Observes `value` so many times, by the rules of histograms.
    pub(crate) fn observe(&self, value: f64, count: u64) {
        let is_recorded = self.totals.observe(value, count);
        if let Some(window) = self.window.as_ref().filter(|_| is_recorded) {
            let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
            window.observe(value, count, clock::now());
        }
    }

    /// Observes a duration in seconds, by the rules of histograms.
    pub(crate) fn observe_seconds(&self, seconds: f64) {
        if self.totals.refuses_durations() {
            refuse(Refusal::Unit, 1);
        } else {
            self.observe(seconds, 1);
        }
    }

    /// A quantile of the window; `None` if nothing was observed in it, or no quantiles are kept.
    pub(crate) fn quantile(&self, quantile: f64) -> Option<f64> {
        self.read(|merged| merged.quantile(quantile)).flatten()
    }

    /// These quantiles of the window, NaN where nothing was observed.
    pub(crate) fn quantiles(&self, quantiles: &[f64]) -> Vec<(f64, f64)> {
        let values = self.read(|merged| {
            let value = |quantile| merged.quantile(quantile).unwrap_or(f64::NAN);
            quantiles.iter().map(|quantile| (*quantile, value(*quantile))).collect()
        });
        values.unwrap_or_default()
    }

    fn read<R>(&self, read: impl FnOnce(&Sketch) -> R) -> Option<R> {
        let window = self.window.as_ref()?;
        let merged = {
            let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
            window.merged(clock::now())
        };
        Some(read(&merged))
    }

    pub(crate) fn totals(&self, gathering: &Gathering<'_>, totals: &mut HistogramTotals) {
        self.totals.totals(gathering, totals);
    }

    /// Makes the summary read empty.
    pub(crate) fn reset(&self) {
        self.totals.reset();
        if let Some(window) = &self.window {
            window.lock().unwrap_or_else(PoisonError::into_inner).parts.clear();
        }
    }

    pub(super) fn created(&self) -> SystemTime {
        self.totals.created()
    }

    pub(crate) fn is_hidden(&self, totals: &HistogramTotals) -> bool {
        self.totals.is_hidden(totals)
    }
}

impl Series for SummarySeries {
    fn create(labels: LabelText, layout: Layout) -> Option<Self> {
        let window = layout.window.map(|window| Mutex::new(Window::new(window)));
        Some(Self { totals: HistogramSeries::create(labels, layout)?, window })
    }

    fn labels(&self) -> &LabelText {
        self.totals.labels()
    }

    fn hide(&self) {
        self.reset();
        self.totals.hide();
    }

    fn hidden(&self) -> &AtomicBool {
        self.totals.hidden()
    }

    fn is_hidden_now(&self, gathering: &Gathering<'_>) -> bool {
        self.totals.is_hidden_now(gathering)
    }
}

/// The sketches of a sliding window, oldest first.
struct Window {
    part_ticks: u64,
    parts: VecDeque<Part>,
}

struct Part {
    /// Ticks of the clock divided by those of a part: which part of time this is.
    number: u64,
    sketch: Sketch,
}

impl Window {
    #[allow(clippy::cast_precision_loss, reason = "five is exact")]
    fn new(window: Duration) -> Self {
        let part_ticks = clock::ticks_from_seconds(window.as_secs_f64() / PARTS as f64).max(1);
        Self { part_ticks, parts: VecDeque::new() }
    }

    fn observe(&mut self, value: f64, count: u64, now: u64) {
        let number = self.advance(now);
        if self.parts.back().is_none_or(|newest| newest.number < number) {
            self.parts.push_back(Part { number, sketch: Sketch::new() });
        }
        if let Some(newest) = self.parts.back_mut() {
            newest.sketch.add(value, count);
        }
    }

    /// Drops what is too old, and answers with the part of time that is now.
    fn advance(&mut self, now: u64) -> u64 {
        let number = now / self.part_ticks;
        self.parts.retain(|part| part.number.saturating_add(PARTS as u64) >= number);
        number
    }

    fn merged(&mut self, now: u64) -> Sketch {
        self.advance(now);
        let mut merged = Sketch::new();
        self.parts.iter().for_each(|part| merged.merge(&part.sketch));
        merged
    }
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Window").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_slides_part_by_part() {
        let mut window = Window { part_ticks: 10, parts: VecDeque::new() };
        assert_eq!(window.merged(0).quantile(0.5), None);
        window.observe(1.0, 1, 0);
        window.observe(100.0, 2, 25);
        assert_eq!(window.merged(25).quantile(1.0), Some(100.0));
        // The first part ends at 10 and is kept for five more.
        assert_eq!(window.merged(59).count(), 3);
        assert_eq!(window.merged(60).count(), 2);
        assert_eq!(window.merged(80).count(), 0);
        assert_eq!(window.merged(80).quantile(0.5), None);
    }
}
