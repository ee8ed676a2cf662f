//! Recording allocates nothing after the first use of a series by a thread, nor with nothing installed.

mod counting;

use counting::{PATHS, allocations_of};

/// The paths that allocate; the calls before are the first use.
fn that_allocate() -> Vec<(&'static str, u64)> {
    let measured = PATHS.iter().map(|(name, calls)| {
        calls();
        (*name, allocations_of(calls))
    });
    by_name();
    let by_name = [("by name", allocations_of(by_name))];
    measured.chain(by_name).filter(|(_, allocations)| *allocations > 0).collect()
}

/// Labels by name, with texts and with values that are displayed.
fn by_name() {
    let by_name = yardstick::dynamic();
    by_name.increment_counter("by_name", 1.0, &[("path", "/query"), ("method", "get")]);
    by_name.record_timing("by_name_wait", 1.0, yardstick::labels! { "status" => 200 });
    by_name.set_gauge("by_name_depth", 1.0, &[]);
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
