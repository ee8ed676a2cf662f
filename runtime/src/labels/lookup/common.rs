//! The second-level cache: one table for each metric, shared by all threads.
//!
//! Invariants: nothing of the caller's runs, and nothing is dropped, while the lock is held. What was removed is held for
//! no longer than until the table has doubled: a table is never more than twice as large, and 64 places, as what is shown
//! needs.

use std::{sync::PoisonError, thread::LocalKey};

use super::{
    answer::Lookup,
    key::Key,
    near::{self, Near},
    table::{Kept, Table},
};
use crate::{base::lock::RwLock, labels::LabelValues};

/// Entries that are kept before it is looked which of them are of no use any more.
const SWEEP_MIN: usize = 64;

/// Series that places are kept for, whatever the limit of the metric: 2^20, which take two hundred megabytes.
const SERIES_MAX: usize = 1 << 20;

/// What a table may keep: a reference to a series, that may have been removed.
pub(crate) trait Removable: Clone {
    /// Whether the series was removed, and nothing recorded to it since the last gather.
    fn is_removed(&self) -> bool;
}

/// What any thread was answered with before, of one metric.
#[derive(Debug)]
pub(crate) struct Common<C> {
    shelf: RwLock<Shelf<C>>,
}

#[derive(Debug)]
struct Shelf<C> {
    table: Table<C>,
    sweep_at: usize,
}

impl<C: Removable> Common<C> {
    pub(crate) const fn new() -> Self {
        Self { shelf: RwLock::new(Shelf { table: Table::new(), sweep_at: SWEEP_MIN }) }
    }

    fn get(&self, key: &Key, values: &impl LabelValues) -> Option<C> {
        let kept = {
            let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
            let kept = shelf.table.get(key)?;
            if key.is_whole() {
                return Some(C::clone(kept));
            }
            kept.clone()
        };
        kept.is_for(key, values).then(|| C::clone(&kept))
    }

    /// Keeps what was found. A metric of so many series has at most twice as many places and 64, rounded up to a power of
    /// two.
    fn put(&self, key: &Key, kept: Kept<C>, series_max: usize) {
        let places_max = (2 * series_max.min(SERIES_MAX) + SWEEP_MIN).next_power_of_two();
        let gone = {
            let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            let swept = shelf.sweep_if_due(key);
            let evicted = shelf.table.put(key.hash(), kept, places_max);
            (swept, evicted)
        };
        drop(gone);
    }

    /// Lets everything go.
    pub(crate) fn forget(&self) {
        let empty = Shelf { table: Table::new(), sweep_at: SWEEP_MIN };
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        let gone = std::mem::replace(&mut *shelf, empty);
        drop(shelf);
        drop(gone);
    }

    /// How many entries it keeps.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).table.len()
    }
}

impl<C: Removable> Shelf<C> {
    /// Takes out what was removed, and what another owner kept: it is not asked for again.
    fn sweep_if_due(&mut self, key: &Key) -> Vec<Kept<C>> {
        if self.table.len() < self.sweep_at {
            return Vec::new();
        }
        let swept = self.table.retain(|owner, found| owner == key.owner() && !found.is_removed());
        self.sweep_at = SWEEP_MIN.max(2 * self.table.len());
        swept
    }
}

/// What another thread kept for these values, kept from now on for this one too.
#[cold]
#[inline(never)]
pub(crate) fn fetch<C: Removable>(
    near: &'static LocalKey<Near<C>>,
    common: &Common<C>,
    key: &Key,
    values: &impl LabelValues,
) -> Option<Kept<C>> {
    common.get(key, values).map(|found| near::keep(near, key, values, found))
}

/// Keeps what these values led to, for this thread and all others, unless it is the overflow series. The metric has so
/// many series.
pub(crate) fn share<C: Removable>(
    near: &'static LocalKey<Near<C>>,
    common: &Common<C>,
    key: &Key,
    values: &impl LabelValues,
    found: Lookup<C>,
    series_max: usize,
) -> Kept<C> {
    let found = match found {
        Lookup::Own(found) => found,
        Lookup::Overflow(found) => return Kept::alone(found),
    };
    if let Ok(kept) = Kept::of(key, values, found.clone()) {
        common.put(key, kept, series_max);
    }
    near::keep(near, key, values, found)
}

#[cfg(test)]
mod tests;
