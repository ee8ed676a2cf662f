//! Labels that the returned value gives: a call's series is known when the call ends.
//!
//! Invariant: a [`LateCells`] holds what is known at entry, a family and the labels of the call, and an id that is
//! never used again; so an entry of the per-thread cache that bears this id cannot belong to anything else.

use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::LocalKey,
};

use yardstick_model::{Kind, NONE_VALUE, Unit};

use super::{
    bound::Held,
    exit::Exit,
    facts::Facts,
    foreign::ForeignKind,
    instrument::cache,
    labels::LabelValues,
    metric::{Instrument, Origin},
};
use crate::{
    diagnostics::{Refusal, refuse},
    lookup::{Key, Near, Owner},
    reentry::{self, Scope},
    registry::Demand,
};

/// What `K` records, into series that the result chooses.
#[derive(Debug)]
pub struct ByResult<K>(PhantomData<K>);

/// Where the series of one set of entry labels are.
#[derive(Debug)]
pub struct LateCells {
    id: LateId,
    origin: Origin,
    facts: &'static Facts,
}

/// The identity of what waits for labels from a result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LateId(u64);

impl LateId {
    /// A new one.
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The owner of cache entries under this id. No registry has the id that stands beside it.
    pub(crate) const fn owner(self) -> Owner {
        self.owner_after(0)
    }

    /// The owner of entries that are of use until something else has happened so many times.
    pub(crate) const fn owner_after(self, times: u64) -> Owner {
        Owner { metric: self.0, registry: u64::MAX - times }
    }
}

/// The labels of a call without a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Absent(pub(super) usize);

impl LabelValues for Absent {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        0
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        (0..self.0).for_each(|_| read(NONE_VALUE));
    }
}

impl LateCells {
    #[cold]
    #[inline(never)]
    fn find<K: Instrument, L: LabelValues>(
        &self,
        key: &Key,
        returned: &L,
    ) -> Option<Arc<Held<K::Cells>>> {
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return None;
        }
        let _scope = Scope::enter();
        let mut origin = Origin { demand: Demand::Open, ..self.origin.clone() };
        let mut names = self.facts.returned_names();
        returned.each_text(&mut |text| {
            origin.labels.extend(names.next().map(|name| (name, text.to_owned())));
        });
        let (cells, may_keep) = K::resolve(origin, self.facts)?;
        let cells = Arc::new(Held::Cells(cells));
        if may_keep {
            let kept = Arc::clone(&cells);
            // Fails only while the thread ends; then each record finds its series anew.
            let _ = K::cache().try_with(|cache| cache.put(key, returned, kept));
        }
        Some(cells)
    }
}

impl<K: Instrument> Instrument for ByResult<K> {
    const KIND: Kind = K::KIND;
    const UNIT: Option<Unit> = K::UNIT;
    const DEFAULT_NAME: &'static str = K::DEFAULT_NAME;
    const DEFAULT_HELP: &'static str = K::DEFAULT_HELP;
    const OWN_LABEL: Option<&'static str> = K::OWN_LABEL;
    const OWN_VALUES: &'static [&'static str] = K::OWN_VALUES;
    const TIMED: bool = K::TIMED;
    const BY_RESULT: bool = true;
    const KNOWN_SERIES: usize = 0;
    const FOREIGN: ForeignKind = K::FOREIGN;
    type Cells = LateCells;

    fn generated_help(subject: &str) -> String {
        K::generated_help(subject)
    }

    fn resolve(origin: Origin, facts: &'static Facts) -> Option<(LateCells, bool)> {
        Some((LateCells { id: LateId::next(), origin, facts }, true))
    }

    fn create_known(_: &LateCells) {}

    #[inline]
    fn enter(_: &LateCells) {}

    #[inline(never)]
    fn leave<L: LabelValues>(cells: &LateCells, exit: &Exit<'_>, returned: &L) {
        let key = Key::of(cells.id.owner(), returned);
        let known = K::cache().try_with(|cache| cache.get(&key, returned)).ok().flatten();
        let found = known.or_else(|| cells.find::<K, L>(&key, returned));
        if let Some(Held::Cells(found)) = found.as_deref() {
            K::leave(found, exit, &());
        }
    }

    cache!(LateCells);
}
