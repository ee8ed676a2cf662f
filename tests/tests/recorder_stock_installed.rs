//! The attributes under `metrics-exporter-prometheus`, installed through this toolkit: the same program under
//! both stores gives the same families, kinds, labels and counts.
#![cfg(feature = "stock")]

mod program;

use std::collections::BTreeSet;

use metrics::with_local_recorder;
use metrics_exporter_prometheus::PrometheusBuilder;
use yardstick::Registry;
use yardstick_tests::judges;

/// The comments of a scrape about families that both have: help texts and kinds.
fn comments(body: &str) -> BTreeSet<&str> {
    body.lines().filter(|line| line.starts_with('#') && !line.contains(" yardstick_")).collect()
}

/// The series of a scrape without their values, with their labels in order.
fn series(body: &str) -> BTreeSet<String> {
    let lines = body.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let series = |line: &str| line.rsplit_once(' ').expect("a value").0.to_owned();
    lines.map(|line| series(&program::in_order(line))).collect()
}

#[test]
fn both_stores_tell_the_same() {
    program::calls();
    let builder = PrometheusBuilder::new().with_recommended_naming(true);
    let handle = yardstick::stock::install(builder).expect("nothing else is installed");
    let before = handle.render();
    assert_eq!(program::counts(&before), [""; 0], "the calls before reach nobody");
    for zero in ["query_errors_total{error_type=\"panic\"} 0", "queries_active 0"] {
        assert!(before.lines().any(|line| line == zero), "{zero}\n{before}");
    }

    // Each site's handles are kept, and still no call goes astray.
    let ours = Registry::new();
    for round in 1..=3 {
        program::calls();
        with_local_recorder(&ours, program::calls);
        assert_eq!(program::counts(&handle.render()), program::expected(round));
        assert_eq!(program::counts(&ours.render()), program::expected(round));
    }
    let theirs = handle.render();
    assert_eq!(comments(&theirs), comments(&ours.render()));
    judges::promtool(&theirs);

    // What both have exists in both, but for what only one of them shows at zero.
    let ours = ours.render();
    let missing: Vec<_> = series(&ours)
        .difference(&series(&theirs))
        .filter(|series| !series.contains("yardstick_") && !series.contains("le="))
        .cloned()
        .collect();
    assert!(missing.is_empty(), "{missing:?}\n{theirs}");

    // A local recorder of their kind is not taken for the one that is installed.
    let other = PrometheusBuilder::new().build_recorder();
    let other_handle = other.handle();
    with_local_recorder(&other, program::calls);
    let lines = program::counts(&other_handle.render());
    assert!(
        lines.contains(&"fetches_total{outcome=\"ok\",status=\"200\"} 2".to_owned()),
        "{lines:?}"
    );
    assert_eq!(program::counts(&handle.render()), program::expected(3));
}
