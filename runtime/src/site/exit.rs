//! How a call ends, as its metrics see it.

use crate::label_value::LabelValue;

/// How a call ended, as [`track_calls`](crate::track_calls) counts it. As a label value it reads `ok`, `error`,
/// `panic` or `cancelled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned, and not an error.
    Ok,
    /// It returned an error.
    Error,
    /// It unwound.
    Panic,
    /// Its future was dropped before it was ready.
    Cancelled,
}

impl Outcome {
    pub(super) const ALL: [Self; 4] = [Self::Ok, Self::Error, Self::Panic, Self::Cancelled];

    pub(super) const fn as_str(self) -> &'static str {
        Self::VALUES[self as usize]
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for Outcome {
    const VALUES: &'static [&'static str] = &["ok", "error", "panic", "cancelled"];
    const VALUES_OR_NONE: &'static [&'static str] =
        &["ok", "error", "panic", "cancelled", yardstick_model::NONE_VALUE];

    #[inline]
    fn index(&self) -> usize {
        *self as usize
    }
}

/// The name under which a panic counts as an error.
pub(super) const PANIC: &str = "panic";

/// The end of a call.
#[derive(Clone, Copy, Debug)]
pub struct Exit<'a> {
    pub(super) ticks: u64,
    pub(super) outcome: Outcome,
    pub(super) error: Option<&'a str>,
}

impl<'a> Exit<'a> {
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
