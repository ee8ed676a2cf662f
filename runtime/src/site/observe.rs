//! Futures whose end is observed.
//!
//! Invariant: the guard exists from the first poll to the moment the future is ready or dropped. A drop
//! while `polling` is still set means that the poll unwound; any other drop of a guard is a cancellation.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{Guard, Metrics, States, exit::Outcome};

pin_project! {
    /// What is observed, or what will make it.
    #[project = StateRef]
    #[project_replace = StateOwned]
    pub(super) enum State<I, F> {
        /// Not polled yet: the arguments wait in the closure that makes the future.
        Starting { start: I },
        Running { #[pin] observed: F },
        /// The closure panicked.
        Gone,
    }
}

pin_project! {
    /// A future that ends a call when it is ready, and also when it is dropped before.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Observe<M: Metrics, C: States<M>, I, F, L> {
        #[pin]
        state: State<I, F>,
        guard: Option<Guard<M, C>>,
        leave: Option<L>,
        polling: bool,
    }

    impl<M: Metrics, C: States<M>, I, F, L> PinnedDrop for Observe<M, C, I, F, L> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(mut guard) = this.guard.take() {
                guard.abandon(if *this.polling { Outcome::Panic } else { Outcome::Cancelled });
            }
        }
    }
}

/// Begins the call at the first poll, by `start`, and ends it by `leave` when the future is ready.
#[inline]
pub fn observe<M, C, I, F, L>(start: I, leave: L) -> Observe<M, C, I, F, L>
where
    M: Metrics,
    C: States<M>,
    I: FnOnce() -> (Guard<M, C>, F),
    F: Future,
    L: FnOnce(&F::Output, Guard<M, C>),
{
    Observe { state: State::Starting { start }, guard: None, leave: Some(leave), polling: false }
}

impl<M, C, I, F, L> Future for Observe<M, C, I, F, L>
where
    M: Metrics,
    C: States<M>,
    I: FnOnce() -> (Guard<M, C>, F),
    F: Future,
    L: FnOnce(&F::Output, Guard<M, C>),
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        *this.polling = true;
        if let StateRef::Starting { .. } = this.state.as_mut().project()
            && let StateOwned::Starting { start } = this.state.as_mut().project_replace(State::Gone)
        {
            let (guard, observed) = start();
            *this.guard = Some(guard);
            this.state.set(State::Running { observed });
        }
        let StateRef::Running { observed } = this.state.project() else {
            panic!("`async fn` polled again after it panicked");
        };
        let poll = observed.poll(context);
        *this.polling = false;
        if let Poll::Ready(returned) = &poll
            && let (Some(guard), Some(leave)) = (this.guard.take(), this.leave.take())
        {
            leave(returned, guard);
        }
        poll
    }
}

impl<M: Metrics, C: States<M>, I, F, L> std::fmt::Debug for Observe<M, C, I, F, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observe").field("guard", &self.guard).finish_non_exhaustive()
    }
}
