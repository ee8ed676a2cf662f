//! Declaring metrics in code whose labels are a type.

use std::{fmt, marker::PhantomData};

use crate::{
    handle::{
        Counter, CounterKind, FamilyRef, Gauge, GaugeKind, Histogram, HistogramKind, MetricBuilder,
        MetricKind, Summary, SummaryKind, label_set::LabelSet,
    },
    registry::{FamilySpec, RegisterError, Registry, ending::End},
};

macro_rules! label_sets {
    ($($handle:ident of $kind:ident;)*) => {$(
        impl<'a> MetricBuilder<'a, $handle> {
            /// Gives each series the labels of a [`LabelSet`]. Where all their values are known beforehand, and are not
            /// too many, the series exist at zero once the metric is registered.
            pub fn label_set<L: LabelSet>(self) -> TypedBuilder<'a, $handle, L> {
                TypedBuilder { metric: self, labels: PhantomData }
            }
        }

        impl<L: LabelSet> TypedBuilder<'_, $handle, L> {
            /// Registers the family, or answers with the one that exists.
            ///
            /// # Errors
            ///
            /// When a name is invalid or reserved, the buckets are invalid, or the registry has a family that
            /// differs.
            pub fn register(self) -> Result<$handle<L>, RegisterError> {
                self.end(End::Register)
            }

            /// Answers with the family that exists, and makes none: see [`MetricBuilder::find`].
            ///
            /// # Errors
            ///
            /// When the registry has no such family, or one that differs.
            pub fn find(self) -> Result<$handle<L>, RegisterError> {
                self.end(End::Find)
            }

            /// Makes the family, for registries to show: see [`MetricBuilder::build`].
            ///
            /// # Errors
            ///
            /// When a name is invalid or reserved, the buckets are invalid, or no memory is left.
            pub fn build(self) -> Result<$handle<L>, RegisterError> {
                self.end(End::Build)
            }

            fn end(self, end: End) -> Result<$handle<L>, RegisterError> {
                let mut names = Vec::new();
                L::each_name(&mut |name| names.push(name));
                let spec = FamilySpec { labels: Some(&names), ..self.metric.spec };
                self.metric.registry.store_by::<$kind, L>(&spec, end).map($handle::of_store)
            }
        }
    )*};
}

label_sets! {
    Counter of CounterKind;
    Gauge of GaugeKind;
    Histogram of HistogramKind;
    Summary of SummaryKind;
}

impl Registry {
    /// What a metric with these labels keeps of the family that `spec` describes.
    pub(crate) fn store_of<K: MetricKind, L: LabelSet>(
        &self,
        spec: &FamilySpec<'_>,
    ) -> Result<L::Store<K>, RegisterError> {
        self.store_by::<K, L>(spec, End::Register)
    }

    /// As [`store_of`](Self::store_of), of the family that this end of a declaration leads to.
    pub(super) fn store_by<K: MetricKind, L: LabelSet>(
        &self,
        spec: &FamilySpec<'_>,
        end: End,
    ) -> Result<L::Store<K>, RegisterError> {
        let core = self.family_by(spec, end)?;
        let family = core.facts.name.clone();
        L::store::<K>(FamilyRef(core)).ok_or_else(|| self.out_of_memory(family))
    }
}

/// A metric with the labels of a [`LabelSet`] that is being declared.
#[must_use = "a metric exists once it is registered"]
pub struct TypedBuilder<'a, H, L> {
    metric: MetricBuilder<'a, H>,
    labels: PhantomData<fn(L)>,
}

impl<H, L> TypedBuilder<'_, H, L> {
    /// How many series the family may have, 2,000 unless set. Label sets beyond it share one overflow
    /// series whose labels all have the value `_other`.
    pub fn series_max(mut self, series: usize) -> Self {
        self.metric.spec.series_max = series;
        self
    }
}

impl<H, L> fmt::Debug for TypedBuilder<'_, H, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TypedBuilder").field(&self.metric).finish()
    }
}
