//! Summaries: count and sum for ever, and perhaps quantiles of what was observed lately.
//!
//! Invariants: count and sum are those of a histogram without bounds, in per-thread lanes, and never wait. Quantiles
//! come from a ring of sketches, each for a part of the window; one lock guards it, so a summary with quantiles
//! serialises its observers for the time of one insertion. Every observation is in the newest part, and a part is
//! dropped as a whole once all of it is older than the window.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use sketches_ddsketch::{Config, DDSketch};

use super::series::{HistogramSeries, Layout, Series};
use crate::{
    cells::{Bounds, Gathering, HistogramTotals, clock},
    diagnostics::{Refusal, refuse},
};

/// Parts of a window; as many as the clients for Java and Go have. Between the window and one part more of
/// time is covered.
const PARTS: usize = 5;

/// Quantiles are off by at most this part of their value, for positive and negative values alike: the guarantee
/// of DDSketch (Masson, Rim and Lee, VLDB 2019).
const RELATIVE_ERROR: f64 = 0.01;

/// Bins of a sketch, for each sign. With the error above, this many cover a ratio of 6e8 between the largest and
/// the smallest value, from a microsecond to ten minutes; below, the smallest values share a bin. At eight bytes
/// a bin, a series' window has at most 80 KiB, and 40 KiB if its values are positive.
const BINS_MAX: u32 = 1_024;

/// Values closer to zero than this count as zero.
const VALUE_MIN: f64 = 1e-9;

/// A summary.
#[derive(Debug)]
pub(crate) struct SummarySeries {
    totals: HistogramSeries,
    window: Option<Mutex<Window>>,
}

impl SummarySeries {
    /// Observes `value` so many times, by the rules of histograms.
    pub(crate) fn observe(&self, value: f64, count: u64) {
        self.totals.observe(value, count);
        let is_duration = matches!(self.totals.cell().bounds(), Bounds::Ticks(_));
        if !value.is_finite() || (is_duration && value < 0.0) {
            return;
        }
        if let Some(window) = &self.window {
            let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
            let now = clock::now();
            (0..count).for_each(|_| window.observe(value, now));
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
        self.read(|merged| merged.quantile(quantile).ok().flatten()).flatten()
    }

    /// These quantiles of the window, NaN where nothing was observed.
    pub(crate) fn quantiles(&self, quantiles: &[f64]) -> Vec<(f64, f64)> {
        let values = self.read(|merged| {
            let value = |quantile: &f64| merged.quantile(*quantile).ok().flatten();
            quantiles
                .iter()
                .map(|quantile| (*quantile, value(quantile).unwrap_or(f64::NAN)))
                .collect()
        });
        values.unwrap_or_default()
    }

    fn read<R>(&self, read: impl FnOnce(&DDSketch) -> R) -> Option<R> {
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
        self.totals.created.get()
    }

    pub(crate) fn is_hidden(&self, totals: &HistogramTotals) -> bool {
        self.totals.is_hidden(totals)
    }
}

impl Series for SummarySeries {
    fn create(labels: Box<str>, layout: Layout) -> Option<Self> {
        let window = layout.window.map(|window| Mutex::new(Window::new(window)));
        Some(Self { totals: HistogramSeries::create(labels, layout)?, window })
    }

    fn labels(&self) -> &str {
        self.totals.labels()
    }

    fn hide(&self) {
        self.reset();
        self.totals.hide();
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
    sketch: DDSketch,
}

impl Window {
    #[allow(clippy::cast_precision_loss, reason = "five is exact")]
    fn new(window: Duration) -> Self {
        let part_ticks = clock::ticks_from_seconds(window.as_secs_f64() / PARTS as f64).max(1);
        Self { part_ticks, parts: VecDeque::new() }
    }

    fn observe(&mut self, value: f64, now: u64) {
        let number = self.advance(now);
        if self.parts.back().is_none_or(|newest| newest.number < number) {
            let sketch = DDSketch::new(Config::new(RELATIVE_ERROR, BINS_MAX, VALUE_MIN));
            self.parts.push_back(Part { number, sketch });
        }
        if let Some(newest) = self.parts.back_mut() {
            newest.sketch.add(value);
        }
    }

    /// Drops what is too old, and answers with the part of time that is now.
    fn advance(&mut self, now: u64) -> u64 {
        let number = now / self.part_ticks;
        self.parts.retain(|part| part.number.saturating_add(PARTS as u64) >= number);
        number
    }

    fn merged(&mut self, now: u64) -> DDSketch {
        self.advance(now);
        let mut merged = DDSketch::new(Config::new(RELATIVE_ERROR, BINS_MAX, VALUE_MIN));
        for part in &self.parts {
            // They have one configuration, so this cannot fail.
            let _ = merged.merge(&part.sketch);
        }
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
        let quantile = |window: &mut Window, now| window.merged(now).quantile(0.5).ok().flatten();
        assert_eq!(quantile(&mut window, 0), None);
        window.observe(1.0, 0);
        window.observe(100.0, 25);
        window.observe(100.0, 25);
        assert!(quantile(&mut window, 25).is_some_and(|median| (median - 100.0).abs() <= 1.0));
        // The first part ends at 10 and is kept for five more.
        assert_eq!(window.merged(59).count(), 3);
        assert_eq!(window.merged(60).count(), 2);
        assert_eq!(window.merged(80).count(), 0);
        assert_eq!(quantile(&mut window, 80), None);
    }

    #[test]
    fn quantiles_are_within_the_error() {
        let mut window = Window { part_ticks: u64::MAX, parts: VecDeque::new() };
        for value in 1..=10_000 {
            window.observe(f64::from(value), 0);
        }
        let merged = window.merged(0);
        for quantile in [0.01, 0.5, 0.9, 0.99, 0.999] {
            let exact = quantile * 10_000.0;
            let found = merged.quantile(quantile).expect("a valid quantile").expect("not empty");
            assert!((found - exact).abs() <= exact * RELATIVE_ERROR + 1.0, "{quantile}: {found}");
        }
    }
}
