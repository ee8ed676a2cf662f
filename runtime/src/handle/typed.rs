//! A metric with typed labels: its series are found by arithmetic where all values are known beforehand, and
//! through a per-thread cache otherwise.
//!
//! Invariant: a slot of `dense` and an entry of the cache hold the handle of exactly the label set that leads to
//! them. The cache's key is an id that is never used again.

use std::{fmt, marker::PhantomData, ops::Deref, sync::Arc, thread::LocalKey};

use crate::{
    base::lock::OnceLock,
    handle::label_set::{LabelSet, SetAndText, SetValues},
    labels::{
        LabelValues, combinations,
        lookup::{self, Common, Key, Lookup, LookupId, Near, Removable},
    },
    registry::{FamilyCore, SeriesLimit, Tabled},
};

/// Sets of values for which a metric keeps a table; beyond it they are looked up by text.
const COMBINATIONS_MAX: usize = 4_096;

/// A kind of metric, and what its series are recorded with.
#[doc(hidden)]
pub trait MetricKind: Sized + 'static {
    /// What one series is recorded with.
    type One: Clone + fmt::Debug + OfFamily + Send + Sync + 'static;
    /// The handle of one series.
    type Handle: Clone + fmt::Debug + Send + Sync + 'static;
    /// The metric with labels of this type.
    type Of<L: LabelSet>;
    /// Series of a family that may exist before their first event.
    const ZERO_SERIES_MAX: usize;
    /// The one series of a family without labels; `None` when no words are left.
    fn one(family: FamilyRef) -> Option<Self::One>;
    /// The metric of a family with labels; `None` when no words are left.
    fn typed<L: LabelSet>(family: FamilyRef) -> Option<Typed<Self, L>>;
    /// What a metric keeps.
    fn store<L: LabelSet>(metric: &Self::Of<L>) -> &L::Store<Self>;
    /// The only series of a metric without labels.
    fn only(metric: &Self::Of<()>) -> SeriesRef<'_, Self::Handle>;
    /// The series with these labels.
    fn child<'m, L: LabelSet>(typed: &'m Typed<Self, L>, labels: &L)
    -> SeriesRef<'m, Self::Handle>;
}

/// A registered family.
#[doc(hidden)]
pub struct FamilyRef(pub(crate) Arc<FamilyCore>);

impl fmt::Debug for FamilyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a metric keeps knows the family that it belongs to.
#[doc(hidden)]
pub trait OfFamily {
    /// The family; `None` for one of several series.
    fn family(&self) -> Option<FamilyRef>;
}

/// How a kind's handles are found.
pub(crate) trait OfKind: MetricKind<Handle: Removable> {
    /// The series.
    type Series: Tabled;
    /// The handle of a series.
    fn handle(series: Arc<Self::Series>) -> Self::Handle;
    /// This thread's handles of label sets known only at run time.
    fn cache() -> &'static LocalKey<Near<Self::Handle>>;
}

/// What a metric with labels keeps.
pub struct Typed<K: MetricKind, L> {
    shared: Arc<Shared<K>>,
    labels: PhantomData<fn(&L)>,
}

struct Shared<K: MetricKind> {
    id: LookupId,
    core: Arc<FamilyCore>,
    names: Vec<&'static str>,
    /// What answers for label sets that cannot have a series of their own.
    overflow: K::Handle,
    /// What threads found by values known only at run time.
    common: Common<K::Handle>,
    /// A handle for each set of values, if all are known.
    dense: Box<[OnceLock<K::Handle>]>,
}

/// A handle of one of several series: kept by the metric, or shared with this thread's cache.
#[derive(Debug)]
pub struct SeriesRef<'m, H>(Kept<'m, H>);

#[derive(Debug)]
enum Kept<'m, H> {
    Pinned(&'m H),
    Shared(lookup::Kept<H>),
}

impl<'m, H> SeriesRef<'m, H> {
    #[inline]
    pub(crate) const fn pinned(handle: &'m H) -> Self {
        Self(Kept::Pinned(handle))
    }
}

impl<H> Deref for SeriesRef<'_, H> {
    type Target = H;

    #[inline]
    fn deref(&self) -> &H {
        match &self.0 {
            Kept::Pinned(handle) => handle,
            Kept::Shared(handle) => handle,
        }
    }
}

#[allow(private_bounds, reason = "every kind is one; its series are internal")]
impl<K: OfKind, L: LabelSet> Typed<K, L> {
    /// The metric of a family; the series of all label sets known beforehand exist from now on, if they are at
    /// most `zero_series_max`.
    ///
    /// `None` when no words are left.
    pub(super) fn new(core: Arc<FamilyCore>) -> Option<Self> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        let overflow = K::handle(core.reserve_overflow(&names)?);
        let combinations = L::combinations();
        let dense = if combinations <= COMBINATIONS_MAX { combinations } else { 0 };
        let shared = Shared {
            id: LookupId::next(),
            core,
            names,
            overflow,
            common: Common::new(),
            dense: (0..dense).map(|_| OnceLock::new()).collect(),
        };
        let typed = Self { shared: Arc::new(shared), labels: PhantomData };
        if dense <= K::ZERO_SERIES_MAX {
            typed.create_known();
        }
        Some(typed)
    }

    fn create_known(&self) {
        let mut lists = Vec::new();
        L::each_values(&mut |list| lists.push(list));
        for (texts, slot) in combinations(&lists).zip(&self.shared.dense) {
            if let Some(Lookup::Own(handle)) = self.shared.find(&texts, SeriesLimit::Exempt) {
                let _ = slot.set(handle);
            }
        }
    }

    #[inline]
    pub(super) fn with(&self, labels: &L) -> SeriesRef<'_, K::Handle> {
        if L::combinations() > 0
            && let Some(slot) = self.shared.dense.get(labels.dense_index())
        {
            return match slot.get() {
                Some(handle) => SeriesRef(Kept::Pinned(handle)),
                None => self.shared.pin(slot, &SetValues(labels)),
            };
        }
        self.shared.cached(&SetValues(labels))
    }

    /// The series with the labels that a set and a text give together, found without making one of them.
    pub(crate) fn with_text(&self, labels: &impl LabelSet, text: &str) -> SeriesRef<'_, K::Handle> {
        self.shared.cached(&SetAndText(labels, text))
    }

    /// Leaves a series out of the exposition; see `Family::remove`.
    pub(super) fn remove(&self, labels: &L) -> bool {
        let mut texts = Vec::new();
        labels.each_text(&mut |text| texts.push(text.to_owned()));
        let pairs = self.shared.names.iter().copied().zip(texts.iter().map(String::as_str));
        K::Series::table(&self.shared.core.tables)
            .is_some_and(|table| table.remove(&self.shared.core.label_text(pairs)))
    }

    pub(super) fn clear(&self) {
        if let Some(table) = K::Series::table(&self.shared.core.tables) {
            table.clear();
        }
    }
}

impl<K: OfKind> Shared<K> {
    /// The handle of these values.
    fn find<T: AsRef<str>>(&self, texts: &[T], limit: SeriesLimit) -> Option<Lookup<K::Handle>> {
        let pairs: Vec<_> =
            self.names.iter().copied().zip(texts.iter().map(AsRef::as_ref)).collect();
        self.core.series::<K::Series>(&pairs, limit).map(|found| found.map(K::handle))
    }

    #[cold]
    #[inline(never)]
    fn pin<'m>(
        &'m self,
        slot: &'m OnceLock<K::Handle>,
        values: &impl LabelValues,
    ) -> SeriesRef<'m, K::Handle> {
        match self.find_values(values, SeriesLimit::Exempt).and_then(Lookup::own) {
            Some(handle) => SeriesRef(Kept::Pinned(slot.get_or_init(|| handle))),
            None => SeriesRef(Kept::Pinned(&self.overflow)),
        }
    }

    #[inline(never)]
    fn cached(&self, values: &impl LabelValues) -> SeriesRef<'_, K::Handle> {
        let key = Key::of(self.id.owner(), values);
        match lookup::get(K::cache(), &key, values) {
            Some(handle) => SeriesRef(Kept::Shared(handle)),
            None => self.cached_by_none(&key, values),
        }
    }

    #[cold]
    #[inline(never)]
    fn cached_by_none(&self, key: &Key, values: &impl LabelValues) -> SeriesRef<'_, K::Handle> {
        if let Some(handle) = lookup::fetch(K::cache(), &self.common, key, values) {
            return SeriesRef(Kept::Shared(handle));
        }
        let found = self.find_values(values, SeriesLimit::Enforced);
        let Some(found @ Lookup::Own(_)) = found else {
            return SeriesRef(Kept::Pinned(&self.overflow));
        };
        let series_max = self.core.meta.series_max;
        let kept = lookup::share(K::cache(), &self.common, key, values, found, series_max);
        SeriesRef(Kept::Shared(kept))
    }

    fn find_values(
        &self,
        values: &impl LabelValues,
        limit: SeriesLimit,
    ) -> Option<Lookup<K::Handle>> {
        let mut texts = Vec::new();
        values.each_text(&mut |text| texts.push(text.to_owned()));
        self.find(&texts, limit)
    }
}

impl<K: MetricKind, L> OfFamily for Typed<K, L> {
    fn family(&self) -> Option<FamilyRef> {
        Some(FamilyRef(Arc::clone(&self.shared.core)))
    }
}

impl<K: MetricKind, L> Clone for Typed<K, L> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), labels: PhantomData }
    }
}

impl<K: MetricKind, L> fmt::Debug for Typed<K, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("family", &self.shared.core.meta.name).finish_non_exhaustive()
    }
}

/// The kind of a handle, and what handles with labels can do.
macro_rules! metric_kind {
    ($handle:ident, $kind:ident, $one:ident, $series:ident, $zero_series_max:expr) => {
        #[doc(hidden)]
        #[derive(Debug)]
        pub struct $kind;

        impl $crate::handle::MetricKind for $kind {
            type One = $one;
            type Handle = $handle;
            type Of<L: LabelSet> = $handle<L>;
            const ZERO_SERIES_MAX: usize = $zero_series_max;

            fn one(family: $crate::handle::FamilyRef) -> Option<$one> {
                let found =
                    family.0.series::<$series>(&[], $crate::registry::SeriesLimit::Enforced)?;
                let mut store = $handle::of_series(found.into_inner()).store;
                store.family = Some(family.0);
                Some(store)
            }

            fn typed<L: LabelSet>(
                family: $crate::handle::FamilyRef,
            ) -> Option<$crate::handle::Typed<Self, L>> {
                $crate::handle::Typed::new(family.0)
            }

            #[inline]
            fn store<L: LabelSet>(metric: &$handle<L>) -> &L::Store<Self> {
                &metric.store
            }

            #[inline]
            fn only(metric: &$handle) -> $crate::handle::SeriesRef<'_, $handle> {
                $crate::handle::SeriesRef::pinned(metric)
            }

            #[inline]
            fn child<'m, L: LabelSet>(
                typed: &'m $crate::handle::Typed<Self, L>,
                labels: &L,
            ) -> $crate::handle::SeriesRef<'m, $handle> {
                typed.with(labels)
            }
        }

        impl $crate::labels::lookup::Removable for $handle {
            fn is_removed(&self) -> bool {
                use $crate::registry::series::Series as _;
                self.store.series.hidden().load(std::sync::atomic::Ordering::Relaxed)
            }
        }

        impl $crate::handle::OfFamily for $one {
            fn family(&self) -> Option<$crate::handle::FamilyRef> {
                self.family.clone().map($crate::handle::FamilyRef)
            }
        }

        impl $crate::handle::OfKind for $kind {
            type Series = $series;

            fn handle(series: Arc<$series>) -> $handle {
                $handle::of_series(series)
            }

            fn cache() -> &'static std::thread::LocalKey<$crate::labels::lookup::Near<$handle>> {
                thread_local! {
                    static CACHE: $crate::labels::lookup::Near<$handle> =
                        const { $crate::labels::lookup::Near::new() };
                }
                &CACHE
            }
        }

        impl<L: LabelSet> $handle<L> {
            pub(crate) const fn of_store(store: L::Store<$kind>) -> Self {
                Self { store }
            }

            pub(crate) fn family(&self) -> Option<$crate::handle::FamilyRef> {
                $crate::handle::OfFamily::family(&self.store)
            }
        }

        impl<L: LabelSet<Store<$kind> = $crate::handle::Typed<$kind, L>>> $handle<L> {
            /// The series with these labels; made, at zero, if it is missing. Found by arithmetic if all labels
            /// are enums or `bool`, through a cache of this thread otherwise; neither locks nor allocates once it
            /// knows the set. A set beyond the family's limit is answered with the overflow series.
            #[inline]
            pub fn with(&self, labels: &L) -> $crate::handle::SeriesRef<'_, $handle> {
                self.store.with(labels)
            }

            /// Leaves a series out of the exposition, and gives its place in the limit to the next label set; `false` if
            /// none is shown with these values. A series that is still held, as this metric does where all values are
            /// known beforehand, reads zero, and comes back when it is recorded to: beyond the limit if the family is
            /// full by then, which is counted in `yardstick_series_beyond_limit_total`.
            pub fn remove(&self, labels: &L) -> bool {
                self.store.remove(labels)
            }

            /// Leaves all series out, as [`remove`](Self::remove) does with one.
            pub fn clear(&self) {
                self.store.clear();
            }
        }

        impl<L: LabelSet> Clone for $handle<L> {
            fn clone(&self) -> Self {
                Self { store: self.store.clone() }
            }
        }

        impl<L: LabelSet> std::fmt::Debug for $handle<L> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.store, f)
            }
        }
    };
}
pub(super) use metric_kind;
