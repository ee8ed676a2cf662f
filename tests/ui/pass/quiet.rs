//! Denied warnings stay quiet, also where unsafe code is forbidden.
#![deny(warnings, missing_docs, unused_qualifications, elided_lifetimes_in_paths)]
#![forbid(unsafe_code)]

use yardstick::{track_active, track_calls, track_duration, track_errors};

/// Shadows what expansions must not rely on.
#[allow(dead_code, missing_docs, non_camel_case_types, unused)]
mod shadows {
    pub struct Ok;
    pub struct Err;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Option;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub mod core {}
    pub mod std {}
    pub mod yardstick {}
    pub mod metrics {}

    pub trait Hostile {
        fn increment(self) -> u8
        where
            Self: Sized,
        {
            1
        }
        fn is_some(self) -> bool
        where
            Self: Sized,
        {
            true
        }
        fn name(self) -> u8
        where
            Self: Sized,
        {
            1
        }
    }

    impl<T> Hostile for T {}

    #[::yardstick::track_duration("shadowed", labels(a = a))]
    #[::yardstick::track_errors]
    #[::yardstick::track_calls]
    #[::yardstick::track_active]
    pub fn sync(a: &str) -> ::std::result::Result<u8, ::std::string::String> {
        ::std::result::Result::Ok(a.len() as u8)
    }

    #[::yardstick::track_calls(labels(a = a))]
    pub async fn asynchronous(a: &str) -> ::std::option::Option<u8> {
        ::std::option::Option::Some(a.len() as u8)
    }
}

#[track_duration]
#[track_calls]
fn one_line(x: u32) -> u32 { x }

#[track_errors]
#[track_active]
async fn question_mark(text: &str) -> Result<u32, std::num::ParseIntError> { Ok(text.parse::<u32>()?) }

#[track_calls]
fn inner_attribute(x: u8) -> Box<dyn std::fmt::Debug> {
    #![allow(clippy::needless_return)]
    if x > 1 {
        return Box::new(x);
    }
    Box::new("small")
}

#[track_calls]
extern "C" fn qualified(x: u8) -> u8 {
    x
}

#[track_calls]
#[track_duration]
async fn patterns((a, mut b): (u8, u8), [c, _]: [u8; 2], _: String, mut d: Vec<u8>) -> u8 {
    b += a;
    d.push(b);
    c + b + d.len() as u8
}

#[track_errors]
fn nested_impl() -> Result<Option<impl Iterator<Item = u8>>, String> {
    Ok(Some([1, 2].into_iter()))
}

#[track_calls]
fn generic<'a, T: AsRef<str> + ?Sized, const N: usize>(text: &'a T, into: &mut [u8; N]) -> &'a str
where
    T: 'a,
{
    into[0] = 1;
    text.as_ref()
}

trait Work {
    #[track_calls]
    fn default_body(&self) -> u8 {
        1
    }

    fn future(&self) -> impl Future<Output = u8>;
}

impl Work for u8 {
    #[track_calls]
    async fn future(&self) -> u8 {
        *self
    }
}

#[track_duration(crate = ::yardstick)]
fn r#match(r#type: u8) -> u8 {
    r#type
}

/// The path to the crate, longer than it would have to be.
pub mod reexported {
    pub use yardstick;
    pub use yardstick::*;
}

/// Names that a path through the crate could do without.
mod qualified {
    use std::future::Future;

    use super::reexported::{
        ErrorType, Histogram, LabelSet, LabelValue, MetricSchema, __private_0_1_0, track, yardstick,
    };

    #[derive(Clone, Copy, Debug, LabelValue)]
    #[label_value(crate = crate::reexported::yardstick)]
    enum Kind {
        One,
    }

    #[derive(Clone, Copy, Debug, LabelSet)]
    #[label_set(crate = crate::reexported::yardstick)]
    struct Labels {
        kind: Kind,
    }

    #[derive(Debug, ErrorType)]
    #[error_type(crate = crate::reexported::yardstick)]
    enum Error {
        Refused,
    }

    #[derive(Debug, MetricSchema)]
    #[metrics(crate = crate::reexported::yardstick)]
    struct Metrics {
        /// Help.
        #[metric(unit = Seconds)]
        wait: Histogram<Labels>,
    }

    #[track(crate = crate::reexported::yardstick)]
    async fn asynchronous(kind: u8) -> Result<u8, Error> {
        if kind == 0 { Err(Error::Refused) } else { Ok(kind) }
    }

    #[track(crate = crate::reexported::yardstick)]
    fn future(kind: u8) -> impl Future<Output = u8> {
        async move { kind }
    }

    pub(super) fn all() {
        let _ = yardstick::Registry::new();
        let _ = __private_0_1_0::site_spec();
        drop(asynchronous(1));
        drop(future(1));
        let labels = Labels { kind: Kind::One };
        let _ = (labels.kind, Metrics::wait);
    }
}

#[track_duration("read_by_a_label", labels(kind = kind))]
fn read_by_a_label(kind: String) {}

#[track_calls("read_by_a_label_too", labels(kind = kind, part = part))]
fn read_by_a_label_too(kind: String, (part, mut other): (String, String)) {
    other.clear();
}

#[track_duration("read_by_a_label_later", labels(kind = kind))]
async fn read_by_a_label_later(kind: String) {}

fn main() {
    qualified::all();
    read_by_a_label(String::new());
    read_by_a_label_too(String::new(), (String::new(), String::new()));
    drop(read_by_a_label_later(String::new()));
    let _ = one_line(1);
    drop(question_mark("1"));
    let _ = inner_attribute(1);
    let _ = qualified(1);
    drop(patterns((1, 2), [3, 4], String::new(), Vec::new()));
    let _ = nested_impl().map(|found| found.map(Iterator::count));
    let _ = generic("x", &mut [0; 3]);
    let _ = 1_u8.default_body();
    drop(1_u8.future());
    let _ = r#match(1);
    let _ = shadows::sync("a");
    drop(shadows::asynchronous("a"));
}
