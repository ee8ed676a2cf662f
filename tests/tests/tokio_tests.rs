//! Tests that are async, with attributes of ours above and below `tokio::test`.

use metrics::with_local_recorder;
use yardstick::{Registry, track_active, track_calls, track_duration};
use yardstick_tests::counts;

/// A test itself, and called by another below.
#[tokio::test]
#[track_calls("below")]
#[track_duration("below")]
async fn measured_below() {
    tokio::task::yield_now().await;
}

/// The same with the attributes in the other order.
#[track_active("above_active")]
#[track_calls("above")]
#[tokio::test(flavor = "current_thread")]
async fn measured_above() -> Result<(), std::num::ParseIntError> {
    tokio::task::yield_now().await;
    "1".parse::<u8>().map(drop)
}

#[test]
fn async_tests_are_measured_to_their_end() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        measured_below();
        measured_above().expect("a number");
    });
    let expected =
        ["above_total{outcome=\"ok\"} 1", "below_seconds_count 1", "below_total{outcome=\"ok\"} 1"];
    assert_eq!(counts(&registry), expected);
    assert!(registry.render().contains("above_active 0\n"));
}
