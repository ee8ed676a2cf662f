//! A gauge: a value that is set, and calls in flight.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Layout, Series};
use crate::{
    base::{
        lock::OnceLock,
        refusals::{Refusal, refuse},
    },
    cells::{Gathering, GaugeCell, InFlightCell, Words},
    data::LabelText,
};

/// A gauge: a value that is set, and calls in flight where an attribute counts them.
#[derive(Debug)]
pub(crate) struct GaugeSeries {
    labels: LabelText,
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
    fn create(labels: LabelText, _: Layout) -> Option<Self> {
        let words = Words::allocate(GaugeCell::WORDS)?;
        Some(Self {
            labels,
            cell: GaugeCell::new(&words),
            in_flight: OnceLock::new(),
            hidden: AtomicBool::new(false),
            _words: words,
        })
    }

    fn labels(&self) -> &LabelText {
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
