//! Declaring metrics in code: name, help, unit, buckets and labels, then `register`.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use yardstick_model::{Kind, NativeBuckets, Unit};

use crate::{
    handle::{
        Counter, CounterKind, FamilyBuilder, FamilyRef, Gauge, GaugeKind, Histogram, HistogramKind,
        MetricKind, Summary, SummaryKind,
    },
    registry::{
        FamilyCore, FamilySpec, HelpSpec, Quantiles, RegisterError, Registry, SummarySeries,
        Tabled,
        ending::End,
        native,
        series::{CounterSeries, GaugeSeries, HistogramSeries},
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
    /// The only series of a family.
    fn only(core: Arc<FamilyCore>) -> Option<Self>;
}

macro_rules! handles {
    ($($handle:ty = $kind:ident of $series:ty, $metric:ty;)*) => {$(
        impl sealed::Sealed for $handle {}

        impl Handle for $handle {}

        impl OfSeries for $handle {
            const KIND: Kind = Kind::$kind;
            type Series = $series;

            fn from_series(series: Arc<$series>) -> Self {
                Self::of_series(series)
            }

            fn only(core: Arc<FamilyCore>) -> Option<Self> {
                <$metric>::one(FamilyRef(core)).map(Self::of_store)
            }
        }
    )*};
}

handles! {
    Counter = Counter of CounterSeries, CounterKind;
    Gauge = Gauge of GaugeSeries, GaugeKind;
    Histogram = Histogram of HistogramSeries, HistogramKind;
    Summary = Summary of SummarySeries, SummaryKind;
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
    pub(super) registry: &'a Registry,
    pub(super) spec: FamilySpec<'a>,
    handle: PhantomData<H>,
}

#[allow(private_bounds, reason = "every `Handle` is one; which series it has is nobody's business")]
impl<'a, H: OfSeries> MetricBuilder<'a, H> {
    #[track_caller]
    pub(super) fn new(registry: &'a Registry, name: &'a str) -> Self {
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
        FamilyBuilder::new(self, names)
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
        self.end(End::Register)
    }

    /// Answers with the metric that exists, by whomever it was registered, and makes none.
    ///
    /// # Errors
    ///
    /// When the registry has no such family, or one that differs: in its kind, its labels, or anything else that is
    /// said here.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{RegisterError, Registry};
    ///
    /// let registry = Registry::new();
    /// registry.counter("jobs").help("Jobs.").register()?.inc();
    /// assert_eq!(registry.counter("jobs").find()?.get(), 1);
    /// let missing = registry.counter("job").find().map(|_| ());
    /// assert!(matches!(missing, Err(RegisterError::UnknownFamily { .. })));
    /// # Ok::<(), RegisterError>(())
    /// ```
    pub fn find(self) -> Result<H, RegisterError> {
        self.end(End::Find)
    }

    /// Makes the metric, which counts from now on and is shown by each registry that it is
    /// [registered](Registry::register) in.
    ///
    /// # Errors
    ///
    /// When the name or the buckets are invalid, or no memory is left.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{Histogram, Registry, Unit};
    ///
    /// let wait = Histogram::builder("wait").unit(Unit::Seconds).help("Time to wait.").build()?;
    /// let (own, all) = (Registry::new(), Registry::new());
    /// own.register(&wait)?;
    /// all.register(&wait)?;
    /// wait.observe(0.5);
    /// assert_eq!(own.render(), all.render());
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn build(self) -> Result<H, RegisterError> {
        self.end(End::Build)
    }

    fn end(self, end: End) -> Result<H, RegisterError> {
        let core = self.registry.family_by(&self.spec, end)?;
        let family = core.facts.name.clone();
        let is_there = || {
            let text = core.label_text([]);
            H::Series::table(&core.tables).is_some_and(|table| table.get(&text).is_some())
        };
        if matches!(end, End::Find) && !is_there() {
            // A family whose series bring their own labels, and none is without.
            return Err(self.registry.unknown_family(family, self.spec.location));
        }
        H::only(core).ok_or_else(|| self.registry.out_of_memory(family))
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
        self.spec.quantiles = Some(Quantiles { of: quantiles, window, are_shown: true });
        self
    }

    /// Keeps the observations of the last `window`, so that [`Summary::quantile`] can be asked, and shows no quantiles.
    /// Recording then costs what it does with [`quantiles`](Self::quantiles).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let registry = yardstick::Registry::new();
    /// let size = registry.summary("size").window(Duration::from_secs(600)).help("Size.").register()?;
    /// size.observe(512);
    /// assert!(size.quantile(0.9).is_some());
    /// assert!(!registry.render().contains("quantile"));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn window(mut self, window: Duration) -> Self {
        self.spec.quantiles = Some(Quantiles { of: &[], window, are_shown: false });
        self
    }
}

impl<H> fmt::Debug for MetricBuilder<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spec.fmt(f)
    }
}
