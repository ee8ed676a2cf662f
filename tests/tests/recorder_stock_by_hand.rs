//! The attributes under `metrics-exporter-prometheus`, installed by its own means.
#![cfg(feature = "stock")]

mod program;

use metrics::with_local_recorder;
use metrics_exporter_prometheus::PrometheusBuilder;
use yardstick::Registry;

#[test]
fn every_call_reaches_the_recorder_that_is_installed() {
    program::calls();
    let handle = PrometheusBuilder::new()
        .set_buckets(&[0.001, 1.0])
        .expect("buckets")
        .install_recorder()
        .expect("nothing else is installed");
    assert_eq!(program::counts(&handle.render()), [""; 0], "the calls before reach nobody");
    program::calls();
    assert_eq!(program::counts(&handle.render()), program::expected(1));

    let local = Registry::new();
    with_local_recorder(&local, program::calls);
    assert_eq!(program::counts(&local.render()), program::expected(1));
    assert_eq!(program::counts(&handle.render()), program::expected(1));

    let other = PrometheusBuilder::new().build_recorder();
    let other_handle = other.handle();
    with_local_recorder(&other, program::calls);
    let lines = program::counts(&other_handle.render());
    assert!(
        lines.contains(&"fetches_total{outcome=\"ok\",status=\"200\"} 2".to_owned()),
        "{lines:?}"
    );

    program::calls();
    assert_eq!(program::counts(&handle.render()), program::expected(2));
    assert_eq!(program::counts(&local.render()), program::expected(1));
}
