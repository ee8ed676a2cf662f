//! Finds the cells of a call.

use std::sync::Arc;

use super::{
    dense::Dense,
    input::Input,
    instrument::Instrument,
    metric::Metric,
    recording::{NEAR, Origin, Recording, Shared, SiteCells, Slot},
};
use crate::{
    base::{
        reentry::{Scope, Within},
        refusals::warn_once,
    },
    labels::{
        LabelValues, Lists, Texts, combinations,
        lookup::{self, Kept, Key, Lookup, Owner},
    },
    registry::{DEFAULT_ID, Registry, SeriesLimit, current::CurrentRecorder, default_registry},
};

/// Sets of enum label values for which a site keeps a table; beyond it they are looked up by text.
const COMBINATIONS_MAX: usize = 4_096;

/// Whether all sets of values are known beforehand, and not too many.
const fn has_table<L: LabelValues>() -> bool {
    L::COMBINATIONS >= 2 && L::COMBINATIONS <= COMBINATIONS_MAX
}

impl Metric {
    /// Finds the cells of a call and counts it in. What is inlined into annotated functions is the case of literal
    /// labels and the installed default registry.
    #[inline(always)]
    pub(super) fn enter<K: Instrument, G: Input>(
        &'static self,
        recorder: CurrentRecorder,
        given: &G,
    ) -> Recording {
        if G::FOLLOWS
            && G::Labels::COMBINATIONS == 1
            && recorder == CurrentRecorder::Ours
            && let Some(cells) = self.ours.get()
        {
            K::enter(cells);
            return Recording::pinned(cells);
        }
        if G::FOLLOWS && recorder == CurrentRecorder::Off {
            return Recording::OFF;
        }
        // Asked here, where the next call asks again: its address may be another one in what is called.
        let lists = G::Labels::LISTS;
        if G::FOLLOWS
            && has_table::<G::Labels>()
            && recorder == CurrentRecorder::Ours
            && let Some(bound) = self.in_table(DEFAULT_ID, lists, given.labels())
        {
            bound.enter::<K>();
            return bound;
        }
        self.enter_elsewhere::<K, G>(recorder, given, lists)
    }

    /// What the table has for these values, if it is about these lists, in this registry.
    #[inline(always)]
    fn in_table<L: LabelValues>(
        &'static self,
        registry: u64,
        lists: Option<&'static Lists>,
        labels: &L,
    ) -> Option<Recording> {
        let dense = self.rare_if_any()?.dense.get()?;
        if dense.is_about(registry, lists) { dense.get(labels.dense_index()) } else { None }
    }

    #[inline(never)]
    fn enter_elsewhere<K: Instrument, G: Input>(
        &'static self,
        recorder: CurrentRecorder,
        given: &G,
        lists: Option<&'static Lists>,
    ) -> Recording {
        let labels = given.labels();
        let bound = match (given.registry(), recorder) {
            (Some(registry), _) => self.find(registry.id(), || registry, labels, lists),
            (None, CurrentRecorder::Ours) => self.find(DEFAULT_ID, default_registry, labels, lists),
            (None, CurrentRecorder::Off) => Recording::OFF,
            (None, CurrentRecorder::Remembered) => self.find_remembered(labels),
            (None, CurrentRecorder::Foreign) => self.find_foreign(labels),
        };
        bound.enter::<K>();
        bound
    }

    #[inline]
    fn find<'r, L: LabelValues>(
        &'static self,
        registry: u64,
        get: impl FnOnce() -> &'r Registry,
        labels: &L,
        lists: Option<&'static Lists>,
    ) -> Recording {
        if L::COMBINATIONS == 1 {
            if let Some(slot) = self.rare_if_any().and_then(|rare| rare.first.get())
                && slot.registry == registry
            {
                return slot.bound();
            }
        } else if has_table::<L>() {
            if let Some(bound) = self.in_table(registry, lists, labels) {
                return bound;
            }
        } else {
            return self.find_near(registry, get, labels);
        }
        self.find_slowly(get(), labels, lists)
    }

    #[inline(never)]
    fn find_slowly<L: LabelValues>(
        &'static self,
        registry: &Registry,
        labels: &L,
        lists: Option<&'static Lists>,
    ) -> Recording {
        let Some(_scope) = Scope::enter_or_refuse(1) else { return Recording::OFF };
        let id = registry.id();
        if L::COMBINATIONS == 1 {
            let Some(slot) = self.fill_first(registry, labels) else { return Recording::OFF };
            if slot.registry == id {
                return slot.bound();
            }
        } else if has_table::<L>() {
            let make = || Dense::new(id, Lists::iter(lists).collect());
            let dense = self.rare().dense.get_or_make(make);
            if dense.is_about(id, lists) && dense.has(labels.dense_index()) {
                return self.fill(dense, labels.dense_index(), registry, labels);
            }
        }
        let key = self.key(id, labels);
        let known = lookup::get(&NEAR, &key, labels);
        known.map_or_else(|| self.find_anew(registry, labels, &key), Recording::held)
    }

    /// By values known only at run time: what this thread was answered with before, or found anew.
    #[inline]
    fn find_near<'r, L: LabelValues>(
        &'static self,
        registry: u64,
        get: impl FnOnce() -> &'r Registry,
        labels: &L,
    ) -> Recording {
        let Some(within) = Within::enter_or_refuse() else { return Recording::OFF };
        let key = self.key(registry, labels);
        let known = lookup::get(&NEAR, &key, labels);
        drop(within);
        known.map_or_else(|| self.find_anew(get(), labels, &key), Recording::held)
    }

    #[cold]
    #[inline(never)]
    fn find_anew<L: LabelValues>(
        &'static self,
        registry: &Registry,
        labels: &L,
        key: &Key,
    ) -> Recording {
        let _scope = Scope::enter();
        // That of any other registry would be kept for longer than the registry.
        let common = (registry.id() == DEFAULT_ID).then(|| &self.rare().common);
        if let Some(held) = common.and_then(|common| lookup::fetch(&NEAR, common, key, labels)) {
            return Recording::held(held);
        }
        let Some(origin) = self.origin(registry, labels, SeriesLimit::Enforced) else {
            return Recording::OFF;
        };
        let series_max = origin.series_max();
        let Some(found) = (self.behaviour.resolve)(origin, self.site_spec()) else {
            return Recording::OFF;
        };
        let found = found.map(|cells| Arc::new(Shared::Cells(cells)));
        Recording::held(match (common, found) {
            (Some(common), found) => lookup::share(&NEAR, common, key, labels, found, series_max),
            (None, Lookup::Own(cells)) => lookup::keep(&NEAR, key, labels, cells),
            (None, Lookup::Overflow(cells)) => Kept::alone(cells),
        })
    }

    #[inline]
    fn key(&'static self, registry: u64, labels: &impl LabelValues) -> Key {
        Key::of(self.owner(registry), labels)
    }

    /// The owner of what a thread keeps: this metric, in a registry.
    #[inline]
    pub(super) fn owner(&'static self, registry: u64) -> Owner {
        Owner { metric: std::ptr::from_ref(self).addr() as u64, registry }
    }

    /// The cells of literal labels, found if they are not yet. A refused registration is kept, as it would be refused again;
    /// a lack of memory is not, and `None`.
    fn fill_first(
        &'static self,
        registry: &Registry,
        labels: &impl LabelValues,
    ) -> Option<&'static Slot> {
        let first = &self.rare().first;
        if let Some(slot) = first.get() {
            return Some(slot);
        }
        let cells = match self.origin(registry, labels, SeriesLimit::Exempt) {
            Some(origin) => Some((self.behaviour.resolve)(origin, self.site_spec())?.into_inner()),
            None => None,
        };
        // Another thread may have been faster; then these cells go.
        let slot = first.get_or_init(|| Slot { registry: registry.id(), cells });
        if slot.registry == DEFAULT_ID {
            self.ours.set(slot.cells.as_ref().unwrap_or(&SiteCells::Nothing));
        }
        Some(slot)
    }

    /// The cells at a position of the table, found if they are not yet.
    fn fill(
        &'static self,
        dense: &'static Dense,
        position: usize,
        registry: &Registry,
        labels: &impl LabelValues,
    ) -> Recording {
        if let Some(bound) = dense.get(position) {
            return bound;
        }
        let Some(origin) = self.origin(registry, labels, SeriesLimit::Exempt) else {
            dense.refuse();
            return Recording::OFF;
        };
        match (self.behaviour.resolve)(origin, self.site_spec()) {
            Some(found) => dense.keep(position, found.into_inner()),
            None => Recording::OFF,
        }
    }

    /// Finds the cells of all sets of labels there are, before any call, and makes their series.
    pub(super) fn create_known(&'static self, registry: &Registry) {
        let Some(lists) = self.site_spec().known_values() else { return };
        // Outside the scope: within it, nothing is recorded.
        let create = |bound: &Recording| {
            if let Some(cells) = bound.as_pinned() {
                cells.create_known();
            }
        };
        if lists.is_empty() {
            let slot = {
                let _scope = Scope::enter();
                self.fill_first(registry, &())
            };
            slot.into_iter().for_each(|slot| create(&slot.bound()));
            return;
        }
        let dense = {
            let _scope = Scope::enter();
            self.rare().dense.get_or_make(|| Dense::new(registry.id(), lists))
        };
        for (position, texts) in combinations(dense.values()).enumerate() {
            let bound = {
                let _scope = Scope::enter();
                self.fill(dense, position, registry, &Texts(&texts))
            };
            create(&bound);
        }
    }

    fn origin(
        &self,
        registry: &Registry,
        labels: &impl LabelValues,
        limit: SeriesLimit,
    ) -> Option<Origin> {
        let function = self.site.function;
        let tell = |error: &_| warn_once(&format!("`{function}` records nothing: {error}"));
        let family = self.register(registry).inspect_err(tell).ok()?;
        Some(Origin { family, labels: self.call_labels(labels), limit })
    }
}
