//! The locks of the toolkit: the standard library's, each taken inside the gate that a fork closes.
//!
//! Invariant: no lock of these is held, and no cell of these is half initialised, while the process forks, unless by
//! the thread that forks. Whatever the child does with them it therefore does as in a new process.

use std::{
    ops::{Deref, DerefMut},
    sync::{self, LockResult, PoisonError, TryLockError},
};

use super::gate::Inside;

/// A guard of the standard library's, and the stay inside the gate that ends after it.
pub(crate) struct Guard<G> {
    guard: G,
    _inside: Inside,
}

impl<G> Guard<G> {
    fn of(lock: impl FnOnce() -> LockResult<G>) -> LockResult<Self> {
        let inside = Inside::enter();
        match lock() {
            Ok(guard) => Ok(Self { guard, _inside: inside }),
            Err(poisoned) => {
                Err(PoisonError::new(Self { guard: poisoned.into_inner(), _inside: inside }))
            }
        }
    }
}

impl<G: Deref> Deref for Guard<G> {
    type Target = G::Target;

    fn deref(&self) -> &G::Target {
        &self.guard
    }
}

impl<G: DerefMut> DerefMut for Guard<G> {
    fn deref_mut(&mut self) -> &mut G::Target {
        &mut self.guard
    }
}

/// As the standard library's.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(sync::Mutex<T>);

/// What holds a [`Mutex`].
pub(crate) type MutexGuard<'a, T> = Guard<sync::MutexGuard<'a, T>>;

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Guard::of(|| self.0.lock())
    }

    /// The guard, if the lock is free.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let inside = Inside::enter();
        match self.0.try_lock() {
            Ok(guard) => Some(Guard { guard, _inside: inside }),
            Err(TryLockError::Poisoned(poisoned)) => {
                Some(Guard { guard: poisoned.into_inner(), _inside: inside })
            }
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// As the standard library's.
#[derive(Debug, Default)]
pub(crate) struct RwLock<T>(sync::RwLock<T>);

impl<T> RwLock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(sync::RwLock::new(value))
    }

    pub(crate) fn read(&self) -> LockResult<Guard<sync::RwLockReadGuard<'_, T>>> {
        Guard::of(|| self.0.read())
    }

    pub(crate) fn write(&self) -> LockResult<Guard<sync::RwLockWriteGuard<'_, T>>> {
        Guard::of(|| self.0.write())
    }
}

/// As the standard library's. Reading it goes through no gate.
#[derive(Clone, Debug)]
pub(crate) struct OnceLock<T>(sync::OnceLock<T>);

impl<T> Default for OnceLock<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> OnceLock<T> {
    pub(crate) const fn new() -> Self {
        Self(sync::OnceLock::new())
    }

    #[inline]
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.get()
    }

    pub(crate) fn set(&self, value: T) -> Result<(), T> {
        let _inside = Inside::enter();
        self.0.set(value)
    }

    #[inline]
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        match self.0.get() {
            Some(value) => value,
            None => self.init(make),
        }
    }

    #[cold]
    fn init(&self, make: impl FnOnce() -> T) -> &T {
        let _inside = Inside::enter();
        self.0.get_or_init(make)
    }
}

/// As the standard library's, for a function that captures nothing.
#[derive(Debug)]
pub(crate) struct LazyLock<T> {
    value: OnceLock<T>,
    make: fn() -> T,
}

impl<T> LazyLock<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self { value: OnceLock::new(), make }
    }
}

impl<T> Deref for LazyLock<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value.get_or_init(self.make)
    }
}
