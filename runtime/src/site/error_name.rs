//! What the error in a returned value is called, found by the value's type and not by its name, so that
//! aliases of `Result` work.
//!
//! The traits are tried in order by method resolution: each asks for one reference less than the one
//! before, so the most telling one that applies wins.

use std::any::type_name;

use crate::ErrorType;

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
    /// That name, or of a value that was called an error the last segment of its type's name.
    fn __yardstick_name(&self) -> &'static str;
}

/// For all other results.
pub trait ViaResult {
    /// The last segment of the name of the error's type.
    fn __yardstick_error(&self) -> ErrorText;
    /// That name, or of a value that was called an error the last segment of its type's name.
    fn __yardstick_name(&self) -> &'static str;
}

/// For values that are no results.
pub trait ViaAnything {
    /// No error.
    fn __yardstick_error(&self) -> ErrorText;
    /// The last segment of the name of the value's type.
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

fn name_of<T>() -> &'static str {
    last_segment(type_name::<T>())
}

/// `Error` of `a::b::Error<c::D>`.
fn last_segment(type_name: &'static str) -> &'static str {
    let without_parameters = type_name.split('<').next().unwrap_or(type_name);
    without_parameters.rsplit("::").next().unwrap_or(without_parameters)
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
        assert_eq!(called!(Err::<Response, _>(std::fmt::Error)), "Error");
    }
}
