//! The atomics behind the lanes: the standard ones, or loom's when the protocol is model-checked.

#[cfg(not(yardstick_loom))]
pub(crate) use std::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence,
};

#[cfg(yardstick_loom)]
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence,
};

/// Lets another thread run while this one waits for it.
#[cfg(not(yardstick_loom))]
pub(crate) fn yield_now() {
    std::thread::yield_now();
}

/// Tells the model that nothing changes until another thread has run.
#[cfg(yardstick_loom)]
pub(crate) fn yield_now() {
    loom::thread::yield_now();
}
