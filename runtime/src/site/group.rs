//! Several metrics of one function whose labels are all literals, as `#[track]` has them.
//!
//! Invariant: a call keeps one reference for all of them while each has its cells in the default registry, or its handles
//! in the remembered recorder, because the site has those. Any other call keeps what each of them led to. A metric whose cells are never there, because the
//! registry has refused it, leads to cells that record nothing.

use super::{
    call_end::CallEnd,
    guard::{Enter, Leave, Metrics, States},
    instrument::Instrument,
    metric::Metric,
    recording::Recording,
    returned_error::ReturnedError,
};
use crate::{
    base::reentry::{self, Within},
    labels::Outcome,
    registry::current::CurrentRecorder,
};

/// Stands for what each metric is given: nothing.
#[derive(Clone, Copy, Debug)]
pub struct Literal;

/// What a call keeps.
#[derive(Debug)]
pub struct Group(To);

#[derive(Debug)]
enum To {
    /// Nothing is recorded.
    Nothing,
    /// The cells of the site, which are all found.
    Ours(&'static [Metric]),
    /// The handles of the remembered recorder, which the site has as well.
    Remembered(&'static [Metric]),
    /// What each metric led to.
    Each(Vec<Recording>),
}

/// Where a site has what a metric leads to.
pub trait Source {
    #[doc(hidden)]
    fn is_found(metric: &'static Metric) -> bool;
    #[doc(hidden)]
    fn enter<K: Instrument>(metric: &'static Metric);
    #[doc(hidden)]
    fn leave<K: Instrument, V: ReturnedError>(
        metric: &'static Metric,
        ticks: u64,
        returned_error: &V,
    );
    #[doc(hidden)]
    fn abandon<K: Instrument>(metric: &'static Metric, exit: &CallEnd<'_>);
}

/// In the default registry.
#[derive(Debug)]
struct InOurs;

/// In the remembered recorder.
#[derive(Debug)]
struct InRemembered;

impl Source for InOurs {
    #[inline(always)]
    fn is_found(metric: &'static Metric) -> bool {
        metric.ours.get().is_some()
    }

    #[inline(always)]
    fn enter<K: Instrument>(metric: &'static Metric) {
        if let Some(cells) = metric.ours.get() {
            K::enter(cells);
        }
    }

    #[inline(always)]
    fn leave<K: Instrument, V: ReturnedError>(
        metric: &'static Metric,
        ticks: u64,
        returned_error: &V,
    ) {
        if let Some(cells) = metric.ours.get() {
            returned_error.read(|error, returned| {
                K::leave(cells, &CallEnd::of_value(ticks, error), returned);
            });
        }
    }

    #[inline(always)]
    fn abandon<K: Instrument>(metric: &'static Metric, exit: &CallEnd<'_>) {
        if let Some(cells) = metric.ours.get() {
            K::abandon(cells, exit);
        }
    }
}

impl InRemembered {
    fn of(metric: &'static Metric) -> Recording {
        let remembered = metric.rare_if_any().and_then(|rare| rare.remembered.get());
        remembered.map_or(Recording::OFF, |held| Recording::held(held.clone()))
    }
}

impl Source for InRemembered {
    fn is_found(metric: &'static Metric) -> bool {
        Self::of(metric).is_on()
    }

    fn enter<K: Instrument>(metric: &'static Metric) {
        Self::of(metric).enter::<K>();
    }

    fn leave<K: Instrument, V: ReturnedError>(
        metric: &'static Metric,
        ticks: u64,
        returned_error: &V,
    ) {
        Self::of(metric).leave_with::<K, _>(ticks, returned_error);
    }

    fn abandon<K: Instrument>(metric: &'static Metric, exit: &CallEnd<'_>) {
        Self::of(metric).abandon::<K>(exit);
    }
}

/// A list of instruments, each with its place in a site.
pub trait Several: Metrics {
    #[doc(hidden)]
    fn are_found<S: Source>(site: &'static [Metric]) -> bool;
    #[doc(hidden)]
    fn count_in<S: Source>(site: &'static [Metric]);
    #[doc(hidden)]
    fn bind(site: &'static [Metric], recorder: CurrentRecorder, each: &mut Vec<Recording>);
    #[doc(hidden)]
    fn abandon<S: Source>(site: &'static [Metric], exit: &CallEnd<'_>);
    #[doc(hidden)]
    fn abandon_each(each: &mut std::vec::IntoIter<Recording>, exit: &CallEnd<'_>);
}

/// The same, with what the result tells each of them.
pub trait LeaveSeveral<V>: Several {
    #[doc(hidden)]
    fn leave<S: Source>(site: &'static [Metric], ticks: u64, returned_errors: V);
    #[doc(hidden)]
    fn leave_each(each: &mut std::vec::IntoIter<Recording>, ticks: u64, returned_errors: V);
}

impl Several for () {
    #[inline(always)]
    fn are_found<S: Source>(_: &'static [Metric]) -> bool {
        true
    }

    #[inline(always)]
    fn count_in<S: Source>(_: &'static [Metric]) {}

    fn bind(_: &'static [Metric], _: CurrentRecorder, _: &mut Vec<Recording>) {}

    #[inline(always)]
    fn abandon<S: Source>(_: &'static [Metric], _: &CallEnd<'_>) {}

    fn abandon_each(_: &mut std::vec::IntoIter<Recording>, _: &CallEnd<'_>) {}
}

impl LeaveSeveral<()> for () {
    #[inline(always)]
    fn leave<S: Source>(_: &'static [Metric], _: u64, (): ()) {}

    fn leave_each(_: &mut std::vec::IntoIter<Recording>, _: u64, (): ()) {}
}

impl<K: Instrument, T: Several> Several for (K, T) {
    #[inline(always)]
    fn are_found<S: Source>(site: &'static [Metric]) -> bool {
        site.split_first()
            .is_some_and(|(metric, rest)| S::is_found(metric) && T::are_found::<S>(rest))
    }

    #[inline(always)]
    fn count_in<S: Source>(site: &'static [Metric]) {
        if let Some((metric, rest)) = site.split_first() {
            S::enter::<K>(metric);
            T::count_in::<S>(rest);
        }
    }

    fn bind(site: &'static [Metric], recorder: CurrentRecorder, each: &mut Vec<Recording>) {
        if let Some((metric, rest)) = site.split_first() {
            each.push(metric.enter::<K, ()>(recorder, &()));
            T::bind(rest, recorder, each);
        }
    }

    #[inline(always)]
    fn abandon<S: Source>(site: &'static [Metric], exit: &CallEnd<'_>) {
        if let Some((metric, rest)) = site.split_first() {
            S::abandon::<K>(metric, exit);
            T::abandon::<S>(rest, exit);
        }
    }

    fn abandon_each(each: &mut std::vec::IntoIter<Recording>, exit: &CallEnd<'_>) {
        if let Some(bound) = each.next() {
            bound.abandon::<K>(exit);
            T::abandon_each(each, exit);
        }
    }
}

impl<K: Instrument, T: LeaveSeveral<W>, V: ReturnedError, W> LeaveSeveral<(V, W)> for (K, T) {
    #[inline(always)]
    fn leave<S: Source>(site: &'static [Metric], ticks: u64, (returned_error, others): (V, W)) {
        if let Some((metric, rest)) = site.split_first() {
            S::leave::<K, _>(metric, ticks, &returned_error);
            T::leave::<S>(rest, ticks, others);
        }
    }

    fn leave_each(
        each: &mut std::vec::IntoIter<Recording>,
        ticks: u64,
        (returned_error, others): (V, W),
    ) {
        if let Some(bound) = each.next() {
            bound.leave_with::<K, _>(ticks, &returned_error);
            T::leave_each(each, ticks, others);
        }
    }
}

impl<M: Several> Enter<Literal> for M {
    type States = Group;
    const FOLLOWS: bool = true;

    #[inline(always)]
    fn enter(site: &'static [Metric], recorder: CurrentRecorder, _: Literal) -> Group {
        if recorder == CurrentRecorder::Ours && M::are_found::<InOurs>(site) {
            M::count_in::<InOurs>(site);
            return Group(To::Ours(site));
        }
        if recorder == CurrentRecorder::Off {
            Group::OFF
        } else {
            enter_elsewhere::<M>(site, recorder)
        }
    }
}

#[inline(never)]
fn enter_elsewhere<M: Several>(site: &'static [Metric], recorder: CurrentRecorder) -> Group {
    if recorder == CurrentRecorder::Remembered && M::are_found::<InRemembered>(site) {
        M::count_in::<InRemembered>(site);
        return Group(To::Remembered(site));
    }
    // There is no memory for what each leads to: the allocator may be what asks.
    if reentry::is_refused(M::COUNT as u64) {
        return Group::OFF;
    }
    let mut each = {
        let _within = Within::enter();
        Vec::with_capacity(M::COUNT)
    };
    M::bind(site, recorder, &mut each);
    if each.iter().any(Recording::is_on) {
        return Group(To::Each(each));
    }
    free(each.into_iter());
    Group::OFF
}

/// The allocator may be annotated: it is not to measure what this needs to measure it.
fn free(each: std::vec::IntoIter<Recording>) {
    let _within = Within::enter();
    drop(each);
}

impl Group {
    const OFF: Self = Self(To::Nothing);
}

impl<M: Several> States<M> for Group {
    const OFF: Self = Self::OFF;

    #[inline(always)]
    fn is_on(&self) -> bool {
        !matches!(self.0, To::Nothing)
    }

    #[inline(always)]
    fn abandon(self, ticks: u64, outcome: Outcome) {
        let exit = CallEnd { ticks, outcome, error: None };
        match self.0 {
            To::Ours(site) => M::abandon::<InOurs>(site, &exit),
            elsewhere => abandon_elsewhere::<M>(elsewhere, &exit),
        }
    }
}

impl<M: LeaveSeveral<V>, V> Leave<M, V> for Group {
    #[inline(always)]
    fn leave(self, ticks: u64, returned_errors: V) {
        match self.0 {
            To::Ours(site) => M::leave::<InOurs>(site, ticks, returned_errors),
            elsewhere => leave_elsewhere::<M, V>(elsewhere, ticks, returned_errors),
        }
    }
}

#[cold]
#[inline(never)]
fn abandon_elsewhere<M: Several>(to: To, exit: &CallEnd<'_>) {
    match to {
        To::Nothing | To::Ours(_) => {}
        To::Remembered(site) => M::abandon::<InRemembered>(site, exit),
        To::Each(each) => {
            let mut each = each.into_iter();
            M::abandon_each(&mut each, exit);
            free(each);
        }
    }
}

#[cold]
#[inline(never)]
fn leave_elsewhere<M: LeaveSeveral<V>, V>(to: To, ticks: u64, returned_errors: V) {
    match to {
        To::Nothing | To::Ours(_) => {}
        To::Remembered(site) => M::leave::<InRemembered>(site, ticks, returned_errors),
        To::Each(each) => {
            let mut each = each.into_iter();
            M::leave_each(&mut each, ticks, returned_errors);
            free(each);
        }
    }
}
