//! A lane: a table of chunk pointers, leased to one thread at a time.
//!
//! Invariant: between a successful [`Lane::try_lease`] and the matching [`Lane::give_back`], one
//! thread and no other stores to the lane's words and installs its chunks. A chunk pointer goes from
//! null to a chunk once and never changes again.

use std::ptr;

use super::sync::{AtomicBool, AtomicPtr, AtomicU64, Ordering};

/// Words in a chunk: 4 KiB, one page, so that a thread pays only for the pages whose series it uses.
#[cfg(not(yardstick_loom))]
pub(super) const CHUNK_WORDS: usize = 512;
#[cfg(yardstick_loom)]
pub(super) const CHUNK_WORDS: usize = 4;

/// Chunks that a lane can hold: a million words. The table costs 16 KiB of address space per lane, of
/// which the kernel backs only the pages in use. Series beyond it live in the shared lane alone.
#[cfg(not(yardstick_loom))]
pub(super) const LANE_CHUNKS: usize = 2_048;
#[cfg(yardstick_loom)]
pub(super) const LANE_CHUNKS: usize = 2;

/// A page of words.
///
/// Aligned to two cache lines, which adjacent-line prefetchers pull in together, so that no two
/// threads share one.
#[repr(align(128))]
pub(super) struct Chunk {
    words: [AtomicU64; CHUNK_WORDS],
}

impl Chunk {
    /// The `len` words that start at `first`, if they lie within the chunk.
    #[inline]
    pub(super) fn words(&self, first: usize, len: usize) -> Option<&[AtomicU64]> {
        self.words.get(first..first + len)
    }

    /// As [`Chunk::words`], without asking whether they lie within the chunk.
    ///
    /// # Safety
    ///
    /// They do: `first + len` is at most [`CHUNK_WORDS`].
    #[inline]
    pub(super) unsafe fn words_within(&self, first: usize, len: usize) -> &[AtomicU64] {
        debug_assert!(first + len <= CHUNK_WORDS);
        // SAFETY: what the caller promised.
        unsafe { self.words.get_unchecked(first..first + len) }
    }
}

/// What one thread writes.
#[repr(C)]
pub(super) struct Lane {
    chunks: [AtomicPtr<Chunk>; LANE_CHUNKS],
    /// The lane pushed before this one; written once, before the lane is published.
    pub(super) next: AtomicPtr<Lane>,
    leased: AtomicBool,
}

impl Lane {
    /// A lane without chunks, which therefore sends every record to the slow path.
    #[cfg(not(yardstick_loom))]
    pub(super) const fn empty() -> Self {
        Self {
            chunks: [const { AtomicPtr::new(ptr::null_mut()) }; LANE_CHUNKS],
            next: AtomicPtr::new(ptr::null_mut()),
            leased: AtomicBool::new(false),
        }
    }

    /// The chunk at `index`, if it was installed. One null test answers for "no lane" and "no chunk".
    #[inline]
    pub(super) fn own_chunk(&self, index: usize) -> Option<&'static Chunk> {
        // Relaxed: the owner installed the chunk itself or leased it with Acquire.
        let chunk = self.chunks.get(index)?.load(Ordering::Relaxed);
        // SAFETY: a non-null pointer comes from `Fresh::fresh`, which never frees (invariant 3).
        unsafe { chunk.cast_const().as_ref() }
    }

    /// As [`Lane::own_chunk`], for a thread that does not lease this lane.
    pub(super) fn seen_chunk(&self, index: usize) -> Option<&'static Chunk> {
        // Acquire: pairs with `install`, so that the chunk's zeroes are seen before any word is.
        let chunk = self.chunks.get(index)?.load(Ordering::Acquire);
        // SAFETY: as in `own_chunk`.
        unsafe { chunk.cast_const().as_ref() }
    }

    /// Makes `chunk` the words at `index`. Only the thread that leases the lane calls this.
    pub(super) fn install(&self, index: usize, chunk: &'static Chunk) {
        self.chunks[index].store(ptr::from_ref(chunk).cast_mut(), Ordering::Release);
    }

    /// Takes the lane if nobody has it.
    pub(super) fn try_lease(&self) -> bool {
        !self.leased.load(Ordering::Relaxed)
            && self
                .leased
                .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
    }

    /// Returns the lane. Its words stay: the next thread to lease it goes on counting from them.
    pub(super) fn give_back(&self) {
        self.leased.store(false, Ordering::Release);
    }
}

/// Memory that starts as zeroes and is never freed.
pub(super) trait Fresh: Sized + 'static {
    /// A new zeroed value, or `None` when the allocator has no more memory.
    fn fresh() -> Option<&'static Self>;
}

/// The one function that obtains lanes and chunks. Nothing else keeps their addresses, so they could
/// as well live in a mapped file.
#[cfg(not(yardstick_loom))]
fn zeroed<T>() -> Option<&'static T> {
    let layout = std::alloc::Layout::new::<T>();
    // SAFETY: the layout is not zero-sized (only `Lane` and `Chunk` come here).
    let memory = unsafe { std::alloc::alloc_zeroed(layout) }.cast::<T>();
    // SAFETY: the memory has T's layout, and zero bytes are a valid `Lane` and a valid `Chunk`: null
    // pointers, `false`, and numbers. It is never freed.
    unsafe { memory.cast_const().as_ref() }
}

#[cfg(not(yardstick_loom))]
impl Fresh for Chunk {
    fn fresh() -> Option<&'static Self> {
        zeroed()
    }
}

#[cfg(not(yardstick_loom))]
impl Fresh for Lane {
    fn fresh() -> Option<&'static Self> {
        zeroed()
    }
}

#[cfg(yardstick_loom)]
impl Fresh for Chunk {
    fn fresh() -> Option<&'static Self> {
        Some(Box::leak(Box::new(Self { words: std::array::from_fn(|_| AtomicU64::new(0)) })))
    }
}

#[cfg(yardstick_loom)]
impl Fresh for Lane {
    fn fresh() -> Option<&'static Self> {
        Some(Box::leak(Box::new(Self {
            chunks: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            next: AtomicPtr::new(ptr::null_mut()),
            leased: AtomicBool::new(false),
        })))
    }
}
