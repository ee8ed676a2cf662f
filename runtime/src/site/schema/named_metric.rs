//! The metric of a schema that an attribute names, checked for its kind.

use std::{fmt, marker::PhantomData};

use super::{
    super::instrument::{Active, Calls, Completed, Duration, Errors},
    instrument::SchemaInstrument,
    wrong_kind::WrongKind,
};
use crate::{
    base::reentry,
    handle::{
        Counter, Gauge, Histogram,
        label_set::{ByErrorType, ByOutcome, LabelSet},
    },
};

/// A metric of a schema and the labels of a call; no metric if it cannot be asked for now.
#[derive(Debug)]
pub struct SchemaInput<H: 'static, L> {
    pub(super) metric: Option<&'static H>,
    pub(super) labels: L,
}

/// What finds a metric of a schema: the function of its name that the derive writes.
#[diagnostic::on_unimplemented(
    message = "the first argument is neither a name nor a metric of a schema",
    label = "expected `\"name\"` or `Schema::metric`",
    note = "`#[derive(MetricSchema)]` makes each field such a function; a name must be a literal"
)]
pub trait Find<H: 'static> {
    /// The metric.
    fn find(self) -> &'static H;
}

#[diagnostic::do_not_recommend]
impl<H: 'static, F: FnOnce() -> &'static H> Find<H> for F {
    #[inline]
    fn find(self) -> &'static H {
        self()
    }
}

/// A metric of a schema that an attribute of the kind `K` names; none if it cannot be asked for now.
pub struct NamedMetric<K, H: 'static> {
    metric: Option<&'static H>,
    kind: PhantomData<fn() -> K>,
}

#[inline]
fn found<K, H>(find: impl Find<H>) -> NamedMetric<K, H> {
    if reentry::is_refused(1) {
        return NamedMetric { metric: None, kind: PhantomData };
    }
    NamedMetric { metric: Some(find.find()), kind: PhantomData }
}

/// The metric that an attribute names.
#[inline]
pub fn histogram<H: 'static>(find: impl Find<H>) -> NamedMetric<Duration, H> {
    found(find)
}

/// The metric that an attribute names.
#[inline]
pub fn completed_histogram<H: 'static>(find: impl Find<H>) -> NamedMetric<Completed, H> {
    found(find)
}

/// The metric that an attribute names.
#[inline]
pub fn counter_by_outcome<H: 'static>(find: impl Find<H>) -> NamedMetric<Calls, H> {
    found(find)
}

/// The metric that an attribute names.
#[inline]
pub fn counter_by_error_type<H: 'static>(find: impl Find<H>) -> NamedMetric<Errors, H> {
    found(find)
}

/// The metric that an attribute names.
#[inline]
pub fn gauge<H: 'static>(find: impl Find<H>) -> NamedMetric<Active, H> {
    found(find)
}

/// What `#[track_duration]` records into.
#[diagnostic::on_unimplemented(
    message = "`#[track_duration]` records into a `Histogram`, and not into a `{Self}`",
    label = "this metric is a `{Self}`",
    note = "give the attribute a field of type `Histogram`"
)]
pub trait RecordsDurations {}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> RecordsDurations for Histogram<L> {}

/// Compiles if `#[track_duration]` can record into the metric.
#[inline]
pub const fn is_histogram<H: RecordsDurations, K>(_: &NamedMetric<K, H>) {}

/// What `#[track_calls]` records into.
#[diagnostic::on_unimplemented(
    message = "`#[track_calls]` records into a `Counter<ByOutcome<..>>`, and not into a `{Self}`",
    label = "this metric is a `{Self}`",
    note = "declare the field as `Counter<ByOutcome>` or `Counter<ByOutcome<YourLabels>>`, which adds the label `outcome`"
)]
pub trait CountsOutcomes {}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> CountsOutcomes for Counter<ByOutcome<L>> {}

/// Compiles if `#[track_calls]` can record into the metric.
#[inline]
pub const fn is_counter_by_outcome<H: CountsOutcomes, K>(_: &NamedMetric<K, H>) {}

/// What `#[track_errors]` records into.
#[diagnostic::on_unimplemented(
    message = "`#[track_errors]` records into a `Counter<ByErrorType<..>>`, and not into a `{Self}`",
    label = "this metric is a `{Self}`",
    note = "declare the field as `Counter<ByErrorType>` or `Counter<ByErrorType<YourLabels>>`, which adds the label `error_type`"
)]
pub trait CountsErrors {}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> CountsErrors for Counter<ByErrorType<L>> {}

/// Compiles if `#[track_errors]` can record into the metric.
#[inline]
pub const fn is_counter_by_error_type<H: CountsErrors, K>(_: &NamedMetric<K, H>) {}

/// What `#[track_active]` records into.
#[diagnostic::on_unimplemented(
    message = "`#[track_active]` records into a `Gauge`, and not into a `{Self}`",
    label = "this metric is a `{Self}`",
    note = "give the attribute a field of type `Gauge`"
)]
pub trait CountsInFlight {}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> CountsInFlight for Gauge<L> {}

/// Compiles if `#[track_active]` can record into the metric.
#[inline]
pub const fn is_gauge<H: CountsInFlight, K>(_: &NamedMetric<K, H>) {}

/// For metrics of the right kind. Tried first: its receiver has one reference more.
pub trait ViaMetric {
    /// The labels that a call begins with.
    type Labels;
    /// The metric, with the labels of a call.
    type Input;
    /// The metric, with the labels of a call.
    fn __yardstick_with(&self, labels: Self::Labels) -> Self::Input;
    /// The metric, of a call that gives no labels.
    fn __yardstick_without(&self) -> Self::Input
    where
        Self::Labels: MayBeLeftOut;
}

/// Labels that an attribute need not give.
#[diagnostic::on_unimplemented(
    message = "the labels of this metric are missing",
    label = "its labels are a `{Self}`",
    note = "add them to the attribute: `labels = {Self} {{ ... }}`"
)]
pub trait MayBeLeftOut {
    /// None.
    fn left_out() -> Self;
}

#[diagnostic::do_not_recommend]
impl MayBeLeftOut for () {
    fn left_out() {}
}

/// For all others, about which an error was reported already.
pub trait ViaWrongKind {
    /// Nothing.
    fn __yardstick_with<L>(&self, labels: L) -> WrongKind;
    /// Nothing.
    fn __yardstick_without(&self) -> WrongKind;
}

impl<K: SchemaInstrument<H>, H> ViaMetric for &NamedMetric<K, H> {
    type Labels = K::Labels;
    type Input = SchemaInput<H, K::Labels>;

    #[inline]
    fn __yardstick_with(&self, labels: K::Labels) -> SchemaInput<H, K::Labels> {
        SchemaInput { metric: self.metric, labels }
    }

    #[inline]
    fn __yardstick_without(&self) -> SchemaInput<H, K::Labels>
    where
        K::Labels: MayBeLeftOut,
    {
        SchemaInput { metric: self.metric, labels: MayBeLeftOut::left_out() }
    }
}

impl<K, H> ViaWrongKind for NamedMetric<K, H> {
    fn __yardstick_with<L>(&self, _: L) -> WrongKind {
        WrongKind
    }

    fn __yardstick_without(&self) -> WrongKind {
        WrongKind
    }
}

impl<K, H> fmt::Debug for NamedMetric<K, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedMetric").field("is_some", &self.metric.is_some()).finish()
    }
}
