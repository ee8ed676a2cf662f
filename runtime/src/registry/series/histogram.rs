//! A histogram: observations by bucket, and their sum.

use std::{
    sync::{
        PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use super::{
    super::{
        created::Created,
        exemplar::{Exemplars, offer},
    },
    Layout, Series,
};
use crate::{
    base::{
        lock::{Mutex, OnceLock},
        refusals::{Refusal, refuse},
    },
    cells::{Bounds, Gathering, HistogramCell, HistogramTotals, Words, gathering},
    data::Exemplar,
    data::LabelText,
};

/// A histogram.
#[derive(Debug)]
pub(crate) struct HistogramSeries {
    labels: LabelText,
    cell: HistogramCell,
    refuses_durations: bool,
    refuses_negative: bool,
    hidden: AtomicBool,
    rare: OnceLock<Box<HistogramRare>>,
    created: Created,
    _words: Words,
}

/// What most histograms never need.
#[derive(Debug, Default)]
struct HistogramRare {
    /// What was observed until the last reset.
    base: Mutex<HistogramTotals>,
    exemplars: Exemplars,
}

impl HistogramSeries {
    #[inline]
    pub(crate) const fn cell(&self) -> HistogramCell {
        self.cell
    }

    /// Observes `value` so many times; seconds where the histogram is one of durations. NaN, infinities and what would
    /// make a sum infinite are refused and counted, a negative duration and too many observations too; then `false`.
    #[inline]
    pub(crate) fn observe(&self, value: f64, count: u64) -> bool {
        // A negative zero is looked at with care, too: the sign alone is the quicker question.
        let is_plain = value.is_sign_positive() || !self.refuses_negative;
        if is_plain && self.cell.record_value_by_table(value, count) {
            self.note_span(value);
            return true;
        }
        self.observe_with_care(value, count)
    }

    #[inline(never)]
    fn observe_with_care(&self, value: f64, count: u64) -> bool {
        let recorded = match (self.refusal(value), self.cell.bounds()) {
            (Some(refusal), _) => Err(refusal),
            (None, Bounds::Ticks(_)) => {
                let ticks = crate::cells::clock::ticks_from_seconds(value);
                self.cell.record_ticks_many(ticks, count).map_err(Refusal::from)
            }
            (None, Bounds::Values(_)) => {
                self.cell.record_value(value, count).map_err(Refusal::from)
            }
        };
        match recorded {
            Ok(()) => self.note_span(value),
            Err(refusal) => refuse(refusal, count),
        }
        recorded.is_ok()
    }

    /// Why `value` cannot be observed, whatever was before.
    const fn refusal(&self, value: f64) -> Option<Refusal> {
        match Refusal::of_observation(value) {
            None if value < 0.0 && self.refuses_negative => Some(Refusal::Negative),
            refusal => refusal,
        }
    }

    /// Observes a duration in seconds; refused and counted where the unit is another, such as bytes.
    pub(crate) fn observe_seconds(&self, seconds: f64) {
        if self.refuses_durations {
            refuse(Refusal::Unit, 1);
        } else {
            self.observe(seconds, 1);
        }
    }

    pub(crate) const fn refuses_durations(&self) -> bool {
        self.refuses_durations
    }

    /// Keeps the span that a value was observed in, if there is one to be kept.
    #[inline(always)]
    pub(crate) fn note_span(&self, value: f64) {
        let exemplars = || &self.rare().exemplars;
        offer(exemplars, || (self.bucket_of(value), value));
    }

    /// As [`note_span`](Self::note_span), with a time of the process' clock.
    #[inline(always)]
    pub(crate) fn note_span_ticks(&self, ticks: u64) {
        let exemplars = || &self.rare().exemplars;
        offer(exemplars, || {
            let seconds = crate::cells::clock::seconds_from_ticks(u128::from(ticks));
            (self.bucket_of(seconds), seconds)
        });
    }

    /// Keeps an exemplar of a value that was observed.
    pub(crate) fn note(&self, exemplar: Exemplar) {
        self.rare().exemplars.keep(self.bucket_of(exemplar.value), exemplar);
    }

    fn bucket_of(&self, value: f64) -> usize {
        match self.cell.bounds() {
            Bounds::Ticks(scale) => scale.bucket(crate::cells::clock::ticks_from_seconds(value)),
            Bounds::Values(scale) => scale.bucket(value),
        }
    }

    /// Everything observed since the last reset.
    pub(crate) fn totals(&self, gathering: &Gathering<'_>, totals: &mut HistogramTotals) {
        self.cell.read(gathering, totals);
        let Some(rare) = self.rare.get() else { return };
        let base = rare.base.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, base) in totals.buckets.iter_mut().zip(&base.buckets) {
            *bucket = bucket.wrapping_sub(*base);
        }
        totals.sum_ticks = totals.sum_ticks.saturating_sub(base.sum_ticks);
        // Both ends of the range may have been passed since the reset.
        totals.sum_values = (totals.sum_values - base.sum_values).clamp(f64::MIN, f64::MAX);
    }

    /// Makes the histogram read empty; for sums of floating point, up to the rounding of the old sum.
    pub(crate) fn reset(&self) {
        let gathering = gathering();
        let mut totals = HistogramTotals::default();
        self.cell.read(&gathering, &mut totals);
        let rare = self.rare();
        *rare.base.lock().unwrap_or_else(PoisonError::into_inner) = totals;
        self.created.renew();
        rare.exemplars.clear();
    }

    fn rare(&self) -> &HistogramRare {
        self.rare.get_or_init(Box::default)
    }

    /// When it began to count.
    pub(in super::super) fn created(&self) -> SystemTime {
        self.created.get()
    }

    /// What is kept of where observations came from.
    pub(in super::super) fn exemplars(&self) -> Vec<Exemplar> {
        self.rare.get().map_or_else(Vec::new, |rare| rare.exemplars.get())
    }

    pub(crate) fn is_hidden(&self, totals: &HistogramTotals) -> bool {
        self.hidden.load(Ordering::Relaxed) && totals.buckets.iter().all(|bucket| *bucket == 0)
    }
}

impl Series for HistogramSeries {
    fn create(labels: LabelText, layout: Layout) -> Option<Self> {
        let bounds = layout.bounds;
        let words = Words::allocate(HistogramCell::words(bounds.len()))?;
        Some(Self {
            labels,
            cell: HistogramCell::new(&words, bounds),
            refuses_durations: layout.refuses_durations,
            refuses_negative: layout.refuses_negative || matches!(bounds, Bounds::Ticks(_)),
            hidden: AtomicBool::new(false),
            rare: OnceLock::new(),
            created: Created::now(),
            _words: words,
        })
    }

    fn labels(&self) -> &LabelText {
        &self.labels
    }

    fn hide(&self) {
        self.reset();
        self.hidden.store(true, Ordering::Relaxed);
    }

    fn hidden(&self) -> &AtomicBool {
        &self.hidden
    }

    fn is_hidden_now(&self, gathering: &Gathering<'_>) -> bool {
        let mut totals = HistogramTotals::default();
        self.totals(gathering, &mut totals);
        self.is_hidden(&totals)
    }
}
