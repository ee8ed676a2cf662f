//! Guards against re-entrancy: what an instrumented allocator records inside the toolkit's own slow paths is not registered there.
//!
//! Invariant: while a thread is inside a [`Scope`] it may hold a lock of a registry or be initialising a
//! site, and it may allocate. A global allocator with an attribute of ours then calls back into a site; such
//! a call records nothing unless its cells are known already, and is counted. A scope is inside the gate that a fork closes.

use std::cell::Cell;

use super::{
    gate::Inside,
    refusals::{Refusal, refuse},
};

thread_local! {
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a scope.
#[inline]
pub(crate) fn is_within() -> bool {
    WITHIN.get()
}

/// Whether this thread is inside a scope; so many observations are then refused, and counted.
#[inline]
pub(crate) fn is_refused(count: u64) -> bool {
    if is_within() {
        refuse(Refusal::Reentrant, count);
        return true;
    }
    false
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

impl Within {
    /// As [`enter`](Self::enter), unless this thread is inside a scope: that refuses one observation.
    #[inline]
    pub(crate) fn enter_or_refuse() -> Option<Self> {
        (!is_refused(1)).then(Self::enter)
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

impl Scope {
    /// As [`enter`](Self::enter), unless this thread is inside a scope already: that refuses so many observations.
    #[inline]
    pub(crate) fn enter_or_refuse(count: u64) -> Option<Self> {
        (!is_refused(count)).then(Self::enter)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        WITHIN.set(self.before);
    }
}
