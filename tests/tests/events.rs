//! Every operation by name is an event at debug level, and what is refused is a warning, once.

use tracing::Level;
use yardstick::{Registry, dynamic::Dynamic};
use yardstick_tests::events::Kept;

#[test]
fn operations_are_events_and_refusals_are_warnings() {
    let kept = Kept::default();
    let by_name = Dynamic::new(Registry::new());
    tracing::subscriber::with_default(kept.clone(), || {
        by_name.increment_counter("api-errors", 1.0, &[("endpoint", "/query")]);
        for _ in 0..3 {
            by_name.set_gauge("api_errors_total", 2.0, &[]);
            by_name.record_timing("query", 3.0, &[("1b", "x")]);
        }
        by_name.batch(|batch| batch.record_summary("sizes", 4.0, &[]));
    });
    let debug = kept.of(Level::DEBUG);
    assert_eq!(debug.len(), 8, "{debug:#?}");
    for part in
        ["increment_counter", "metric=\"api-errors\"", "amount=1.0", "(\"endpoint\", \"/query\")"]
    {
        assert!(debug[0].contains(part), "{part} in {}", debug[0]);
    }
    let warnings = kept.of(Level::WARN);
    assert_eq!(warnings.len(), 2, "each once: {warnings:#?}");
    assert!(warnings[0].contains("kind counter, then gauge"), "{}", warnings[0]);
    assert!(warnings[1].contains("label=\"1b\""), "{}", warnings[1]);
}
