//! An allocator that counts, and calls of every recording path.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use futures_core::Stream;
use yardstick::{LabelValue, track_active, track_calls, track_duration, track_errors};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

#[allow(unsafe_code, reason = "an allocator is unsafe to write")]
// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The allocations of this thread while `work` runs.
pub(crate) fn allocations_of(work: impl Fn()) -> u64 {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

#[derive(Clone, Copy)]
enum Method {
    Get,
    Put,
}

impl LabelValue for Method {
    const VALUES: &'static [&'static str] = &["get", "put"];

    fn index(&self) -> usize {
        *self as usize
    }
}

#[track_duration]
#[track_errors]
#[track_calls]
#[track_active]
fn literals(fails: bool) -> Result<(), std::fmt::Error> {
    if fails { Err(std::fmt::Error) } else { Ok(()) }
}

#[track_duration("enums", labels(method = method, cached = cached))]
#[track_calls("enums", labels(method = method, cached = cached))]
#[track_active("enums_active", labels(method = method, cached = cached))]
fn enums(method: Method, cached: bool) {
    let _ = (method, cached);
}

#[track_duration("texts", labels(route = route, user = user))]
#[track_errors("text_errors", labels(route = route), error_type = |code| *code)]
#[track_calls("texts", labels(route = route, user = user))]
#[track_active("texts_active", labels(route = route, user = user))]
fn texts(route: &str, user: u32) -> Result<(), u16> {
    if user > 1 { Err(404) } else { Ok(()) }
}

#[track_calls("answers", labels(route = route), result_labels(status = |ret| *ret), error_if = |ret| *ret >= 500)]
#[track_errors("answer_errors", result_labels(status = |ret| *ret), error_if = |ret| *ret >= 500)]
fn answers(route: &str, status: u16) -> u16 {
    let _ = route;
    status
}

#[track_active]
#[track_calls("waits", labels(route = route))]
async fn waits(route: &str) -> usize {
    tokio::task::yield_now().await;
    route.len()
}

#[track_calls("returned", labels(route = route))]
fn returned(route: &str) -> impl Future<Output = usize> + use<> {
    std::future::ready(route.len())
}

#[track_calls("streamed", labels(route = route))]
fn streamed(route: &str) -> impl Stream<Item = u8> + use<> {
    Items(u8::try_from(route.len()).unwrap_or(u8::MAX))
}

struct Items(u8);

impl Stream for Items {
    type Item = u8;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
        self.0 = self.0.saturating_sub(1);
        Poll::Ready((self.0 > 0).then_some(self.0))
    }
}

fn run<F: Future>(future: F) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
}

/// A recording path, and calls of it that are the same each time.
pub(crate) type RecordingPath = (&'static str, fn());

/// Every recording path.
pub(crate) const PATHS: &[RecordingPath] = &[
    ("literal labels", || {
        let _ = (literals(false), literals(true));
    }),
    ("enum labels", || {
        enums(Method::Get, false);
        enums(Method::Put, true);
    }),
    ("text labels", || {
        let _ =
            (texts("/a", 1), texts("/a", 2), texts("/a/long/route/of/more/than/one/cache/line", 1));
    }),
    ("labels of the result", || {
        answers("/a", 200);
        answers("/a", 503);
    }),
    ("an async function", || run(waits("/a"))),
    ("a cancelled one", || {
        let mut future = pin!(waits("/a"));
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }),
    ("a returned future", || run(returned("/a"))),
    ("a stream", || {
        let mut stream = pin!(streamed("/a"));
        run(std::future::poll_fn(move |context| {
            while let Poll::Ready(item) = stream.as_mut().poll_next(context) {
                if item.is_none() {
                    return Poll::Ready(());
                }
            }
            Poll::Pending
        }));
    }),
];
