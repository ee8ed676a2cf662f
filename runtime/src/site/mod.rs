//! Call sites: what an attribute leaves behind, and how it finds its cells.
//!
//! # Invariants
//!
//! 1. **A site records where the facade's current recorder records.** Its cached cells belong to the
//!    default registry, and it uses them only while the current recorder *is* that registry's facade
//!    object, whose address only `install` makes known (see [`current`]). Anything else is resolved anew.
//! 2. **A cached series is pinned.** Sites are statics and hold their series for ever; series of values
//!    known only at run time are held by the per-thread cache and by each call in flight.
//! 3. **Each call is left exactly once**, through [`leave`] or through the guard's destructor.
//! 4. **Nothing cached depends on a generic parameter**: the statics of a generic function are shared by
//!    all its instances, so label values are compared, and so are the value lists behind dense indexes.
//!
//! The rooms: [`metric`] is one attribute's half of a site and how it is resolved, [`bound`] what it resolves to; [`instrument`] what
//! each attribute records, [`by_result`] the same with labels that the result gives; [`facts`] what an attribute
//! says; [`labels`], [`kept`] and [`cache`] the label values; [`current`] the recorder's identity; [`foreign`] and
//! [`elsewhere`] other recorders; [`observe`] and [`stream`] what is polled, [`value`] what only looks like a
//! value; [`exit`] how a call ends, [`verdict`] and [`error_name`] what its result tells; [`link`] and
//! [`catalog`] the list of all sites.

mod bound;
mod by_result;
mod cache;
pub(crate) mod catalog;
pub(crate) mod current;
mod elsewhere;
mod error_name;
mod exit;
mod facts;
mod foreign;
mod instrument;
mod kept;
mod labels;
mod link;
mod metric;
mod observe;
mod stream;
mod value;
mod verdict;

#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
pub use self::link::YARDSTICK_SITES_0_1_0;
use self::{
    bound::Bound,
    by_result::Absent,
    current::Sink,
    exit::{Exit, Outcome},
    metric::{Instrument, SiteMetric},
};
pub(crate) use self::{
    by_result::LateId,
    cache::{Cache, hash as cache_hash},
    labels::SetValues,
};
pub use self::{
    catalog::Catalogued,
    error_name::{Probe, ViaAnything, ViaErrorType, ViaItself, ViaResult},
    facts::{Facts, facts, fixed, given, returned},
    instrument::{
        Active, Calls, CallsByResult, Completed, CompletedByResult, Duration, DurationByResult,
        Errors, ErrorsByResult,
    },
    labels::{
        Given, LabelValues, MaybeLabel, ViaLabelValue, ViaNoLabelValue, input, input_in, kept_in,
        label,
    },
    link::SiteEntry,
    observe::{Observe, observe},
    stream::{ObserveStream, observe_stream},
    value::{Returned, ViaFuture, ViaStream, ViaValue, no_future},
    verdict::{
        MaybeName, Verdict, ViaName, ViaNoName, error_if, error_name, error_named, named,
        result_label, unnamed, with_labels,
    },
};
use crate::cells::clock;

/// The static of one annotated function: its metrics, as a list of pairs.
#[derive(Debug)]
pub struct Site<M> {
    info: SiteInfo,
    metrics: M,
}

/// The function a site belongs to.
#[derive(Clone, Copy, Debug)]
pub struct SiteInfo {
    pub(crate) function: &'static str,
    pub(crate) module: &'static str,
}

impl<M> Site<M> {
    /// A site that has recorded nothing.
    pub const fn new(function: &'static str, module: &'static str, metrics: M) -> Self {
        Self { info: SiteInfo { function, module }, metrics }
    }
}

/// A list of metrics: `()`, or a metric and a list.
pub trait Metrics: 'static {
    /// What a call keeps for each metric while it runs.
    type States;
    /// Whether any of them needs the clock.
    const TIMED: bool;
    /// The states of a call that records nothing.
    fn off() -> Self::States;
    /// Whether any metric records.
    fn is_on(states: &Self::States) -> bool;
    /// Whether any state has something to free.
    fn is_owner(states: &Self::States) -> bool;
    /// Ends a call without a result.
    fn abandon(&'static self, states: &mut Self::States, ticks: u64, outcome: Outcome);
}

/// Metrics that can be entered with these inputs.
pub trait Enter<I>: Metrics {
    /// Finds the cells of each metric and counts the call in.
    fn enter(&'static self, info: &'static SiteInfo, sink: Sink, inputs: I) -> Self::States;
    /// Whether any input names a registry of its own.
    fn is_directed(inputs: &I) -> bool;
}

/// Metrics that can be left with these verdicts.
pub trait Leave<V>: Metrics {
    /// Ends a call that returned.
    fn leave(&'static self, states: &mut Self::States, ticks: u64, verdicts: V);
}

impl Metrics for () {
    type States = ();
    const TIMED: bool = false;

    #[inline]
    fn off() {}

    #[inline]
    fn is_on((): &()) -> bool {
        false
    }

    #[inline]
    fn is_owner((): &()) -> bool {
        false
    }

    #[inline]
    fn abandon(&'static self, (): &mut (), _: u64, _: Outcome) {}
}

impl Enter<()> for () {
    #[inline]
    fn enter(&'static self, _: &'static SiteInfo, _: Sink, (): ()) {}

    #[inline]
    fn is_directed((): &()) -> bool {
        false
    }
}

impl Leave<()> for () {
    #[inline]
    fn leave(&'static self, (): &mut (), _: u64, (): ()) {}
}

impl<K: Instrument, T: Metrics> Metrics for (SiteMetric<K>, T) {
    type States = (Bound<K::Cells>, T::States);
    const TIMED: bool = K::TIMED || T::TIMED;

    #[inline]
    fn off() -> Self::States {
        (Bound::OFF, T::off())
    }

    #[inline]
    fn is_on(states: &Self::States) -> bool {
        states.0.is_on() || T::is_on(&states.1)
    }

    #[inline]
    fn is_owner(states: &Self::States) -> bool {
        states.0.is_owner() || T::is_owner(&states.1)
    }

    #[inline]
    fn abandon(&'static self, states: &mut Self::States, ticks: u64, outcome: Outcome) {
        let absent = Absent(if K::BY_RESULT { self.0.returned_labels() } else { 0 });
        states.0.leave::<K, _>(&Exit { ticks, outcome, error: None }, &absent);
        self.1.abandon(&mut states.1, ticks, outcome);
    }
}

impl<K: Instrument, T, G, J> Enter<(G, J)> for (SiteMetric<K>, T)
where
    T: Enter<J>,
    G: Given,
{
    #[inline(always)]
    fn enter(&'static self, info: &'static SiteInfo, sink: Sink, given: (G, J)) -> Self::States {
        (self.0.enter(info, sink, &given.0), self.1.enter(info, sink, given.1))
    }

    #[inline]
    fn is_directed(given: &(G, J)) -> bool {
        given.0.registry().is_some() || T::is_directed(&given.1)
    }
}

impl<K: Instrument, T, V, W> Leave<(V, W)> for (SiteMetric<K>, T)
where
    T: Leave<W>,
    V: Verdict,
{
    #[inline]
    fn leave(&'static self, states: &mut Self::States, ticks: u64, verdicts: (V, W)) {
        if states.0.is_on() {
            verdicts.0.read(|error, returned| {
                let outcome = if error.is_some() { Outcome::Error } else { Outcome::Ok };
                states.0.leave::<K, _>(&Exit { ticks, outcome, error }, returned);
            });
        }
        self.1.leave(&mut states.1, ticks, verdicts.1);
    }
}

/// One call under way. Dropping it ends the call.
#[must_use = "dropping the guard ends the call"]
pub struct Guard<M: Metrics> {
    site: &'static Site<M>,
    start: u64,
    states: M::States,
    /// How the call ended if nobody says so.
    otherwise: Otherwise,
}

/// What a guard that is dropped stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Otherwise {
    /// The call was left already.
    Nothing,
    /// The call unwound: a sync function whose result is observed ends no other way.
    Panic,
    /// The call never returns a value: it unwound if the thread is panicking now and was not before.
    PanicOrCancelled { panicking: bool },
}

/// Begins a call.
#[inline]
pub fn enter<M: Enter<I>, I>(site: &'static Site<M>, inputs: I) -> Guard<M> {
    begin(site, inputs, Otherwise::Panic)
}

/// Begins a call that never returns a value.
#[inline]
pub fn enter_never<M: Enter<I>, I>(site: &'static Site<M>, inputs: I) -> Guard<M> {
    begin(site, inputs, Otherwise::PanicOrCancelled { panicking: std::thread::panicking() })
}

#[inline(always)]
fn begin<M: Enter<I>, I>(site: &'static Site<M>, inputs: I, otherwise: Otherwise) -> Guard<M> {
    let sink = current::sink();
    let states = if matches!(sink, Sink::Off) && !M::is_directed(&inputs) {
        M::off()
    } else {
        site.metrics.enter(&site.info, sink, inputs)
    };
    if !M::is_on(&states) {
        return Guard { site, start: 0, states, otherwise: Otherwise::Nothing };
    }
    let start = if M::TIMED { clock::now() } else { 0 };
    Guard { site, start, states, otherwise }
}

/// Ends a call that returned a value. The verdicts are asked for only if something is recorded; should
/// that panic, in a closure of the user's, then the call did.
#[inline]
#[allow(clippy::mem_forget, reason = "what is forgotten owns nothing")]
pub fn leave<M: Leave<V>, V>(mut guard: Guard<M>, verdicts: impl FnOnce() -> V) {
    if guard.otherwise != Otherwise::Nothing {
        let ticks = guard.ticks();
        let verdicts = verdicts();
        guard.otherwise = Otherwise::Nothing;
        guard.site.metrics.leave(&mut guard.states, ticks, verdicts);
        if !M::is_owner(&guard.states) {
            // There is nothing left to do and nothing to free, so the guard need not be looked at again.
            std::mem::forget(guard);
        }
    }
}

impl<M: Metrics> Guard<M> {
    #[inline]
    fn ticks(&self) -> u64 {
        if M::TIMED { clock::elapsed(self.start, clock::now()) } else { 0 }
    }

    /// Ends the call without a result, unless it has ended.
    fn abandon(&mut self, outcome: Outcome) {
        if self.otherwise != Otherwise::Nothing {
            self.otherwise = Otherwise::Nothing;
            let ticks = self.ticks();
            self.site.metrics.abandon(&mut self.states, ticks, outcome);
        }
    }
}

impl<M: Metrics> Drop for Guard<M> {
    #[inline]
    fn drop(&mut self) {
        match self.otherwise {
            Otherwise::Nothing => {}
            Otherwise::Panic => self.abandon(Outcome::Panic),
            Otherwise::PanicOrCancelled { panicking } => {
                let unwound = std::thread::panicking() && !panicking;
                self.abandon(if unwound { Outcome::Panic } else { Outcome::Cancelled });
            }
        }
    }
}

impl<M: Metrics> std::fmt::Debug for Guard<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("site", &self.site.info).finish_non_exhaustive()
    }
}

/// Runs a body whose result is observed. A function, so that the closure's return type is inferred like
/// that of any function body: coercions and `&mut` results work.
#[inline(always)]
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}
