//! The guard of one call: entered once, left once.
//!
//! Invariants: a call is left exactly once, through [`leave`] or through the guard's destructor. A guard of one metric
//! is made, ended and freed where it stands, in registers; one of several is made and ended by functions that all
//! annotated functions of a crate share, because each of them would be as long as several.

use std::{fmt, marker::PhantomData};

use super::{
    call_end::CallEnd, input::Input, instrument::Instrument, metric::Metric, recording::Recording,
    returned_error::ReturnedError,
};
use crate::{
    cells::clock,
    labels::Outcome,
    registry::current::{self, CurrentRecorder},
};

/// A list of what is recorded: `()`, or an instrument and a list.
pub trait Metrics: 'static {
    /// How many there are.
    const COUNT: usize;
    /// Whether any of them needs the clock.
    const TIMED: bool;
}

/// Metrics that can be entered with these inputs.
pub trait Enter<I>: Metrics {
    /// What a call keeps for each metric while it runs.
    type States: States<Self>;
    /// Whether any of them asks which recorder is current.
    const FOLLOWS: bool;
    /// Finds the cells of each metric and counts the call in.
    fn enter(site: &'static [Metric], recorder: CurrentRecorder, inputs: I) -> Self::States;
}

/// What a call keeps of the metrics `M`.
pub trait States<M: ?Sized> {
    /// Nothing is recorded.
    const OFF: Self;
    /// Whether any metric records.
    fn is_on(&self) -> bool;
    /// Ends a call without a result.
    fn abandon(self, ticks: u64, outcome: Outcome);
}

/// States that can be left with these returned_errors.
pub trait Leave<M: ?Sized, V>: States<M> {
    /// Ends a call that returned.
    fn leave(self, ticks: u64, returned_errors: V);
}

impl Metrics for () {
    const COUNT: usize = 0;
    const TIMED: bool = false;
}

impl Enter<()> for () {
    type States = ();
    const FOLLOWS: bool = false;

    #[inline(always)]
    fn enter(_: &'static [Metric], _: CurrentRecorder, (): ()) {}
}

impl States<()> for () {
    const OFF: Self = ();

    #[inline(always)]
    fn is_on(&self) -> bool {
        false
    }

    #[inline(always)]
    fn abandon(self, _: u64, _: Outcome) {}
}

impl Leave<(), ()> for () {
    #[inline(always)]
    fn leave(self, _: u64, (): ()) {}
}

impl<K: Instrument, T: Metrics> Metrics for (K, T) {
    const COUNT: usize = 1 + T::COUNT;
    const TIMED: bool = K::TIMED || T::TIMED;
}

impl<K: Instrument, T, G, J> Enter<(G, J)> for (K, T)
where
    T: Enter<J>,
    G: Input,
{
    type States = (Recording, T::States);
    const FOLLOWS: bool = G::FOLLOWS || T::FOLLOWS;

    #[inline(always)]
    fn enter(
        site: &'static [Metric],
        recorder: CurrentRecorder,
        (given, others): (G, J),
    ) -> Self::States {
        match site {
            [metric, rest @ ..] => {
                (metric.enter::<K, G>(recorder, &given), T::enter(rest, recorder, others))
            }
            // The macro writes as many metrics as instruments.
            [] => <Self::States as States<Self>>::OFF,
        }
    }
}

impl<K: Instrument, T, S: States<T>> States<(K, T)> for (Recording, S) {
    const OFF: Self = (Recording::OFF, S::OFF);

    #[inline(always)]
    fn is_on(&self) -> bool {
        self.0.is_on() || self.1.is_on()
    }

    #[inline(always)]
    fn abandon(self, ticks: u64, outcome: Outcome) {
        self.0.abandon::<K>(&CallEnd { ticks, outcome, error: None });
        self.1.abandon(ticks, outcome);
    }
}

impl<K: Instrument, T, S, V, W> Leave<(K, T), (V, W)> for (Recording, S)
where
    S: Leave<T, W>,
    V: ReturnedError,
{
    #[inline(always)]
    fn leave(self, ticks: u64, (returned_error, others): (V, W)) {
        let (bound, rest) = self;
        bound.leave_with::<K, _>(ticks, &returned_error);
        rest.leave(ticks, others);
    }
}

/// One call under way. Dropping it ends the call.
#[must_use = "dropping the guard ends the call"]
pub struct Guard<M: Metrics, S: States<M>> {
    start: u64,
    /// What is recorded; none once the call was left, and where nothing is.
    states: Option<S>,
    /// How the call ended if the guard is dropped.
    otherwise: OnDrop,
    metrics: PhantomData<fn() -> M>,
}

/// How the call ended if the guard is dropped. As wide as a register: a processor waits when what was written as a byte is
/// read as part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
enum OnDrop {
    /// The call has not begun.
    Waiting,
    /// The call unwound: a sync function whose result is observed ends no other way.
    Panic,
    /// The call was dropped while it waited.
    Cancelled,
    /// The call never returns a value: it unwound if the thread is panicking.
    PanicOrCancelled,
}

/// Begins a call.
#[inline(always)]
pub fn enter<M: Enter<I>, I>(site: &'static [Metric], inputs: I) -> Guard<M, M::States> {
    if M::COUNT == 1 { begin(site, inputs, OnDrop::Panic) } else { enter_several(site, inputs) }
}

#[inline(never)]
fn enter_several<M: Enter<I>, I>(site: &'static [Metric], inputs: I) -> Guard<M, M::States> {
    begin(site, inputs, OnDrop::Panic)
}

/// Begins a call that never returns a value.
#[inline]
pub fn enter_never<M: Enter<I>, I>(site: &'static [Metric], inputs: I) -> Guard<M, M::States> {
    // A thread that is panicking already cannot unwind further.
    let otherwise = match std::thread::panicking() {
        true => OnDrop::Cancelled,
        false => OnDrop::PanicOrCancelled,
    };
    begin(site, inputs, otherwise)
}

#[inline(always)]
fn begin<M: Enter<I>, I>(
    site: &'static [Metric],
    inputs: I,
    otherwise: OnDrop,
) -> Guard<M, M::States> {
    let recorder = if M::FOLLOWS { current::recorder() } else { CurrentRecorder::Off };
    let states = M::enter(site, recorder, inputs);
    let metrics = PhantomData;
    if !states.is_on() {
        return Guard { start: 0, states: None, otherwise, metrics };
    }
    let start = if M::TIMED { clock::now() } else { 0 };
    Guard { start, states: Some(states), otherwise, metrics }
}

/// Ends a call that returned a value. The returned_errors are asked for only if something is recorded; should
/// that panic, in a closure of the user's, then the call did.
#[inline(always)]
pub fn leave<M, S, V>(guard: Guard<M, S>, returned_errors: impl FnOnce() -> V)
where
    M: Metrics,
    S: Leave<M, V>,
{
    if guard.is_on() {
        let ticks = guard.ticks();
        let returned_errors = returned_errors();
        let states = guard.into_states();
        if M::COUNT == 1 {
            end::<M, S, V>(states, ticks, returned_errors);
        } else {
            end_several::<M, S, V>(states, ticks, returned_errors);
        }
    } else {
        guard.into_states();
    }
}

#[inline(always)]
fn end<M: Metrics, S: Leave<M, V>, V>(states: Option<S>, ticks: u64, returned_errors: V) {
    if let Some(states) = states {
        states.leave(ticks, returned_errors);
    }
}

#[inline(never)]
fn end_several<M: Metrics, S: Leave<M, V>, V>(states: Option<S>, ticks: u64, returned_errors: V) {
    end::<M, S, V>(states, ticks, returned_errors);
}

impl<M: Metrics, S: States<M>> Guard<M, S> {
    /// Of a call that has not begun.
    pub(super) const WAITING: Self =
        Self { start: 0, states: None, otherwise: OnDrop::Waiting, metrics: PhantomData };

    /// Of a call that has ended.
    pub(super) const GONE: Self =
        Self { start: 0, states: None, otherwise: OnDrop::Cancelled, metrics: PhantomData };

    #[inline]
    pub(super) fn is_waiting(&self) -> bool {
        self.otherwise == OnDrop::Waiting
    }

    /// Whether anything is recorded.
    #[inline(always)]
    pub(super) const fn is_on(&self) -> bool {
        self.states.is_some()
    }

    /// What is recorded. Nothing is left of the guard then, and its destructor does nothing.
    #[inline(always)]
    #[allow(clippy::mem_forget, reason = "what is forgotten owns nothing any more")]
    fn into_states(mut self) -> Option<S> {
        let states = self.states.take();
        std::mem::forget(self);
        states
    }

    /// Takes it out of its place.
    #[inline]
    pub(super) const fn take(&mut self) -> Self {
        std::mem::replace(self, Self::GONE)
    }

    #[inline]
    fn ticks(&self) -> u64 {
        if M::TIMED { clock::elapsed(self.start, clock::now()) } else { 0 }
    }

    /// Says that what is polled runs: if it is dropped now, it has unwound.
    #[inline]
    pub(super) fn is_polled(&mut self) {
        self.otherwise = OnDrop::Panic;
    }

    /// Says that what is polled waits: if it is dropped now, it is cancelled.
    #[inline]
    pub(super) fn waits(&mut self) {
        self.otherwise = OnDrop::Cancelled;
    }
}

/// Ends a call without a result. By value, so that nothing is written to memory to be read here.
#[inline(never)]
fn abandon<M: Metrics, S: States<M>>(start: u64, states: S, otherwise: OnDrop) {
    let ticks = if M::TIMED { clock::elapsed(start, clock::now()) } else { 0 };
    let has_unwound = otherwise == OnDrop::Panic
        || otherwise == OnDrop::PanicOrCancelled && std::thread::panicking();
    states.abandon(ticks, if has_unwound { Outcome::Panic } else { Outcome::Cancelled });
}

impl<M: Metrics, S: States<M>> Drop for Guard<M, S> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(states) = self.states.take() {
            abandon::<M, S>(self.start, states, self.otherwise);
        }
    }
}

impl<M: Metrics, S: States<M>> fmt::Debug for Guard<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("is_on", &self.states.is_some()).finish_non_exhaustive()
    }
}

/// Runs a body whose result is observed. A function, so that the closure's return type is inferred like
/// that of any function body: coercions and `&mut` results work.
#[inline(always)]
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}
