//! A lane: a table of chunk pointers, leased to one thread at a time.
//!
//! Invariant: between a successful [`Lane::try_lease`] and the matching [`Lane::give_back`], one
//! thread and no other stores to the lane's words, installs its chunks and takes them away again.

use std::ptr;

#[cfg(yardstick_loom)]
use super::memory::Fresh;
use super::sync::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};

/// Words in a chunk: 4 KiB, one page, so that a thread pays only for the pages whose series it uses.
#[cfg(not(yardstick_loom))]
pub(super) const CHUNK_WORDS: usize = 512;
#[cfg(yardstick_loom)]
pub(super) const CHUNK_WORDS: usize = 4;

/// Chunks of which a lane and the shared lane can have one each: 33 million words, the address space of one process'
/// series.
#[cfg(not(yardstick_loom))]
pub(super) const CHUNKS: usize = 65_536;
#[cfg(yardstick_loom)]
pub(super) const CHUNKS: usize = 2;

/// Chunks of one table: a million words. The first table is part of the lane, where the fast path finds them; it costs
/// 16 KiB of address space, of which the kernel backs only the pages in use. Programs with more series than that find
/// their chunks by one more step, in tables that are made when they are needed.
#[cfg(not(yardstick_loom))]
const TABLE_CHUNKS: usize = 2_048;
#[cfg(yardstick_loom)]
const TABLE_CHUNKS: usize = 2;

/// Tables of a lane beside its first.
const FURTHER_TABLES: usize = CHUNKS / TABLE_CHUNKS - 1;

/// A page of words.
///
/// Aligned to two cache lines, which adjacent-line prefetchers pull in together, so that no two
/// threads share one.
#[repr(align(128))]
pub(super) struct Chunk {
    words: [AtomicU64; CHUNK_WORDS],
    /// The chunk of the same words that was pushed before this one; changed under the gather lock alone, once published.
    pub(super) next: AtomicPtr<Chunk>,
    /// Whose it is; written once, before the chunk is published.
    pub(super) lane: AtomicPtr<Lane>,
    /// What the model is told of each look at the words, so that it notices one at the same time as the end of the chunk.
    #[cfg(yardstick_loom)]
    alive: loom::cell::UnsafeCell<()>,
}

impl Chunk {
    /// The `len` words that start at `first`, if they lie within the chunk.
    #[inline]
    pub(super) fn words(&self, first: usize, len: usize) -> Option<&[AtomicU64]> {
        self.look();
        self.words.get(first..first + len)
    }

    #[cfg(not(yardstick_loom))]
    #[inline(always)]
    const fn look(&self) {}

    #[cfg(yardstick_loom)]
    fn look(&self) {
        self.alive.with(|_| ());
    }

    /// All of them.
    pub(super) fn all(&self) -> &[AtomicU64; CHUNK_WORDS] {
        self.look();
        &self.words
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

/// Chunk pointers, by index within the table.
pub(super) struct Table([AtomicPtr<Chunk>; TABLE_CHUNKS]);

/// What one thread writes.
#[repr(C)]
pub(super) struct Lane {
    /// The lane pushed before this one; written once, before the lane is published.
    pub(super) next: AtomicPtr<Lane>,
    /// The lane below this one on the stack of those that were returned; written before it is pushed.
    pub(super) below: AtomicPtr<Lane>,
    leased: AtomicBool,
    /// One more than the highest index of a chunk that it ever had.
    end: AtomicUsize,
    further: [AtomicPtr<Table>; FURTHER_TABLES],
    // Last, so that a lane of few chunks has one page in use.
    first: Table,
}

impl Lane {
    /// A lane without chunks, which therefore sends every record to the slow path.
    #[cfg(not(yardstick_loom))]
    pub(super) const fn empty() -> Self {
        Self {
            next: AtomicPtr::new(ptr::null_mut()),
            below: AtomicPtr::new(ptr::null_mut()),
            leased: AtomicBool::new(false),
            end: AtomicUsize::new(0),
            further: [const { AtomicPtr::new(ptr::null_mut()) }; FURTHER_TABLES],
            first: Table([const { AtomicPtr::new(ptr::null_mut()) }; TABLE_CHUNKS]),
        }
    }

    /// The chunk at `index`, if it was installed and is in the first table. One null test answers for "no lane" and "no
    /// chunk".
    #[inline]
    pub(super) fn near_chunk(&self, index: usize) -> Option<&'static Chunk> {
        self.first.get(index)
    }

    /// The chunk at `index`, if it was installed.
    pub(super) fn own_chunk(&self, index: usize) -> Option<&'static Chunk> {
        self.table(index / TABLE_CHUNKS)?.get(index % TABLE_CHUNKS)
    }

    /// Whether there is a table for this index.
    pub(super) fn has_table(&self, index: usize) -> bool {
        self.table(index / TABLE_CHUNKS).is_some()
    }

    fn table(&self, number: usize) -> Option<&Table> {
        let Some(further) = number.checked_sub(1) else { return Some(&self.first) };
        // Relaxed: the owner installed the table itself or leased it with Acquire.
        let table = self.further.get(further)?.load(Ordering::Relaxed);
        // SAFETY: a non-null pointer comes from `Fresh::fresh`, and tables are never freed.
        unsafe { table.cast_const().as_ref() }
    }

    /// Makes `table` the one for this index, which the first is not. Only the thread that leases the lane calls this.
    pub(super) fn install_table(&self, index: usize, table: &'static Table) {
        // Relaxed: only who leases the lane reads it.
        self.further[index / TABLE_CHUNKS - 1]
            .store(ptr::from_ref(table).cast_mut(), Ordering::Relaxed);
    }

    /// Makes `chunk` the words at `index`, for which there is a table, or none. Only the thread that leases the lane calls
    /// this.
    pub(super) fn install(&self, index: usize, chunk: Option<&'static Chunk>) {
        let pointer = chunk.map_or(ptr::null_mut(), |chunk| ptr::from_ref(chunk).cast_mut());
        if let Some(table) = self.table(index / TABLE_CHUNKS) {
            // Relaxed: only who leases the lane reads them.
            table.0[index % TABLE_CHUNKS].store(pointer, Ordering::Relaxed);
        }
        if self.end.load(Ordering::Relaxed) <= index {
            self.end.store(index + 1, Ordering::Relaxed);
        }
    }

    /// The indexes that may have chunks. Only the thread that leases the lane calls this.
    pub(super) fn indexes(&self) -> std::ops::Range<usize> {
        0..self.end.load(Ordering::Relaxed)
    }

    /// Takes the lane if it is free.
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

impl Table {
    #[inline]
    fn get(&self, index: usize) -> Option<&'static Chunk> {
        // Relaxed: the owner installed the chunk itself or leased it with Acquire.
        let chunk = self.0.get(index)?.load(Ordering::Relaxed);
        // SAFETY: a non-null pointer comes from `Fresh::fresh`, and the chunk is freed only by who leases the lane, after
        // taking it out of the table (invariant 3).
        unsafe { chunk.cast_const().as_ref() }
    }
}

impl Chunk {
    /// Gives the memory of a chunk back.
    ///
    /// # Safety
    ///
    /// It comes from [`Fresh::fresh`], and there is no reference to it, nor will be.
    #[cfg(not(yardstick_loom))]
    pub(super) unsafe fn free(chunk: *mut Self) {
        // SAFETY: it was allocated with this layout, and nothing refers to it any more.
        unsafe { std::alloc::dealloc(chunk.cast(), std::alloc::Layout::new::<Self>()) }
    }

    /// As above; the model keeps the memory.
    ///
    /// # Safety
    ///
    /// As above.
    #[cfg(yardstick_loom)]
    pub(super) unsafe fn free(chunk: *mut Self) {
        // SAFETY: the model never frees it.
        let chunk = unsafe { &*chunk };
        chunk.alive.with_mut(|_| ());
    }
}

#[cfg(yardstick_loom)]
impl Fresh for Chunk {
    fn fresh() -> Option<&'static Self> {
        Some(Box::leak(Box::new(Self {
            words: std::array::from_fn(|_| AtomicU64::new(0)),
            next: AtomicPtr::new(ptr::null_mut()),
            lane: AtomicPtr::new(ptr::null_mut()),
            alive: loom::cell::UnsafeCell::new(()),
        })))
    }
}

#[cfg(yardstick_loom)]
impl Table {
    fn new() -> Self {
        Self(std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())))
    }
}

#[cfg(yardstick_loom)]
impl Fresh for Table {
    fn fresh() -> Option<&'static Self> {
        Some(Box::leak(Box::new(Self::new())))
    }
}

#[cfg(yardstick_loom)]
impl Fresh for Lane {
    fn fresh() -> Option<&'static Self> {
        Some(Box::leak(Box::new(Self {
            further: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            first: Table::new(),
            next: AtomicPtr::new(ptr::null_mut()),
            below: AtomicPtr::new(ptr::null_mut()),
            leased: AtomicBool::new(false),
            end: AtomicUsize::new(0),
        })))
    }
}
