//! Guards against re-entrancy: what an instrumented allocator records inside the toolkit's own slow paths is not registered there.
//!
//! Invariant: while a thread is inside a [`Scope`] it may hold a lock of a registry or be initialising a
//! site, and it may allocate. A global allocator with an attribute of ours then calls back into a site; such
//! a call records nothing unless its cells are known already, and is counted. A scope is inside the gate that a fork closes.

use std::cell::Cell;

use super::gate::Inside;

thread_local! {
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a scope.
#[inline]
pub(crate) fn is_within() -> bool {
    WITHIN.get()
}

/// What a call does on its way to cells that are known; as a [`Scope`], but for code that takes no lock. Thread-local
/// tables may allocate when a thread first touches them.
#[must_use]
pub(crate) struct Within {
    before: bool,
}

impl Within {
    #[inline]
    pub(crate) fn enter() -> Self {
        Self { before: WITHIN.replace(true) }
    }
}

impl Drop for Within {
    #[inline]
    fn drop(&mut self) {
        WITHIN.set(self.before);
    }
}

/// A slow path under way; dropping it restores what was before.
#[must_use]
pub(crate) struct Scope {
    before: bool,
    _inside: Inside,
}

impl Scope {
    pub(crate) fn enter() -> Self {
        let inside = Inside::enter();
        Self { before: WITHIN.replace(true), _inside: inside }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        WITHIN.set(self.before);
    }
}
