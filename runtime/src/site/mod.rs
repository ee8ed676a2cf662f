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
//! The rooms: [`metric`] is one attribute's half of a site and how it is resolved, [`dense`] its table, [`bound`] what it resolves to; [`instrument`] what
//! each attribute records, [`by_result`] the same with labels that the result gives; [`facts`] what an attribute
//! says; [`labels`] and [`kept`] the label values; [`current`] the recorder's identity; [`foreign`] and
//! [`elsewhere`] other recorders; [`observe`] and [`stream`] what is polled, [`value`] what only looks like a
//! value; [`exit`] how a call ends, [`verdict`], [`error_name`] and [`type_words`] what its result tells; [`of_schema`] metrics
//! of schemas; [`link`] and [`catalog`] the list of all sites.

mod bound;
mod by_result;
pub(crate) mod catalog;
pub(crate) mod current;
mod dense;
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
mod of_schema;
mod stream;
mod type_words;
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
    exit::Exit,
    metric::{Instrument, SiteMetric},
};
pub(crate) use self::{
    by_result::LateId,
    labels::{SetAndText, SetValues, combinations},
};
pub use self::{
    catalog::Catalogued,
    error_name::{
        MayBeAnError, Probe, ViaAnything, ViaErrorType, ViaItself, ViaResult, may_be_an_error,
    },
    exit::Outcome,
    facts::{Facts, facts, fixed, given, given_as, returned},
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
    of_schema::{
        Assigned, Found, NoMetric, NoSchema, OfSchema, SchemaActive, SchemaCalls, SchemaCompleted,
        SchemaDuration, SchemaErrors, ViaMetric, ViaNoMetric, assigned, completed_histogram,
        counter_by_error_type, counter_by_outcome, gauge, histogram, is_counter_by_error_type,
        is_counter_by_outcome, is_gauge, is_histogram, is_in_seconds, is_without_unit, unassigned,
        unit_of,
    },
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
    fn enter(&'static self, info: &'static SiteInfo, sink: Sink, inputs: I) -> Self::States;
}

/// What a call keeps of the metrics `M`.
pub trait States<M: ?Sized> {
    /// Whether any metric records.
    fn is_on(&self) -> bool;
    /// Whether any state has something to free.
    fn is_owner(&self) -> bool;
    /// Ends a call without a result.
    fn abandon(&mut self, metrics: &'static M, ticks: u64, outcome: Outcome);
}

/// States that can be left with these verdicts.
pub trait Leave<M: ?Sized, V>: States<M> {
    /// Ends a call that returned.
    fn leave(&mut self, metrics: &'static M, ticks: u64, verdicts: V);
}

impl Metrics for () {
    const TIMED: bool = false;
}

impl Enter<()> for () {
    type States = ();
    const FOLLOWS: bool = false;

    #[inline]
    fn enter(&'static self, _: &'static SiteInfo, _: Sink, (): ()) {}
}

impl States<()> for () {
    #[inline]
    fn is_on(&self) -> bool {
        false
    }

    #[inline]
    fn is_owner(&self) -> bool {
        false
    }

    #[inline]
    fn abandon(&mut self, (): &'static (), _: u64, _: Outcome) {}
}

impl Leave<(), ()> for () {
    #[inline]
    fn leave(&mut self, (): &'static (), _: u64, (): ()) {}
}

impl<K: Instrument, T: Metrics> Metrics for (SiteMetric<K>, T) {
    const TIMED: bool = K::TIMED || T::TIMED;
}

impl<K: Instrument, T, G, J> Enter<(G, J)> for (SiteMetric<K>, T)
where
    T: Enter<J>,
    G: Given,
{
    type States = (Bound<K::Cells>, T::States);
    const FOLLOWS: bool = G::FOLLOWS || T::FOLLOWS;

    #[inline(always)]
    fn enter(&'static self, info: &'static SiteInfo, sink: Sink, given: (G, J)) -> Self::States {
        (self.0.enter(info, sink, &given.0), self.1.enter(info, sink, given.1))
    }
}

impl<K: Instrument, T, S: States<T>> States<(SiteMetric<K>, T)> for (Bound<K::Cells>, S) {
    #[inline]
    fn is_on(&self) -> bool {
        self.0.is_on() || self.1.is_on()
    }

    #[inline]
    fn is_owner(&self) -> bool {
        self.0.is_owner() || self.1.is_owner()
    }

    #[inline]
    fn abandon(&mut self, metrics: &'static (SiteMetric<K>, T), ticks: u64, outcome: Outcome) {
        let absent = Absent(if K::BY_RESULT { metrics.0.returned_labels() } else { 0 });
        self.0.leave::<K, _>(&Exit { ticks, outcome, error: None }, &absent);
        self.1.abandon(&metrics.1, ticks, outcome);
    }
}

impl<K: Instrument, T, S, V, W> Leave<(SiteMetric<K>, T), (V, W)> for (Bound<K::Cells>, S)
where
    S: Leave<T, W>,
    V: Verdict,
{
    #[inline]
    fn leave(&mut self, metrics: &'static (SiteMetric<K>, T), ticks: u64, verdicts: (V, W)) {
        if self.0.is_on() {
            verdicts.0.read(|error, returned| {
                let outcome = if error.is_some() { Outcome::Error } else { Outcome::Ok };
                self.0.leave::<K, _>(&Exit { ticks, outcome, error }, returned);
            });
        }
        self.1.leave(&metrics.1, ticks, verdicts.1);
    }
}

/// One call under way. Dropping it ends the call.
#[must_use = "dropping the guard ends the call"]
pub struct Guard<M: Metrics, S: States<M>> {
    site: &'static Site<M>,
    start: u64,
    states: S,
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
    /// The call was dropped while it waited.
    Cancelled,
    /// The call never returns a value: it unwound if the thread is panicking now and was not before.
    PanicOrCancelled { panicking: bool },
}

/// Begins a call.
#[inline]
pub fn enter<M: Enter<I>, I>(site: &'static Site<M>, inputs: I) -> Guard<M, M::States> {
    begin(site, inputs, Otherwise::Panic)
}

/// Begins a call that never returns a value.
#[inline]
pub fn enter_never<M: Enter<I>, I>(site: &'static Site<M>, inputs: I) -> Guard<M, M::States> {
    begin(site, inputs, Otherwise::PanicOrCancelled { panicking: std::thread::panicking() })
}

#[inline(always)]
fn begin<M: Enter<I>, I>(
    site: &'static Site<M>,
    inputs: I,
    otherwise: Otherwise,
) -> Guard<M, M::States> {
    let sink = if M::FOLLOWS { current::sink() } else { Sink::Off };
    let states = site.metrics.enter(&site.info, sink, inputs);
    if !states.is_on() {
        return Guard { site, start: 0, states, otherwise: Otherwise::Nothing };
    }
    let start = if M::TIMED { clock::now() } else { 0 };
    Guard { site, start, states, otherwise }
}

/// Ends a call that returned a value. The verdicts are asked for only if something is recorded; should
/// that panic, in a closure of the user's, then the call did.
#[inline]
#[allow(clippy::mem_forget, reason = "what is forgotten owns nothing")]
pub fn leave<M, S, V>(mut guard: Guard<M, S>, verdicts: impl FnOnce() -> V)
where
    M: Metrics,
    S: Leave<M, V>,
{
    if guard.otherwise != Otherwise::Nothing {
        let ticks = guard.ticks();
        let verdicts = verdicts();
        guard.otherwise = Otherwise::Nothing;
        guard.states.leave(&guard.site.metrics, ticks, verdicts);
        if !guard.states.is_owner() {
            // There is nothing left to do and nothing to free, so the guard need not be looked at again.
            std::mem::forget(guard);
        }
    }
}

impl<M: Metrics, S: States<M>> Guard<M, S> {
    #[inline]
    fn ticks(&self) -> u64 {
        if M::TIMED { clock::elapsed(self.start, clock::now()) } else { 0 }
    }

    /// Says that what is polled runs: if it is dropped now, it has unwound.
    #[inline]
    fn is_polled(&mut self) {
        self.replace_otherwise(Otherwise::Panic);
    }

    /// Says that what is polled waits: if it is dropped now, it is cancelled.
    #[inline]
    fn waits(&mut self) {
        self.replace_otherwise(Otherwise::Cancelled);
    }

    #[inline]
    fn replace_otherwise(&mut self, otherwise: Otherwise) {
        if self.otherwise != Otherwise::Nothing {
            self.otherwise = otherwise;
        }
    }

    /// Ends the call without a result, unless it has ended.
    fn abandon(&mut self, outcome: Outcome) {
        if self.otherwise != Otherwise::Nothing {
            self.otherwise = Otherwise::Nothing;
            let ticks = self.ticks();
            self.states.abandon(&self.site.metrics, ticks, outcome);
        }
    }
}

impl<M: Metrics, S: States<M>> Drop for Guard<M, S> {
    #[inline]
    fn drop(&mut self) {
        match self.otherwise {
            Otherwise::Nothing => {}
            Otherwise::Panic => self.abandon(Outcome::Panic),
            Otherwise::Cancelled => self.abandon(Outcome::Cancelled),
            Otherwise::PanicOrCancelled { panicking } => {
                let unwound = std::thread::panicking() && !panicking;
                self.abandon(if unwound { Outcome::Panic } else { Outcome::Cancelled });
            }
        }
    }
}

impl<M: Metrics, S: States<M>> std::fmt::Debug for Guard<M, S> {
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
