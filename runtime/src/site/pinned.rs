//! A value that is found once and then read with one load.
//!
//! Invariants: the pointer of a [`Pinned`] is null or comes from a `&'static T`, and once set it never changes. The
//! offset in a [`CounterPlace`] is that of no counter, or of one whose words are never given back. Both are published
//! with Release and read with Acquire, so whatever was written before is seen: a series that is whole, words that are
//! zero. A [`Proven`] is made of what may be shared between threads.

#![allow(
    unsafe_code,
    reason = "one load instead of the three of a `OnceLock`, and statics that the compiler need not look through, in \
              every annotated function"
)]

use std::{
    fmt,
    marker::PhantomData,
    ops::Deref,
    ptr,
    sync::atomic::{AtomicPtr, AtomicU32, Ordering},
};

use crate::cells::CounterCell;

/// What may be shared between threads, which the compiler is told and need not find out: for each annotated function it
/// would look at every type that a static of ours can lead to, which takes it longer than all the rest of the static.
pub(crate) struct Proven<T>(T);

impl<T: Sync> Proven<T> {
    /// Only what may be shared comes in.
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }
}

// SAFETY: there is no other way to make one than `new`, which takes what may be shared; and all that is ever given out is
// a shared reference to it.
unsafe impl<T> Sync for Proven<T> {}

impl<T> Deref for Proven<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

/// See the module. A `OnceLock` of a reference takes twice the memory and a second load.
pub(crate) struct Pinned<T: 'static> {
    pointer: AtomicPtr<T>,
    pinned: PhantomData<&'static T>,
}

impl<T> Pinned<T> {
    pub(crate) const fn empty() -> Self {
        Self { pointer: AtomicPtr::new(ptr::null_mut()), pinned: PhantomData }
    }

    /// What was set.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&'static T> {
        // SAFETY: null or a `&'static T`; Acquire pairs with `set`, so what it refers to is seen whole.
        unsafe { self.pointer.load(Ordering::Acquire).cast_const().as_ref() }
    }

    /// Sets it, unless it was set; answers with what is there then.
    pub(crate) fn set(&self, value: &'static T) -> &'static T {
        let new = ptr::from_ref(value).cast_mut();
        match self.pointer.compare_exchange(
            ptr::null_mut(),
            new,
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => value,
            // SAFETY: not null, so it was set, with Release, from a `&'static T`.
            Err(before) => unsafe { &*before },
        }
    }

    /// What was set, else what `make` makes, which is kept for ever.
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &'static T {
        match self.get() {
            Some(value) => value,
            None => self.keep(make()),
        }
    }

    /// Keeps a value for ever, unless one was set; answers with the one that is there then. The other one is dropped: two
    /// threads may have found the same at once.
    pub(crate) fn keep(&self, value: T) -> &'static T {
        let made = Box::into_raw(Box::new(value));
        // SAFETY: it was made here, and no other thread knows it.
        let kept = self.set(unsafe { &*made });
        if !ptr::eq(kept, made) {
            // SAFETY: `set` kept another one, so no other thread has this one.
            drop(unsafe { Box::from_raw(made) });
        }
        kept
    }
}

impl<T: fmt::Debug> fmt::Debug for Pinned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pinned").field(&self.get()).finish()
    }
}

/// The place of a counter that is found later. It is smaller than the series, and nearer.
#[derive(Debug)]
pub(super) struct CounterPlace(AtomicU32);

impl CounterPlace {
    pub(super) const fn empty() -> Self {
        Self(AtomicU32::new(CounterCell::NONE.offset()))
    }

    /// Sets it to a counter whose series is kept for as long as the place.
    pub(super) fn set(&self, cell: CounterCell) {
        self.0.store(cell.offset(), Ordering::Release);
    }

    /// Adds `n`; `false` if there is no counter yet.
    #[inline(always)]
    pub(super) fn try_add(&self, n: u64) -> bool {
        CounterCell::of_offset(self.0.load(Ordering::Acquire)).try_add(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_one_stays() {
        // A static, as sites are: what it keeps is kept for ever.
        static PINNED: Pinned<i32> = Pinned::empty();
        assert_eq!(PINNED.get(), None);
        assert_eq!(PINNED.get_or_make(|| 1), &1);
        assert_eq!(PINNED.get_or_make(|| 2), &1);
        assert_eq!(PINNED.set(&3), &1);
        assert_eq!(PINNED.keep(4), &1);
        assert_eq!(PINNED.get(), Some(&1));
    }
}
