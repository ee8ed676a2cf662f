//! The memory of lanes, tables and chunks. Nothing else keeps their addresses, so they could as well live in a mapped file.
//!
//! Invariant: it starts as zeroes, which is a valid value of each: null pointers, `false`, and numbers.

use super::lane::Chunk;
#[cfg(not(yardstick_loom))]
use super::lane::{Lane, Table};

/// Memory that starts as zeroes.
pub(super) trait Fresh: Sized + 'static {
    /// A new zeroed value, or `None` when the allocator has no more memory.
    fn fresh() -> Option<&'static Self>;
}

/// The one function that obtains lanes, tables and the chunks of lanes.
#[cfg(not(yardstick_loom))]
fn zeroed<T>() -> Option<&'static T> {
    let layout = std::alloc::Layout::new::<T>();
    // SAFETY: the layout is not zero-sized (only `Lane`, `Table` and `Chunk` come here).
    let memory = unsafe { std::alloc::alloc_zeroed(layout) }.cast::<T>();
    // SAFETY: the memory has T's layout, and zero bytes are a valid T. A lane and a table are never freed; a chunk, by
    // `Chunk::free`.
    unsafe { memory.cast_const().as_ref() }
}

#[cfg(not(yardstick_loom))]
macro_rules! fresh {
    ($($made:ty)*) => {$(
        impl Fresh for $made {
            fn fresh() -> Option<&'static Self> {
                zeroed()
            }
        }
    )*};
}

#[cfg(not(yardstick_loom))]
fresh!(Chunk Lane Table);

impl Chunk {
    /// A chunk that is never freed.
    ///
    /// Those of the shared lane are such, which every series has and few ever use: they come from the system itself, which
    /// gives a page memory when it is first written.
    #[cfg(all(unix, not(yardstick_loom)))]
    pub(super) fn reserved() -> Option<&'static Self> {
        const {
            // What the system gives begins at a page.
            assert!(align_of::<Chunk>() <= 4_096);
        }
        // SAFETY: a new anonymous mapping at an address of the system's choice touches no memory that is in use.
        let memory = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size_of::<Self>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return None;
        }
        // SAFETY: so many bytes that are zero, begin at a page, and are never unmapped.
        unsafe { memory.cast::<Self>().cast_const().as_ref() }
    }

    /// As above, where there is no such call.
    #[cfg(not(all(unix, not(yardstick_loom))))]
    pub(super) fn reserved() -> Option<&'static Self> {
        Self::fresh()
    }
}
