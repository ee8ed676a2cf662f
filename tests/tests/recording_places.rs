//! Recording where recording is hard: in a global allocator, in thread-locals' destructors, during a
//! panic, in the child of a fork, beyond the memory limit.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::OnceLock,
    thread,
};

use yardstick::{Counter, Histogram, Registry, Unit};

static ALLOCATIONS: OnceLock<Counter> = OnceLock::new();
static SIZES: OnceLock<Histogram> = OnceLock::new();

/// An allocator that records every allocation, also those of the toolkit itself.
struct Counting;

// SAFETY: all memory comes from the system's allocator, unchanged.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record(layout);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record(layout);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn record(layout: Layout) {
    if let (Some(allocations), Some(sizes)) = (ALLOCATIONS.get(), SIZES.get()) {
        allocations.inc();
        #[allow(clippy::cast_precision_loss, reason = "sizes are small")]
        sizes.observe(layout.size() as f64);
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test, one after the other: the allocator sees whatever any thread of the process allocates.
#[test]
fn recording_works_where_it_is_hard() {
    a_global_allocator_may_record();
    recording_after_first_use_allocates_nothing();
    destructors_of_thread_locals_may_record();
    a_panic_may_record();
    the_child_of_a_fork_records_and_reads();
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let registry = Registry::new();
        let allocations = registry.counter("allocations").register().expect("a new name");
        let sizes = registry
            .histogram("allocation")
            .unit(Unit::Bytes)
            .buckets(&[64.0, 4_096.0])
            .register()
            .expect("a new name");
        assert!(ALLOCATIONS.set(allocations).is_ok() && SIZES.set(sizes).is_ok());
        registry
    })
}

fn a_global_allocator_may_record() {
    let registry = registry();
    let allocations = ALLOCATIONS.get().expect("registered").clone();
    let before = allocations.get();
    // Each new thread leases a lane and allocates chunks, which records in the midst of it.
    for _ in 0..50 {
        thread::spawn(|| drop(std::hint::black_box(vec![0_u8; 100]))).join().expect("no panic");
    }
    assert!(allocations.get() >= before + 50);
    // In this order: reading a histogram allocates, and records that before it reads.
    let sizes = SIZES.get().map_or(0, Histogram::count);
    assert_eq!(allocations.get(), sizes);
    assert!(registry.render().contains("allocation_bytes_bucket{le=\"+Inf\"}"));
}

fn recording_after_first_use_allocates_nothing() {
    registry();
    let local = Registry::new();
    let counter = local.counter("plain").register().expect("a new name");
    let gauge = local.gauge("level").register().expect("a new name");
    let timer = local.histogram("timer").unit(Unit::Seconds).register().expect("a new name");
    let strings = |value: &str| labelled(&local, value);
    let once = || {
        counter.inc();
        gauge.set(1.0);
        timer.observe(0.5);
        strings("value");
        literal();
    };
    metrics::with_local_recorder(&local, || {});
    once();
    let allocations = ALLOCATIONS.get().expect("registered").clone();
    let before = allocations.get();
    for _ in 0..1_000 {
        once();
    }
    assert_eq!(allocations.get(), before);
}

#[yardstick::track_calls("labelled", labels(value = value), registry = registry)]
#[yardstick::track_duration("labelled", labels(value = value), registry = registry)]
fn labelled(registry: &Registry, value: &str) {
    let _ = (registry, value);
}

/// No recorder is installed in this process: the site is off.
#[yardstick::track_calls]
#[yardstick::track_duration]
fn literal() {}

struct RecordsOnDrop(Counter, Histogram);

impl Drop for RecordsOnDrop {
    fn drop(&mut self) {
        self.0.inc();
        self.1.observe(1.0);
    }
}

fn destructors_of_thread_locals_may_record() {
    thread_local! {
        static FIRST: RefCell<Option<RecordsOnDrop>> = const { RefCell::new(None) };
        static SECOND: RefCell<Option<RecordsOnDrop>> = const { RefCell::new(None) };
    }
    let registry = Registry::new();
    let counter = registry.counter("ends").register().expect("a new name");
    let histogram = registry.histogram("end").buckets(&[1.0]).register().expect("a new name");
    for record_between in [true, false] {
        let (counter, histogram) = (counter.clone(), histogram.clone());
        let body = move || {
            let on_drop = || Some(RecordsOnDrop(counter.clone(), histogram.clone()));
            // One is registered before the lane's own destructor, one after.
            FIRST.set(on_drop());
            if record_between {
                counter.inc();
                histogram.observe(1.0);
            }
            SECOND.set(on_drop());
        };
        thread::spawn(body).join().expect("no panic");
    }
    assert_eq!((counter.get(), histogram.count()), (5, 5));
    assert!((histogram.sum() - 5.0).abs() < f64::EPSILON);
}

fn a_panic_may_record() {
    let registry = Registry::new();
    let counter = registry.counter("unwinds").register().expect("a new name");
    let histogram = registry.histogram("unwind").register().expect("a new name");
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _records = RecordsOnDrop(counter.clone(), histogram.clone());
        panic!("on purpose");
    }));
    assert!(unwound.is_err());
    assert_eq!((counter.get(), histogram.count()), (1, 1));
}

#[allow(unsafe_code, reason = "a fork cannot be made without")]
fn the_child_of_a_fork_records_and_reads() {
    let registry = Registry::new();
    let counter = registry.counter("forks").register().expect("a new name");
    counter.inc();
    // SAFETY: the child only records, reads and exits; it takes no lock that another thread may hold.
    let child = unsafe { libc::fork() };
    if child == 0 {
        counter.inc();
        let status = i32::from(counter.get() != 2);
        // SAFETY: ends the child without running the parent's destructors.
        unsafe { libc::_exit(status) };
    }
    let mut status = -1;
    // SAFETY: `child` is ours and `status` outlives the call.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!((waited, status), (child, 0));
    assert_eq!(counter.get(), 1, "what the child counts is the child's");
}
