//! Series: a label set and the cells that hold its numbers.
//!
//! Invariant: a series owns its [`Words`]; whoever keeps one of its cells keeps the series alive, so
//! words are reused only when nobody can write them any more. Bases are written under the gather lock.

use std::{
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{
    created::Created,
    exemplar::{Exemplar, Exemplars},
};
use crate::{
    cells::{
        Bounds, CounterCell, FractionCell, Gathering, GaugeCell, HistogramCell, HistogramTotals,
        InFlightCell, Words, gathering, void_sums,
    },
    diagnostics::{Refusal, refuse},
    locks::{Mutex, OnceLock},
    span_exemplars,
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
    fn create(labels: Box<str>, layout: Layout) -> Option<Self>;

    /// The label set in its canonical text, without braces.
    fn labels(&self) -> &str;

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

/// A counter.
#[derive(Debug)]
pub(crate) struct CounterSeries {
    labels: Box<str>,
    words: Words,
    fraction: OnceLock<Box<Fraction>>,
    base: AtomicU64,
    pub(super) created: Created,
    pub(super) exemplars: Exemplars,
    hidden: AtomicBool,
}

/// What a counter has once it was given a fraction, which most never are.
#[derive(Debug)]
struct Fraction {
    words: Words,
    /// Its sum at the last reset.
    base_bits: AtomicU64,
}

impl Fraction {
    fn cell(&self) -> FractionCell {
        FractionCell::new(&self.words)
    }
}

/// Held by [`CounterSeries::absolute`], so that two callers do not both add the difference: one of these for each series,
/// each for many.
static TURNS: [Mutex<()>; 64] = [const { Mutex::new(()) }; 64];

/// The value of a counter: exact beyond 2^53 as long as no fraction was added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CounterValue {
    pub(crate) integer: u64,
    pub(crate) fraction: f64,
}

impl CounterValue {
    /// Both parts, rounded to a double.
    pub(crate) fn to_f64(self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "what the caller asks for")]
        let integer = self.integer as f64;
        integer + self.fraction
    }
}

impl CounterSeries {
    #[inline]
    pub(crate) fn cell(&self) -> CounterCell {
        CounterCell::new(&self.words)
    }

    /// Adds an amount that may have a fraction; one that no counter can take is refused and counted.
    pub(crate) fn add_f64(&self, amount: f64) {
        /// Below this every integer has a double of its own (IEEE 754).
        const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
        if let Some(refusal) = Refusal::of_increment(amount) {
            refuse(refusal, 1);
        } else if amount.fract() == 0.0 && amount <= EXACT_MAX {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
            self.cell().add(amount as u64);
        } else if let Some(fraction) = self.fraction() {
            if !fraction.cell().add(amount) {
                refuse(Refusal::Infinite, 1);
            }
        } else {
            refuse(Refusal::Memory, 1);
        }
    }

    fn fraction(&self) -> Option<&Fraction> {
        if self.fraction.get().is_none() {
            let words = Words::allocate(FractionCell::WORDS)?;
            // Another thread may have been faster; then these words go back.
            let _ = self.fraction.set(Box::new(Fraction { words, base_bits: AtomicU64::new(0) }));
        }
        self.fraction.get().map(|fraction| &**fraction)
    }

    /// Raises the counter to `value` if it is below.
    pub(crate) fn absolute(&self, value: u64) {
        let turn = std::ptr::from_ref(self).addr() / align_of::<Self>() % TURNS.len();
        let _turn = TURNS[turn].lock().unwrap_or_else(PoisonError::into_inner);
        // The base first: it was a sum once, and sums do not fall.
        let base = self.base.load(Ordering::Acquire);
        let current = self.cell().quick_sum().wrapping_sub(base);
        if value > current {
            self.cell().add(value - current);
        }
    }

    /// The value since the last reset.
    pub(crate) fn value(&self, gathering: &Gathering<'_>) -> CounterValue {
        let fraction = self.fraction.get().map_or(0.0, |fraction| {
            let base = f64::from_bits(fraction.base_bits.load(Ordering::Relaxed));
            fraction.cell().sum(gathering) - base
        });
        CounterValue {
            integer: self.cell().sum(gathering).wrapping_sub(self.base.load(Ordering::Relaxed)),
            fraction,
        }
    }

    /// Makes the counter read zero. What other threads add meanwhile is either before or after.
    pub(crate) fn reset(&self) {
        let gathering = gathering();
        self.base.store(self.cell().sum(&gathering), Ordering::Release);
        void_sums(&gathering);
        if let Some(fraction) = self.fraction.get() {
            let sum = fraction.cell().sum(&gathering);
            fraction.base_bits.store(sum.to_bits(), Ordering::Relaxed);
        }
        self.created.renew();
        self.exemplars.clear();
    }

    /// Keeps the span that an amount was added in, if there is one to be kept.
    #[inline(always)]
    pub(crate) fn note_span(&self, amount: u64) {
        #[allow(clippy::cast_precision_loss, reason = "a sample's value is a double")]
        span_exemplars::offer(&self.exemplars, || (0, amount as f64));
    }

    /// Keeps an exemplar of an amount that was added.
    pub(crate) fn note(&self, exemplar: Exemplar) {
        self.exemplars.keep(0, exemplar);
    }

    /// Whether the series was removed and has not counted since.
    pub(crate) fn is_hidden(&self, value: CounterValue) -> bool {
        let untouched = value == CounterValue { integer: 0, fraction: 0.0 };
        self.hidden.load(Ordering::Relaxed) && untouched
    }
}

impl Series for CounterSeries {
    fn create(labels: Box<str>, _: Layout) -> Option<Self> {
        let words = Words::allocate_counter()?;
        Some(Self {
            labels,
            words,
            fraction: OnceLock::new(),
            base: AtomicU64::new(0),
            created: Created::now(),
            exemplars: Exemplars::new(),
            hidden: AtomicBool::new(false),
        })
    }

    fn labels(&self) -> &str {
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
        self.is_hidden(self.value(gathering))
    }
}

/// A gauge: a value that is set, and calls in flight where an attribute counts them.
#[derive(Debug)]
pub(crate) struct GaugeSeries {
    labels: Box<str>,
    cell: GaugeCell,
    in_flight: OnceLock<(InFlightCell, Words)>,
    hidden: AtomicBool,
    _words: Words,
}

impl GaugeSeries {
    pub(crate) fn set(&self, value: f64) {
        self.cell.set(value);
    }

    /// Adds an amount; NaN, infinities, and what would make the gauge infinite, after which no addition could bring it
    /// back, are refused and counted.
    pub(crate) fn add(&self, amount: f64) {
        match Refusal::of_observation(amount) {
            Some(refusal) => refuse(refusal, 1),
            None if self.cell.add(amount) => {}
            None => refuse(Refusal::Infinite, 1),
        }
    }

    /// The cell of calls in flight, made when first asked for.
    pub(crate) fn in_flight(&self) -> Option<InFlightCell> {
        if self.in_flight.get().is_none() {
            let words = Words::allocate(InFlightCell::WORDS)?;
            let _ = self.in_flight.set((InFlightCell::new(&words), words));
        }
        self.in_flight.get().map(|(cell, _)| *cell)
    }

    pub(crate) fn value(&self, gathering: &Gathering<'_>) -> f64 {
        let value = self.cell.get();
        // Adding nothing would take the sign off a negative zero.
        let Some((cell, _)) = self.in_flight.get() else { return value };
        #[allow(clippy::cast_precision_loss, reason = "calls in flight stay below 2^53")]
        let in_flight = cell.get(gathering) as f64;
        value + in_flight
    }

    pub(crate) fn is_hidden(&self, value: f64) -> bool {
        self.hidden.load(Ordering::Relaxed) && value == 0.0
    }
}

impl Series for GaugeSeries {
    fn create(labels: Box<str>, _: Layout) -> Option<Self> {
        let words = Words::allocate(GaugeCell::WORDS)?;
        Some(Self {
            labels,
            cell: GaugeCell::new(&words),
            in_flight: OnceLock::new(),
            hidden: AtomicBool::new(false),
            _words: words,
        })
    }

    fn labels(&self) -> &str {
        &self.labels
    }

    fn hide(&self) {
        self.cell.set(0.0);
        self.hidden.store(true, Ordering::Relaxed);
    }

    fn hidden(&self) -> &AtomicBool {
        &self.hidden
    }

    fn is_hidden_now(&self, gathering: &Gathering<'_>) -> bool {
        self.is_hidden(self.value(gathering))
    }
}

/// A histogram.
#[derive(Debug)]
pub(crate) struct HistogramSeries {
    labels: Box<str>,
    cell: HistogramCell,
    refuses_durations: bool,
    refuses_negative: bool,
    base: Mutex<Option<Arc<HistogramTotals>>>,
    pub(super) created: Created,
    pub(super) exemplars: Exemplars,
    hidden: AtomicBool,
    _words: Words,
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
        span_exemplars::offer(&self.exemplars, || (self.bucket_of(value), value));
    }

    /// As [`note_span`](Self::note_span), with a time of the process' clock.
    #[inline(always)]
    pub(crate) fn note_span_ticks(&self, ticks: u64) {
        span_exemplars::offer(&self.exemplars, || {
            let seconds = crate::cells::clock::seconds_from_ticks(u128::from(ticks));
            (self.bucket_of(seconds), seconds)
        });
    }

    /// Keeps an exemplar of a value that was observed.
    pub(crate) fn note(&self, exemplar: Exemplar) {
        self.exemplars.keep(self.bucket_of(exemplar.value), exemplar);
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
        let base = self.base.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(base) = &*base {
            for (bucket, base) in totals.buckets.iter_mut().zip(&base.buckets) {
                *bucket = bucket.wrapping_sub(*base);
            }
            totals.sum_ticks = totals.sum_ticks.saturating_sub(base.sum_ticks);
            // Both ends of the range may have been passed since the reset.
            totals.sum_values = (totals.sum_values - base.sum_values).clamp(f64::MIN, f64::MAX);
        }
    }

    /// Makes the histogram read empty; for sums of floating point, up to the rounding of the old sum.
    pub(crate) fn reset(&self) {
        let gathering = gathering();
        let mut totals = HistogramTotals::default();
        self.cell.read(&gathering, &mut totals);
        *self.base.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(totals));
        self.created.renew();
        self.exemplars.clear();
    }

    pub(crate) fn is_hidden(&self, totals: &HistogramTotals) -> bool {
        self.hidden.load(Ordering::Relaxed) && totals.buckets.iter().all(|bucket| *bucket == 0)
    }
}

impl Series for HistogramSeries {
    fn create(labels: Box<str>, layout: Layout) -> Option<Self> {
        let bounds = layout.bounds;
        let words = Words::allocate(HistogramCell::words(bounds.len()))?;
        Some(Self {
            labels,
            cell: HistogramCell::new(&words, bounds),
            refuses_durations: layout.refuses_durations,
            refuses_negative: layout.refuses_negative || matches!(bounds, Bounds::Ticks(_)),
            base: Mutex::new(None),
            created: Created::now(),
            exemplars: Exemplars::new(),
            hidden: AtomicBool::new(false),
            _words: words,
        })
    }

    fn labels(&self) -> &str {
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
