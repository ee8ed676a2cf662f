//! A global allocator with an attribute: the toolkit's own allocations come back into the site while it is
//! being found.

use std::alloc::{GlobalAlloc, Layout, System};

use yardstick::{track_active, track_calls, track_duration};

struct Tracked;

impl Tracked {
    #[track_calls("allocator_calls")]
    #[track_active("allocator_active")]
    #[track_duration("allocator")]
    fn allocate(&self, layout: Layout) -> usize {
        layout.size()
    }
}

// SAFETY: all memory comes from the system's allocator, unchanged.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Tracked {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.allocate(layout);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Tracked = Tracked;

#[test]
fn an_annotated_allocator_neither_recurses_nor_locks_up() {
    // Nothing is installed: the site finds that out while allocating.
    drop(std::hint::black_box(vec![1_u8; 64]));
    // A local registry that knows nothing yet.
    let local = yardstick::Registry::new();
    metrics::with_local_recorder(&local, || drop(std::hint::black_box(vec![1_u8; 64])));
    assert!(local.render().contains("allocator_calls_total{outcome=\"ok\"}"));
    // The global recorder, which registers the site.
    let exporter =
        yardstick::exporter().listen(([127, 0, 0, 1], 0)).install().expect("nothing is installed");
    for _ in 0..100 {
        std::thread::spawn(|| drop(std::hint::black_box(vec![1_u8; 64]))).join().expect("no panic");
    }
    let body = exporter.render();
    let calls = body
        .lines()
        .find_map(|line| line.strip_prefix("allocator_calls_total{outcome=\"ok\"} "))
        .and_then(|value| value.parse::<u64>().ok());
    assert!(calls.is_some_and(|calls| calls >= 100), "{body}");
    assert!(
        body.contains("allocator_active 0\n") || body.contains("allocator_active 1\n"),
        "{body}"
    );
}
