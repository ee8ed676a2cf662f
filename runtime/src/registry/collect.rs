//! Custom collectors: families that are made when a registry is gathered.
//!
//! Invariants: collectors run outside every lock of ours, so they may record, register and read; what they read has no
//! collectors, so that no reading waits for itself. What one of them
//! does wrong, a panic included, costs the families it is about and no others; each cause is counted. A family that
//! is registered wins over one that a collector makes.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, atomic::Ordering},
};

use yardstick_model::{
    Kind, check_bounds, check_label_name, check_metric_name, exposed_name, reserved_label,
    sample_names,
};

use super::{Registry, deadline::Punctual};
use crate::{
    base::{causes::causes, refusals::cut_label_value},
    data::{Descriptor, MetricFamily, Value},
    labels::long_value::{cut, is_long},
};

/// Makes families when a registry is gathered: for values that something else keeps, such as the operating system
/// or a pool.
///
/// # Contract
///
/// - **Concurrency.** [`collect`](Self::collect) may be called by several threads at once: each gather calls it, and
///   gatherings may overlap. Nothing is locked meanwhile. The exporter's endpoint asks each collector on a thread of its
///   own, one at a time.
/// - **Reading.** A collector may read any registry. In what it reads of the one that asks it, the families of
///   collectors are missing, and that is counted.
/// - **Cost.** A scrape waits for it, the exporter's endpoint for no longer than
///   `Limits::gather_timeout`: what is late is left out and counted, and the collector
///   is not asked again before it has ended. What takes long should be computed elsewhere, and kept.
/// - **Names and labels** follow the rules of registered families; a counter's name ends in `_total`. Label names may
///   differ between series. What breaks a rule is left out and counted in
///   `yardstick_collected_families_dropped_total`, by reason.
/// - **Duplicates.** A name belongs to one family of one collector, or to a registered family, which wins. Series of
///   a family must differ in their labels.
/// - **Panics** are caught: the families of that collector are missing from that scrape, all others are served, and
///   the panic is counted.
/// - **Stability.** The same collector should give the same families each time; [`describe`](Self::describe) says
///   which, and a [pedantic registry](Registry::pedantic) holds it to that.
///
/// # Examples
///
/// ```
/// use yardstick::{gather::{Collector, MetricFamily, Value}, Registry};
///
/// struct Uptime(std::time::Instant);
///
/// impl Collector for Uptime {
///     fn collect(&self) -> Vec<MetricFamily> {
///         let uptime = self.0.elapsed().as_secs_f64();
///         vec![MetricFamily::gauge("uptime_seconds", "Time since the start.")
///             .with_series(&[], Value::Gauge(uptime))]
///     }
/// }
///
/// let registry = Registry::new();
/// registry.register_collector(Uptime(std::time::Instant::now()));
/// assert!(registry.render().contains("# TYPE uptime_seconds gauge\nuptime_seconds "));
/// ```
pub trait Collector: Send + Sync + 'static {
    /// The families as they are now.
    fn collect(&self) -> Vec<MetricFamily>;

    /// All families that it ever gives, for the [catalog](crate::catalog::Catalog); empty if it cannot tell.
    fn describe(&self) -> Vec<Descriptor> {
        Vec::new()
    }
}

impl<F: Fn() -> Vec<MetricFamily> + Send + Sync + 'static> Collector for F {
    fn collect(&self) -> Vec<MetricFamily> {
        self()
    }
}

/// A collector that is registered; see [`Registry::register_collector`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CollectorId(u64);

/// Why a family of a collector is left out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CollectError {
    /// The collector panicked.
    Panic,
    /// The metric's name, or that of a label, breaks a rule.
    Name {
        /// The family.
        family: String,
        /// The name that does.
        name: String,
    },
    /// A series has a value that the family's kind does not have, or that is malformed.
    Value {
        /// The family.
        family: String,
    },
    /// Two series have the same labels.
    DuplicateSeries {
        /// The family.
        family: String,
    },
    /// Another family has this name, or samples of this name.
    Collision {
        /// The family.
        family: String,
    },
    /// A collector read the registry that asks it: what it read has no families of collectors.
    Nested,
    /// The collector had not answered in time; only endpoints have no more time than that.
    Late,
    /// The collector did not announce the family; only a pedantic registry asks.
    NotAnnounced {
        /// The family.
        family: String,
    },
}

causes! {
    /// The reasons by which dropped families are counted.
    pub(super) enum Dropped {
        Panic = "panic",
        Name = "name",
        Value = "value",
        DuplicateSeries = "duplicate_series",
        Collision = "collision",
        NotAnnounced = "not_announced",
        Nested = "nested",
        Late = "late",
    }
}

impl CollectError {
    const fn reason(&self) -> Dropped {
        match self {
            Self::Panic => Dropped::Panic,
            Self::Name { .. } => Dropped::Name,
            Self::Value { .. } => Dropped::Value,
            Self::DuplicateSeries { .. } => Dropped::DuplicateSeries,
            Self::Collision { .. } => Dropped::Collision,
            Self::NotAnnounced { .. } => Dropped::NotAnnounced,
            Self::Nested => Dropped::Nested,
            Self::Late => Dropped::Late,
        }
    }
}

impl fmt::Display for CollectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic => f.write_str("a collector panicked"),
            Self::Nested => f.write_str(
                "a collector read the registry that asks it, and was given no families of collectors",
            ),
            Self::Late => f.write_str("a collector did not answer in time"),
            Self::Name { family, name } => {
                write!(
                    f,
                    "a collector gave `{family}` the name `{name}`, which is invalid or reserved"
                )
            }
            Self::Value { family } => {
                write!(f, "a collector gave `{family}` a value that its kind does not have")
            }
            Self::DuplicateSeries { family } => {
                write!(f, "a collector gave `{family}` two series with the same labels")
            }
            Self::Collision { family } => {
                write!(f, "a collector gave `{family}`, but those samples belong to another family")
            }
            Self::NotAnnounced { family } => {
                write!(f, "a collector gave `{family}`, which it did not announce")
            }
        }
    }
}

impl std::error::Error for CollectError {}

/// What a registry knows of collectors.
#[derive(Default)]
pub(super) struct Collectors {
    next: u64,
    by_id: BTreeMap<u64, Arc<Punctual>>,
}

impl Registry {
    /// A registry that holds collectors to what they announce, for tests of collectors.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{gather::{CollectError, MetricFamily}, Registry};
    ///
    /// let registry = Registry::pedantic();
    /// registry.register_collector(|| vec![MetricFamily::gauge("depth", "Depth.")]);
    /// let errors = registry.check_collectors().expect_err("it announces nothing");
    /// assert_eq!(errors, [CollectError::NotAnnounced { family: "depth".to_owned() }]);
    /// ```
    #[must_use]
    pub fn pedantic() -> Self {
        let registry = Self::new();
        registry.inner.is_pedantic.store(true, Ordering::Relaxed);
        registry
    }

    /// Asks `collector` for families whenever the registry is gathered, until it is
    /// [unregistered](Self::unregister_collector).
    pub fn register_collector(&self, collector: impl Collector) -> CollectorId {
        let mut collectors = self.inner.collectors.write().unwrap_or_else(PoisonError::into_inner);
        let id = collectors.next;
        collectors.next += 1;
        collectors.by_id.insert(id, Arc::new(Punctual::new(collector)));
        CollectorId(id)
    }

    /// Asks a collector no more; `false` if it was unregistered before.
    pub fn unregister_collector(&self, collected: CollectorId) -> bool {
        let mut collectors = self.inner.collectors.write().unwrap_or_else(PoisonError::into_inner);
        let removed = collectors.by_id.remove(&collected.0);
        drop(collectors);
        removed.is_some()
    }

    /// Asks every collector once, and answers with what is wrong.
    ///
    /// # Errors
    ///
    /// Everything that a scrape would leave out.
    pub fn check_collectors(&self) -> Result<(), Vec<CollectError>> {
        match self.collect().errors {
            errors if errors.is_empty() => Ok(()),
            errors => Err(errors),
        }
    }

    /// The families of all collectors that can be shown, in the order of their names, why others cannot, and what is
    /// announced.
    pub(super) fn collect(&self) -> Collection<'_> {
        let collectors: Vec<_> = {
            let collectors = self.inner.collectors.read().unwrap_or_else(PoisonError::into_inner);
            collectors.by_id.values().cloned().collect()
        };
        let mut collection = Collection::of(self);
        if collectors.is_empty() {
            return collection;
        }
        let Some(_asking) = Asking::begin(self) else {
            self.inner.dropped.add(Dropped::Nested, 1);
            collection.errors.push(CollectError::Nested);
            return collection;
        };
        for answer in Punctual::ask_all(&collectors) {
            match answer {
                Ok(answer) => collection.take(answer),
                Err(error) => collection.errors.push(error),
            }
        }
        collection.families.sort_by(|a, b| a.name.cmp(&b.name));
        collection
    }

    /// As [`collect`](Self::collect), with what is left out counted.
    pub(super) fn collect_counted(&self) -> Vec<MetricFamily> {
        let Collection { families, errors, .. } = self.collect();
        for error in errors.into_iter().filter(|error| *error != CollectError::Nested) {
            self.inner.dropped.add(error.reason(), 1);
        }
        families
    }
}

/// Readings of one registry that may ask its collectors at once: more than scrapers ask for, and few enough for
/// collectors whose threads read the registry that asks them. What is beyond has no collectors, and is counted.
const READINGS_MAX: usize = 32;

thread_local! {
    /// The registries whose collectors this thread is asking, by id.
    static ASKING: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// One reading that asks the collectors of a registry; ends when it is dropped.
struct Asking<'r>(&'r Registry);

impl<'r> Asking<'r> {
    /// `None` for a reading by one of the collectors that are being asked, or with too many others.
    fn begin(registry: &'r Registry) -> Option<Self> {
        let is_new = ASKING.try_with(|asking| {
            let mut asking = asking.borrow_mut();
            let is_new = !asking.contains(&registry.id());
            if is_new {
                asking.push(registry.id());
            }
            is_new
        });
        if !is_new.unwrap_or(false) {
            return None;
        }
        // From here on, whatever returns takes the registry off the thread's list.
        let asking = Self(registry);
        let others = registry.inner.collecting.fetch_add(1, Ordering::Relaxed);
        (others < READINGS_MAX).then_some(asking)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.inner.collecting.fetch_sub(1, Ordering::Relaxed);
        // The thread's list is there: it was when this began.
        let _ = ASKING.try_with(|asking| asking.borrow_mut().retain(|id| *id != self.0.id()));
    }
}

/// The registries whose collectors this thread is asking.
pub(super) fn asking() -> Vec<u64> {
    ASKING.try_with(|asking| asking.borrow().clone()).unwrap_or_default()
}

/// As [`ask`], on a thread of its own, for the thread that is asking those of these registries.
pub(super) fn ask_for(asking: Vec<u64>, collector: &dyn Collector) -> Result<Answer, CollectError> {
    // The thread ends with its answer, so nothing has to be put back.
    let _ = ASKING.try_with(|here| here.replace(asking));
    ask(collector)
}

/// What a collector says: its families, and what it announces.
pub(super) type Answer = (Vec<MetricFamily>, Vec<Descriptor>);

/// Asks a collector, whatever it does.
pub(super) fn ask(collector: &dyn Collector) -> Result<Answer, CollectError> {
    let asked = catch_unwind(AssertUnwindSafe(|| (collector.collect(), collector.describe())));
    asked.map_err(|_| CollectError::Panic)
}

/// One gathering of all collectors.
pub(super) struct Collection<'r> {
    registry: &'r Registry,
    samples: BTreeSet<String>,
    pub(super) families: Vec<MetricFamily>,
    pub(super) errors: Vec<CollectError>,
    /// What the collectors announce.
    pub(super) announced: Vec<Descriptor>,
}

impl<'r> Collection<'r> {
    fn of(registry: &'r Registry) -> Self {
        Self {
            registry,
            samples: BTreeSet::new(),
            families: Vec::new(),
            errors: Vec::new(),
            announced: Vec::new(),
        }
    }

    fn take(&mut self, (families, announced): Answer) {
        let is_pedantic = self.registry.inner.is_pedantic.load(Ordering::Relaxed);
        for mut family in families {
            let is_announced =
                announced.iter().any(|one| one.name == family.name && one.kind == family.kind);
            let name = family.name.clone();
            let error = if is_pedantic && !is_announced {
                Some(CollectError::NotAnnounced { family: name })
            } else {
                mistake(&mut family).or_else(|| self.collision(&family))
            };
            match error {
                Some(error) => self.errors.push(error),
                None => self.families.push(family),
            }
        }
        self.announced.extend(announced);
    }

    /// Takes the names of a family's samples, unless another family has one of them.
    fn collision(&mut self, family: &MetricFamily) -> Option<CollectError> {
        let names = sample_names(&family.name, family.kind);
        let index = self.registry.inner.index.read().unwrap_or_else(PoisonError::into_inner);
        let is_taken = |name| index.samples.contains_key(name) || self.samples.contains(name);
        if names.iter().any(is_taken) {
            return Some(CollectError::Collision { family: family.name.clone() });
        }
        drop(index);
        self.samples.extend(names);
        None
    }
}

/// What is wrong with a family in itself. Puts its labels and series in order.
fn mistake(family: &mut MetricFamily) -> Option<CollectError> {
    let name = family.name.clone();
    let is_exposed = exposed_name(&name, family.unit, family.kind) == name;
    if check_metric_name(&name).is_err() || !is_exposed {
        return Some(CollectError::Name { family: name.clone(), name });
    }
    for series in &mut family.series {
        series.labels.sort();
        for (label, _) in &series.labels {
            let is_reserved = reserved_label(family.kind, label)
                || (family.kind == Kind::StateSet && *label == name);
            if is_reserved || check_label_name(label).is_err() {
                return Some(CollectError::Name { family: name, name: label.clone() });
            }
        }
        let twice = series.labels.windows(2).find(|pair| pair[0].0 == pair[1].0);
        if let Some((label, _)) = twice.and_then(|pair| pair.first()) {
            return Some(CollectError::Name { family: name, name: label.clone() });
        }
        if !is_value_of(family.kind, &series.value) {
            return Some(CollectError::Value { family: name });
        }
        // An exemplar costs no family: a series is complete without it.
        series.exemplars.retain_mut(|exemplar| {
            exemplar.labels.sort();
            exemplar.is_usable_counted()
        });
        for (_, value) in series.labels.iter_mut().filter(|(_, value)| is_long(value)) {
            cut_label_value();
            *value = cut(value).into_owned();
        }
        // To Prometheus, an empty label is one that is not there.
        series.labels.retain(|(_, value)| !value.is_empty());
    }
    family.series.sort_by(|a, b| a.labels.cmp(&b.labels));
    let is_twice = family.series.windows(2).any(|pair| pair[0].labels == pair[1].labels);
    is_twice.then_some(CollectError::DuplicateSeries { family: name })
}

fn is_value_of(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Counter, Value::Counter { fraction, .. }) => {
            fraction.is_finite() && *fraction >= 0.0
        }
        (Kind::Gauge, Value::Gauge(_)) | (Kind::Info, Value::Info) => true,
        (Kind::Histogram, Value::Histogram { bounds, counts, sum }) => {
            let is_shape_right = counts.len() == bounds.len() + 1 && !sum.is_nan();
            is_shape_right && (bounds.is_empty() || check_bounds(bounds).is_ok())
        }
        (Kind::Summary, Value::Summary { quantiles, sum, .. }) => {
            let is_ascending = quantiles.is_sorted_by(|a, b| a.0 < b.0);
            is_ascending && quantiles.iter().all(|(q, _)| (0.0..=1.0).contains(q)) && !sum.is_nan()
        }
        (Kind::StateSet, Value::StateSet { states, current }) => {
            *current < states.len() && states.iter().collect::<BTreeSet<_>>().len() == states.len()
        }
        _ => false,
    }
}
