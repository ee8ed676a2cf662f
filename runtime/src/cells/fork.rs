//! Forks: the child starts with one thread and must not write where its parent's threads do.
//!
//! Invariant: the gather lock is held by the forking thread while the memory is copied, so no reader
//! is caught half-way; in the child every lane is free again. A writer that was caught half-way left
//! an odd sequence word, which the next writer of that lane repairs (see `histogram`).

use std::sync::atomic::{AtomicBool, Ordering};

use super::{gather::GATHER_LOCK, local};

/// Registers the handlers once in the life of the process.
pub(super) fn register_handlers() {
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    if !REGISTERED.swap(true, Ordering::Relaxed) {
        // SAFETY: the three handlers are `extern "C"`, do not unwind, and do nothing but atomic
        // operations and accesses to thread-locals without destructors.
        unsafe {
            libc::pthread_atfork(Some(before), Some(after_in_parent), Some(after_in_child));
        }
    }
}

extern "C" fn before() {
    // Without a guard, which could not live across the fork: each side opens the lock itself.
    GATHER_LOCK.close();
}

extern "C" fn after_in_parent() {
    GATHER_LOCK.open();
}

extern "C" fn after_in_child() {
    GATHER_LOCK.open();
    local::forget_leases();
}
