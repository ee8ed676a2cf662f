//! Attributes that record into a metric of a schema.
//!
//! Invariants:
//!
//! 1. **The metric is the schema's**: it records into the registry of the schema's global instance, whichever
//!    recorder is current.
//! 2. **A call keeps its labels**, by value, until it ends: they decide its series then, as the result may have
//!    changed them. Only a gauge finds its series at entry, and keeps that one.
//! 3. **A schema is never made from within a slow path of ours**: an annotated allocator would wait for itself.

mod instrument;
mod named_metric;
mod unit;
mod wrong_kind;

use std::{fmt, marker::PhantomData};

use self::{
    instrument::{Recorded, SchemaInstrument},
    named_metric::{Find, SchemaInput},
};
pub use self::{
    named_metric::{
        ViaMetric, ViaWrongKind, completed_histogram, counter_by_error_type, counter_by_outcome,
        gauge, histogram, is_counter_by_error_type, is_counter_by_outcome, is_gauge, is_histogram,
    },
    unit::{NoSchema, is_in_seconds, is_without_unit, unit_of},
};
use super::{
    Metric,
    call_end::CallEnd,
    guard::{Enter, Leave, Metrics, States},
    instrument::Instrument,
    returned_error::ReturnedError,
};
use crate::{labels::Outcome, registry::current::CurrentRecorder};

/// What is recorded into a metric of a schema, which comes with each call.
pub struct OfSchema<K>(PhantomData<fn() -> K>);

/// What a call keeps of a metric of a schema, until it has ended.
pub struct SchemaState<K: SchemaInstrument<H>, H: 'static> {
    kept: Option<K::Kept>,
    metric: PhantomData<fn() -> H>,
}

impl<K: SchemaInstrument<H>, H> SchemaState<K, H> {
    #[inline]
    fn leave(self, exit: &CallEnd<'_>) {
        if let Some(kept) = self.kept {
            K::leave(kept, exit);
        }
    }
}

impl<K: Instrument, T: Metrics> Metrics for (OfSchema<K>, T) {
    const COUNT: usize = 1 + T::COUNT;
    const TIMED: bool = K::TIMED || T::TIMED;
}

impl<K, H, L, T, J> Enter<(SchemaInput<H, L>, J)> for (OfSchema<K>, T)
where
    K: SchemaInstrument<H, Labels = L> + Instrument,
    T: Enter<J>,
{
    type States = (SchemaState<K, H>, T::States);
    const FOLLOWS: bool = T::FOLLOWS;

    /// It has no place in the list of sites: the schema has.
    #[inline(always)]
    fn enter(
        site: &'static [Metric],
        recorder: CurrentRecorder,
        (own, others): (SchemaInput<H, L>, J),
    ) -> Self::States {
        let kept = own.metric.map(|metric| <K as SchemaInstrument<H>>::enter(metric, own.labels));
        (SchemaState { kept, metric: PhantomData }, T::enter(site, recorder, others))
    }
}

impl<K: SchemaInstrument<H>, H, T, S: States<T>> States<(OfSchema<K>, T)>
    for (SchemaState<K, H>, S)
{
    const OFF: Self = (SchemaState { kept: None, metric: PhantomData }, S::OFF);

    #[inline]
    fn is_on(&self) -> bool {
        self.0.kept.is_some() || self.1.is_on()
    }

    #[inline]
    fn abandon(self, ticks: u64, outcome: Outcome) {
        self.0.leave(&CallEnd { ticks, outcome, error: None });
        self.1.abandon(ticks, outcome);
    }
}

/// A returned_error, and what the result changes of the labels.
#[derive(Debug)]
pub struct Assigned<V, A>(V, A);

/// A change of labels.
pub trait Assign<L> {
    /// Makes it.
    fn assign(self, labels: &mut L);
}

/// No change of labels.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl<L> Assign<L> for Nothing {
    #[inline]
    fn assign(self, _: &mut L) {}
}

/// A change that a closure makes.
#[derive(Debug)]
pub struct By<F>(F);

impl<L, F: FnOnce(&mut L)> Assign<L> for By<F> {
    #[inline]
    fn assign(self, labels: &mut L) {
        self.0(labels);
    }
}

/// Leaves the labels of a call as they are.
#[inline]
pub const fn unassigned<V: ReturnedError>(returned_error: V) -> Assigned<V, Nothing> {
    Assigned(returned_error, Nothing)
}

/// Lets the result change the labels of a call. `_find` says whose labels they are, for the closure's sake.
#[inline]
pub fn assigned<H, V, F>(_find: impl Find<H>, returned_error: V, assign: F) -> Assigned<V, By<F>>
where
    H: Recorded,
    V: ReturnedError,
    F: FnOnce(&mut H::Labels),
{
    Assigned(returned_error, By(assign))
}

impl<K, H, T, S, V, A, W> Leave<(OfSchema<K>, T), (Assigned<V, A>, W)> for (SchemaState<K, H>, S)
where
    K: SchemaInstrument<H>,
    S: Leave<T, W>,
    V: ReturnedError,
    A: Assign<K::Labels>,
{
    #[inline]
    fn leave(self, ticks: u64, (Assigned(returned_error, assign), others): (Assigned<V, A>, W)) {
        let (mut own, rest) = self;
        if let Some(kept) = &mut own.kept {
            K::assign(kept, |labels| assign.assign(labels));
        }
        returned_error.read(|error, _| {
            own.leave(&CallEnd::of_value(ticks, error));
        });
        rest.leave(ticks, others);
    }
}

impl<K> fmt::Debug for OfSchema<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfSchema").finish_non_exhaustive()
    }
}

impl<K: SchemaInstrument<H>, H> fmt::Debug for SchemaState<K, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaState").field("is_on", &self.kept.is_some()).finish()
    }
}
