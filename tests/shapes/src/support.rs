//! What the shapes call, and what they are called by.

use std::{
    cell::{Cell, RefCell},
    fmt,
    future::{Future, poll_fn},
    panic::resume_unwind,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_core::Stream;
use yardstick::{
    ByErrorType, ByOutcome, Counter, Gauge, Histogram, LabelSet, MetricSchema, Registry,
};

/// One function under one variant of attributes.
#[derive(Debug)]
pub struct Shape {
    /// The variant.
    pub variant: &'static str,
    /// The shape.
    pub name: &'static str,
    /// Its module, which is the label of the default families, or begins it.
    pub module: &'static str,
    /// Which attributes it has.
    pub kinds: &'static [&'static str],
    /// What kind of function it is.
    pub tags: &'static [&'static str],
    /// How its one call ends.
    pub ends: &'static str,
    /// Makes that call.
    pub call: fn(),
}

/// Our attributes under other names.
pub mod renamed {
    pub use yardstick::{
        track_active as track_active_renamed, track_calls as track_calls_renamed,
        track_duration as track_duration_renamed, track_errors as track_errors_renamed,
    };
}

/// Our crate under another name.
pub mod reexported {
    pub use yardstick::*;
}

/// Each unit of work takes this long by the injected clock.
pub const WORK: Duration = Duration::from_millis(30);

/// The part of it before the first time that a future waits.
pub const FIRST_PART: Duration = Duration::from_millis(20);

/// The part after it.
const LAST_PART: Duration = Duration::from_millis(10);

static NOW_MILLIS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static RUN: Cell<u32> = const { Cell::new(0) };
    static IS_OF_SCHEMA: Cell<bool> = const { Cell::new(false) };
    static UNITS: Cell<u32> = const { Cell::new(0) };
    static CANCELS: Cell<bool> = const { Cell::new(false) };
    static HAS_CANCELLED: Cell<bool> = const { Cell::new(false) };
    static WATCHED: RefCell<Option<Registry>> = const { RefCell::new(None) };
    static SEEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The injected clock.
#[must_use]
pub fn now() -> Duration {
    Duration::from_millis(NOW_MILLIS.load(Ordering::Relaxed))
}

fn advance(by: Duration) {
    let millis = u64::try_from(by.as_millis()).expect("a short time");
    NOW_MILLIS.fetch_add(millis, Ordering::Relaxed);
}

/// What a call left behind.
#[derive(Debug)]
pub struct Traces {
    /// Units of work.
    pub units: u32,
    /// Whether its future was dropped before it was ready.
    pub is_cancelled: bool,
    /// The scrape in the middle of the work.
    pub seen: String,
}

/// Makes a call; `cancels` drops what it polls after the first poll.
pub fn traced(registry: Option<&Registry>, cancels: bool, call: impl FnOnce()) -> Traces {
    RUN.set(RUN.get() + 1);
    IS_OF_SCHEMA.set(false);
    UNITS.set(0);
    HAS_CANCELLED.set(false);
    CANCELS.set(cancels);
    WATCHED.set(registry.cloned());
    call();
    CANCELS.set(false);
    WATCHED.set(None);
    Traces { units: UNITS.get(), is_cancelled: HAS_CANCELLED.get(), seen: SEEN.take() }
}

/// A unit of work.
pub fn work() {
    advance(WORK);
    UNITS.set(UNITS.get() + 1);
    look();
}

fn look() {
    let body = WATCHED.with_borrow(|registry| registry.as_ref().map(Registry::render));
    SEEN.set(body.unwrap_or_default() + &recorded_in_run());
}

/// The metrics of a schema that shapes record into.
#[derive(Debug, MetricSchema)]
#[metrics(namespace = "shapes")]
pub struct Shapes {
    /// Duration of calls.
    #[metric(unit = Seconds)]
    pub duration: Histogram<Run>,
    /// Calls by outcome.
    pub calls: Counter<ByOutcome<Run>>,
    /// Calls that failed.
    pub errors: Counter<ByErrorType<Run>>,
    /// Calls in flight.
    pub active: Gauge<Run>,
}

/// One call of one shape.
#[derive(Clone, Copy, Debug, LabelSet)]
pub struct Run {
    shape: &'static str,
    run: u32,
}

/// The labels of the call under way.
#[must_use]
pub fn of_run(shape: &'static str) -> Run {
    IS_OF_SCHEMA.set(true);
    Run { shape, run: RUN.get() }
}

/// What the call under way recorded into the schema's metrics.
#[must_use]
pub fn recorded_in_run() -> String {
    if !IS_OF_SCHEMA.get() {
        return String::new();
    }
    let run = format!("run=\"{}\"", RUN.get());
    let body = yardstick::default_registry().render();
    body.lines()
        .filter(|line| line.contains(&run))
        .fold(String::new(), |all, line| all + line + "\n")
}

/// A unit of work that takes two polls.
#[must_use = "it is polled by `.await`"]
pub fn wait() -> Wait {
    Wait { is_halfway: false }
}

/// See [`wait`].
#[derive(Debug)]
pub struct Wait {
    is_halfway: bool,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.is_halfway {
            advance(LAST_PART);
            UNITS.set(UNITS.get() + 1);
            return Poll::Ready(());
        }
        self.is_halfway = true;
        advance(FIRST_PART);
        look();
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Between the making of a future and its first poll: time that belongs to nobody.
fn idle() {
    advance(Duration::from_secs(1));
}

/// Runs a future to its end, unless the call is one that cancels.
pub fn run<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    let mut boxed = Box::pin(future);
    idle();
    loop {
        if let Poll::Ready(output) = boxed.as_mut().poll(&mut context) {
            return output;
        }
        if CANCELS.get() {
            drop(boxed);
            HAS_CANCELLED.set(true);
            resume_unwind(Box::new("cancelled"));
        }
    }
}

/// Reads a stream to its end, unless the call is one that cancels.
pub fn drain<S: Stream>(stream: S) -> Vec<S::Item> {
    let mut items = Vec::new();
    let mut stream = Box::pin(stream);
    run(async move {
        while let Some(item) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
            items.push(item);
        }
        items
    })
}

/// The value of a label.
#[must_use]
pub fn label() -> &'static str {
    "given"
}

/// The value of a label of any result.
#[must_use]
pub fn label_of<R>(_: &R) -> &'static str {
    "of the result"
}

/// No result is wrong.
#[must_use]
pub fn is_wrong<R>(_: &R) -> bool {
    false
}

/// The error of those that end in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// A unit of work that gives 1.
#[must_use]
pub fn one() -> u8 {
    work();
    1
}

/// A value after a unit of work that takes two polls.
pub async fn later<T>(value: T) -> T {
    wait().await;
    value
}
