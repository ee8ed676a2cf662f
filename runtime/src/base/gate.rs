//! The gate that a fork closes, so that the child finds no lock held by a thread that is not there.
//!
//! Invariant: a thread that holds a lock of the toolkit, or initialises one of its cells, is inside the gate, and went in
//! before. A thread that is inside goes in again without asking, so no thread waits at a closed gate with a lock in its
//! hands, and everybody who is inside comes out. Recording into known cells never comes here.

use super::sync::{AtomicBool, AtomicU64, Ordering, yield_now};

/// Threads go in by several doors, so that those that take locks often do not share a cache line.
#[cfg(not(yardstick_loom))]
pub(super) const DOORS: usize = 8;
#[cfg(yardstick_loom)]
pub(super) const DOORS: usize = 1;

/// Beside the number of threads that went in by a door: the gate is closed.
const CLOSED: u64 = 1 << 63;

/// Doors and how many threads are inside.
pub(super) struct Gate {
    /// Held by the one thread that closed the gate: several may fork at once.
    keeper: AtomicBool,
    doors: [Door; DOORS],
}

/// Aligned to two cache lines, which adjacent-line prefetchers pull in together.
#[repr(align(128))]
struct Door(AtomicU64);

impl Gate {
    #[cfg(not(yardstick_loom))]
    pub(super) const fn new() -> Self {
        Self { keeper: AtomicBool::new(false), doors: [const { Door(AtomicU64::new(0)) }; DOORS] }
    }

    #[cfg(yardstick_loom)]
    pub(super) fn new() -> Self {
        Self {
            keeper: AtomicBool::new(false),
            doors: std::array::from_fn(|_| Door(AtomicU64::new(0))),
        }
    }

    /// Goes in; waits while a fork is under way.
    pub(super) fn enter(&self, door: usize) {
        let Door(inside) = &self.doors[door];
        // Acquire: what is done inside comes after the fork that opened the gate.
        while inside.fetch_add(1, Ordering::Acquire) & CLOSED != 0 {
            inside.fetch_sub(1, Ordering::Relaxed);
            while inside.load(Ordering::Relaxed) & CLOSED != 0 {
                yield_now();
            }
        }
    }

    /// Comes out.
    pub(super) fn leave(&self, door: usize) {
        // Release: a fork that finds no thread inside finds what was done there done.
        self.doors[door].0.fetch_sub(1, Ordering::Release);
    }

    /// Closes the gate and waits until all have come out, but for the caller, if it is inside by the door `own`.
    pub(super) fn close(&self, own: Option<usize>) {
        // Acquire: the gate that another fork opens is open before it is closed again.
        while self
            .keeper
            .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            yield_now();
        }
        for Door(inside) in &self.doors {
            inside.fetch_or(CLOSED, Ordering::Relaxed);
        }
        for (door, Door(inside)) in self.doors.iter().enumerate() {
            let caller = u64::from(own == Some(door));
            while inside.load(Ordering::Acquire) & !CLOSED > caller {
                yield_now();
            }
        }
    }

    /// Opens the gate for those who wait.
    pub(super) fn open(&self) {
        for Door(inside) in &self.doors {
            inside.fetch_and(!CLOSED, Ordering::Release);
        }
        self.keeper.store(false, Ordering::Release);
    }

    /// Opens the gate where the caller is the only thread: those who waited at it are not there.
    pub(super) fn open_alone(&self, own: Option<usize>) {
        for (door, Door(inside)) in self.doors.iter().enumerate() {
            inside.store(u64::from(own == Some(door)), Ordering::Relaxed);
        }
        self.keeper.store(false, Ordering::Relaxed);
    }
}

#[cfg(not(yardstick_loom))]
pub(crate) use of_process::Inside;
#[cfg(all(unix, not(yardstick_loom)))]
pub(super) use of_process::{close, open, open_in_child};

/// The gate of the process, and where this thread is.
#[cfg(not(yardstick_loom))]
mod of_process {
    use std::{cell::Cell, marker::PhantomData};

    use super::{
        super::sync::{AtomicUsize, Ordering},
        DOORS, Gate,
    };

    static GATE: Gate = Gate::new();

    thread_local! {
        static DEPTH: Cell<u32> = const { Cell::new(0) };
        static DOOR: Cell<Option<usize>> = const { Cell::new(None) };
    }

    /// A thread's stay inside the gate; dropping it leaves. It cannot be sent to another thread.
    #[must_use]
    #[derive(Debug)]
    pub(crate) struct Inside(PhantomData<*const ()>);

    impl Inside {
        pub(crate) fn enter() -> Self {
            let depth = DEPTH.get();
            if depth == 0 {
                #[cfg(unix)]
                super::super::fork::register_handlers();
                GATE.enter(door());
            }
            DEPTH.set(depth + 1);
            Self(PhantomData)
        }
    }

    impl Drop for Inside {
        fn drop(&mut self) {
            let depth = DEPTH.get() - 1;
            DEPTH.set(depth);
            if depth == 0 {
                GATE.leave(door());
            }
        }
    }

    /// This thread's door, the same each time.
    fn door() -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        DOOR.get().unwrap_or_else(|| {
            let door = NEXT.fetch_add(1, Ordering::Relaxed) % DOORS;
            DOOR.set(Some(door));
            door
        })
    }

    /// The door by which this thread is inside, if it is.
    fn own() -> Option<usize> {
        (DEPTH.get() > 0).then(door)
    }

    #[cfg(unix)]
    pub(in super::super) fn close() {
        GATE.close(own());
    }

    #[cfg(unix)]
    pub(in super::super) fn open() {
        GATE.open();
    }

    #[cfg(unix)]
    pub(in super::super) fn open_in_child() {
        GATE.open_alone(own());
    }
}
