//! `LabelValue`: types that can be the value of a label.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZero,
    rc::Rc,
    sync::Arc,
};

use yardstick_model::{NONE_VALUE, OVERFLOW_VALUE};

/// A value that may become a label: one of a small, bounded set.
///
/// Strings, integers and `NonZero` ones, `bool`, `char`, addresses (`IpAddr`) and `Option` of these are label values
/// already, and, with the feature `http`, `http::StatusCode` and `http::Method`, of which methods that HTTP does not
/// define are `_other`. An absent option is the label `_none`. Enums are the best label values, because their values are known beforehand: call
/// sites then find a series by arithmetic instead of hashing. Floating point is no label value: its
/// values are not bounded, and two that print alike may differ.
///
/// Derive it on an enum whose variants have no fields. Or implement either [`VALUES`](Self::VALUES) and
/// [`index`](Self::index), for a closed set, or [`with_text`](Self::with_text), for an open one.
///
/// | option | where | meaning | default |
/// |---|---|---|---|
/// | `#[label_value(rename_all = "..")]` | enum | how variants are written: `snake_case`, `kebab-case`, `lowercase`, `UPPERCASE`, `SCREAMING_SNAKE_CASE`, `SCREAMING-KEBAB-CASE`, `camelCase`, `PascalCase` | `snake_case` |
/// | `#[label_value(rename = "..")]` | variant | its value | by `rename_all` |
/// | `#[label_value(crate = path)]` | enum | where this crate is, if re-exported | `::yardstick` |
///
/// # Examples
///
/// ```
/// use yardstick::{LabelValue, Registry, track_calls};
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label_value(rename_all = "UPPERCASE")]
/// enum Method {
///     Get,
///     Post,
///     #[label_value(rename = "other")]
///     Unknown,
/// }
///
/// #[track_calls("requests", labels(method = method))]
/// fn serve(method: Method) {}
///
/// let registry = Registry::new();
/// metrics::with_local_recorder(&registry, || serve(Method::Post));
/// assert!(registry.render().contains("requests_total{method=\"POST\",outcome=\"ok\"} 1\n"));
/// assert_eq!(Method::VALUES, ["GET", "POST", "other"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a label value",
    label = "not a label value",
    note = "label values become part of the series identity, so they must come from a small, bounded set",
    note = "derive `LabelValue` on an enum, or pass a string, an integer, a `bool` or an `Option` of these"
)]
pub trait LabelValue {
    /// All values, if they are known beforehand; empty for an open set.
    const VALUES: &'static [&'static str] = &[];

    /// [`VALUES`](Self::VALUES) and `_none`, so that an `Option` of this is found by arithmetic too. The derive
    /// gives it.
    #[doc(hidden)]
    const VALUES_OR_NONE: &'static [&'static str] = &[];

    /// The position of this value in [`VALUES`](Self::VALUES). A position outside reads as `_other`.
    fn index(&self) -> usize {
        0
    }

    /// Calls `read` with the value's text, which may be any string.
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R
    where
        Self: Sized,
    {
        read(Self::VALUES.get(self.index()).copied().unwrap_or(OVERFLOW_VALUE))
    }
}

// A list of those who do is no help: the notes above say what to do.
macro_rules! texts {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl LabelValue for $type {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                read(self)
            }
        }
    )*};
}

texts!(&str, String, Box<str>, Arc<str>, Rc<str>, Cow<'_, str>);

/// The longest integer, `i128::MIN`, has 39 digits and a sign; the longest address, one of IPv6 that ends as one of
/// IPv4 does, has 45 characters.
const SHORT_BYTES_MAX: usize = 45;

/// Text on the stack.
struct Short {
    bytes: [u8; SHORT_BYTES_MAX],
    len: usize,
}

impl std::fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

fn with_short<R>(value: impl std::fmt::Display, read: impl FnOnce(&str) -> R) -> R {
    let mut short = Short { bytes: [0; SHORT_BYTES_MAX], len: 0 };
    // It fits, and digits are UTF-8; were either wrong, the label would read `_other`.
    let written = std::fmt::Write::write_fmt(&mut short, format_args!("{value}"));
    let text = std::str::from_utf8(&short.bytes[..short.len]);
    read(text.ok().filter(|_| written.is_ok()).unwrap_or(OVERFLOW_VALUE))
}

macro_rules! shorts {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl LabelValue for $type {
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                with_short(self, read)
            }
        }
    )*};
}

macro_rules! integers {
    ($($type:ty),*) => {
        shorts!($($type, NonZero<$type>),*);
    };
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
shorts!(IpAddr, Ipv4Addr, Ipv6Addr);

/// `http::StatusCode`: its three digits.
#[cfg(feature = "http")]
#[diagnostic::do_not_recommend]
impl LabelValue for hyper::StatusCode {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.as_str())
    }
}

/// `http::Method`: those that HTTP defines; a client may send any other word.
#[cfg(feature = "http")]
#[diagnostic::do_not_recommend]
impl LabelValue for hyper::Method {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match *self {
            Self::CONNECT
            | Self::DELETE
            | Self::GET
            | Self::HEAD
            | Self::OPTIONS
            | Self::PATCH
            | Self::POST
            | Self::PUT
            | Self::TRACE => read(self.as_str()),
            _ => read(OVERFLOW_VALUE),
        }
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for bool {
    const VALUES: &'static [&'static str] = &["false", "true"];
    const VALUES_OR_NONE: &'static [&'static str] = &["false", "true", NONE_VALUE];

    fn index(&self) -> usize {
        usize::from(*self)
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for char {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.encode_utf8(&mut [0; 4]))
    }
}

#[diagnostic::do_not_recommend]
impl<T: LabelValue> LabelValue for Option<T> {
    const VALUES: &'static [&'static str] = T::VALUES_OR_NONE;

    fn index(&self) -> usize {
        // A value outside the inner list must not read as the last of the outer one.
        match self {
            Some(value) if value.index() < T::VALUES.len() => value.index(),
            Some(_) => usize::MAX,
            None => T::VALUES.len(),
        }
    }

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match self {
            Some(value) => value.with_text(read),
            None => read(NONE_VALUE),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: LabelValue> LabelValue for &T {
    const VALUES: &'static [&'static str] = T::VALUES;
    const VALUES_OR_NONE: &'static [&'static str] = T::VALUES_OR_NONE;

    fn index(&self) -> usize {
        T::index(self)
    }

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        T::with_text(self, read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_one_would_write() {
        let text = |value: &str| value.to_owned();
        assert_eq!(i128::MIN.with_text(text), i128::MIN.to_string());
        assert_eq!(u64::MAX.with_text(text), "18446744073709551615");
        assert_eq!(true.with_text(text), "true");
        assert_eq!('é'.with_text(text), "é");
        assert_eq!(Some("a").with_text(text), "a");
        assert_eq!(None::<u8>.with_text(text), "_none");
        assert_eq!((&&Cow::Borrowed("b")).with_text(text), "b");
    }

    #[test]
    fn numbers_that_are_never_zero_and_addresses_are_label_values() {
        let text = |value: &str| value.to_owned();
        assert_eq!(NonZero::<u16>::MAX.with_text(text), "65535");
        assert_eq!(NonZero::<i128>::MIN.with_text(text), i128::MIN.to_string());
        assert_eq!(None::<NonZero<usize>>.with_text(text), "_none");
        assert_eq!(Ipv4Addr::LOCALHOST.with_text(text), "127.0.0.1");
        assert_eq!(IpAddr::V6(Ipv6Addr::LOCALHOST).with_text(text), "::1");
        let longest = Ipv6Addr::from([0xffff; 8]);
        assert_eq!(Some(longest).with_text(text), longest.to_string());
    }

    #[cfg(feature = "http")]
    #[test]
    fn statuses_and_methods_of_http_are_label_values() {
        let text = |value: &str| value.to_owned();
        assert_eq!(hyper::StatusCode::NOT_FOUND.with_text(text), "404");
        assert_eq!(Some(hyper::Method::GET).with_text(text), "GET");
        let invented = hyper::Method::from_bytes(b"BREW").expect("a token");
        assert_eq!(invented.with_text(text), "_other");
    }
}
