//! Arguments that look at results: `result_labels`, `error_if`, `error_type` and `on_cancel`.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::{AtomicU32, Ordering},
    task::{Context, Poll, Waker},
};

use metrics::with_local_recorder;
use yardstick::{LabelValue, Registry, track_calls, track_duration, track_errors};
use yardstick_tests::counts;

/// Not `Clone`: a result is only ever borrowed.
#[derive(Debug)]
struct Response {
    status: u16,
    route: String,
}

impl Response {
    fn class(&self) -> Class {
        if self.status < 500 { Class::Success } else { Class::Failure }
    }
}

#[derive(Clone, Copy)]
enum Class {
    Success,
    Failure,
}

impl LabelValue for Class {
    const VALUES: &'static [&'static str] = &["success", "failure"];

    fn index(&self) -> usize {
        *self as usize
    }
}

fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = poll_once(future.as_mut()) {
            return output;
        }
    }
}

fn recorded(calls: impl FnOnce()) -> Vec<String> {
    let registry = Registry::new();
    with_local_recorder(&registry, calls);
    counts(&registry)
}

#[track_duration(
    "answer",
    labels(method = method),
    result_labels(class = |ret: &Response| ret.class(), route = |ret| ret.route.as_str()),
)]
#[track_calls("answers", result_labels(status = |ret| ret.status), error_if = |ret| ret.status >= 500)]
#[track_errors("answer_errors", error_if = |ret| ret.status >= 500)]
fn answer(method: &str, status: u16) -> Response {
    assert_ne!(status, 0, "on purpose");
    Response { status, route: format!("/{method}") }
}

#[track_duration(
    "answer",
    labels(method = method),
    result_labels(class = |ret: &Response| ret.class(), route = |ret| ret.route.as_str()),
)]
#[track_calls("answers", result_labels(status = |ret| ret.status), error_if = |ret| ret.status >= 500)]
#[track_errors("answer_errors", error_if = |ret| ret.status >= 500)]
async fn answer_async(method: &str, status: u16) -> Response {
    tokio::task::yield_now().await;
    assert_ne!(status, 0, "on purpose");
    Response { status, route: format!("/{method}") }
}

const ANSWERED: [&str; 9] = [
    "answer_errors_total{error_type=\"Response\"} 1",
    "answer_errors_total{error_type=\"panic\"} 1",
    "answer_seconds_count{class=\"_none\",method=\"get\",route=\"_none\"} 1",
    "answer_seconds_count{class=\"failure\",method=\"put\",route=\"/put\"} 1",
    "answer_seconds_count{class=\"success\",method=\"get\",route=\"/get\"} 2",
    "answers_total{outcome=\"error\",status=\"503\"} 1",
    "answers_total{outcome=\"ok\",status=\"200\"} 1",
    "answers_total{outcome=\"ok\",status=\"404\"} 1",
    "answers_total{outcome=\"panic\",status=\"_none\"} 1",
];

#[test]
fn labels_come_from_the_borrowed_result() {
    let found = recorded(|| {
        for (method, status) in [("get", 200), ("get", 404), ("put", 503), ("get", 0)] {
            let _ = catch_unwind(|| answer(method, status));
        }
    });
    assert_eq!(found, ANSWERED);
}

#[test]
fn the_same_holds_of_futures() {
    let found = recorded(|| {
        for (method, status) in [("get", 200), ("get", 404), ("put", 503), ("get", 0)] {
            let _ = catch_unwind(AssertUnwindSafe(|| run(answer_async(method, status))));
        }
        let mut cancelled = Box::pin(answer_async("put", 200));
        assert!(poll_once(cancelled.as_mut()).is_pending());
    });
    let mut expected = ANSWERED.to_vec();
    expected.insert(5, "answers_total{outcome=\"cancelled\",status=\"_none\"} 1");
    expected.insert(3, "answer_seconds_count{class=\"_none\",method=\"put\",route=\"_none\"} 1");
    assert_eq!(found, expected);
}

#[track_errors("misses", error_if = Option::is_none, error_type = |_| "miss")]
#[track_calls("look_ups", error_if = |ret| ret.is_none())]
fn look_up(key: u8) -> Option<u8> {
    (key > 0).then_some(key)
}

#[track_errors("fatal", error_if = |ret| matches!(ret, Err(code) if *code > 9), error_type = |ret| ret.err())]
fn fatal(code: i32) -> Result<(), i32> {
    if code == 0 { Ok(()) } else { Err(code) }
}

#[test]
fn the_user_decides_what_an_error_is() {
    let found = recorded(|| {
        for key in [0, 1, 2] {
            look_up(key);
        }
        for code in [0, 1, 10, 11] {
            let _ = fatal(code);
        }
    });
    let expected = [
        "fatal_total{error_type=\"10\"} 1",
        "fatal_total{error_type=\"11\"} 1",
        "look_ups_total{outcome=\"error\"} 1",
        "look_ups_total{outcome=\"ok\"} 2",
        "misses_total{error_type=\"miss\"} 1",
    ];
    assert_eq!(found, expected);
}

#[track_duration("waited", on_cancel = skip)]
#[track_duration("waited_any", on_cancel = record)]
async fn wait(panics: bool) {
    tokio::task::yield_now().await;
    assert!(!panics, "on purpose");
}

#[track_duration("never", on_cancel = skip)]
async fn never() -> ! {
    std::future::pending().await
}

#[track_duration("returned", on_cancel = skip)]
fn returned() -> impl Future<Output = ()> {
    tokio::task::yield_now()
}

#[test]
fn cancelled_calls_can_be_left_out() {
    let found = recorded(|| {
        run(wait(false));
        let _ = catch_unwind(AssertUnwindSafe(|| run(wait(true))));
        assert!(poll_once(pin!(wait(false))).is_pending());
        assert!(poll_once(pin!(never())).is_pending());
        assert!(poll_once(pin!(returned())).is_pending());
        run(returned());
    });
    let expected =
        ["returned_seconds_count 1", "waited_any_seconds_count 3", "waited_seconds_count 2"];
    assert_eq!(found, expected);
}

#[track_calls("requests", labels(user = user.clone(), id = *id))]
fn request(user: String, id: &u32) -> impl Future<Output = usize> + use<> {
    let id = *id;
    async move {
        tokio::task::yield_now().await;
        user.len() + id as usize
    }
}

#[track_duration("boxed", labels(user = user), result_labels(ok = |ret: &Result<_, _>| ret.is_ok()))]
fn boxed(user: String) -> Pin<Box<dyn Future<Output = Result<usize, String>> + Send>> {
    if user.is_empty() {
        return Box::pin(std::future::ready(Err(user)));
    }
    Box::pin(async move { Ok(user.len()) })
}

#[test]
fn the_labels_of_a_returned_future_are_those_of_its_call() {
    let found = recorded(|| {
        let long = "x".repeat(300);
        assert_eq!(run(request("ann".to_owned(), &7)), 10);
        assert_eq!(run(request(long, &1)), 301);
        assert_eq!(run(boxed("ann".to_owned())), Ok(3));
        assert_eq!(run(boxed(String::new())), Err(String::new()));
        drop(request("nobody".to_owned(), &2));
    });
    let expected = [
        "boxed_seconds_count{ok=\"false\",user=\"\"} 1".to_owned(),
        "boxed_seconds_count{ok=\"true\",user=\"ann\"} 1".to_owned(),
        format!("requests_total{{id=\"1\",outcome=\"ok\",user=\"{}\"}} 1", "x".repeat(300)),
        "requests_total{id=\"7\",outcome=\"ok\",user=\"ann\"} 1".to_owned(),
    ];
    assert_eq!(found, expected);
}

#[track_calls("parts", labels(first = first, name = name.as_str()), result_labels(len = |ret| *ret))]
async fn parts((first, mut rest): (u8, Vec<u8>), Named { name, .. }: Named) -> usize {
    rest.push(first);
    tokio::task::yield_now().await;
    rest.len() + name.len()
}

struct Named {
    name: String,
    _noisy: Vec<u8>,
}

struct Service {
    registry: Registry,
}

impl Service {
    #[track_calls("served", registry = self.registry, labels(key = key))]
    async fn serve(&self, key: &str) -> usize {
        tokio::task::yield_now().await;
        key.len()
    }

    #[track_calls("served", registry = self.registry, labels(key = key))]
    fn serve_boxed<'a>(&'a self, key: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
        Box::pin(async move { key.len() })
    }
}

#[test]
fn labels_see_the_parts_of_arguments() {
    let found = recorded(|| {
        let named = Named { name: "ann".to_owned(), _noisy: vec![1] };
        assert_eq!(run(parts((7, vec![1]), named)), 5);
    });
    assert_eq!(found, ["parts_total{first=\"7\",len=\"5\",name=\"ann\",outcome=\"ok\"} 1"]);
}

#[test]
fn a_registry_can_be_an_argument_of_what_is_polled() {
    let service = Service { registry: Registry::new() };
    assert_eq!(run(service.serve("a")) + run(service.serve_boxed("a")), 2);
    assert_eq!(counts(&service.registry), ["served_total{key=\"a\",outcome=\"ok\"} 2"]);
}

static ASKED: AtomicU32 = AtomicU32::new(0);

#[track_calls("asked", result_labels(count = |_| ASKED.fetch_add(1, Ordering::Relaxed)))]
fn asked() {}

#[test]
fn nothing_is_asked_when_nothing_records() {
    asked();
    assert_eq!(ASKED.load(Ordering::Relaxed), 0);
    assert_eq!(recorded(asked), ["asked_total{count=\"0\",outcome=\"ok\"} 1"]);
}

#[track_calls("unwrapped", result_labels(value = |ret: &Option<u8>| ret.unwrap()))]
#[track_duration("unwrapped")]
fn unwrapped(value: Option<u8>) -> Option<u8> {
    value
}

#[test]
fn a_closure_that_panics_makes_the_call_a_panic() {
    let found = recorded(|| {
        unwrapped(Some(1));
        assert!(catch_unwind(|| unwrapped(None)).is_err());
    });
    let expected = [
        "unwrapped_seconds_count 2",
        "unwrapped_total{outcome=\"ok\",value=\"1\"} 1",
        "unwrapped_total{outcome=\"panic\",value=\"_none\"} 1",
    ];
    assert_eq!(found, expected);
}
