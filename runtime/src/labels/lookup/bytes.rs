//! Memory of all look-up tables.
//!
//! Invariant: the sum is what the tables that exist have added; each takes back what it added when its thread ends.

use std::sync::atomic::{AtomicUsize, Ordering};

static BYTES: AtomicUsize = AtomicUsize::new(0);

/// Bytes that the tables of all threads occupy.
pub(crate) fn occupied() -> usize {
    BYTES.load(Ordering::Relaxed)
}

/// The part of one table.
#[derive(Debug)]
pub(super) struct Counted(usize);

impl Counted {
    pub(super) const fn nothing() -> Self {
        Self(0)
    }

    #[cfg(test)]
    pub(super) const fn get(&self) -> usize {
        self.0
    }

    pub(super) fn add(&mut self, bytes: usize) {
        self.0 += bytes;
        BYTES.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn subtract(&mut self, bytes: usize) {
        let bytes = bytes.min(self.0);
        self.0 -= bytes;
        BYTES.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        BYTES.fetch_sub(self.0, Ordering::Relaxed);
    }
}
