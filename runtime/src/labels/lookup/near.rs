//! The first-level cache: one table for each thread.
//!
//! Invariant: nothing of the caller's runs while the table is being changed, and what is thrown out is dropped after
//! that: a value that records while it is compared, or the last reference to a series, may come back to this table.
//!
//! Entries are the thread's own, copies of what all threads share: what counts the references to one is written by this
//! thread only, and asking again allocates nothing.

use std::{
    cell::{RefCell, RefMut},
    thread::LocalKey,
};

use super::{
    key::Key,
    table::{Kept, Table},
};
use crate::labels::LabelValues;

/// Places that a table may have: four times the series that a family may have unless its limit says otherwise. Beyond
/// it, the oldest of those that share their places makes room.
const PLACES_MAX: usize = 8_192;

/// What one thread was answered with before, of one kind.
#[derive(Debug)]
pub(crate) struct Near<C> {
    table: RefCell<Table<C>>,
}

impl<C> Near<C> {
    pub(crate) const fn new() -> Self {
        Self { table: RefCell::new(Table::new()) }
    }

    /// Calls `read` with what was kept for these values. What it leads to here is not kept meanwhile.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        key: &Key,
        values: &impl LabelValues,
        read: impl FnOnce(&Kept<C>) -> R,
    ) -> Option<R> {
        let table = self.table.try_borrow().ok()?;
        let kept = table.get(key)?;
        kept.is_for(key, values).then(|| read(kept))
    }

    fn put(&self, key: &Key, kept: Kept<C>) {
        let put = |mut table: RefMut<'_, Table<C>>| table.put(key.hash(), kept, PLACES_MAX);
        let evicted = self.table.try_borrow_mut().ok().and_then(put);
        drop(evicted);
    }
}

/// What this thread kept for these values.
#[inline]
pub(crate) fn get<C>(
    near: &'static LocalKey<Near<C>>,
    key: &Key,
    values: &impl LabelValues,
) -> Option<Kept<C>> {
    near.try_with(|near| near.with(key, values, Kept::clone)).ok().flatten()
}

/// Keeps what these values led to, for this thread. Nothing is kept while the thread ends; then each use finds its series
/// anew.
#[cold]
#[inline(never)]
pub(crate) fn keep<C>(
    near: &'static LocalKey<Near<C>>,
    key: &Key,
    values: &impl LabelValues,
    found: C,
) -> Kept<C> {
    match Kept::of(key, values, found) {
        Ok(kept) => {
            let _ = near.try_with(|near| near.put(key, kept.clone()));
            kept
        }
        Err(found) => Kept::alone(found),
    }
}

#[cfg(test)]
mod tests;
