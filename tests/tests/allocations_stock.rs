//! The same under the stock exporter, whose handles the sites keep. Its histograms are left out: they queue every
//! observation until a scrape.
#![cfg(feature = "stock")]

mod counting;

use counting::{PATHS, allocations_of};
use metrics_exporter_prometheus::PrometheusBuilder;

#[test]
fn kept_handles_are_used_without_allocating() {
    let handle =
        yardstick::stock::install(PrometheusBuilder::new()).expect("nothing else is installed");
    // Enough rounds that a queue's next block is not what a path is blamed for.
    let fewest = |calls: &fn()| (0..8).map(|_| allocations_of(calls)).min();
    let measured = PATHS.iter().map(|(name, calls)| {
        calls();
        (*name, fewest(calls))
    });
    let found: Vec<_> = measured.filter(|(_, allocations)| *allocations != Some(0)).collect();
    assert_eq!(found, []);
    let body = handle.render();
    assert!(body.contains("streamed_total{route=\"/a\",outcome=\"ok\"} 9\n"), "{body}");
}
