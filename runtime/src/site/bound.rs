//! What a call keeps of one metric while it runs.
//!
//! Two fields instead of an enum: cells of a site are by far the most frequent, and a call that has them tests
//! one pointer on its way out and another to see that there is nothing to free.

use std::sync::Arc;

use super::{exit::Exit, foreign::Foreign, labels::LabelValues, metric::Instrument};

/// Cells of a site, or what it holds a reference to, or nothing.
#[derive(Debug)]
pub struct Bound<C: 'static> {
    pinned: Option<&'static C>,
    held: Option<Arc<Held<C>>>,
}

/// What a call shares with others.
#[derive(Debug)]
pub enum Held<C> {
    /// Cells of label values known only at run time.
    Cells(C),
    /// Handles of another recorder.
    Foreign(Foreign),
}

impl<C> Bound<C> {
    /// Nothing is recorded.
    pub(super) const OFF: Self = Self { pinned: None, held: None };

    #[inline]
    pub(super) const fn pinned(cells: &'static C) -> Self {
        Self { pinned: Some(cells), held: None }
    }

    #[inline]
    pub(super) const fn held(held: Arc<Held<C>>) -> Self {
        Self { pinned: None, held: Some(held) }
    }

    #[inline]
    pub(super) const fn is_on(&self) -> bool {
        self.pinned.is_some() || self.held.is_some()
    }

    #[inline]
    pub(super) const fn is_owner(&self) -> bool {
        self.held.is_some()
    }

    #[inline]
    pub(super) fn enter<K: Instrument<Cells = C>>(&self) {
        match (self.pinned, self.held.as_deref()) {
            (Some(cells), _) | (None, Some(Held::Cells(cells))) => K::enter(cells),
            (None, Some(Held::Foreign(foreign))) => foreign.enter(),
            (None, None) => {}
        }
    }

    #[inline]
    pub(super) fn leave<K, L>(&self, exit: &Exit<'_>, returned: &L)
    where
        K: Instrument<Cells = C>,
        L: LabelValues,
    {
        match self.pinned {
            Some(cells) => K::leave(cells, exit, returned),
            None => self.leave_held::<K, L>(exit, returned),
        }
    }

    #[inline(never)]
    fn leave_held<K, L>(&self, exit: &Exit<'_>, returned: &L)
    where
        K: Instrument<Cells = C>,
        L: LabelValues,
    {
        match self.held.as_deref() {
            Some(Held::Cells(cells)) => K::leave(cells, exit, returned),
            Some(Held::Foreign(foreign)) => foreign.leave(exit, returned),
            None => {}
        }
    }
}
