//! Recording allocates nothing after the first use of a series by a thread, nor with nothing installed.

mod counting;

use counting::{PATHS, allocations_of};

/// The paths that allocate; the calls before are the first use.
fn that_allocate() -> Vec<(&'static str, u64)> {
    let measured = PATHS.iter().map(|(name, calls)| {
        calls();
        (*name, allocations_of(calls))
    });
    measured.filter(|(_, allocations)| *allocations > 0).collect()
}

#[test]
fn recording_allocates_nothing() {
    assert!(allocations_of(|| drop(std::hint::black_box(Box::new(1_u8)))) > 0, "it counts");
    assert_eq!(that_allocate(), [], "with nothing installed");
    let exporter =
        yardstick::exporter().listen(([127, 0, 0, 1], 0)).install().expect("nothing is installed");
    assert_eq!(that_allocate(), [], "installed");
    let on_another_thread = std::thread::spawn(that_allocate).join().expect("it ends");
    assert_eq!(on_another_thread, [], "on another thread");
    assert!(exporter.render().contains("enums_seconds_count{cached=\"true\",method=\"put\"} 4\n"));
}
