//! The readers' lock.
//!
//! Invariant: whoever reads words of lanes that other threads lease holds the lock. Two reads are
//! thereby ordered, and the second sees at least what the first saw: relaxed loads of one word obey
//! read-read coherence once a lock orders them. Writers never come here.

use super::sync::{AtomicBool, Ordering, yield_now};

/// Proof that the gather lock is held; dropping it opens the lock.
///
/// Hold it for the reads of one family and for nothing else.
pub(crate) struct Gathering<'a> {
    lock: &'a GatherLock,
    /// Dropped after the lock was opened.
    #[cfg(not(yardstick_loom))]
    _inside: super::gate::Inside,
}

/// A lock of our own because code under ThreadSanitizer may only synchronise through atomics that were compiled
/// with it.
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
        loop {
            // Readers are few and each holds it for microseconds, so waiting yields.
            match self.try_lock() {
                Some(gathering) => return gathering,
                None => yield_now(),
            }
        }
    }

    /// Takes the lock if nobody has it.
    fn try_lock(&self) -> Option<Gathering<'_>> {
        #[cfg(not(yardstick_loom))]
        let inside = super::gate::Inside::enter();
        let taken = self.held.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        taken.is_ok().then(|| Gathering {
            lock: self,
            #[cfg(not(yardstick_loom))]
            _inside: inside,
        })
    }
}

impl Drop for Gathering<'_> {
    fn drop(&mut self) {
        self.lock.held.store(false, Ordering::Release);
    }
}

#[cfg(not(yardstick_loom))]
static GATHER_LOCK: GatherLock = GatherLock::new();

/// Takes the process' gather lock.
#[cfg(not(yardstick_loom))]
pub(crate) fn gathering() -> Gathering<'static> {
    GATHER_LOCK.lock()
}

/// Takes the process' gather lock if no reader has it.
#[cfg(not(yardstick_loom))]
pub(super) fn try_gathering() -> Option<Gathering<'static>> {
    GATHER_LOCK.try_lock()
}
