//! A counter: an integer, and a fraction once it was given one.

use std::{
    sync::{
        PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
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
    cells::{CounterCell, FractionCell, Gathering, Words, gathering, void_sums},
    data::Exemplar,
    data::LabelText,
};

/// A counter.
#[derive(Debug)]
pub(crate) struct CounterSeries {
    labels: LabelText,
    words: Words,
    rare: OnceLock<Box<CounterRare>>,
    created: Created,
    hidden: AtomicBool,
}

/// What most counters never need.
#[derive(Debug, Default)]
struct CounterRare {
    /// The sum at the last reset.
    base: AtomicU64,
    fraction: OnceLock<Fraction>,
    exemplars: Exemplars,
}

/// What a counter has once it was given a fraction.
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

    fn rare(&self) -> &CounterRare {
        self.rare.get_or_init(Box::default)
    }

    fn rare_if_any(&self) -> Option<&CounterRare> {
        self.rare.get().map(|rare| &**rare)
    }

    /// The words of a fraction, made when first asked for.
    fn fraction(&self) -> Option<&Fraction> {
        let fraction = &self.rare().fraction;
        if fraction.get().is_none() {
            let words = Words::allocate(FractionCell::WORDS)?;
            // Another thread may have been faster; then these words go back.
            let _ = fraction.set(Fraction { words, base_bits: AtomicU64::new(0) });
        }
        fraction.get()
    }

    /// The sum at the last reset.
    fn base(&self, order: Ordering) -> u64 {
        self.rare_if_any().map_or(0, |rare| rare.base.load(order))
    }

    /// Raises the counter to `value` if it is below.
    pub(crate) fn absolute(&self, value: u64) {
        let turn = std::ptr::from_ref(self).addr() / align_of::<Self>() % TURNS.len();
        let _turn = TURNS[turn].lock().unwrap_or_else(PoisonError::into_inner);
        // The base first: it was a sum once, and sums do not fall.
        let base = self.base(Ordering::Acquire);
        let current = self.cell().quick_sum().wrapping_sub(base);
        if value > current {
            self.cell().add(value - current);
        }
    }

    /// The value since the last reset.
    pub(crate) fn value(&self, gathering: &Gathering<'_>) -> CounterValue {
        let fraction = self.rare_if_any().and_then(|rare| rare.fraction.get());
        let fraction = fraction.map_or(0.0, |fraction| {
            let base = f64::from_bits(fraction.base_bits.load(Ordering::Relaxed));
            fraction.cell().sum(gathering) - base
        });
        CounterValue {
            integer: self.cell().sum(gathering).wrapping_sub(self.base(Ordering::Relaxed)),
            fraction,
        }
    }

    /// Makes the counter read zero. What other threads add meanwhile is either before or after.
    pub(crate) fn reset(&self) {
        let gathering = gathering();
        let rare = self.rare();
        rare.base.store(self.cell().sum(&gathering), Ordering::Release);
        void_sums(&gathering);
        if let Some(fraction) = rare.fraction.get() {
            let sum = fraction.cell().sum(&gathering);
            fraction.base_bits.store(sum.to_bits(), Ordering::Relaxed);
        }
        self.created.renew();
        rare.exemplars.clear();
    }

    /// When it began to count.
    pub(in super::super) fn created(&self) -> SystemTime {
        self.created.get()
    }

    /// What is kept of where amounts came from.
    pub(in super::super) fn exemplars(&self) -> Vec<Exemplar> {
        self.rare_if_any().map_or_else(Vec::new, |rare| rare.exemplars.get())
    }

    /// Keeps the span that an amount was added in, if there is one to be kept.
    #[inline(always)]
    pub(crate) fn note_span(&self, amount: u64) {
        #[allow(clippy::cast_precision_loss, reason = "a sample's value is a double")]
        offer(|| &self.rare().exemplars, || (0, amount as f64));
    }

    /// Keeps an exemplar of an amount that was added.
    pub(crate) fn note(&self, exemplar: Exemplar) {
        self.rare().exemplars.keep(0, exemplar);
    }

    /// Whether the series was removed and has not counted since.
    pub(crate) fn is_hidden(&self, value: CounterValue) -> bool {
        let untouched = value == CounterValue { integer: 0, fraction: 0.0 };
        self.hidden.load(Ordering::Relaxed) && untouched
    }
}

impl Series for CounterSeries {
    fn create(labels: LabelText, _: Layout) -> Option<Self> {
        let words = Words::allocate_counter()?;
        Some(Self {
            labels,
            words,
            rare: OnceLock::new(),
            created: Created::now(),
            hidden: AtomicBool::new(false),
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
        self.is_hidden(self.value(gathering))
    }
}
