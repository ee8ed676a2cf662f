//! The attributes under `metrics-exporter-prometheus`, with the catalog's buckets and help texts.
#![cfg(feature = "stock")]

use metrics_exporter_prometheus::PrometheusBuilder;
use yardstick::{track_active, track_calls, track_duration, track_errors};

/// A task.
#[track_duration("task", labels(kind = kind), buckets = [1, 2])]
#[track_errors("task_errors")]
#[track_calls]
#[track_active]
fn task(kind: &str) -> Result<(), std::num::ParseIntError> {
    kind.parse::<u8>().map(drop)
}

#[test]
fn the_catalog_reaches_the_stock_exporter() {
    let handle =
        yardstick::stock::install(PrometheusBuilder::new()).expect("nothing else is installed");
    let _ = task("1");
    let _ = task("x");
    let body = handle.render();
    for line in [
        "# HELP task_seconds A task.",
        "# TYPE task_seconds histogram",
        "task_seconds_bucket{kind=\"1\",le=\"2\"} 1",
        "task_seconds_count{kind=\"x\"} 1",
        "task_errors_total{error_type=\"ParseIntError\"} 1",
        "function_calls_total{function=\"task\",module=\"stock\",outcome=\"ok\"} 1",
        "function_calls_total{function=\"task\",module=\"stock\",outcome=\"error\"} 1",
        "function_active{function=\"task\",module=\"stock\"} 0",
    ] {
        assert!(body.lines().any(|found| found == line), "{line}\n{body}");
    }
    let second = yardstick::stock::install(PrometheusBuilder::new());
    assert!(matches!(second, Err(yardstick::stock::StockError::AlreadyInstalled)));
}
