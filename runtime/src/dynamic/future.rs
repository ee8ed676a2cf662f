//! Futures that are timed or counted by name.
//!
//! Invariant: the guard exists from the first poll until the future is ready or dropped.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use crate::{
    handle::{Gauge, Histogram, InProgress, Timer},
    labels::lookup::Kept,
};

pin_project! {
    /// A future that is timed, or counted as in flight, from its first poll until it is ready or dropped: see
    /// [`Dynamic::track_duration_of`](crate::dynamic::Dynamic::track_duration_of).
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct TrackedFuture<F> {
        #[pin]
        future: F,
        begin: Option<Begin>,
        guard: Option<Guard>,
    }
}

/// What the first poll begins.
pub(super) enum Begin {
    Timing(Kept<Histogram>),
    Flight(Kept<Gauge>),
}

/// Ends what it stands for when it is dropped.
enum Guard {
    Timing { _timer: Timer },
    Flight { _active: InProgress },
}

impl Begin {
    fn begin(self) -> Guard {
        match self {
            Self::Timing(histogram) => Guard::Timing { _timer: histogram.start_timer() },
            Self::Flight(gauge) => Guard::Flight { _active: gauge.track_in_progress() },
        }
    }
}

impl<F> TrackedFuture<F> {
    pub(super) const fn new(begin: Option<Begin>, future: F) -> Self {
        Self { future, begin, guard: None }
    }
}

impl<F: Future> Future for TrackedFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Some(begin) = this.begin.take() {
            *this.guard = Some(begin.begin());
        }
        let output = ready!(this.future.poll(context));
        *this.guard = None;
        Poll::Ready(output)
    }
}

impl<F> fmt::Debug for TrackedFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrackedFuture").finish_non_exhaustive()
    }
}
