//! Identities of the owners of cache entries.

use std::sync::atomic::{AtomicU64, Ordering};

use super::key::Owner;

/// The identity of an owner of look-ups: never used again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LookupId(u64);

impl LookupId {
    /// A new one.
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The owner of cache entries under this id. No registry has the id that stands beside it.
    pub(crate) const fn owner(self) -> Owner {
        self.owner_after(0)
    }

    /// The owner of entries that are of use until something else has happened so many times.
    pub(crate) const fn owner_after(self, times: u64) -> Owner {
        Owner { metric: self.0, registry: u64::MAX - times }
    }
}
