//! What an attribute writes keeps to itself: neither the body nor its items change what arguments mean.

use std::{
    cell::RefCell,
    future::Future,
    panic::Location,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use yardstick::{Registry, track, track_active, track_calls, track_duration, track_errors};

const KIND: &str = "outer";

static OUTER: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);

fn chosen() -> &'static Registry {
    &OUTER
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(returned) = future.as_mut().poll(&mut context) {
            return returned;
        }
    }
}

/// Items with names that the arguments below use.
macro_rules! items_of_the_body {
    () => {
        const KIND: &str = "inner";
        #[allow(dead_code, reason = "nobody asks the body")]
        fn chosen() -> &'static Registry {
            unreachable!("nobody asks the body")
        }
        #[allow(unused_imports, reason = "the signature means another")]
        use std::fmt::Error;
    };
}

/// An error of the outer scope.
#[derive(Debug)]
pub struct Error;

macro_rules! functions {
    ($($(#[$attribute:meta])* $name:ident;)*) => {$(
        mod $name {
            use super::*;

            $(#[$attribute])*
            pub(super) fn sync(text: String) -> Result<usize, Error> {
                items_of_the_body!();
                Ok(text.len() + KIND.len())
            }

            $(#[$attribute])*
            pub(super) async fn later(text: String) -> Result<usize, Error> {
                items_of_the_body!();
                Ok(text.len() + KIND.len())
            }

            $(#[$attribute])*
            pub(super) fn boxed(text: String) -> Pin<Box<dyn Future<Output = Result<usize, Error>>>> {
                items_of_the_body!();
                Box::pin(async move { Ok(text.len() + KIND.len()) })
            }
        }
    )*};
}

functions! {
    #[track_duration("duration", labels(kind = KIND), registry = chosen())]
    duration;
    #[track_errors("errors", labels(kind = KIND), registry = chosen(), error_if = |_| KIND == "outer", error_type = |_| KIND)]
    errors;
    #[track_calls("calls", labels(kind = KIND), registry = chosen(), result_labels(seen = |_| KIND))]
    calls;
    #[track_active("active", labels(kind = KIND), registry = chosen())]
    active;
    #[track("all", labels(kind = KIND), registry = chosen())]
    all;
    #[track_duration("one_of_two", labels(kind = KIND), registry = chosen())]
    #[track_calls("other_of_two", labels(kind = KIND), registry = chosen())]
    two;
}

#[test]
fn arguments_mean_what_they_mean_outside_of_the_body() {
    let call_all = [
        (duration::sync as fn(String) -> _, duration::boxed as fn(String) -> _),
        (errors::sync, errors::boxed),
        (calls::sync, calls::boxed),
        (active::sync, active::boxed),
        (all::sync, all::boxed),
        (two::sync, two::boxed),
    ];
    for (sync, boxed) in call_all {
        assert_eq!(sync(String::new()).ok(), Some(5));
        assert_eq!(run(boxed(String::new())).ok(), Some(5));
    }
    assert!(run(duration::later(String::new())).is_ok());
    assert!(run(errors::later(String::new())).is_ok());
    assert!(run(calls::later(String::new())).is_ok());
    assert!(run(active::later(String::new())).is_ok());
    assert!(run(all::later(String::new())).is_ok());
    assert!(run(two::later(String::new())).is_ok());
    let body = OUTER.render();
    assert!(!body.contains("inner"), "{body}");
    for expected in [
        "duration_seconds_count{kind=\"outer\"} 3\n",
        "errors_total{error_type=\"outer\",kind=\"outer\"} 3\n",
        "calls_total{kind=\"outer\",outcome=\"ok\",seen=\"outer\"} 3\n",
        "active{kind=\"outer\"} 0\n",
        "all_calls_total{kind=\"outer\",outcome=\"ok\"} 3\n",
        "one_of_two_seconds_count{kind=\"outer\"} 3\n",
        "other_of_two_total{kind=\"outer\",outcome=\"ok\"} 3\n",
    ] {
        assert!(body.contains(expected), "{expected} in {body}");
    }
}

/// What the body binds is not what a label reads.
#[track_duration("bound", labels(length = length), registry = chosen())]
fn rebinds(length: usize) -> usize {
    let length = [length, 1];
    length.iter().sum()
}

#[test]
fn a_label_reads_the_argument_and_not_what_the_body_binds() {
    assert_eq!(rebinds(1), 2);
    assert!(OUTER.render().contains("bound_seconds_count{length=\"1\"} 1\n"));
}

struct Request {
    _id: u64,
    tenant: String,
    body: Rc<RefCell<Vec<u8>>>,
}

#[track("handled", labels(tenant = tenant), registry = chosen())]
async fn handle(Request { tenant, body, _id: _ }: Request, suffix: String) -> usize {
    body.borrow_mut().extend(suffix.bytes());
    body.borrow().len() + tenant.len()
}

#[test]
fn a_label_reads_what_a_pattern_binds() {
    let request = Request { _id: 1, tenant: "a".to_owned(), body: Rc::default() };
    assert_eq!(run(handle(request, "bc".to_owned())), 3);
    assert!(OUTER.render().contains("handled_calls_total{outcome=\"ok\",tenant=\"a\"} 1\n"));
}

struct Builder(String);

impl Builder {
    #[track_duration("built", registry = chosen())]
    #[track_caller]
    fn build(self, suffix: String) -> (String, &'static Location<'static>) {
        (self.0 + &suffix, Location::caller())
    }
}

#[test]
fn a_callers_location_is_kept_where_a_method_takes_its_object_over() {
    let (text, location) = Builder("a".to_owned()).build("b".to_owned());
    assert_eq!((text.as_str(), location.file()), ("ab", file!()));
    assert_eq!(location.line(), line!() - 2);
}
