//! Forks: the child starts with one thread and must not write where its parent's threads do, nor wait for them.
//!
//! Invariant: while the memory is copied the gate is closed and no thread but the forking one is inside, so no lock of
//! the toolkit is held; in the child every lane but that of its one thread is free again. A writer that was caught
//! half-way left an odd sequence word, which the next writer of that lane or the next reader repairs (see
//! `histogram`).

#![allow(unsafe_code, reason = "there is no other way to register what a fork calls")]

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::gate;

static IS_CHILD: AtomicBool = AtomicBool::new(false);

/// What the child does before the gate opens again.
static IN_CHILD: OnceLock<fn()> = OnceLock::new();

/// Has the child of each fork call `hook`, which does nothing but atomic operations and accesses to thread-locals without
/// destructors. There is one for the process.
pub(crate) fn call_in_child(hook: fn()) {
    register_handlers();
    let _ = IN_CHILD.set(hook);
}

/// Registers the handlers once in the life of the process.
pub(crate) fn register_handlers() {
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
pub(crate) fn is_child() -> bool {
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
    if let Some(hook) = IN_CHILD.get() {
        hook();
    }
    gate::open_in_child();
}
