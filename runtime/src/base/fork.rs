//! Forks: the child starts with one thread and must not write where its parent's threads do, nor wait for them.
//!
//! Invariant: while the memory is copied the gate is closed and nobody but the forking thread is inside, so no lock of
//! the toolkit is held; in the child every lane but that of its one thread is free again. A writer that was caught
//! half-way left an odd sequence word, which the next writer of that lane or the next reader repairs (see
//! `histogram`).

use std::sync::atomic::{AtomicBool, Ordering};

use super::{gate, local};

static IS_CHILD: AtomicBool = AtomicBool::new(false);

/// Registers the handlers once in the life of the process.
pub(super) fn register_handlers() {
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    if !REGISTERED.load(Ordering::Relaxed) && !REGISTERED.swap(true, Ordering::Relaxed) {
        // SAFETY: the three handlers are `extern "C"`, do not unwind, and do nothing but atomic
        // operations and accesses to thread-locals without destructors.
        unsafe {
            libc::pthread_atfork(Some(before), Some(after_in_parent), Some(after_in_child));
        }
    }
}

/// Whether this process came from a fork of one that recorded, so that writers may have been lost in it.
pub(super) fn is_child() -> bool {
    IS_CHILD.load(Ordering::Relaxed)
}

extern "C" fn before() {
    gate::close();
}

extern "C" fn after_in_parent() {
    gate::open();
}

extern "C" fn after_in_child() {
    IS_CHILD.store(true, Ordering::Relaxed);
    local::forget_leases();
    gate::open_in_child();
}
