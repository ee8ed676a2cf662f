//! Declaring metrics in code: name, help, unit, buckets and labels, then `register`.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use yardstick_model::{Kind, Location, NativeBuckets, Unit};

use super::{
    Demand, FamilyCore, FamilySpec, HelpSpec, Quantiles, RegisterError, Registry, SummarySeries,
    Tabled, native,
    series::{CounterSeries, GaugeSeries, HistogramSeries},
};
use crate::{
    LabelSet,
    handle::{
        Counter, CounterKind, FamilyRef, Gauge, GaugeKind, Histogram, HistogramKind, MetricKind,
        Summary, SummaryKind,
    },
};

mod sealed {
    pub trait Sealed {}
}

/// What a family's series are recorded with: [`Counter`], [`Gauge`] or [`Histogram`].
pub trait Handle: sealed::Sealed + Sized {}

/// A handle and the series behind it.
pub(crate) trait OfSeries: Handle {
    const KIND: Kind;
    type Series: Tabled;
    fn from_series(series: Arc<Self::Series>) -> Self;
}

macro_rules! handles {
    ($($handle:ty = $kind:ident of $series:ty;)*) => {$(
        impl sealed::Sealed for $handle {}

        impl Handle for $handle {}

        impl OfSeries for $handle {
            const KIND: Kind = Kind::$kind;
            type Series = $series;

            fn from_series(series: Arc<$series>) -> Self {
                Self::new(series)
            }
        }
    )*};
}

handles! {
    Counter = Counter of CounterSeries;
    Gauge = Gauge of GaugeSeries;
    Histogram = Histogram of HistogramSeries;
    Summary = Summary of SummarySeries;
}

impl Registry {
    /// Declares a counter; it is exposed as `name_total`.
    #[track_caller]
    pub fn counter<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Counter> {
        MetricBuilder::new(self, name)
    }

    /// Declares a gauge.
    #[track_caller]
    pub fn gauge<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Gauge> {
        MetricBuilder::new(self, name)
    }

    /// Declares a histogram.
    #[track_caller]
    pub fn histogram<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Histogram> {
        MetricBuilder::new(self, name)
    }

    /// Declares a summary, without quantiles.
    #[track_caller]
    pub fn summary<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Summary> {
        MetricBuilder::new(self, name)
    }
}

/// A metric without labels that is being declared.
#[must_use = "a metric exists once it is registered"]
pub struct MetricBuilder<'a, H> {
    registry: &'a Registry,
    spec: FamilySpec<'a>,
    handle: PhantomData<H>,
}

#[allow(private_bounds, reason = "every `Handle` is one; which series it has is nobody's business")]
impl<'a, H: OfSeries> MetricBuilder<'a, H> {
    #[track_caller]
    fn new(registry: &'a Registry, name: &'a str) -> Self {
        let spec = FamilySpec::declared(name, H::KIND);
        Self { registry, spec, handle: PhantomData }
    }

    /// What the metric means, in one sentence: the `# HELP` of its exposition.
    pub fn help(mut self, help: &'a str) -> Self {
        self.spec.help = HelpSpec::Explicit(help);
        self
    }

    /// The unit of its values; it becomes the last part of the name, before `_total`.
    pub fn unit(mut self, unit: Unit) -> Self {
        self.spec.unit = Some(unit);
        self
    }

    /// Gives all series these labels, with these values: what a program knows about itself.
    pub fn constant_labels(mut self, labels: &'a [(&'a str, &'a str)]) -> Self {
        self.spec.constant = labels;
        self
    }

    /// Gives each series a value for each of these labels.
    pub fn labels<const N: usize>(self, names: [&'a str; N]) -> FamilyBuilder<'a, H, N> {
        FamilyBuilder { metric: self, names }
    }
}

#[allow(private_bounds, reason = "every `Handle` is one; which series it has is nobody's business")]
impl<H: OfSeries> MetricBuilder<'_, H> {
    /// Registers the metric, which reads zero from now on, or answers with the one that exists.
    ///
    /// # Errors
    ///
    /// When the name is invalid, the buckets are, or the registry has a family that differs.
    pub fn register(self) -> Result<H, RegisterError> {
        let family = self.registry.family(&self.spec)?;
        child(self.registry, &family, &[])
    }
}

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
                let mut names = Vec::new();
                L::each_name(&mut |name| names.push(name));
                let spec = FamilySpec { labels: Some(&names), ..self.metric.spec };
                self.metric.registry.store_of::<$kind, L>(&spec).map($handle::of_store)
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
        let core = self.family(spec)?;
        let family = core.facts.name.clone();
        L::store::<K>(FamilyRef(core)).ok_or_else(|| {
            let error = RegisterError::OutOfWords { family };
            self.count_refusal(&error);
            error
        })
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

impl<'a> MetricBuilder<'a, Histogram> {
    /// The upper bounds of the buckets, strictly increasing, in the unit of the metric; the last bucket,
    /// `+Inf`, is implicit. Without them, [`default_bounds`](yardstick_model::default_bounds) of the unit.
    pub fn buckets(mut self, bounds: &'a [f64]) -> Self {
        self.spec.bounds = Some(bounds);
        self.spec.native = None;
        self
    }

    /// Counts into native buckets, instead of [chosen ones](Self::buckets): see [`NativeBuckets`].
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{NativeBuckets, Registry, Unit};
    ///
    /// let registry = Registry::new();
    /// let wait = registry.histogram("wait").unit(Unit::Seconds).native(NativeBuckets::default());
    /// wait.help("Time to wait.").register()?.observe(0.3);
    /// // Where native histograms have no form, the same one is shown by whole doublings.
    /// assert!(registry.render().contains("wait_seconds_bucket{le=\"0.25\"} 0\n"));
    /// assert!(registry.render().contains("wait_seconds_bucket{le=\"0.5\"} 1\n"));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn native(mut self, buckets: NativeBuckets) -> Self {
        self.spec.bounds = Some(native::bounds(buckets));
        self.spec.native = Some(buckets);
        self
    }
}

impl<'a> MetricBuilder<'a, Summary> {
    /// Shows these quantiles, strictly increasing from 0 to 1, of the observations of the last `window`.
    pub fn quantiles(mut self, quantiles: &'a [f64], window: Duration) -> Self {
        self.spec.quantiles = Some(Quantiles { of: quantiles, window });
        self
    }
}

/// A metric with labels that is being declared.
#[must_use = "a metric exists once it is registered"]
pub struct FamilyBuilder<'a, H, const N: usize> {
    metric: MetricBuilder<'a, H>,
    names: [&'a str; N],
}

#[allow(private_bounds, reason = "every `Handle` is one; which series it has is nobody's business")]
impl<H: OfSeries, const N: usize> FamilyBuilder<'_, H, N> {
    /// How many series the family may have, 2,000 unless set. Label sets beyond it share one overflow
    /// series whose labels all have the value `_other`.
    pub fn series_max(mut self, series: usize) -> Self {
        self.metric.spec.series_max = series;
        self
    }

    /// Registers the family, or answers with the one that exists.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, the buckets are invalid, or the registry has a family that
    /// differs.
    pub fn register(self) -> Result<Family<H, N>, RegisterError> {
        let names = self.names;
        let spec = FamilySpec { labels: Some(&names), ..self.metric.spec };
        let core = self.metric.registry.family(&spec)?;
        Ok(Family {
            registry: self.metric.registry.clone(),
            core,
            names: names.map(Box::from),
            handle: PhantomData,
        })
    }
}

/// A family whose series differ in the values of `N` labels.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let jobs = registry.counter("jobs").help("Jobs by queue.").labels(["queue"]).register()?;
/// let mail = jobs.with(["mail"])?;
/// mail.inc();
/// jobs.with_named([("queue", "mail")])?.inc();
/// assert!(registry.render().contains("jobs_total{queue=\"mail\"} 2\n"));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
pub struct Family<H, const N: usize> {
    registry: Registry,
    core: Arc<FamilyCore>,
    names: [Box<str>; N],
    handle: PhantomData<fn() -> H>,
}

#[allow(private_bounds, reason = "every `Handle` is one; which series it has is nobody's business")]
impl<H: OfSeries, const N: usize> Family<H, N> {
    /// The series with these label values, in the order of the names; made, at zero, if it is missing.
    /// Keep the handle where the values are known beforehand: the look-up costs more than recording.
    ///
    /// # Errors
    ///
    /// Only when no memory is left for another series. A family that has reached its limit answers with
    /// the overflow series and counts that in `yardstick_series_overflow_total`.
    pub fn with(&self, values: [&str; N]) -> Result<H, RegisterError> {
        child(&self.registry, &self.core, &self.pairs(values))
    }

    /// The series with these labels, by name and in any order.
    ///
    /// # Errors
    ///
    /// When a name is not one of the family's, or is missing; else as [`with`](Self::with).
    #[track_caller]
    pub fn with_named(&self, labels: [(&str, &str); N]) -> Result<H, RegisterError> {
        let mut values = [""; N];
        for (value, name) in values.iter_mut().zip(&self.names) {
            let Some((_, given)) = labels.iter().find(|(given, _)| *given == &**name) else {
                let error = RegisterError::MissingLabel {
                    family: self.core.facts.name.clone(),
                    label: name.to_string(),
                    location: Location::from_caller("", std::panic::Location::caller()),
                };
                self.registry.count_refusal(&error);
                return Err(error);
            };
            *value = given;
        }
        self.with(values)
    }

    /// Leaves a series out of the exposition; `false` if there is none with these values. A series that
    /// somebody still holds a handle to reads zero, and comes back when it is recorded to.
    pub fn remove(&self, values: [&str; N]) -> bool {
        let pairs = self.pairs(values);
        H::Series::table(&self.core.tables)
            .is_some_and(|table| table.remove(&self.core.label_text(pairs)))
    }

    /// Leaves all series out of the exposition, as [`remove`](Self::remove) does with one.
    pub fn clear(&self) {
        if let Some(table) = H::Series::table(&self.core.tables) {
            table.clear();
        }
    }

    fn pairs<'a>(&'a self, values: [&'a str; N]) -> Vec<(&'a str, &'a str)> {
        self.names.iter().map(|name| &**name).zip(values).collect()
    }
}

fn child<H: OfSeries>(
    registry: &Registry,
    family: &FamilyCore,
    labels: &[(&str, &str)],
) -> Result<H, RegisterError> {
    let found = family.series::<H::Series>(labels, Demand::Open).ok_or_else(|| {
        let error = RegisterError::OutOfWords { family: family.facts.name.clone() };
        registry.count_refusal(&error);
        error
    })?;
    Ok(H::from_series(found.into_series()))
}

impl<H> fmt::Debug for MetricBuilder<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spec.fmt(f)
    }
}

impl<H, const N: usize> fmt::Debug for FamilyBuilder<'_, H, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FamilyBuilder").field(&self.metric).field(&self.names).finish()
    }
}

impl<H, const N: usize> fmt::Debug for Family<H, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.facts.fmt(f)
    }
}

impl<H, const N: usize> Clone for Family<H, N> {
    fn clone(&self) -> Self {
        Self {
            registry: self.registry.clone(),
            core: Arc::clone(&self.core),
            names: self.names.clone(),
            handle: PhantomData,
        }
    }
}
