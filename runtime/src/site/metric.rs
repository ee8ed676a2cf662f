//! One attribute's half of a site: its facts, and the cells it found.
//!
//! Invariant: `first` and `dense` are set once and hold their series for ever. Each remembers the
//! registry it belongs to and is passed over for any other.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    thread::LocalKey,
};

use yardstick_model::{Kind, Location, Unit};

use super::{
    SiteInfo,
    bound::{Bound, Held},
    current::Sink,
    dense::{Dense, Slot},
    exit::Exit,
    facts::{Facts, LabelSource},
    foreign::ForeignKind,
    labels::{Given, LabelValues, Texts, combinations},
};
use crate::registry::{
    Claim, DEFAULT_ID, Demand, FamilyCore, FamilySpec, HelpSpec, NamePolicy, RegisterError,
    Registry, default_registry,
};
use crate::{
    catalog::{Descriptor, LabelDescriptor},
    diagnostics::{Refusal, refuse, warn_once},
    lookup::{Key, Near, Owner},
    reentry::{self, Scope, Within},
    registry::native,
};

/// Sets of enum label values for which a site keeps a table; beyond it they are looked up by text.
const COMBINATIONS_MAX: usize = 4_096;

/// What an attribute of one kind records.
pub trait Instrument: Sized + 'static {
    /// The kind of its family.
    const KIND: Kind;
    /// The unit of its family.
    const UNIT: Option<Unit>;
    /// The name of its family where the attribute gives none.
    const DEFAULT_NAME: &'static str;
    /// The help text of that family.
    const DEFAULT_HELP: &'static str;
    /// The label that it adds to those of the attribute.
    const OWN_LABEL: Option<&'static str>;
    /// The values of that label, if they are known beforehand.
    const OWN_VALUES: &'static [&'static str] = &[];
    /// Whether it needs the clock.
    const TIMED: bool;
    /// Whether the result gives some of its labels.
    const BY_RESULT: bool = false;
    /// What it asks of another recorder.
    const FOREIGN: ForeignKind;
    /// What it records into.
    type Cells: fmt::Debug + Send + Sync + 'static;

    /// How its help text begins where neither the attribute nor the function documents the metric.
    fn generated_help(subject: &str) -> String;
    /// Finds the cells; the flag says whether they may be kept.
    fn resolve(origin: Origin, facts: &'static Facts) -> Option<(Self::Cells, bool)>;
    /// Makes the series exist that are known beforehand.
    fn create_known(cells: &Self::Cells);
    /// How many series [`create_known`](Self::create_known) makes.
    const KNOWN_SERIES: usize;
    /// Counts a call in.
    fn enter(cells: &Self::Cells);
    /// Counts a call out, with the labels that its result gives.
    fn leave<L: LabelValues>(cells: &Self::Cells, exit: &Exit<'_>, returned: &L);
    /// This thread's cells of label values known only at run time.
    fn cache() -> &'static LocalKey<Near<Held<Self::Cells>>>;
}

/// Where a metric's series are: a family and the labels of the call.
#[derive(Clone, Debug)]
pub struct Origin {
    pub(super) family: Arc<FamilyCore>,
    pub(super) labels: Vec<(&'static str, String)>,
    pub(super) demand: Demand,
}

/// An attribute's metric, with the cells it found.
pub struct SiteMetric<K: Instrument> {
    pub(super) facts: Facts,
    first: OnceLock<Slot<K::Cells>>,
    dense: OnceLock<Dense<K::Cells>>,
    /// The metric in the remembered recorder.
    pub(super) remembered: OnceLock<Arc<Held<K::Cells>>>,
}

impl<K: Instrument> SiteMetric<K> {
    /// A metric that found no cells yet.
    #[must_use]
    pub const fn new(facts: Facts) -> Self {
        Self { facts, first: OnceLock::new(), dense: OnceLock::new(), remembered: OnceLock::new() }
    }

    pub(super) const fn is_directed(&self) -> bool {
        self.facts.directed
    }

    /// What it records, for the catalog.
    pub(super) fn descriptor(&self, info: &'static SiteInfo) -> Descriptor {
        let spec = self.spec(info, None);
        let mut labels = Vec::new();
        if self.facts.name.is_none() {
            labels.push(LabelDescriptor::new("function", &[info.function]));
            labels.push(LabelDescriptor::new("module", &[info.module]));
        }
        labels.extend(self.facts.labels.iter().map(|label| match label.source {
            LabelSource::Fixed(value) => LabelDescriptor::new(label.name, &[value]),
            LabelSource::Given(values) => LabelDescriptor::new(label.name, values),
            LabelSource::Returned => LabelDescriptor::new(label.name, &[]),
        }));
        labels.extend(K::OWN_LABEL.map(|name| LabelDescriptor::new(name, K::OWN_VALUES)));
        labels.sort_by(|a, b| a.name.cmp(&b.name));
        Descriptor {
            name: spec.exposed_name(),
            kind: spec.kind,
            help: spec.help_text().to_owned(),
            unit: spec.unit.filter(|unit| *unit != Unit::Count),
            labels,
            buckets: spec.shown_bounds(),
            location: spec.location,
        }
    }

    /// How many labels the result gives.
    pub(super) fn returned_labels(&self) -> usize {
        self.facts.returned_names().count()
    }

    /// How many series are known before the first call.
    pub(super) fn known_series(&self) -> usize {
        let lists = self.facts.known_values();
        lists.map_or(0, |lists| lists.iter().fold(K::KNOWN_SERIES, |n, list| n * list.len()))
    }

    /// Finds the cells of a call and counts it in. What is inlined into every annotated function is the case
    /// of literal labels and the installed default registry.
    #[inline(always)]
    pub(super) fn enter<G: Given>(
        &'static self,
        info: &'static SiteInfo,
        sink: Sink,
        given: &G,
    ) -> Bound<K::Cells> {
        if G::FOLLOWS
            && G::Labels::COMBINATIONS == 1
            && sink == Sink::Ours
            && let Some(slot) = self.first.get()
            && slot.registry == DEFAULT_ID
            && let Some(cells) = slot.cells.as_deref()
        {
            K::enter(cells);
            return Bound::pinned(cells);
        }
        if G::FOLLOWS && sink == Sink::Off {
            return Bound::OFF;
        }
        self.enter_elsewhere(info, sink, given)
    }

    #[inline(never)]
    fn enter_elsewhere<G: Given>(
        &'static self,
        info: &'static SiteInfo,
        sink: Sink,
        given: &G,
    ) -> Bound<K::Cells> {
        let bound = match (given.registry(), sink) {
            (Some(registry), _) => self.find(info, registry.id(), || registry, given.labels()),
            (None, Sink::Ours) => self.find(info, DEFAULT_ID, default_registry, given.labels()),
            (None, Sink::Off) => Bound::OFF,
            (None, Sink::Remembered) => self.find_remembered(info, given.labels()),
            (None, Sink::Foreign) => self.find_foreign(info, given.labels()),
        };
        bound.enter::<K>();
        bound
    }

    #[inline]
    fn find<'r, L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        registry: u64,
        get: impl FnOnce() -> &'r Registry,
        labels: &L,
    ) -> Bound<K::Cells> {
        if L::COMBINATIONS == 1 {
            if let Some(slot) = self.first.get()
                && slot.registry == registry
            {
                return slot.bound();
            }
        } else if (2..=COMBINATIONS_MAX).contains(&L::COMBINATIONS) {
            if let Some(slot) = self.dense_slot::<L>(registry, labels)
                && let Some(slot) = slot.get()
            {
                return slot.bound();
            }
        } else {
            return self.find_near(info, registry, get, labels);
        }
        self.find_slowly(info, get(), labels)
    }

    /// The place of these values in the table, if the table is about these lists and this registry.
    #[inline]
    fn dense_slot<L: LabelValues>(
        &'static self,
        registry: u64,
        labels: &L,
    ) -> Option<&'static OnceLock<Slot<K::Cells>>> {
        let dense = self.dense.get()?;
        if dense.is_about::<L>(registry) { dense.slots.get(labels.dense_index()) } else { None }
    }

    #[inline(never)]
    fn find_slowly<L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        registry: &Registry,
        labels: &L,
    ) -> Bound<K::Cells> {
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return Bound::OFF;
        }
        let _scope = Scope::enter();
        let id = registry.id();
        if L::COMBINATIONS == 1 {
            let Some(slot) = self.fill(&self.first, info, registry, labels) else {
                return Bound::OFF;
            };
            if slot.registry == id {
                return slot.bound();
            }
        } else if (2..=COMBINATIONS_MAX).contains(&L::COMBINATIONS) {
            self.dense.get_or_init(|| {
                let mut values = Vec::new();
                L::each_values(&mut |list| values.push(list));
                Dense::new(id, values)
            });
            if let Some(slot) = self.dense_slot::<L>(id, labels) {
                return self.fill(slot, info, registry, labels).map_or(Bound::OFF, Slot::bound);
            }
        }
        let key = self.key(id, labels);
        let known = K::cache().try_with(|cache| cache.get(&key, labels)).ok().flatten();
        known.map_or_else(|| self.find_anew(info, registry, labels, &key), Bound::held)
    }

    /// By values known only at run time: what this thread was answered with before, or found anew.
    #[inline]
    fn find_near<'r, L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        registry: u64,
        get: impl FnOnce() -> &'r Registry,
        labels: &L,
    ) -> Bound<K::Cells> {
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return Bound::OFF;
        }
        let within = Within::enter();
        let key = self.key(registry, labels);
        let known = K::cache().try_with(|cache| cache.get(&key, labels)).ok().flatten();
        drop(within);
        known.map_or_else(|| self.find_anew(info, get(), labels, &key), Bound::held)
    }

    #[inline]
    fn key(&'static self, registry: u64, labels: &impl LabelValues) -> Key {
        Key::of(Owner { metric: std::ptr::from_ref(self).addr() as u64, registry }, labels)
    }

    #[cold]
    #[inline(never)]
    fn find_anew<L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        registry: &Registry,
        labels: &L,
        key: &Key,
    ) -> Bound<K::Cells> {
        let _scope = Scope::enter();
        let origin = self.origin(info, registry, labels, Demand::Open);
        let found = origin.and_then(|origin| K::resolve(origin, &self.facts));
        let Some((cells, may_keep)) = found else { return Bound::OFF };
        let held = Arc::new(Held::Cells(cells));
        if may_keep {
            let kept = Arc::clone(&held);
            // Fails only while the thread ends; then each record finds its series anew.
            let _ = K::cache().try_with(|cache| cache.put(key, labels, kept));
        }
        Bound::held(held)
    }

    /// What is in a slot, found if it is empty. A refused registration is kept, as it would be refused again; a lack of
    /// memory is not, and `None`.
    fn fill(
        &'static self,
        slot: &'static OnceLock<Slot<K::Cells>>,
        info: &'static SiteInfo,
        registry: &Registry,
        labels: &impl LabelValues,
    ) -> Option<&'static Slot<K::Cells>> {
        if let Some(slot) = slot.get() {
            return Some(slot);
        }
        let cells = match self.origin(info, registry, labels, Demand::Fixed) {
            Some(origin) => Some(Arc::new(K::resolve(origin, &self.facts)?.0)),
            None => None,
        };
        Some(slot.get_or_init(|| Slot { registry: registry.id(), cells }))
    }

    /// Finds the cells of all sets of labels there are, before any call, and makes their series.
    pub(super) fn create_known(&'static self, info: &'static SiteInfo, registry: &Registry) {
        let Some(lists) = self.facts.known_values() else { return };
        // Outside the scope: within it, nothing is recorded.
        let create = |slot: &Slot<K::Cells>| {
            if let Some(cells) = &slot.cells {
                K::create_known(cells);
            }
        };
        let fill = |slot: &'static OnceLock<Slot<K::Cells>>, texts: &[&'static str]| {
            let _scope = Scope::enter();
            self.fill(slot, info, registry, &Texts(texts))
        };
        if lists.is_empty() {
            fill(&self.first, &[]).into_iter().for_each(create);
            return;
        }
        let dense = {
            let _scope = Scope::enter();
            self.dense.get_or_init(|| Dense::new(registry.id(), lists))
        };
        for (texts, slot) in combinations(&dense.values).zip(&dense.slots) {
            fill(slot, &texts).into_iter().for_each(create);
        }
    }

    fn origin(
        &self,
        info: &'static SiteInfo,
        registry: &Registry,
        labels: &impl LabelValues,
        demand: Demand,
    ) -> Option<Origin> {
        let tell = |error: &_| warn_once(&format!("`{}` records nothing: {error}", info.function));
        let family = self.register(info, registry).inspect_err(tell).ok()?;
        Some(Origin { family, labels: self.call_labels(info, labels), demand })
    }

    /// The family, with this site's place in it: of a default family, one function has one.
    ///
    /// # Errors
    ///
    /// What the registry has against the family, or that another function has the same labels.
    pub(super) fn register(
        &self,
        info: &'static SiteInfo,
        registry: &Registry,
    ) -> Result<Arc<FamilyCore>, RegisterError> {
        let names = self.label_names();
        let spec = self.spec(info, names.as_deref());
        let family = registry.family(&spec)?;
        if self.facts.name.is_none() {
            let claimed = family.claim(self.claim(info));
            claimed.inspect_err(|error| registry.count_refusal(error))?;
        }
        Ok(family)
    }

    /// Whose calls it records.
    pub(super) const fn claim(&self, info: &'static SiteInfo) -> Claim {
        Claim { function: info.function, module: info.module, caller: self.facts.caller }
    }

    /// The labels of one call that are known when it begins.
    pub(super) fn call_labels(
        &self,
        info: &'static SiteInfo,
        labels: &impl LabelValues,
    ) -> Vec<(&'static str, String)> {
        let mut given = Vec::new();
        labels.each_text(&mut |text| given.push(text.to_owned()));
        let mut given = given.into_iter();
        let mut pairs = Vec::with_capacity(self.facts.labels.len() + 2);
        if self.facts.name.is_none() {
            pairs.push(("function", info.function.to_owned()));
            pairs.push(("module", info.module.to_owned()));
        }
        pairs.extend(self.facts.labels.iter().filter_map(|label| {
            let value = match label.source {
                LabelSource::Fixed(value) => value.to_owned(),
                LabelSource::Given(_) => given.next().unwrap_or_default(),
                LabelSource::Returned => return None,
            };
            Some((label.name, value))
        }));
        pairs
    }

    /// All label names of a named metric; `None` for the default families, whose sites differ.
    pub(super) fn label_names(&self) -> Option<Vec<&'static str>> {
        self.facts.name?;
        let names = self.facts.labels.iter().map(|label| label.name);
        Some(names.chain(K::OWN_LABEL).collect())
    }

    /// The family that this metric's series belong to.
    pub(super) fn spec<'a>(
        &self,
        info: &'static SiteInfo,
        labels: Option<&'a [&'static str]>,
    ) -> FamilySpec<'a> {
        let name = self.facts.name.unwrap_or(K::DEFAULT_NAME);
        let help = match (self.facts.name, self.facts.help, self.facts.doc) {
            (None, ..) => HelpSpec::Explicit(K::DEFAULT_HELP),
            (_, Some(help), _) => HelpSpec::Explicit(help),
            (_, None, Some(doc)) => HelpSpec::Doc(doc),
            (_, None, None) => HelpSpec::Generated(match self.facts.subject {
                Some(subject) => K::generated_help(subject),
                None => K::generated_help(&format!("`{}`", info.function)),
            }),
        };
        FamilySpec {
            base: name,
            written: name,
            policy: NamePolicy::Checked,
            kind: K::KIND,
            unit: K::UNIT,
            help,
            labels,
            constant: &[],
            bounds: match (K::KIND, self.facts.native) {
                (Kind::Histogram, Some(native)) => Some(native::bounds(native)),
                (Kind::Histogram, None) => {
                    Some(self.facts.buckets.unwrap_or(&yardstick_model::DEFAULT_SECONDS))
                }
                _ => None,
            },
            native: self.facts.native,
            quantiles: None,
            states: &[],
            location: Location::from_caller(info.module, self.facts.caller),
            series_max: crate::registry::SERIES_MAX_DEFAULT,
        }
    }
}

impl<K: Instrument> fmt::Debug for SiteMetric<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.facts.name.unwrap_or(K::DEFAULT_NAME);
        f.debug_struct("SiteMetric").field("name", &name).finish_non_exhaustive()
    }
}
