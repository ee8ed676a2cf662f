//! Streams whose end is observed.
//!
//! Invariant: as for futures, the guard exists from the first poll to the end of the stream or its drop, stands for a
//! panic while the stream is polled and for a cancellation while it waits, and is dropped after the stream.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::guard::{Guard, Metrics, States};

pin_project! {
    /// What is observed, or what will make it.
    #[project = StateRef]
    #[project_replace = StateOwned]
    enum State<I, S> {
        /// Not polled yet.
        Starting { start: I },
        /// Also after its end: what a stream does then is its own affair.
        Running { #[pin] observed: S },
        /// The closure panicked.
        Gone,
    }
}

pin_project! {
    /// A stream that ends a call when it ends, and also when it is dropped before.
    #[must_use = "streams do nothing unless polled"]
    pub struct ObserveStream<M: Metrics, C: States<M>, I, S, L> {
        #[pin]
        state: State<I, S>,
        guard: Option<Guard<M, C>>,
        leave: Option<L>,
    }
}

/// Begins the call at the first poll, by `start`, and ends it by `leave` when the stream has ended.
#[inline]
pub fn observe_stream<M, C, I, S, L>(start: I, leave: L) -> ObserveStream<M, C, I, S, L>
where
    M: Metrics,
    C: States<M>,
    I: FnOnce() -> (Guard<M, C>, S),
    S: Stream,
    L: FnOnce(Guard<M, C>),
{
    let state = State::Starting { start };
    ObserveStream { state, guard: None, leave: Some(leave) }
}

impl<M, C, I, S, L> Stream for ObserveStream<M, C, I, S, L>
where
    M: Metrics,
    C: States<M>,
    I: FnOnce() -> (Guard<M, C>, S),
    S: Stream,
    L: FnOnce(Guard<M, C>),
{
    type Item = S::Item;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        if let StateRef::Starting { .. } = this.state.as_mut().project()
            && let StateOwned::Starting { start } = this.state.as_mut().project_replace(State::Gone)
        {
            let (guard, observed) = start();
            *this.guard = Some(guard);
            this.state.set(State::Running { observed });
        }
        let StateRef::Running { observed } = this.state.project() else {
            panic!("a stream was polled again after it panicked");
        };
        if let Some(guard) = this.guard {
            guard.is_polled();
        }
        let poll = observed.poll_next(context);
        if let Poll::Ready(None) = &poll
            && let (Some(guard), Some(leave)) = (this.guard.take(), this.leave.take())
        {
            leave(guard);
        } else if let Some(guard) = this.guard {
            guard.waits();
        }
        poll
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.state {
            State::Running { observed } => observed.size_hint(),
            State::Starting { .. } | State::Gone => (0, None),
        }
    }
}

impl<M: Metrics, C: States<M>, I, S, L> std::fmt::Debug for ObserveStream<M, C, I, S, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObserveStream").field("guard", &self.guard).finish_non_exhaustive()
    }
}
