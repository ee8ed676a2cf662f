//! A stand-in for a metric of the wrong kind, so that the mistake is one error.

use super::{
    super::{
        Metric,
        guard::{Enter, Leave, States},
        instrument::Instrument,
    },
    OfSchema,
};
use crate::{labels::Outcome, registry::current::CurrentRecorder};

/// What stands for a metric of the wrong kind.
#[derive(Clone, Copy, Debug)]
pub struct WrongKind;

impl<K: Instrument, T: Enter<J>, J> Enter<(WrongKind, J)> for (OfSchema<K>, T) {
    type States = (WrongKind, T::States);
    const FOLLOWS: bool = T::FOLLOWS;

    fn enter(
        site: &'static [Metric],
        recorder: CurrentRecorder,
        (_, others): (WrongKind, J),
    ) -> Self::States {
        (WrongKind, T::enter(site, recorder, others))
    }
}

impl<K, T, S: States<T>> States<(OfSchema<K>, T)> for (WrongKind, S) {
    const OFF: Self = (WrongKind, S::OFF);

    fn is_on(&self) -> bool {
        self.1.is_on()
    }

    fn abandon(self, ticks: u64, outcome: Outcome) {
        self.1.abandon(ticks, outcome);
    }
}

impl<K, T, S: Leave<T, W>, V, W> Leave<(OfSchema<K>, T), (V, W)> for (WrongKind, S) {
    fn leave(self, ticks: u64, returned_errors: (V, W)) {
        self.1.leave(ticks, returned_errors.1);
    }
}
