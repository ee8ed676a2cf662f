//! The readers' lock.
//!
//! Invariant: a reader of words of lanes that other threads lease holds the lock. Two reads are
//! thereby ordered, and the second sees at least what the first saw: relaxed loads of one word obey
//! read-read coherence once a lock orders them. Writers never come here.
//!
//! A reader of a long family opens the lock between its parts and lets in a waiting thread: one that removes or resets a
//! series, a fork, another reader.

use super::sync::{AtomicBool, AtomicUsize, Ordering, yield_now};

/// How often a reader looks whether those who wait have come in, before it goes on: a thread that is not on a processor
/// may take long.
#[cfg(not(yardstick_loom))]
const GIVE_WAY_ATTEMPTS: usize = 64;
#[cfg(yardstick_loom)]
const GIVE_WAY_ATTEMPTS: usize = 1;

/// Proof that the gather lock is held; dropping it opens the lock.
///
/// Hold it for the reads of a few series and for nothing else.
pub(crate) struct Gathering<'a> {
    lock: &'a GatherLock,
    /// Whether it reads for a gather, whose values are of one time or another while it runs; else, of this moment.
    is_of_gather: bool,
    /// Dropped after the lock was opened.
    #[cfg(not(yardstick_loom))]
    _inside: super::gate::Inside,
}

/// A lock of our own because code under ThreadSanitizer may only synchronise through atomics that were compiled
/// with it.
pub(super) struct GatherLock {
    held: AtomicBool,
    /// Who found it held and looks again.
    waiting: AtomicUsize,
}

impl GatherLock {
    #[cfg(not(yardstick_loom))]
    pub(super) const fn new() -> Self {
        Self { held: AtomicBool::new(false), waiting: AtomicUsize::new(0) }
    }

    #[cfg(yardstick_loom)]
    pub(super) fn new() -> Self {
        Self { held: AtomicBool::new(false), waiting: AtomicUsize::new(0) }
    }

    pub(super) fn lock(&self) -> Gathering<'_> {
        if let Some(gathering) = self.try_lock() {
            return gathering;
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let gathering = loop {
            // Readers are few and each soon opens it for others, so waiting yields.
            match self.try_lock() {
                Some(gathering) => break gathering,
                None => yield_now(),
            }
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        gathering
    }

    /// Lets a waiting thread in, if there is one. The caller has opened the lock.
    pub(super) fn give_way(&self) {
        for _ in 0..GIVE_WAY_ATTEMPTS {
            if self.waiting.load(Ordering::Relaxed) == 0 {
                return;
            }
            yield_now();
        }
    }

    /// Takes the lock if it is free.
    fn try_lock(&self) -> Option<Gathering<'_>> {
        #[cfg(not(yardstick_loom))]
        let inside = super::gate::Inside::enter();
        let taken = self.held.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        taken.is_ok().then(|| Gathering {
            lock: self,
            is_of_gather: false,
            #[cfg(not(yardstick_loom))]
            _inside: inside,
        })
    }
}

impl Gathering<'_> {
    /// Whether what the gather has summed before will do.
    pub(super) const fn is_of_gather(&self) -> bool {
        self.is_of_gather
    }
}

impl Drop for Gathering<'_> {
    fn drop(&mut self) {
        self.lock.held.store(false, Ordering::Release);
    }
}

#[cfg(not(yardstick_loom))]
static GATHER_LOCK: GatherLock = GatherLock::new();

/// Takes the process' gather lock.
#[cfg(not(yardstick_loom))]
pub(crate) fn gathering() -> Gathering<'static> {
    GATHER_LOCK.lock()
}

/// Lets in who waits for the process' gather lock, and takes it for the next part of what a gather reads.
#[cfg(not(yardstick_loom))]
pub(crate) fn gathering_on() -> Gathering<'static> {
    GATHER_LOCK.give_way();
    let mut gathering = GATHER_LOCK.lock();
    gathering.is_of_gather = true;
    gathering
}

/// Takes the process' gather lock if no reader has it.
#[cfg(not(yardstick_loom))]
pub(super) fn try_gathering() -> Option<Gathering<'static>> {
    GATHER_LOCK.try_lock()
}

#[cfg(all(test, not(yardstick_loom)))]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn who_waits_comes_in_between_two_parts() {
        let lock = GatherLock::new();
        let came_in = AtomicBool::new(false);
        thread::scope(|scope| {
            let part = lock.lock();
            scope.spawn(|| {
                let _gathering = lock.lock();
                came_in.store(true, Ordering::Relaxed);
            });
            while lock.waiting.load(Ordering::Relaxed) == 0 {
                yield_now();
            }
            drop(part);
            // A busy machine may keep the other thread from its processor for a few parts.
            let parts = (1..=1_000).find(|_| {
                lock.give_way();
                let _part = lock.lock();
                came_in.load(Ordering::Relaxed)
            });
            assert!(parts.is_some(), "not within a thousand parts");
        });
    }
}
