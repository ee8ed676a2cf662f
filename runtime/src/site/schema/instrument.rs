//! What each attribute does with a metric of a schema.

use super::super::{
    call_end::CallEnd,
    instrument::{Active, Calls, Errors, Timed},
};
use crate::{
    handle::{
        Counter, CounterKind, Gauge, GaugeKind, Histogram, HistogramKind, MetricKind, SeriesRef,
        label_set::{ByErrorType, ByOutcome, LabelSet},
    },
    labels::Outcome,
};

/// What an attribute does with a metric of a schema.
pub trait SchemaInstrument<H: 'static>: 'static {
    /// The labels that a call begins with.
    type Labels;
    /// What a call keeps.
    type Kept;
    /// Counts a call in.
    fn enter(metric: &'static H, labels: Self::Labels) -> Self::Kept;
    /// Lets the result change the labels.
    fn assign(kept: &mut Self::Kept, assign: impl FnOnce(&mut Self::Labels));
    /// Counts a call out.
    fn leave(kept: Self::Kept, exit: &CallEnd<'_>);
}

/// A metric, and the labels that a call began with.
#[derive(Debug)]
pub struct Waiting<H: 'static, L> {
    metric: &'static H,
    labels: L,
}

/// The parts that all instruments have in common whose series is found when the call ends.
macro_rules! found_at_the_end {
    ($metric:ty) => {
        type Labels = L;
        type Kept = Waiting<$metric, L>;

        #[inline]
        fn enter(metric: &'static $metric, labels: L) -> Waiting<$metric, L> {
            Waiting { metric, labels }
        }

        #[inline]
        fn assign(kept: &mut Waiting<$metric, L>, assign: impl FnOnce(&mut L)) {
            assign(&mut kept.labels);
        }
    };
}

impl<const SKIPS_CANCELLED: bool, L: LabelSet + 'static> SchemaInstrument<Histogram<L>>
    for Timed<SKIPS_CANCELLED>
{
    found_at_the_end!(Histogram<L>);

    #[inline]
    fn leave(kept: Waiting<Histogram<L>, L>, exit: &CallEnd<'_>) {
        if !(SKIPS_CANCELLED && exit.outcome == Outcome::Cancelled) {
            L::child::<HistogramKind>(kept.metric, &kept.labels).observe_elapsed(exit.ticks);
        }
    }
}

impl<L: LabelSet + 'static> SchemaInstrument<Counter<ByOutcome<L>>> for Calls {
    found_at_the_end!(Counter<ByOutcome<L>>);

    #[inline]
    fn leave(kept: Waiting<Counter<ByOutcome<L>>, L>, exit: &CallEnd<'_>) {
        kept.metric.with(&ByOutcome { labels: kept.labels, outcome: exit.outcome }).inc();
    }
}

impl<L: LabelSet + 'static> SchemaInstrument<Counter<ByErrorType<L>>> for Errors {
    found_at_the_end!(Counter<ByErrorType<L>>);

    #[inline]
    fn leave(kept: Waiting<Counter<ByErrorType<L>>, L>, exit: &CallEnd<'_>) {
        if let Some(error_type) = exit.error_type() {
            CounterKind::store(kept.metric).with_text(&kept.labels, error_type).inc();
        }
    }
}

impl<L: LabelSet + 'static> SchemaInstrument<Gauge<L>> for Active {
    type Labels = L;
    type Kept = SeriesRef<'static, Gauge>;

    #[inline]
    fn enter(metric: &'static Gauge<L>, labels: L) -> SeriesRef<'static, Gauge> {
        let gauge = L::child::<GaugeKind>(metric, &labels);
        gauge.inc();
        gauge
    }

    #[inline]
    fn assign(_: &mut SeriesRef<'static, Gauge>, _: impl FnOnce(&mut L)) {}

    #[inline]
    fn leave(gauge: SeriesRef<'static, Gauge>, _: &CallEnd<'_>) {
        gauge.dec();
    }
}

/// A metric that attributes record into.
pub trait Recorded: 'static {
    /// The labels that a call begins with.
    type Labels;
}

impl<L: LabelSet + 'static> Recorded for Histogram<L> {
    type Labels = L;
}

impl<L: LabelSet + 'static> Recorded for Gauge<L> {
    type Labels = L;
}

impl<L: CallLabels> Recorded for Counter<L> {
    type Labels = L::Entry;
}

/// The labels of a counter of calls or errors.
#[diagnostic::on_unimplemented(
    message = "an attribute cannot count by the labels `{Self}` alone",
    label = "this metric is a `Counter<{Self}>`",
    note = "`#[track_calls]` takes a `Counter<ByOutcome<..>>`, `#[track_errors]` a `Counter<ByErrorType<..>>`"
)]
pub trait CallLabels: LabelSet + 'static {
    /// The labels that a call begins with.
    type Entry: LabelSet + 'static;
}

impl<L: LabelSet + 'static> CallLabels for ByOutcome<L> {
    type Entry = L;
}

impl<L: LabelSet + 'static> CallLabels for ByErrorType<L> {
    type Entry = L;
}
