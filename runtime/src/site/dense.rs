//! The table of a site whose label values are all known beforehand: a position for each set of values.
//!
//! Invariant: a position means the same set of values for ever, and a slot is filled once. The lists of values are told by
//! their addresses, of which a program may have several for one list, and by their content where an address is new.

use std::sync::{Arc, OnceLock};

use super::{
    bound::Bound,
    labels::{LabelValues, combinations},
};
use crate::reentry::{self, Scope};

/// Cells that were found once for a registry; `None` if it refused them.
#[derive(Debug)]
pub(super) struct Slot<C> {
    pub(super) registry: u64,
    pub(super) cells: Option<Arc<C>>,
}

impl<C> Slot<C> {
    #[inline]
    pub(super) fn bound(&'static self) -> Bound<C> {
        self.cells.as_deref().map_or(Bound::OFF, Bound::pinned)
    }
}

/// A table of cells, one for each set of enum values.
#[derive(Debug)]
pub(super) struct Dense<C> {
    registry: u64,
    /// The value lists that the table's positions mean.
    pub(super) values: Vec<&'static [&'static str]>,
    /// The same lists at other addresses: each unit of compilation has its own copy of a constant.
    copies: OnceLock<Vec<&'static [&'static str]>>,
    pub(super) slots: Box<[OnceLock<Slot<C>>]>,
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

impl<C> Dense<C> {
    pub(super) fn new(registry: u64, values: Vec<&'static [&'static str]>) -> Self {
        let slots = combinations(&values).map(|_| OnceLock::new()).collect();
        Self { registry, values, copies: OnceLock::new(), slots }
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
