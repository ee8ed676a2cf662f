//! `Metric`: what one declaration makes, of each kind, with labels or without.

use std::sync::Arc;

use yardstick_model::Kind;

use crate::{
    handle::{
        Counter, CounterKind, Family, FamilyRef, Gauge, GaugeKind, Histogram, HistogramKind, Info,
        OfKind, State, StateKind, StateSet, Summary, SummaryKind, kinds::each_kind,
        label_set::LabelSet,
    },
    registry::{FamilyCore, Registry, Tabled},
};

mod sealed {
    pub trait Sealed {}
}

/// What a registry shows under one name: a [`Counter`], [`Gauge`], [`Histogram`], [`Summary`], [`Info`] or [`StateSet`],
/// with labels or without, or a [`Family`].
pub trait Metric: sealed::Sealed + Sized {
    /// Which kind of metric it is.
    #[doc(hidden)]
    type Kind;
    /// Whether a declaration without label names leaves the labels to each series, instead of having none.
    #[doc(hidden)]
    const SERIES_BRING_LABELS: bool = false;
    /// The family; `None` for the handle of one of several series.
    #[doc(hidden)]
    fn family(&self) -> Option<FamilyRef>;
    /// The metric of a family that `registry` counts refusals for; `None` when no memory is left.
    #[doc(hidden)]
    fn of_family(registry: &Registry, family: FamilyRef, labels: &[&str]) -> Option<Self>;
    /// Whether a family that exists has the series that this metric records into. One whose series bring their own
    /// labels may have none without.
    #[doc(hidden)]
    fn is_in(_: &FamilyRef, _: &[&str]) -> bool {
        true
    }
}

/// A metric without labels, which can be given the labels of a [`LabelSet`].
pub trait Unlabelled: Metric {
    /// The same metric with these labels.
    #[doc(hidden)]
    type With<L: LabelSet>: Metric;
}

/// What the series of a [`Family`] are recorded with: [`Counter`], [`Gauge`], [`Histogram`] or [`Summary`].
pub trait Handle: Unlabelled {}

/// A handle and the series behind it.
pub(crate) trait OfSeries: Handle {
    const KIND: Kind;
    type Series: Tabled;
    fn from_series(series: Arc<Self::Series>) -> Self;
}

/// Kinds of metrics whose values may have a unit: all but infos and state sets, for which
/// [`MetricBuilder::unit`](super::MetricBuilder::unit) does not compile.
pub trait Measured: sealed::Sealed {}

fn has_series_without_labels<S: Tabled>(core: &FamilyCore) -> bool {
    let text = core.label_text([]);
    S::table(&core.tables).is_some_and(|table| table.get(&text).is_some())
}

macro_rules! handles {
    ($($handle:ident, $kind:ident, $kind_of:ident, $series:ty;)*) => {$(
        impl<L: LabelSet> sealed::Sealed for $handle<L> {}

        impl<L: LabelSet> Metric for $handle<L> {
            type Kind = $kind;

            fn family(&self) -> Option<FamilyRef> {
                Self::family(self)
            }

            fn of_family(_: &Registry, family: FamilyRef, _: &[&str]) -> Option<Self> {
                L::store::<$kind>(family).map(Self::of_store)
            }

            fn is_in(family: &FamilyRef, labels: &[&str]) -> bool {
                !labels.is_empty() || has_series_without_labels::<$series>(&family.0)
            }
        }

        impl Unlabelled for $handle {
            type With<L: LabelSet> = $handle<L>;
        }

        impl Handle for $handle {}

        impl sealed::Sealed for $kind {}

        impl Measured for $kind {}

        impl OfSeries for $handle {
            const KIND: Kind = Kind::$kind_of;
            type Series = $series;

            fn from_series(series: Arc<$series>) -> Self {
                Self::of_series(series)
            }
        }
    )*};
}

each_kind!(handles);

impl<L> sealed::Sealed for Info<L> {}

impl<L> Metric for Info<L> {
    type Kind = ();
    const SERIES_BRING_LABELS: bool = true;

    fn family(&self) -> Option<FamilyRef> {
        Some(Self::family(self))
    }

    fn of_family(_: &Registry, family: FamilyRef, _: &[&str]) -> Option<Self> {
        Some(Self::of_core(family.0))
    }
}

impl Unlabelled for Info {
    type With<L: LabelSet> = Info<L>;
}

impl<S, L: LabelSet> sealed::Sealed for StateSet<S, L> {}

impl<S, L: LabelSet> Metric for StateSet<S, L> {
    type Kind = StateKind;

    fn family(&self) -> Option<FamilyRef> {
        Self::family(self)
    }

    fn of_family(_: &Registry, family: FamilyRef, _: &[&str]) -> Option<Self> {
        L::store::<StateKind>(family).map(|store| Self::of(State::of_store(store)))
    }

    fn is_in(family: &FamilyRef, labels: &[&str]) -> bool {
        !labels.is_empty() || has_series_without_labels::<<StateKind as OfKind>::Series>(&family.0)
    }
}

impl<S> Unlabelled for StateSet<S> {
    type With<L: LabelSet> = StateSet<S, L>;
}

impl<H: Handle, const N: usize> sealed::Sealed for Family<H, N> {}

impl<H: Handle, const N: usize> Metric for Family<H, N> {
    type Kind = H::Kind;

    fn family(&self) -> Option<FamilyRef> {
        Some(FamilyRef(Arc::clone(&self.core)))
    }

    fn of_family(registry: &Registry, family: FamilyRef, labels: &[&str]) -> Option<Self> {
        let names = labels.iter().copied().map(Box::from).collect::<Vec<_>>().try_into().ok()?;
        Some(Self::of_core(registry.clone(), family.0, names))
    }
}
