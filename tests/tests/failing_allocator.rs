//! What is set up while the allocator has no memory for words: a typed error, and nothing is held.

#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    ffi::{c_int, c_void},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use metrics::{Key, Level, Metadata, Recorder};
use yardstick::{
    LabelSet, RegisterError, Registry, dynamic::Dynamic, track, track_calls, track_duration,
};

/// Fails some allocations of pages of words, which no other allocation looks like: those of threads come from the
/// allocator, those that threads share from the system.
struct Fails;

/// Page allocations to let through before one fails; none fails at `u64::MAX`.
static UNTIL: AtomicU64 = AtomicU64::new(u64::MAX);

/// Whether those after it succeed again.
static ONCE: AtomicBool = AtomicBool::new(false);

/// A page of words, and what the list of such pages needs.
const PAGE: Layout = match Layout::from_size_align(4_096 + 128, 128) {
    Ok(layout) => layout,
    Err(_) => panic!("a page of words"),
};

/// Whether this allocation is the one that fails, or perhaps one after it.
fn fails() -> bool {
    let next = |left| match left {
        u64::MAX => None,
        0 if ONCE.load(Ordering::Relaxed) => Some(u64::MAX),
        left => Some(left.saturating_sub(1)),
    };
    UNTIL.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) == Ok(0)
}

// SAFETY: answers with what the system's allocator does, or with null, which every caller must expect.
unsafe impl GlobalAlloc for Fails {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout == PAGE && fails() {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Fails = Fails;

/// Stands before the system's own, for who calls it by name.
///
/// # Safety
///
/// As of the system's.
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    file: c_int,
    offset: i64,
) -> *mut c_void {
    if length == PAGE.size() && fails() {
        return libc::MAP_FAILED;
    }
    // SAFETY: the caller's promises are passed on.
    let answer =
        unsafe { libc::syscall(libc::SYS_mmap, address, length, protection, flags, file, offset) };
    std::ptr::with_exposed_provenance_mut(usize::try_from(answer).unwrap_or(usize::MAX))
}

/// Longer than any set-up takes, unless something is held for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// A page has room for two histograms of so many bounds, the most there may be, so every other one needs a new page.
const BOUNDS: usize = 200;

#[derive(LabelSet)]
struct Page {
    path: String,
    cached: bool,
}

#[track("annotated", labels(path = path), registry = registry)]
fn annotated(registry: &Registry, path: &str) {
    let _ = (registry, path);
}

#[track_calls("literal", registry = registry)]
#[track_duration("literal_wait", registry = registry)]
fn literal(registry: &Registry) {
    let _ = registry;
}

/// A call site keeps what it found; that there was no memory is nothing to keep.
fn a_call_site_that_found_no_memory_records_later() {
    let registry = Registry::new();
    let words = registry.counter("words").labels(["index"]).series_max(100_000);
    let words = words.register().expect("a new name");
    let value = |sample| registry.sample_value(sample, &[]);
    UNTIL.store(0, Ordering::Relaxed);
    let full = (0..100_000).find(|index| words.get_or_create([&index.to_string()]).is_err());
    literal(&registry);
    UNTIL.store(u64::MAX, Ordering::Relaxed);
    assert!(full.is_some(), "no word is left");
    assert_eq!(value("literal_wait_seconds_count"), None);
    let refused = yardstick::default_registry()
        .sample_value("yardstick_observations_refused_total", &[("reason", "memory")]);
    assert!(refused.is_some_and(|refused| refused >= 1.0), "{refused:?}");
    literal(&registry);
    assert_eq!(value("literal_wait_seconds_count"), Some(1.0));
    assert_eq!(registry.sample_value("literal_total", &[("outcome", "ok")]), Some(1.0));
}

/// Every way to make a series. Typed errors are collected; nothing panics.
fn set_up(registry: &Registry) -> Vec<RegisterError> {
    #[allow(clippy::cast_precision_loss, reason = "a few hundred")]
    let bounds: Vec<f64> = (1..=BOUNDS).map(|bound| bound as f64).collect();
    let mut errors = Vec::new();
    let mut note = |result: Result<(), RegisterError>| errors.extend(result.err());
    note(registry.histogram("one").buckets(&bounds).register().map(|h| h.observe(1.0)));
    let labelled = registry.histogram("labelled").buckets(&bounds).labels(["path"]).register();
    note(labelled.and_then(|family| family.get_or_create(["/"])).map(|h| h.observe(1.0)));
    let full = registry.histogram("full").buckets(&bounds).labels(["path"]).series_max(0);
    note(full.register().and_then(|family| family.get_or_create(["/"])).map(|h| h.observe(1.0)));
    let typed = registry.histogram("typed").buckets(&bounds).label_set::<Page>().register();
    note(
        typed.map(|family| family.with(&Page { path: "/".to_owned(), cached: true }).observe(1.0)),
    );
    note(registry.counter("fractions").register().map(|counter| counter.inc_by_f64(0.5)));
    note(registry.gauge("flying").register().map(|gauge| drop(gauge.track_in_progress())));
    let quantiles = registry.summary("quantiles").quantiles(&[0.5], Duration::from_secs(60));
    note(quantiles.register().map(|summary| summary.observe(1.0)));
    let by_name = Dynamic::new(registry.clone());
    by_name.record_histogram_with_buckets("by_name", 1.0, &[("path", "/")], &bounds);
    let metadata = Metadata::new("failing_allocator", Level::INFO, None);
    registry.register_histogram(&Key::from_name("facade"), &metadata).record(1.0);
    annotated(registry, "/");
    errors
}

/// Answers with what `work` does, unless it never ends.
fn in_time<R: Send + 'static>(what: &str, work: impl FnOnce() -> R + Send + 'static) -> R {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || send.send(work()));
    receive.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{what} did not end"))
}

#[test]
fn a_page_that_cannot_be_had_costs_an_error_and_no_more() {
    /// More than a set-up needs.
    const PAGES: u64 = 48;
    // Here, and not in a test of its own, because the allocator fails for all tests.
    a_call_site_that_found_no_memory_records_later();
    let mut refused = 0;
    // Registries are kept, so that each round needs new pages.
    let mut registries = Vec::new();
    for page in 0..PAGES {
        let registry = Registry::new();
        let inner = registry.clone();
        ONCE.store(page % 2 == 0, Ordering::Relaxed);
        UNTIL.store(page / 2, Ordering::Relaxed);
        let errors = in_time("set-up without memory", move || set_up(&inner));
        UNTIL.store(u64::MAX, Ordering::Relaxed);
        for error in &errors {
            assert!(matches!(error, RegisterError::OutOfMemory { .. }), "{error}");
        }
        refused += errors.len();
        let inner = registry.clone();
        assert_eq!(in_time("set-up with memory again", move || set_up(&inner)), [], "page {page}");
        for sample in ["one_count", "fractions_total", "flying", "quantiles_count"] {
            assert!(registry.sample_value(sample, &[]).is_some(), "{sample}, page {page}");
        }
        for sample in ["labelled_count", "by_name_count"] {
            let value = registry.sample_value(sample, &[("path", "/")]);
            assert!(value.is_some_and(|count| count >= 1.0), "{sample}, page {page}");
        }
        let jobs = registry.sample_value("facade_count", &[]);
        assert!(jobs.is_some_and(|count| count >= 1.0), "page {page}: {jobs:?}");
        registries.push(registry);
    }
    assert!(refused > 5, "{refused}: the failing pages were not those of the set-up");
}
