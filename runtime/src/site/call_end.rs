//! The end of a call: outcome, duration and error.

use crate::labels::Outcome;

/// The name under which a panic counts as an error.
pub(super) const PANIC: &str = "panic";

/// The end of a call.
#[derive(Clone, Copy, Debug)]
pub struct CallEnd<'a> {
    pub(super) ticks: u64,
    pub(super) outcome: Outcome,
    pub(super) error: Option<&'a str>,
}

impl<'a> CallEnd<'a> {
    /// Of a call that returned a value, which is an error or is none.
    #[inline(always)]
    pub(super) const fn of_value(ticks: u64, error: Option<&'a str>) -> Self {
        let outcome = if error.is_some() { Outcome::Error } else { Outcome::Ok };
        Self { ticks, outcome, error }
    }

    /// The error's name, if the call ended in one; a cancellation is no error.
    pub(super) fn error_type(&self) -> Option<&'a str> {
        match self.outcome {
            Outcome::Panic => Some(PANIC),
            Outcome::Error => self.error,
            Outcome::Ok | Outcome::Cancelled => None,
        }
    }
}
