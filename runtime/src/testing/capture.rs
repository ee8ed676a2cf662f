//! `Capture`: one test's metrics, apart from those of all others.
//!
//! Invariant: a thread is in the captures that it entered and did not leave, the last one first. Leaving restores
//! exactly what was before, also while unwinding; a captured future is in its capture whenever it is polled and
//! at no other time.

use std::{
    cell::RefCell,
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use pin_project_lite::pin_project;

use super::{Changes, Snapshot};
use crate::{
    cells::clock,
    registry::Registry,
    schema::instances::{self, Instances},
};

/// Whether any capture was ever made: until then, no call looks for one.
static ANY: AtomicBool = AtomicBool::new(false);

thread_local! {
    static ENTERED: RefCell<Vec<Capture>> = const { RefCell::new(Vec::new()) };
}

/// What a test records, kept apart from the rest of the process.
///
/// While a piece of code runs in a capture, annotated functions, the facade's macros and the
/// [global instances](crate::MetricSchema::global) of schemas record into the capture's own registry, and time stands still
/// unless the test [advances](Self::advance) it. Tests that run in parallel have captures of their own and do not see
/// each other. Cloning gives another handle to the same capture.
///
/// Code is in a capture on the threads that entered it: in [`run`](Self::run), in a future made by
/// [`future`](Self::future) whichever thread polls it, and on threads that called [`enter`](Self::enter) or
/// [`enter_thread`](Self::enter_thread). Tasks that captured code spawns are not, unless the test sees to it: with
/// a current-thread runtime inside `run`, or a runtime whose threads begin with `enter_thread`. Neither are handles
/// that were taken before; for these there is [`Snapshot`].
///
/// # Examples
///
/// Tasks of a multi-thread runtime:
///
/// ```
/// use yardstick::{testing::Capture, track_calls};
///
/// #[track_calls("fetches")]
/// async fn fetch() {}
///
/// let capture = Capture::new();
/// let inside = capture.clone();
/// let runtime = tokio::runtime::Builder::new_multi_thread()
///     .on_thread_start(move || inside.enter_thread())
///     .build()?;
/// runtime.block_on(capture.future(async {
///     tokio::spawn(fetch()).await
/// }))?;
/// capture.changes().assert("fetches_total", &[("outcome", "ok")], 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Capture {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    nanoseconds: AtomicU64,
    schemas: Arc<Instances>,
}

impl Capture {
    /// A capture in which nothing was recorded. Its clock begins at zero.
    #[must_use]
    pub fn new() -> Self {
        ANY.store(true, Ordering::Relaxed);
        clock::ask_first(clock_ticks);
        instances::ask_first(schemas);
        let registry = Registry::new();
        let schemas = Arc::new(Instances::of(registry.clone()));
        let inner = Inner { registry, nanoseconds: AtomicU64::new(0), schemas };
        Self { inner: Arc::new(inner) }
    }

    /// Runs `work` in the capture.
    pub fn run<R>(&self, work: impl FnOnce() -> R) -> R {
        let _entered = Frame::enter(self);
        metrics::with_local_recorder(&self.inner.registry, work)
    }

    /// A future that is in the capture whenever it is polled, by whichever thread, and when it is dropped.
    pub fn future<F: Future>(&self, future: F) -> Captured<F> {
        Captured { future: Some(future), capture: self.clone() }
    }

    /// Puts this thread in the capture until the guard is dropped.
    #[must_use = "dropping the guard leaves the capture"]
    pub fn enter(&self) -> Entered<'_> {
        let recorder = metrics::set_default_local_recorder(&self.inner.registry);
        Entered { _recorder: recorder, _frame: Frame::enter(self) }
    }

    /// Puts this thread in the capture until it ends: for the start of a runtime's threads, such as tokio's
    /// `on_thread_start`. The capture's registry is then never freed.
    #[allow(clippy::mem_forget, reason = "the thread stays in the capture as long as it lives")]
    pub fn enter_thread(&self) {
        let capture: &'static Self = Box::leak(Box::new(self.clone()));
        // Threads of a runtime end with it, and what they entered ends with them.
        std::mem::forget(capture.enter());
    }

    /// Moves the capture's clock. What is timed meanwhile took that long.
    pub fn advance(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.inner.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// The registry that the capture records into.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// Everything that was recorded in the capture so far.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::since_nothing(&self.inner.registry)
    }

    /// A point in time of the capture, from which to look for changes.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of_capture(&self.inner.registry)
    }

    /// What a scrape would show.
    #[must_use]
    pub fn render(&self) -> String {
        self.inner.registry.render()
    }
}

impl Default for Capture {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture").field("registry", &self.inner.registry).finish_non_exhaustive()
    }
}

/// This thread's place in a capture; see [`Capture::enter`].
pub struct Entered<'c> {
    _recorder: metrics::LocalRecorderGuard<'c>,
    _frame: Frame,
}

impl fmt::Debug for Entered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered").finish_non_exhaustive()
    }
}

/// One capture that this thread is in.
struct Frame;

impl Frame {
    fn enter(capture: &Capture) -> Self {
        ENTERED.with_borrow_mut(|entered| entered.push(capture.clone()));
        Self
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // A thread that ends has none left to leave.
        let left = ENTERED.try_with(|entered| entered.borrow_mut().pop());
        drop(left);
    }
}

pin_project! {
    /// A future in a capture; see [`Capture::future`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Captured<F> {
        #[pin]
        future: Option<F>,
        capture: Capture,
    }

    impl<F> PinnedDrop for Captured<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What a cancelled future records, it records in the capture.
            this.capture.run(|| this.future.set(None));
        }
    }
}

impl<F: Future> Future for Captured<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        match this.future.as_pin_mut() {
            Some(future) => this.capture.run(|| future.poll(context)),
            None => unreachable!("only the destructor takes the future"),
        }
    }
}

impl<F> fmt::Debug for Captured<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured").field("capture", &self.capture).finish_non_exhaustive()
    }
}

/// Reads the capture that this thread is in.
fn current<R>(read: impl FnOnce(&Capture) -> R) -> Option<R> {
    if !ANY.load(Ordering::Relaxed) {
        return None;
    }
    let capture = ENTERED.try_with(|entered| entered.try_borrow().ok()?.last().cloned()).ok()??;
    Some(read(&capture))
}

/// The time in the capture that this thread is in.
fn clock_ticks() -> Option<u64> {
    current(|capture| {
        let time = Duration::from_nanos(capture.inner.nanoseconds.load(Ordering::Relaxed));
        clock::ticks_from_seconds(time.as_secs_f64())
    })
}

/// The instances of schemas in the capture that this thread is in.
fn schemas() -> Option<Arc<Instances>> {
    current(|capture| Arc::clone(&capture.inner.schemas))
}
