//! The table of a site whose label values are all known at compile time: one place for each set of values.
//!
//! Invariant: a position means the same set of values for ever, and is filled once. The lists of values are told by
//! their addresses, of which a program may have several for one list, and by their content where an address is new.

use std::{
    ptr,
    sync::atomic::{AtomicBool, AtomicPtr, Ordering},
};

use super::{
    pinned::Pinned,
    recording::{Recording, SiteCells},
};
use crate::labels::{Lists, combinations};

/// A table of cells, one for each set of enum values.
#[derive(Debug)]
pub(super) struct Dense {
    registry: u64,
    /// The value lists that the table's positions mean.
    values: Vec<&'static [&'static str]>,
    /// Where a call that means these lists has them; the last such call.
    known: AtomicPtr<Lists>,
    cells: Box<[Pinned<SiteCells>]>,
    /// Whether the registry has refused the family, with whichever labels.
    is_refused: AtomicBool,
}

impl Dense {
    pub(super) fn new(registry: u64, values: Vec<&'static [&'static str]>) -> Self {
        let cells = combinations(&values).map(|_| Pinned::empty()).collect();
        let is_refused = AtomicBool::new(false);
        Self { registry, values, known: AtomicPtr::new(ptr::null_mut()), cells, is_refused }
    }

    /// The lists of values, in the order of the labels.
    pub(super) fn values(&self) -> &[&'static [&'static str]] {
        &self.values
    }

    /// What is at a position; `None` if it was not looked for yet.
    #[inline]
    pub(super) fn get(&self, position: usize) -> Option<Recording> {
        match self.cells.get(position)?.get() {
            Some(cells) => Some(Recording::pinned(cells)),
            None => self.is_refused.load(Ordering::Relaxed).then_some(Recording::OFF),
        }
    }

    /// Whether a set of values has a position: one with a value that is not in its list has none.
    pub(super) const fn has(&self, position: usize) -> bool {
        position < self.cells.len()
    }

    /// Fills a position, unless it is filled.
    pub(super) fn keep(&self, position: usize, cells: SiteCells) -> Recording {
        self.cells
            .get(position)
            .map_or(Recording::OFF, |place| Recording::pinned(place.keep(cells)))
    }

    /// Nothing is recorded at any position.
    pub(super) fn refuse(&self) {
        self.is_refused.store(true, Ordering::Relaxed);
    }

    /// Whether its positions mean these lists, in this registry. They are those of the place that asks: an annotated
    /// function and what it calls may have copies at different addresses.
    #[inline(always)]
    pub(super) fn is_about(&self, registry: u64, lists: Option<&'static Lists>) -> bool {
        let address = lists.map_or(ptr::null(), ptr::from_ref);
        self.registry == registry
            && (ptr::eq(self.known.load(Ordering::Relaxed), address) || self.learn(lists))
    }

    /// Compares the lists by their content, and remembers where these are. Within a slow path, a global allocator may be
    /// what asks, so nothing is allocated.
    #[cold]
    #[inline(never)]
    fn learn(&self, lists: Option<&'static Lists>) -> bool {
        let are_the_same = Lists::iter(lists).eq(self.values.iter().copied());
        if are_the_same && let Some(lists) = lists {
            // Relaxed: it is only ever compared.
            self.known.store(ptr::from_ref(lists).cast_mut(), Ordering::Relaxed);
        }
        are_the_same
    }
}
