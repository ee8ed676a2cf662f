//! The table of a site whose label values are all known beforehand: a position for each set of values.
//!
//! Invariant: a position means the same set of values for ever, and is filled once. The lists of values are told by
//! their addresses, of which a program may have several for one list, and by their content where an address is new.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::{
    held::{Bound, SiteCells},
    labels::{LabelValues, combinations},
    pinned::Pinned,
};
use crate::reentry::{self, Scope};

/// A table of cells, one for each set of enum values.
#[derive(Debug)]
pub(super) struct Dense {
    registry: u64,
    /// The value lists that the table's positions mean.
    values: Vec<&'static [&'static str]>,
    /// The same lists at other addresses: each unit of compilation has its own copy of a constant.
    copies: OnceLock<Vec<&'static [&'static str]>>,
    cells: Box<[Pinned<SiteCells>]>,
    /// Whether the registry has refused the family, with whichever labels.
    is_refused: AtomicBool,
}

/// Whether these are the lists of values of `L`, by their addresses.
#[inline(always)]
fn has_lists<L: LabelValues>(lists: &[&'static [&'static str]]) -> bool {
    let mut lists = lists.iter();
    let mut agree = true;
    L::each_values(&mut |list| {
        agree &= lists.next().is_some_and(|known| std::ptr::eq(*known, list));
    });
    agree
}

impl Dense {
    pub(super) fn new(registry: u64, values: Vec<&'static [&'static str]>) -> Self {
        let cells = combinations(&values).map(|_| Pinned::empty()).collect();
        let is_refused = AtomicBool::new(false);
        Self { registry, values, copies: OnceLock::new(), cells, is_refused }
    }

    /// The lists of values, in the order of the labels.
    pub(super) fn values(&self) -> &[&'static [&'static str]] {
        &self.values
    }

    /// What is at a position; `None` if nobody has looked for it.
    #[inline]
    pub(super) fn get(&self, position: usize) -> Option<Bound> {
        match self.cells.get(position)?.get() {
            Some(cells) => Some(Bound::pinned(cells)),
            None => self.is_refused.load(Ordering::Relaxed).then_some(Bound::OFF),
        }
    }

    /// Whether a set of values has a position: one with a value that is not in its list has none.
    pub(super) const fn has(&self, position: usize) -> bool {
        position < self.cells.len()
    }

    /// Fills a position, unless somebody has.
    pub(super) fn set(&self, position: usize, cells: &'static SiteCells) -> Bound {
        Bound::pinned(self.cells.get(position).map_or(cells, |place| place.set(cells)))
    }

    /// Nothing is recorded at any position.
    pub(super) fn refuse(&self) {
        self.is_refused.store(true, Ordering::Relaxed);
    }

    /// Whether its positions mean these lists, in this registry. Inlined everywhere, so that all addresses of the lists
    /// are those of the caller's unit of compilation, on the way that compares and on the way that learns.
    #[inline(always)]
    pub(super) fn is_about<L: LabelValues>(&self, registry: u64) -> bool {
        if self.registry != registry {
            return false;
        }
        let is_known = has_lists::<L>(&self.values)
            || self.copies.get().is_some_and(|copies| has_lists::<L>(copies));
        // Within a slow path, a global allocator may be what asks: it must not allocate to be told.
        is_known
            || !reentry::is_within() && {
                let mut lists = Vec::new();
                let _scope = Scope::enter();
                L::each_values(&mut |list| lists.push(list));
                self.learn_copies(lists)
            }
    }

    /// Compares the lists by their content, and remembers them if they are copies.
    #[cold]
    #[inline(never)]
    fn learn_copies(&self, lists: Vec<&'static [&'static str]>) -> bool {
        let are_copies = lists == self.values;
        if are_copies {
            let _ = self.copies.set(lists);
        }
        are_copies
    }
}
