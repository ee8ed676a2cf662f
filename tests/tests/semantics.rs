//! Every exit of a call, sync and async, counted exactly once; gauges always return.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
};

use metrics::with_local_recorder;
use yardstick::{
    ErrorType, LabelValue, Registry, track_active, track_calls, track_duration, track_errors,
};
use yardstick_tests::counts;

#[derive(Debug)]
struct Refused;

impl ErrorType for Refused {
    fn error_type(&self) -> &'static str {
        "refused"
    }
}

#[derive(Clone, Copy)]
enum Exit {
    Value,
    Question,
    EarlyReturn,
    Error,
    Panic,
}

#[track_duration("work")]
#[track_errors("work_errors")]
#[track_calls("work_calls")]
#[track_active("work_active")]
fn work(exit: Exit) -> Result<u8, Refused> {
    match exit {
        Exit::Value => {}
        Exit::Question => Err(Refused)?,
        Exit::EarlyReturn => return Ok(1),
        Exit::Error => return Err(Refused),
        Exit::Panic => panic!("on purpose"),
    }
    Ok(2)
}

#[track_active("work_active")]
#[track_calls("work_calls")]
#[track_errors("work_errors")]
#[track_duration("work")]
async fn work_async(exit: Exit) -> Result<u8, Refused> {
    tokio::task::yield_now().await;
    match exit {
        Exit::Value => {}
        Exit::Question => Err(Refused)?,
        Exit::EarlyReturn => return Ok(1),
        Exit::Error => return Err(Refused),
        Exit::Panic => panic!("on purpose"),
    }
    Ok(2)
}

const ALL: [Exit; 5] = [Exit::Value, Exit::Question, Exit::EarlyReturn, Exit::Error, Exit::Panic];

const EXPECTED: [&str; 5] = [
    "work_calls_total{outcome=\"error\"} 2",
    "work_calls_total{outcome=\"ok\"} 2",
    "work_calls_total{outcome=\"panic\"} 1",
    "work_errors_total{error_type=\"panic\"} 1",
    "work_errors_total{error_type=\"refused\"} 2",
];

fn poll_once<F: Future + ?Sized>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_sync_call_is_counted_once_however_it_ends() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        for exit in ALL {
            let _ = catch_unwind(|| work(exit));
        }
    });
    let mut expected = EXPECTED.map(str::to_owned).to_vec();
    expected.push("work_seconds_count 5".to_owned());
    assert_eq!(counts(&registry), expected);
    assert!(registry.render().contains("work_active 0\n"));
}

#[test]
fn an_async_call_is_counted_once_however_it_ends() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        for exit in ALL {
            let _ = catch_unwind(AssertUnwindSafe(|| {
                let mut future = pin!(work_async(exit));
                while poll_once(future.as_mut()).is_pending() {}
            }));
        }
        // Cancelled after its first poll, and never polled at all.
        let mut cancelled = Box::pin(work_async(Exit::Value));
        assert!(poll_once(cancelled.as_mut()).is_pending());
        assert!(registry.render().contains("work_active 1\n"));
        drop(cancelled);
        drop(work_async(Exit::Value));
    });
    let mut expected = EXPECTED.map(str::to_owned).to_vec();
    expected.insert(0, "work_calls_total{outcome=\"cancelled\"} 1".to_owned());
    expected.push("work_seconds_count 6".to_owned());
    assert_eq!(counts(&registry), expected);
    assert!(registry.render().contains("work_active 0\n"));
}

#[test]
fn a_cancellation_during_somebody_elses_panic_is_no_panic() {
    struct CancelOnDrop<F>(Option<std::pin::Pin<Box<F>>>);
    impl<F> Drop for CancelOnDrop<F> {
        fn drop(&mut self) {
            drop(self.0.take());
        }
    }
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let mut future = Box::pin(work_async(Exit::Value));
            assert!(poll_once(future.as_mut()).is_pending());
            let _held = CancelOnDrop(Some(future));
            panic!("somebody else's");
        }));
    });
    assert!(counts(&registry).contains(&"work_calls_total{outcome=\"cancelled\"} 1".to_owned()));
}

#[track_calls("never_calls")]
fn never(_reason: &str) -> ! {
    panic!("on purpose")
}

#[track_calls("never_calls")]
async fn never_async() -> ! {
    std::future::pending::<()>().await;
    unreachable!("pending is never ready")
}

#[test]
fn functions_that_never_return_panic_or_are_cancelled() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        let _ = catch_unwind(|| never("x"));
        let mut future = Box::pin(never_async());
        assert!(poll_once(future.as_mut()).is_pending());
    });
    assert_eq!(
        counts(&registry),
        ["never_calls_total{outcome=\"cancelled\"} 1", "never_calls_total{outcome=\"panic\"} 1"]
    );
}

#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
}

impl LabelValue for Method {
    const VALUES: &'static [&'static str] = &["get", "post"];

    fn index(&self) -> usize {
        *self as usize
    }
}

struct Service<T> {
    name: T,
}

impl<T: AsRef<str>> Service<T> {
    #[track_calls("handled", labels(service = self.name.as_ref(), method = method, size = body.len(), via = "http"))]
    fn handle(&self, method: Method, body: String) -> usize {
        drop(body);
        method as usize
    }

    #[track_calls("handled_async", labels(service = self.name.as_ref(), method = method, body = body.as_str()))]
    async fn handle_async(&mut self, method: Method, body: String) -> String {
        tokio::task::yield_now().await;
        body
    }

    #[track_duration("borrowed", labels(method = method))]
    #[track_errors("borrow_errors", labels(method = method))]
    fn borrow(&mut self, method: Method) -> Result<&mut T, String> {
        if matches!(method, Method::Post) {
            return Err("read only".to_owned());
        }
        Ok(&mut self.name)
    }
}

#[test]
fn labels_come_from_literals_enums_and_arguments_that_the_body_moves() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        let mut service = Service { name: "shop" };
        for _ in 0..2 {
            service.handle(Method::Get, "abc".to_owned());
        }
        service.handle(Method::Post, String::new());
        let mut future = pin!(service.handle_async(Method::Post, "x\"y\\z\n".to_owned()));
        while poll_once(future.as_mut()).is_pending() {}
        assert!(Service { name: "a".to_owned() }.borrow(Method::Get).is_ok());
        assert!(Service { name: "b" }.borrow(Method::Post).is_err());
    });
    assert_eq!(
        counts(&registry),
        [
            "borrow_errors_total{error_type=\"String\",method=\"post\"} 1",
            "borrowed_seconds_count{method=\"get\"} 1",
            "borrowed_seconds_count{method=\"post\"} 1",
            "handled_total{method=\"get\",outcome=\"ok\",service=\"shop\",size=\"3\",via=\"http\"} 2",
            "handled_total{method=\"post\",outcome=\"ok\",service=\"shop\",size=\"0\",via=\"http\"} 1",
            "handled_async_total{body=\"x\\\"y\\\\z\\n\",method=\"post\",outcome=\"ok\",service=\"shop\"} 1",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .as_slice()
    );
}

#[track_errors("named_errors", error_type = |error| error.kind())]
fn named(kind: std::io::ErrorKind) -> Result<(), Named> {
    Err(Named(kind))
}

struct Named(std::io::ErrorKind);

impl Named {
    fn kind(&self) -> String {
        format!("{:?}", self.0)
    }
}

#[test]
fn a_closure_names_the_error() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        let _ = named(std::io::ErrorKind::NotFound);
    });
    assert_eq!(counts(&registry), ["named_errors_total{error_type=\"NotFound\"} 1"]);
}

static ELSEWHERE: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);

#[track_calls("elsewhere", registry = ELSEWHERE)]
fn elsewhere() {}

#[track_calls("handed", labels(kind = kind), registry = registry)]
fn handed(registry: &Registry, kind: &str) {
    let _ = kind;
}

#[test]
fn a_registry_can_be_named() {
    elsewhere();
    assert_eq!(counts(&ELSEWHERE), ["elsewhere_total{outcome=\"ok\"} 1"]);
    let (first, second) = (Registry::new(), Registry::new());
    for (registry, kind) in [(&first, "a"), (&second, "a"), (&first, "b"), (&second, "a")] {
        handed(registry, kind);
    }
    let line = |kind, count| format!("handed_total{{kind=\"{kind}\",outcome=\"ok\"}} {count}");
    assert_eq!(counts(&first), [line("a", 1), line("b", 1)]);
    assert_eq!(counts(&second), [line("a", 2)]);
}

#[track_calls("returned")]
fn returned() -> impl Future<Output = Result<u8, Refused>> {
    async {
        tokio::task::yield_now().await;
        Err(Refused)
    }
}

#[track_calls("returned_boxed")]
fn returned_boxed<'a>(
    text: &'a str,
) -> std::pin::Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> {
    Box::pin(async move { text })
}

#[test]
fn a_returned_future_is_observed_to_its_end() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        let mut future = pin!(returned());
        assert!(poll_once(future.as_mut()).is_pending());
        assert_eq!(counts(&registry), [""; 0], "making the future is not the call");
        assert!(poll_once(future.as_mut()).is_ready());
        assert_eq!(poll_once(returned_boxed("x").as_mut()), Poll::Ready("x"));
    });
    assert_eq!(
        counts(&registry),
        ["returned_total{outcome=\"error\"} 1", "returned_boxed_total{outcome=\"ok\"} 1"]
            .map(str::to_owned)
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .as_slice()
    );
}

#[track_duration("tracked")]
#[track_active("tracked_active")]
#[track_caller]
fn where_called() -> u32 {
    std::panic::Location::caller().line()
}

#[test]
fn track_caller_survives_where_the_result_is_not_observed() {
    assert_eq!(where_called(), line!());
}

#[tokio::test]
async fn futures_stay_send_and_small() {
    #[track_duration]
    #[track_calls]
    async fn inner(bytes: [u8; 256]) -> usize {
        tokio::task::yield_now().await;
        bytes.len()
    }
    let future = inner([0; 256]);
    assert!(size_of_val(&future) < 256 + 160, "{} bytes", size_of_val(&future));
    assert_eq!(tokio::spawn(future).await.ok(), Some(256));
}
