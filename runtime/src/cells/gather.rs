//! The readers' lock.
//!
//! Invariant: whoever reads words of lanes that other threads lease holds the lock. Two reads are
//! thereby ordered, and the second sees at least what the first saw: relaxed loads of one word obey
//! read-read coherence once a lock orders them. Writers never come here.

use super::sync::{AtomicBool, Ordering, yield_now};

/// Proof that the gather lock is held; dropping it opens the lock.
///
/// Hold it for the reads of one family and for nothing else. A series must not be dropped meanwhile:
/// the release of its words takes the lock too.
pub(crate) struct Gathering<'a> {
    lock: &'a GatherLock,
}

/// A lock of our own because a fork must be able to carry it into the child, and because code under
/// ThreadSanitizer may only synchronise through atomics that were compiled with it.
pub(super) struct GatherLock {
    held: AtomicBool,
}

impl GatherLock {
    #[cfg(not(yardstick_loom))]
    pub(super) const fn new() -> Self {
        Self { held: AtomicBool::new(false) }
    }

    #[cfg(yardstick_loom)]
    pub(super) fn new() -> Self {
        Self { held: AtomicBool::new(false) }
    }

    pub(super) fn lock(&self) -> Gathering<'_> {
        self.close();
        Gathering { lock: self }
    }

    /// Waits for the lock and keeps it closed until [`open`](Self::open). Readers are few and each holds
    /// it for microseconds, so waiting yields.
    pub(super) fn close(&self) {
        while self.held.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_err()
        {
            yield_now();
        }
    }

    /// Opens the lock.
    pub(super) fn open(&self) {
        self.held.store(false, Ordering::Release);
    }
}

impl Drop for Gathering<'_> {
    fn drop(&mut self) {
        self.lock.open();
    }
}

#[cfg(not(yardstick_loom))]
pub(super) static GATHER_LOCK: GatherLock = GatherLock::new();

/// Takes the process' gather lock.
#[cfg(not(yardstick_loom))]
pub(crate) fn gathering() -> Gathering<'static> {
    GATHER_LOCK.lock()
}
