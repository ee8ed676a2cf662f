//! `Outcome`: how a call ended, as a label value.

use super::value::LabelValue;

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
    pub(crate) const ALL: [Self; 4] = [Self::Ok, Self::Error, Self::Panic, Self::Cancelled];

    pub(crate) const fn as_str(self) -> &'static str {
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
