//! What the error in a returned value is called, found by the value's type and not by its name, so that
//! aliases of `Result` work.
//!
//! The three traits are tried in order by method resolution: each asks for one reference less than the
//! one before, so the most telling one that applies wins.

use std::any::type_name;

use crate::{ErrorType, LabelValue};

/// A returned value that is asked for its error.
#[derive(Debug)]
pub struct Probe<'r, R>(pub &'r R);

/// The name of an error; `None` where the value is none.
#[derive(Clone, Copy, Debug)]
pub struct ErrorText(Option<&'static str>);

/// For results whose error has a name.
pub trait ViaErrorType {
    /// The name that the error gives itself.
    fn __yardstick_error(&self) -> ErrorText;
}

/// For all other results.
pub trait ViaResult {
    /// The last segment of the name of the error's type.
    fn __yardstick_error(&self) -> ErrorText;
}

/// For values that are no results.
pub trait ViaAnything {
    /// No error.
    fn __yardstick_error(&self) -> ErrorText;
}

impl<T, E: ErrorType> ViaErrorType for &&Probe<'_, Result<T, E>> {
    fn __yardstick_error(&self) -> ErrorText {
        ErrorText(self.0.as_ref().err().map(ErrorType::error_type))
    }
}

impl<T, E> ViaResult for &Probe<'_, Result<T, E>> {
    fn __yardstick_error(&self) -> ErrorText {
        ErrorText(self.0.as_ref().err().map(|_| last_segment(type_name::<E>())))
    }
}

impl<R> ViaAnything for Probe<'_, R> {
    fn __yardstick_error(&self) -> ErrorText {
        ErrorText(None)
    }
}

/// `Error` of `a::b::Error<c::D>`.
fn last_segment(type_name: &'static str) -> &'static str {
    let without_parameters = type_name.split('<').next().unwrap_or(type_name);
    without_parameters.rsplit("::").next().unwrap_or(without_parameters)
}

/// What a call returned, as its metrics need to know it.
pub trait Verdict {
    /// Calls `read` with the name of the error, if there is one.
    fn with_error(&self, read: impl FnOnce(Option<&str>));
}

/// For metrics that do not care.
impl Verdict for () {
    #[inline]
    fn with_error(&self, read: impl FnOnce(Option<&str>)) {
        read(None);
    }
}

impl Verdict for ErrorText {
    #[inline]
    fn with_error(&self, read: impl FnOnce(Option<&str>)) {
        read(self.0);
    }
}

/// The name that the user's closure gave.
#[derive(Debug)]
pub struct Named<L>(Option<L>);

impl<L: LabelValue> Verdict for Named<L> {
    fn with_error(&self, read: impl FnOnce(Option<&str>)) {
        match &self.0 {
            Some(name) => name.with_text(|name| read(Some(name))),
            None => read(None),
        }
    }
}

/// Asks the user's closure for the name of the error.
pub fn error_named<'r, T, E, L: LabelValue>(
    returned: &'r Result<T, E>,
    name: impl FnOnce(&'r E) -> L,
) -> Named<L> {
    Named(returned.as_ref().err().map(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! name {
        ($value:expr) => {
            (&&&Probe(&$value)).__yardstick_error().0
        };
    }

    #[test]
    fn the_type_decides() {
        type Alias<T> = Result<T, std::num::ParseIntError>;
        let alias: Alias<u8> = "x".parse();
        assert_eq!(name!(alias), Some("ParseIntError"));
        assert_eq!(name!(Ok::<u8, std::io::Error>(1)), None);
        assert_eq!(name!(std::fs::read("/nowhere/at/all").map(drop)), Some("not_found"));
        let boxed: Result<(), Box<dyn std::error::Error + Send + Sync>> = Err("x".into());
        assert_eq!(name!(boxed), Some("dyn_error"));
        assert_eq!(name!(Err::<(), Vec<std::num::ParseIntError>>(vec![])), Some("Vec"));
        assert_eq!(name!(Some(3)), None);
    }
}
