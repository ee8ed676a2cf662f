//! What the error in a returned value is called, found by the value's type and not by its name, so that
//! aliases of `Result` work.
//!
//! The traits are tried in order by method resolution: each asks for one reference less than the one
//! before, so the most telling one that applies wins.

use super::type_words::name_of;
use crate::labels::ErrorType;

/// A returned value that is asked for its error.
#[derive(Debug)]
pub struct Probe<'r, R>(pub &'r R);

/// The name of an error; `None` where the value is none.
#[derive(Clone, Copy, Debug)]
pub struct ErrorText(pub(super) Option<&'static str>);

/// For values that name themselves.
pub trait ViaItself {
    /// The name that the value gives itself.
    fn __yardstick_name(&self) -> &'static str;
}

/// For results whose error has a name.
pub trait ViaErrorType {
    /// The name that the error gives itself.
    fn __yardstick_error(&self) -> ErrorText;
    /// That name, or of a value that was called an error the name of its type.
    fn __yardstick_name(&self) -> &'static str;
}

/// For all other results.
pub trait ViaResult {
    /// The name of the error's type.
    fn __yardstick_error(&self) -> ErrorText;
    /// That name, or of a value that was called an error the name of its type.
    fn __yardstick_name(&self) -> &'static str;
}

/// For values that are no results.
pub trait ViaAnything {
    /// No error.
    fn __yardstick_error(&self) -> ErrorText;
    /// The name of the value's type.
    fn __yardstick_name(&self) -> &'static str;
}

impl<R: ErrorType> ViaItself for &&&Probe<'_, R> {
    fn __yardstick_name(&self) -> &'static str {
        self.0.error_type()
    }
}

impl<T, E: ErrorType> ViaErrorType for &&Probe<'_, Result<T, E>> {
    fn __yardstick_error(&self) -> ErrorText {
        ErrorText(self.0.as_ref().err().map(ErrorType::error_type))
    }

    fn __yardstick_name(&self) -> &'static str {
        self.0.as_ref().map_or_else(ErrorType::error_type, |_| name_of::<T>())
    }
}

impl<T, E> ViaResult for &Probe<'_, Result<T, E>> {
    fn __yardstick_error(&self) -> ErrorText {
        ErrorText(self.0.as_ref().err().map(|_| name_of::<E>()))
    }

    fn __yardstick_name(&self) -> &'static str {
        self.0.as_ref().map_or_else(|_| name_of::<E>(), |_| name_of::<T>())
    }
}

impl<R> ViaAnything for Probe<'_, R> {
    fn __yardstick_error(&self) -> ErrorText {
        ErrorText(None)
    }

    fn __yardstick_name(&self) -> &'static str {
        name_of::<R>()
    }
}

/// What `#[track_errors]` finds an error in.
#[diagnostic::on_unimplemented(
    message = "`#[track_errors]` finds no error in a function that returns `{Self}`",
    label = "not a `Result`",
    note = "say which values are errors: `error_if = |ret| ...`",
    note = "an error is the `Err` of a `Result`; calls that panic are counted by `#[track_calls]` too"
)]
pub trait MayBeAnError {}

#[diagnostic::do_not_recommend]
impl<T, E> MayBeAnError for Result<T, E> {}

/// Compiles if the value can be an error.
#[inline]
pub const fn may_be_an_error<R: MayBeAnError>(_: &R) {}

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

    #[test]
    fn a_value_that_is_called_an_error_has_a_name() {
        struct Response;
        struct Refused;
        impl ErrorType for Refused {
            fn error_type(&self) -> &'static str {
                "refused"
            }
        }
        macro_rules! called {
            ($value:expr) => {
                (&&&&Probe(&$value)).__yardstick_name()
            };
        }
        assert_eq!(called!(Some(3)), "Option");
        assert_eq!(called!(Response), "Response");
        assert_eq!(called!(Refused), "refused");
        assert_eq!(called!(Err::<u8, _>(Refused)), "refused");
        assert_eq!(called!(Ok::<_, Refused>(Response)), "Response");
        assert_eq!(called!(Ok::<_, std::fmt::Error>(Response)), "Response");
        assert_eq!(called!(Err::<Response, _>(std::fmt::Error)), "fmt::Error");
    }
}
