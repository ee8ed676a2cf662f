//! The attributes under the recorder with which users of the facade test their metrics.

mod program;

use metrics::with_local_recorder;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use yardstick::Registry;

/// What was recorded since the last question, in the form of a scrape.
fn counts(snapshotter: &Snapshotter) -> Vec<String> {
    let snapshot = snapshotter.snapshot().into_vec();
    let line = |(key, _, _, value): (metrics_util::CompositeKey, _, _, DebugValue)| {
        let labels = key.key().labels();
        let mut labels: Vec<_> =
            labels.map(|label| format!("{}=\"{}\"", label.key(), label.value())).collect();
        labels.sort();
        let labels = match labels.is_empty() {
            true => String::new(),
            false => format!("{{{}}}", labels.join(",")),
        };
        let name = key.key().name();
        match value {
            DebugValue::Counter(0) => None,
            DebugValue::Counter(count) => Some(format!("{name}{labels} {count}")),
            DebugValue::Gauge(value) if value.into_inner() == 0.0 => None,
            DebugValue::Gauge(value) => Some(format!("{name}{labels} {value}")),
            DebugValue::Histogram(values) if values.is_empty() => None,
            DebugValue::Histogram(values) => {
                assert!(values.iter().all(|value| (0.0..10.0).contains(&value.into_inner())));
                Some(format!("{name}_count{labels} {}", values.len()))
            }
        }
    };
    let mut lines: Vec<_> = snapshot.into_iter().filter_map(line).collect();
    lines.sort();
    lines
}

#[test]
fn every_call_reaches_the_recorder_that_is_installed() {
    program::calls();
    let recorder = DebuggingRecorder::new();
    let installed = recorder.snapshotter();
    recorder.install().expect("nothing else is installed");
    program::calls();
    assert_eq!(counts(&installed), program::expected(1));

    let local = DebuggingRecorder::new();
    let snapshotter = local.snapshotter();
    with_local_recorder(&local, program::calls);
    assert_eq!(counts(&snapshotter), program::expected(1));
    let registry = Registry::new();
    with_local_recorder(&registry, program::calls);
    assert_eq!(program::counts(&registry.render()), program::expected(1));
    assert_eq!(counts(&installed), [""; 0], "nothing of this reached the installed one");
}
