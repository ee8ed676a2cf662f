//! Several metrics of one function whose labels are all literals, as `#[track]` has them.
//!
//! Invariant: a call keeps one reference for all of them while each has its cells in the default registry, because the
//! site has the cells. Any other call keeps what each of them led to. A metric whose cells are never there, because the
//! registry has refused it, leads to cells that record nothing.

use super::{
    current::Sink,
    exit::{Exit, Outcome},
    guard::{Enter, Leave, Metrics, States},
    held::Bound,
    instrument::Instrument,
    metric::Metric,
    verdict::Verdict,
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
    /// What each metric led to.
    Each(Vec<Bound>),
}

/// A list of instruments, each with its place in a site.
pub trait Several: Metrics {
    #[doc(hidden)]
    fn are_found(site: &[Metric]) -> bool;
    #[doc(hidden)]
    fn count_in(site: &[Metric]);
    #[doc(hidden)]
    fn bind(site: &'static [Metric], sink: Sink, each: &mut Vec<Bound>);
    #[doc(hidden)]
    fn abandon(site: &[Metric], exit: &Exit<'_>);
    #[doc(hidden)]
    fn abandon_each(each: &mut std::vec::IntoIter<Bound>, exit: &Exit<'_>);
}

/// The same, with what the result tells each of them.
pub trait LeaveSeveral<V>: Several {
    #[doc(hidden)]
    fn leave(site: &[Metric], ticks: u64, verdicts: V);
    #[doc(hidden)]
    fn leave_each(each: &mut std::vec::IntoIter<Bound>, ticks: u64, verdicts: V);
}

impl Several for () {
    #[inline(always)]
    fn are_found(_: &[Metric]) -> bool {
        true
    }

    #[inline(always)]
    fn count_in(_: &[Metric]) {}

    fn bind(_: &'static [Metric], _: Sink, _: &mut Vec<Bound>) {}

    #[inline(always)]
    fn abandon(_: &[Metric], _: &Exit<'_>) {}

    fn abandon_each(_: &mut std::vec::IntoIter<Bound>, _: &Exit<'_>) {}
}

impl LeaveSeveral<()> for () {
    #[inline(always)]
    fn leave(_: &[Metric], _: u64, (): ()) {}

    fn leave_each(_: &mut std::vec::IntoIter<Bound>, _: u64, (): ()) {}
}

impl<K: Instrument, T: Several> Several for (K, T) {
    #[inline(always)]
    fn are_found(site: &[Metric]) -> bool {
        site.split_first()
            .is_some_and(|(metric, rest)| metric.ours.get().is_some() && T::are_found(rest))
    }

    #[inline(always)]
    fn count_in(site: &[Metric]) {
        if let Some((metric, rest)) = site.split_first() {
            if let Some(cells) = metric.ours.get() {
                K::enter(cells);
            }
            T::count_in(rest);
        }
    }

    fn bind(site: &'static [Metric], sink: Sink, each: &mut Vec<Bound>) {
        if let Some((metric, rest)) = site.split_first() {
            each.push(metric.enter::<K, ()>(sink, &()));
            T::bind(rest, sink, each);
        }
    }

    #[inline(always)]
    fn abandon(site: &[Metric], exit: &Exit<'_>) {
        if let Some((metric, rest)) = site.split_first() {
            if let Some(cells) = metric.ours.get() {
                K::abandon(cells, exit);
            }
            T::abandon(rest, exit);
        }
    }

    fn abandon_each(each: &mut std::vec::IntoIter<Bound>, exit: &Exit<'_>) {
        if let Some(bound) = each.next() {
            bound.abandon::<K>(exit);
            T::abandon_each(each, exit);
        }
    }
}

impl<K: Instrument, T: LeaveSeveral<W>, V: Verdict, W> LeaveSeveral<(V, W)> for (K, T) {
    #[inline(always)]
    fn leave(site: &[Metric], ticks: u64, (verdict, others): (V, W)) {
        if let Some((metric, rest)) = site.split_first() {
            if let Some(cells) = metric.ours.get() {
                verdict.read(|error, returned| {
                    K::leave(cells, &Exit::of_value(ticks, error), returned);
                });
            }
            T::leave(rest, ticks, others);
        }
    }

    fn leave_each(each: &mut std::vec::IntoIter<Bound>, ticks: u64, (verdict, others): (V, W)) {
        if let Some(bound) = each.next() {
            bound.leave_with::<K, _>(ticks, &verdict);
            T::leave_each(each, ticks, others);
        }
    }
}

impl<M: Several> Enter<Literal> for M {
    type States = Group;
    const FOLLOWS: bool = true;

    #[inline(always)]
    fn enter(site: &'static [Metric], sink: Sink, _: Literal) -> Group {
        if sink == Sink::Ours && M::are_found(site) {
            M::count_in(site);
            return Group(To::Ours(site));
        }
        if sink == Sink::Off { Group::OFF } else { enter_elsewhere::<M>(site, sink) }
    }
}

#[inline(never)]
fn enter_elsewhere<M: Several>(site: &'static [Metric], sink: Sink) -> Group {
    let mut each = Vec::with_capacity(M::COUNT);
    M::bind(site, sink, &mut each);
    if each.iter().any(Bound::is_on) { Group(To::Each(each)) } else { Group::OFF }
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
        let exit = Exit { ticks, outcome, error: None };
        match self.0 {
            To::Nothing => {}
            To::Ours(site) => M::abandon(site, &exit),
            To::Each(each) => M::abandon_each(&mut each.into_iter(), &exit),
        }
    }
}

impl<M: LeaveSeveral<V>, V> Leave<M, V> for Group {
    #[inline(always)]
    fn leave(self, ticks: u64, verdicts: V) {
        match self.0 {
            To::Nothing => {}
            To::Ours(site) => M::leave(site, ticks, verdicts),
            To::Each(each) => M::leave_each(&mut each.into_iter(), ticks, verdicts),
        }
    }
}
