//! Which recorder is current: ours, none, or another library's.
//!
//! Invariant: `OURS` is the address of an object that only [`set_ours`]'s caller creates, that is never
//! freed and is not zero-sized, so no other recorder can have it. The same holds of `REMEMBERED`, a stock
//! exporter's recorder that was installed through us. `NOBODY` is the address of the facade's
//! no-op recorder, learned on a thread without a local recorder, and only believed of zero-sized
//! recorders. Handles of any other recorder are never cached: a local recorder cannot be told from a
//! global one, and addresses on the stack repeat.

use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};

use metrics::Recorder;

use crate::base::reentry::{self, Scope};

static OURS: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
static REMEMBERED: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
static NOBODY: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// Where a site's observations go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurrentRecorder {
    /// The default registry, through its lanes.
    Ours,
    /// Nowhere: no recorder is installed.
    Off,
    /// The stock exporter's recorder that was installed through us: its handles may be kept.
    Remembered,
    /// Another recorder, through its facade handles.
    Foreign,
}

/// The current recorder of this thread.
#[inline(always)]
pub(crate) fn recorder() -> CurrentRecorder {
    let (address, is_empty) = metrics::with_recorder(identity);
    if address == OURS.load(Ordering::Relaxed) {
        CurrentRecorder::Ours
    } else if is_empty && address == NOBODY.load(Ordering::Relaxed) {
        CurrentRecorder::Off
    } else {
        other(address, is_empty)
    }
}

#[inline(always)]
fn identity(recorder: &dyn Recorder) -> (*mut (), bool) {
    (std::ptr::from_ref(recorder).cast::<()>().cast_mut(), size_of_val(recorder) == 0)
}

#[cold]
#[inline(never)]
fn other(address: *mut (), is_empty: bool) -> CurrentRecorder {
    // Inside our own slow paths there is nothing to be learned, and no recorder to ask.
    if reentry::is_within() || (is_empty && learn_noop_recorder() == address) {
        CurrentRecorder::Off
    } else if address == REMEMBERED.load(Ordering::Relaxed) {
        CurrentRecorder::Remembered
    } else {
        CurrentRecorder::Foreign
    }
}

/// As [`sink`], asked by one of our own slow paths about a recorder that is not ours.
pub(crate) fn recorder_within() -> CurrentRecorder {
    let (address, _) = metrics::with_recorder(identity);
    if address == REMEMBERED.load(Ordering::Relaxed) {
        CurrentRecorder::Remembered
    } else {
        CurrentRecorder::Foreign
    }
}

/// The address of the no-op recorder, as a fresh thread sees it while no global recorder is set.
fn learn_noop_recorder() -> *mut () {
    const UNKNOWN: u8 = 0;
    const ASKED: u8 = 1;
    static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);
    let _scope = Scope::enter();
    if STATE.swap(ASKED, Ordering::Relaxed) == UNKNOWN
        && let Some((address, true)) = global_recorder()
        // A zero-sized global recorder sits in a box without memory, whose address is its alignment.
        && address.addr() >= 4_096
    {
        NOBODY.store(address, Ordering::Relaxed);
    }
    NOBODY.load(Ordering::Relaxed)
}

/// The recorder that a thread without a local one finds.
fn global_recorder() -> Option<(*mut (), bool)> {
    let look = || {
        let (address, is_empty) = metrics::with_recorder(identity);
        (address.expose_provenance(), is_empty)
    };
    let thread =
        std::thread::Builder::new().name("yardstick-recorder".to_owned()).spawn(look).ok()?;
    let (address, is_empty) = thread.join().ok()?;
    Some((std::ptr::with_exposed_provenance_mut(address), is_empty))
}

/// Whether the global recorder is ours.
pub(crate) fn is_ours_installed() -> bool {
    !OURS.load(Ordering::Relaxed).is_null()
}

/// The global recorder, whatever local recorder this thread has.
pub(crate) fn global() -> CurrentRecorder {
    if is_ours_installed() {
        return CurrentRecorder::Ours;
    }
    let _scope = Scope::enter();
    let noop = learn_noop_recorder();
    match global_recorder() {
        Some((address, true)) if address == noop => CurrentRecorder::Off,
        Some((address, _)) if address == REMEMBERED.load(Ordering::Relaxed) => {
            CurrentRecorder::Remembered
        }
        Some(_) => CurrentRecorder::Foreign,
        None => CurrentRecorder::Off,
    }
}

/// Remembers the global recorder as ours. Call it once, after our facade object became that recorder.
pub(crate) fn set_ours() {
    if let Some((address, false)) = global_recorder() {
        OURS.store(address, Ordering::Relaxed);
    }
}

/// Remembers the global recorder as one whose handles may be kept. Call it once, after that recorder was
/// installed.
#[cfg(feature = "stock")]
pub(crate) fn remember() {
    if let Some((address, false)) = global_recorder() {
        REMEMBERED.store(address, Ordering::Relaxed);
    }
}
