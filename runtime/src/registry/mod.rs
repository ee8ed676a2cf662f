//! The registry: which families exist, and whether a new one agrees with them.
//!
//! Invariant: no two families expose the same sample name, and a family's kind, unit, label names and
//! buckets never change. The first registration wins; a later one that differs is refused with both
//! source locations, and counted.

mod bucket_rules;
mod collect;
mod created;
pub(crate) mod current;
mod deadline;
mod describe;
mod difference;
pub(crate) mod ending;
mod error;
pub(crate) mod exemplar;
pub(crate) mod facade_keys;
mod family;
mod function_claim;
pub(crate) mod gather;
mod global_labels;
mod info_series;
pub(crate) mod native;
mod sample;
pub(crate) mod self_metrics;
pub(crate) mod series;
mod sharing;
mod sketch;
pub(crate) mod spec;
mod spelling;
mod summary;
mod table;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use yardstick_model::{Kind, Location, Unit, exposed_name, sample_names};

use self::collect::Dropped;
#[cfg(feature = "http")]
pub(crate) use self::deadline::gather_until;
use self::global_labels::GlobalLabels;
#[cfg(feature = "testing")]
pub(crate) use self::sample::is_same_label;
pub use self::{
    bucket_rules::{Buckets, Matcher},
    collect::{CollectError, Collector, CollectorId},
    difference::{Both, Difference},
    error::RegisterError,
};
pub(crate) use self::{
    error::RefusedBecause,
    family::{Family as FamilyCore, Help, HelpWeight, LabelNames, Tabled},
    function_claim::Claim,
    info_series::{InfoSeries, StateSeries},
    spec::{FamilySpec, HelpSpec, NamePolicy, Quantiles},
    summary::SummarySeries,
    table::{
        SERIES_MAX_DEFAULT, SeriesLimit, ZERO_SERIES_MAX, ZERO_SERIES_MAX_HISTOGRAM,
        zero_series_max,
    },
};
use crate::base::{
    causes::{Cause, Counted},
    lock::{LazyLock, RwLock},
    reentry::Scope,
};

/// A set of metric families that is exposed together.
///
/// Cloning gives another handle to the same registry. All methods may be called from any thread at any
/// time; recording never waits for a scrape.
///
/// # Limits
///
/// A label value has at most 1,024 bytes. A longer one is cut, by whatever door it comes, and ends in `~` and 16
/// hexadecimal digits of a digest of all of it, so that two values that begin alike stay two series; each is counted in
/// `yardstick_label_values_cut_total`. An amount that would make a sum infinite, or a number of observations overflow,
/// is refused and counted in `yardstick_observations_refused_total`.
///
/// Names that are made at run time, through the facade or by name, make families until there are 10,000, and a family may
/// have 1,000 names of labels that way; what is beyond is refused and counted in
/// `yardstick_registrations_refused_total{reason="limit"}`. Families that code declares are never too many. What threads
/// keep to find series by values known only at run time is shown in `yardstick_lookup_memory_bytes`: a thread keeps up to
/// 8,192 sets of values of each kind, and all threads together keep of a metric at most twice as many as its `series_max`.
///
/// # Forks
///
/// The child of a fork may register, record, look up and render, whatever the threads of its parent were doing, and
/// counts for itself from what was counted before. `fork` waits for registrations and scrapes that are under way, and
/// look-ups that begin meanwhile wait for it; recording into a series that is known does not. An observation that another
/// thread was in the middle of may be in a bucket of the child's histogram and not in its sum. The exporter's thread does
/// not exist in the child, so an endpoint is served by the parent alone. Nothing may be recorded in a signal handler.
///
/// A registry is also a [`metrics::Recorder`]: `metrics::with_local_recorder(&registry, ..)` sends to it
/// whatever the closure records through the facade, annotated functions included.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let jobs = registry.counter("jobs").help("Jobs that were started.").register()?;
/// jobs.inc();
/// assert_eq!(
///     registry.render(),
///     "# HELP jobs_total Jobs that were started.\n# TYPE jobs_total counter\njobs_total 1\n"
/// );
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone)]
pub struct Registry {
    inner: Arc<Inner>,
}

struct Inner {
    /// Distinguishes registries for ever, unlike an address.
    id: u64,
    index: RwLock<Index>,
    descriptions: RwLock<facade_keys::Descriptions>,
    keyed: facade_keys::Keyed,
    collectors: RwLock<collect::Collectors>,
    /// Shared by scrapes, and held exclusively while a batch is applied.
    batches: RwLock<()>,
    bucket_rules: RwLock<Vec<bucket_rules::Rule>>,
    is_pedantic: AtomicBool,
    exposes_created: AtomicBool,
    /// Labels of every series, unless it has one of the name itself.
    global_labels: RwLock<Option<Arc<GlobalLabels>>>,
    /// Families of collectors that were left out, by reason.
    dropped: Counted<Dropped, { Dropped::ALL.len() }>,
    /// Families that were taken out.
    taken_out: AtomicU64,
    /// Readings that are asking the collectors now.
    collecting: AtomicUsize,
    refused: Counted<RefusedBecause, { RefusedBecause::ALL.len() }>,
}

#[derive(Default)]
struct Index {
    by_name: BTreeMap<String, Arc<FamilyCore>>,
    /// The family that exposes each sample name, by its own name.
    samples: HashMap<String, String>,
}

/// The id of the default registry, a constant so that call sites need not look at the registry.
pub(crate) const DEFAULT_ID: u64 = 0;

static DEFAULT: LazyLock<Registry> = LazyLock::new(|| {
    let registry = Registry::with_id(DEFAULT_ID);
    self_metrics::register(&registry);
    registry
});

/// The registry that the exporter serves. It also shows what the toolkit itself turned away, in the
/// families that begin with `yardstick_`.
#[must_use]
pub fn default_registry() -> &'static Registry {
    &DEFAULT
}

impl Registry {
    /// A registry without families.
    #[must_use]
    pub fn new() -> Self {
        static NEXT_ID: AtomicU64 = AtomicU64::new(DEFAULT_ID + 1);
        Self::with_id(NEXT_ID.fetch_add(1, Ordering::Relaxed))
    }

    fn with_id(id: u64) -> Self {
        Self {
            inner: Arc::new(Inner {
                id,
                index: RwLock::default(),
                descriptions: RwLock::default(),
                keyed: facade_keys::Keyed::new(),
                collectors: RwLock::default(),
                batches: RwLock::default(),
                bucket_rules: RwLock::default(),
                is_pedantic: AtomicBool::new(false),
                exposes_created: AtomicBool::new(true),
                global_labels: RwLock::new(None),
                dropped: Counted::new(),
                taken_out: AtomicU64::new(0),
                collecting: AtomicUsize::new(0),
                refused: Counted::new(),
            }),
        }
    }

    /// Takes a family out of the registry, by the name of its `# TYPE` line; `false` if there is none. Handles
    /// that are still held go on to work, and record into what is no longer shown; the name is free again, and whatever
    /// the facade's macros look up, or a [`Dynamic`](crate::dynamic::Dynamic) records by name, from then on is registered and
    /// shown anew.
    /// A call site that recorded into the family keeps doing so.
    pub fn unregister(&self, name: &str) -> bool {
        let is_removed = {
            let mut index = self.write_index();
            index.samples.retain(|_, owner| owner != name);
            index.by_name.remove(name).is_some()
        };
        // Release: who sees the new number finds the family gone.
        self.inner.taken_out.fetch_add(1, Ordering::Release);
        // What the facade asks for next must find the family that is shown. After the index, which is what a look-up
        // under way compares with before it keeps what it found.
        self.inner.keyed.forget();
        is_removed
    }

    /// The value of one sample, as a scrape would show it, by its name and its labels in any order: `le` of a
    /// bucket and `quantile` of a summary among them, written as any number is. `None` if there is no such sample. Waits
    /// for other readers.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let jobs = registry.counter("jobs").help("Jobs by queue.").labels(["queue"]).register()?;
    /// jobs.get_or_create(["mail"])?.inc_by(2);
    /// assert_eq!(registry.sample_value("jobs_total", &[("queue", "mail")]), Some(2.0));
    /// assert_eq!(registry.sample_value("jobs_total", &[("queue", "fax")]), None);
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[must_use]
    pub fn sample_value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        sample::value(self, name, labels)
    }

    /// Makes changes that no scrape sees in part.
    pub(crate) fn atomically(&self, change: impl FnOnce()) {
        let _alone = self.inner.batches.write().unwrap_or_else(PoisonError::into_inner);
        change();
    }

    #[inline]
    pub(crate) fn id(&self) -> u64 {
        self.inner.id
    }

    /// Whether this is the registry that annotated functions record into once it is installed.
    pub(crate) fn is_default(&self) -> bool {
        self.id() == DEFAULT_ID
    }

    /// What keys of the facade led to.
    pub(crate) fn keyed(&self) -> &facade_keys::Keyed {
        &self.inner.keyed
    }

    /// What the facade told about names.
    pub(crate) fn descriptions(&self) -> &RwLock<facade_keys::Descriptions> {
        &self.inner.descriptions
    }

    fn write_index(&self) -> impl std::ops::DerefMut<Target = Index> + '_ {
        self.inner.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often a family was taken out.
    #[inline]
    pub(crate) fn taken_out(&self) -> u64 {
        self.inner.taken_out.load(Ordering::Acquire)
    }

    /// The families in the order of their names.
    pub(crate) fn families(&self) -> Vec<Arc<FamilyCore>> {
        let index = self.inner.index.read().unwrap_or_else(PoisonError::into_inner);
        index.by_name.values().cloned().collect()
    }

    /// Whether the series of `family` are shown, under its name.
    pub(crate) fn shows(&self, family: &FamilyCore) -> bool {
        self.family_named(&family.meta.name)
            .is_some_and(|shown| Arc::ptr_eq(&shown.tables, &family.tables))
    }

    pub(crate) fn family_named(&self, name: &str) -> Option<Arc<FamilyCore>> {
        let index = self.inner.index.read().unwrap_or_else(PoisonError::into_inner);
        index.by_name.get(name).cloned()
    }

    /// The family that `spec` describes, made if it is missing. What is refused is counted.
    pub(crate) fn family(&self, spec: &FamilySpec<'_>) -> Result<Arc<FamilyCore>, RegisterError> {
        let _scope = Scope::enter();
        let checked = spec.check().and_then(|()| self.check_own_labels(spec));
        let family = checked.and_then(|()| self.get_or_create(spec));
        if let Err(error) = &family {
            self.count_refusal(error);
        }
        family
    }

    pub(crate) fn count_refusal(&self, error: &RegisterError) {
        self.count_cause(error.cause());
    }

    fn count_cause(&self, cause: RefusedBecause) {
        self.inner.refused.add(cause, 1);
    }

    /// Gives a family of the facade the unit that was described after its first use: its name changes,
    /// its series stay. Refused and counted when the new name belongs to another family.
    pub(crate) fn rename(
        &self,
        base: &str,
        kind: Kind,
        units: (Option<Unit>, Option<Unit>),
        help: &str,
    ) {
        let (old, new) = (exposed_name(base, units.0, kind), exposed_name(base, units.1, kind));
        let mut index = self.write_index();
        let Some(family) = index.by_name.get(&old).cloned() else { return };
        let taken = sample_names(&new, kind)
            .into_iter()
            .any(|sample| index.samples.get(&sample).is_some_and(|owner| *owner != old));
        if taken {
            self.count_cause(RefusedBecause::Collision);
            return;
        }
        index.by_name.remove(&old);
        index.samples.retain(|_, owner| *owner != old);
        let help = Help { text: help.to_owned(), weight: HelpWeight::Described };
        index.insert(new.clone(), &Arc::new(family.renamed(new, units.1, help)));
    }

    fn get_or_create(&self, spec: &FamilySpec<'_>) -> Result<Arc<FamilyCore>, RegisterError> {
        let name = spec.exposed_name();
        if let Some(family) = self.family_named(&name) {
            spec.agree(&family)?;
            return Ok(family);
        }
        let mut index = self.write_index();
        if let Some(family) = index.by_name.get(&name) {
            spec.agree(family)?;
            return Ok(Arc::clone(family));
        }
        index.check_samples(&name, spec.kind, spec.location)?;
        index.check_room(&name, spec)?;
        let buckets = self.buckets_by_rule(spec, &name);
        let spec = buckets.as_ref().map_or_else(|| spec.clone(), |buckets| buckets.apply(spec));
        let family = Arc::new(spec.create(name.clone()));
        index.insert(name, &family);
        Ok(family)
    }

    /// Adds a family whose name is reserved for it.
    fn insert(&self, family: FamilyCore) {
        let mut index = self.write_index();
        index.insert(family.meta.name.clone(), &Arc::new(family));
    }
}

/// Families that a registry has at most before it refuses names that are made at run time: ten times what a large program
/// declares. Families that code declares are part of the program and never too many.
const FAMILIES_MAX: usize = 10_000;

impl Index {
    fn check_room(&self, name: &str, spec: &FamilySpec<'_>) -> Result<(), RegisterError> {
        if spec.policy == NamePolicy::Checked || self.by_name.len() < FAMILIES_MAX {
            return Ok(());
        }
        let (family, location) = (name.to_owned(), spec.location);
        Err(RegisterError::TooManyFamilies { family, max: FAMILIES_MAX, location })
    }

    fn check_samples(
        &self,
        name: &str,
        kind: Kind,
        location: Location,
    ) -> Result<(), RegisterError> {
        for sample in sample_names(name, kind) {
            let owner = self.samples.get(&sample).and_then(|owner| self.by_name.get(owner));
            if let Some(owner) = owner {
                return Err(RegisterError::SampleName {
                    family: name.to_owned(),
                    sample,
                    owner: owner.meta.name.clone(),
                    first: owner.meta.location,
                    second: location,
                });
            }
        }
        Ok(())
    }

    fn insert(&mut self, name: String, family: &Arc<FamilyCore>) {
        for sample in sample_names(&name, family.meta.kind) {
            self.samples.insert(sample, name.clone());
        }
        self.by_name.insert(name, Arc::clone(family));
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.families().iter().map(|f| f.meta.name.clone()).collect();
        f.debug_struct("Registry").field("id", &self.id()).field("families", &names).finish()
    }
}
