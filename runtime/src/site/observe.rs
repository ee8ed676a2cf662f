//! Futures whose end is observed.
//!
//! Invariants: the guard exists from the first poll to the moment the future is ready or dropped. It stands for a
//! panic while the future is polled, and for a cancellation while it waits. The future is dropped before its guard
//! ends the call, so that a call lasts until its arguments and locals are gone.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{
    guard::{Enter, Guard, Leave, Metrics, States, enter, leave},
    metric::Metric,
};

pin_project! {
    /// An `async` block that ends a call when it is ready, and also when it is dropped before.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ObserveBlock<M: Enter<I>, I, F, V> {
        // In this order they are dropped.
        #[pin]
        block: F,
        guard: Guard<M, M::States>,
        site: &'static [Metric],
        inputs: I,
        returned_errors: V,
    }
}

/// Begins the call at the first poll, and ends it with what `returned_errors` says of the value when the block is ready. For a
/// block whose labels are literals: nothing of its arguments is asked.
#[inline]
pub const fn observe_block<M, I, F, V, W>(
    site: &'static [Metric],
    inputs: I,
    block: F,
    returned_errors: V,
) -> ObserveBlock<M, I, F, V>
where
    M: Enter<I>,
    I: Copy,
    F: Future,
    V: Fn(&F::Output) -> W,
    M::States: Leave<M, W>,
{
    ObserveBlock { block, guard: Guard::WAITING, site, inputs, returned_errors }
}

impl<M, I, F, V, W> Future for ObserveBlock<M, I, F, V>
where
    M: Enter<I>,
    I: Copy,
    F: Future,
    V: Fn(&F::Output) -> W,
    M::States: Leave<M, W>,
{
    type Output = F::Output;

    /// While the block is polled the guard is a local, which stays in registers. A block that unwinds has dropped what
    /// it holds before the guard goes.
    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut guard = if this.guard.is_waiting() {
            *this.guard = Guard::GONE;
            enter(this.site, *this.inputs)
        } else {
            this.guard.take()
        };
        guard.is_polled();
        let Poll::Ready(returned) = this.block.poll(context) else {
            guard.waits();
            *this.guard = guard;
            return Poll::Pending;
        };
        // Asked before the guard is moved: a processor waits when what was written in two parts is read in one.
        if guard.is_on() {
            leave(guard, || (this.returned_errors)(&returned));
        }
        Poll::Ready(returned)
    }
}

impl<M: Enter<I>, I, F, V> std::fmt::Debug for ObserveBlock<M, I, F, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObserveBlock").field("guard", &self.guard).finish_non_exhaustive()
    }
}

pin_project! {
    /// What is observed, or what will make it. One enum for all, so that its tag finds room in the guard.
    #[project = StateRef]
    #[project_replace = StateOwned]
    enum State<M: Metrics, C: States<M>, I, F, L> {
        /// Not polled yet: the arguments wait in the closure that makes the future.
        Starting { start: I, leave: L },
        /// In this order they are dropped.
        Running { #[pin] observed: F, guard: Guard<M, C>, leave: L },
        /// It was ready, or a poll unwound.
        Gone,
    }
}

pin_project! {
    /// A future that ends a call when it is ready, and also when it is dropped before.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Observe<M: Metrics, C: States<M>, I, F, L> {
        #[pin]
        state: State<M, C, I, F, L>,
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
    Observe { state: State::Starting { start, leave } }
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
        let mut state = self.project().state;
        if let StateRef::Starting { .. } = state.as_mut().project()
            && let StateOwned::Starting { start, leave } =
                state.as_mut().project_replace(State::Gone)
        {
            let (guard, observed) = start();
            state.set(State::Running { observed, guard, leave });
        }
        let StateRef::Running { observed, guard, .. } = state.as_mut().project() else {
            panic!("`async fn` polled again after it was ready or had panicked");
        };
        guard.is_polled();
        let Poll::Ready(returned) = observed.poll(context) else {
            guard.waits();
            return Poll::Pending;
        };
        if let StateOwned::Running { guard, leave, .. } = state.project_replace(State::Gone) {
            leave(&returned, guard);
        }
        Poll::Ready(returned)
    }
}

impl<M: Metrics, C: States<M>, I, F, L> std::fmt::Debug for Observe<M, C, I, F, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let guard = match &self.state {
            State::Running { guard, .. } => Some(guard),
            State::Starting { .. } | State::Gone => None,
        };
        f.debug_struct("Observe").field("guard", &guard).finish_non_exhaustive()
    }
}
