//! Declaring metrics in code: name, help, unit, buckets and labels, then `register`.

use std::{fmt, marker::PhantomData, time::Duration};

use yardstick_model::{Kind, NativeBuckets, Unit};

use crate::{
    handle::{
        Counter, Family, FamilyRef, Gauge, Handle, Histogram, HistogramKind, Info, Metric,
        NamedStates, StateSet, Summary, SummaryKind,
        label_set::LabelSet,
        metric::{Measured, OfSeries, Unlabelled},
    },
    labels::LabelValue,
    registry::{
        FamilySpec, HelpSpec, Quantiles, RegisterError, Registry, default_registry, ending::End,
        native, spec::interned_states,
    },
};

impl Registry {
    /// Declares a counter; it is exposed as `name_total`.
    #[track_caller]
    pub fn counter<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Counter> {
        MetricBuilder::of_handle(self, name)
    }

    /// Declares a gauge.
    #[track_caller]
    pub fn gauge<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Gauge> {
        MetricBuilder::of_handle(self, name)
    }

    /// Declares a histogram.
    #[track_caller]
    pub fn histogram<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Histogram> {
        MetricBuilder::of_handle(self, name)
    }

    /// Declares a summary, without quantiles.
    #[track_caller]
    pub fn summary<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Summary> {
        MetricBuilder::of_handle(self, name)
    }

    /// Declares an info; it is exposed as `name_info`.
    #[track_caller]
    pub fn info<'a>(&'a self, name: &'a str) -> MetricBuilder<'a, Info> {
        MetricBuilder::new(self, FamilySpec::declared(name, Kind::Info))
    }

    /// Declares a state set, whose states are the variants of an enum.
    #[track_caller]
    pub fn state_set<'a, S: LabelValue>(&'a self, name: &'a str) -> MetricBuilder<'a, StateSet<S>> {
        let states = S::VALUES;
        MetricBuilder::new(
            self,
            FamilySpec { states, ..FamilySpec::declared(name, Kind::StateSet) },
        )
    }

    /// Declares a state set whose states are known when the program runs: the first is the one to begin with. Where
    /// they are known before, prefer an [enum](Self::state_set), whose states cannot be misspelt.
    ///
    /// Each list of states is kept for as long as the process lives, once, however many state sets have it.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let states = ["follower", "leader"];
    /// let role = registry.state_set_of("role", &states).help("Its part in the cluster.").register()?;
    /// assert!(role.set("leader") && role.is("leader"));
    /// assert!(!role.set("laeder"), "refused and counted");
    /// assert_eq!(registry.sample_value("role", &[("role", "leader")]), Some(1.0));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[track_caller]
    pub fn state_set_of<'a>(
        &'a self,
        name: &'a str,
        states: &[&str],
    ) -> MetricBuilder<'a, StateSet<NamedStates>> {
        let states = interned_states(states);
        MetricBuilder::new(
            self,
            FamilySpec { states, ..FamilySpec::declared(name, Kind::StateSet) },
        )
    }
}

macro_rules! made_apart {
    ($($handle:ident),*) => {$(
        impl $handle {
            /// A metric without labels that no registry shows yet: see [`MetricBuilder::build`], also for one with
            /// labels, a unit, or more.
            ///
            /// # Errors
            ///
            /// When the name is invalid, the help text is empty, or no memory is left.
            ///
            /// # Examples
            ///
            /// ```
            #[doc = concat!("let metric = yardstick::", stringify!($handle), "::new(\"requests\", \"Requests.\")?;")]
            /// yardstick::default_registry().register(&metric)?;
            /// # Ok::<(), yardstick::RegisterError>(())
            /// ```
            #[track_caller]
            pub fn new(name: &str, help: &str) -> Result<Self, RegisterError> {
                Self::builder(name).help(help).build()
            }

            /// Declares a metric apart from any registry; `register` puts it into the default one.
            #[track_caller]
            pub fn builder(name: &str) -> MetricBuilder<'_, Self> {
                MetricBuilder::of_handle(default_registry(), name)
            }
        }
    )*};
}

made_apart!(Counter, Gauge, Histogram, Summary);

/// A metric that is being declared; `M` is what it will be recorded with. What it says of itself may be written in any
/// order, its labels too.
///
/// # Examples
///
/// ```
/// use yardstick::{Registry, Unit};
///
/// let registry = Registry::new();
/// let wait = registry
///     .histogram("wait")
///     .labels(["queue"])
///     .series_max(100)
///     .buckets(&[0.1, 1.0])
///     .unit(Unit::Seconds)
///     .help("Time to wait.")
///     .register()?;
/// wait.get_or_create(["mail"])?.observe(0.5);
/// assert!(registry.render().contains("wait_seconds_bucket{queue=\"mail\",le=\"1.0\"} 1\n"));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[must_use = "a metric exists once it is registered"]
pub struct MetricBuilder<'a, M> {
    registry: &'a Registry,
    spec: FamilySpec<'a>,
    /// The names of the labels that each series has a value for.
    labels: Vec<&'a str>,
    metric: PhantomData<fn() -> M>,
}

impl<'a, M> MetricBuilder<'a, M> {
    const fn new(registry: &'a Registry, spec: FamilySpec<'a>) -> Self {
        Self { registry, spec, labels: Vec::new(), metric: PhantomData }
    }

    /// What the metric means, in one sentence: the `# HELP` of its exposition.
    pub fn help(mut self, help: &'a str) -> Self {
        self.spec.help = HelpSpec::Explicit(help);
        self
    }

    /// Gives all series these labels, with these values: what a program knows about itself.
    pub fn constant_labels(mut self, labels: &'a [(&'a str, &'a str)]) -> Self {
        self.spec.constant = labels;
        self
    }

    /// How many series the family may have, 2,000 unless set. Label sets beyond it share one overflow
    /// series whose labels all have the value `_other`.
    pub fn series_max(mut self, series: usize) -> Self {
        self.spec.series_max = series;
        self
    }

    fn with_labels<T>(self, labels: Vec<&'a str>) -> MetricBuilder<'a, T> {
        MetricBuilder { registry: self.registry, spec: self.spec, labels, metric: PhantomData }
    }
}

#[allow(private_bounds, reason = "every `Handle` is one; its series are internal")]
impl<'a, H: OfSeries> MetricBuilder<'a, H> {
    #[track_caller]
    fn of_handle(registry: &'a Registry, name: &'a str) -> Self {
        Self::new(registry, FamilySpec::declared(name, H::KIND))
    }
}

impl<'a, H: Handle> MetricBuilder<'a, H> {
    /// Gives each series a value for each of these labels.
    pub fn labels<const N: usize>(self, names: [&'a str; N]) -> MetricBuilder<'a, Family<H, N>> {
        self.with_labels(names.into())
    }
}

impl<'a, M: Unlabelled> MetricBuilder<'a, M> {
    /// Gives each series the labels of a [`LabelSet`]. Where all their values are known beforehand, and are not too many,
    /// the series exist at zero once the metric is registered.
    pub fn label_set<L: LabelSet>(self) -> MetricBuilder<'a, M::With<L>> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        self.with_labels(names)
    }
}

impl<M: Metric> MetricBuilder<'_, M> {
    /// Registers the metric, or answers with the one that exists. Without labels, it reads zero from now on.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, the buckets, quantiles or states are invalid, or the registry has a family
    /// that differs.
    pub fn register(self) -> Result<M, RegisterError> {
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
    pub fn find(self) -> Result<M, RegisterError> {
        self.end(End::Find)
    }

    /// Makes the metric, which counts from now on and is shown by each registry that it is
    /// [registered](Registry::register) in.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, the buckets, quantiles or states are invalid, or no memory is left.
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
    pub fn build(self) -> Result<M, RegisterError> {
        self.end(End::Build)
    }

    fn end(self, end: End) -> Result<M, RegisterError> {
        let Self { registry, spec, labels, .. } = self;
        let are_unnamed = M::SERIES_BRING_LABELS && labels.is_empty();
        let named = if are_unnamed { None } else { Some(&*labels) };
        let spec = FamilySpec { labels: named, ..spec };
        let family = FamilyRef(registry.family_by(&spec, end)?);
        let name = family.0.meta.name.clone();
        if matches!(end, End::Find) && !M::is_in(&family, &labels) {
            return Err(registry.unknown_family(name, spec.location));
        }
        M::of_family(registry, family, &labels).ok_or_else(|| registry.out_of_memory(name))
    }
}

impl<M: Metric<Kind: Measured>> MetricBuilder<'_, M> {
    /// The unit of its values; it becomes the last part of the name, before `_total`.
    pub fn unit(mut self, unit: Unit) -> Self {
        self.spec.unit = Some(unit);
        self
    }
}

impl<'a, M: Metric<Kind = HistogramKind>> MetricBuilder<'a, M> {
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
    /// use yardstick::{buckets::NativeBuckets, Registry, Unit};
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

impl<'a, M: Metric<Kind = SummaryKind>> MetricBuilder<'a, M> {
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

impl<M> fmt::Debug for MetricBuilder<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricBuilder")
            .field("spec", &self.spec)
            .field("labels", &self.labels)
            .finish_non_exhaustive()
    }
}
