//! Labels of every series, which an exporter sets. One test, because a process installs one exporter.

use yardstick::{
    RegisterError, dynamic,
    exporter::InstallError,
    gather::{MetricFamily, Value},
    track_calls,
};
use yardstick_tests::judges;

#[track_calls("declared", labels(env = "of its own"))]
fn declared() {}

#[track_calls(labels(region = "of its own"))]
fn open() {}

/// A declaration that comes after the label gets the error that the label gets when it comes after the declaration.
fn declared_later(refused: &Result<(), InstallError>) {
    let Err(InstallError::GlobalLabels(before)) = refused else { panic!("{refused:?}") };
    let RegisterError::GlobalLabel { first, second, .. } = &before[0] else { panic!("{before:?}") };
    assert_eq!((before.len(), second.line), (1, 11));
    assert!(first.line > second.line);
    let registry = yardstick::default_registry();
    let by_label = registry.counter("later").labels(["region"]).register().map(|_| ());
    let labels = [("region", "own")];
    let constant = registry.gauge("constant").constant_labels(&labels).register().map(|_| ());
    // A name that only series brought so far is declared with the label: that is a declaration.
    let joined = registry.counter("by_name_after").labels(["region"]).register().map(|_| ());
    for (declared, name) in
        [(by_label, "later_total"), (constant, "constant"), (joined, "by_name_after_total")]
    {
        let error = declared.expect_err("`region` is one of every series");
        let RegisterError::GlobalLabel { metric, label, first, second } = &error else {
            panic!("{error}")
        };
        assert_eq!((metric.as_str(), label.as_str()), (name, "region"));
        assert!(first.line > second.line, "{error}");
    }
}

#[test]
fn every_series_has_them_unless_it_has_its_own() {
    let exporter = || yardstick::exporter().listen(([127, 0, 0, 1], 0));
    let refused = exporter().global_label("env", "prd").install().map(|_| ());
    let text = refused.as_ref().expect_err("`declared` has that label").to_string();
    assert!(matches!(refused, Err(InstallError::GlobalLabels(_))), "{text}");
    assert!(
        text.contains("label `env` of `declared_total` at tests/tests/global_labels.rs:11:")
            && text.contains(" is one of every series since tests/tests/global_labels.rs:"),
        "{text}"
    );
    for name in ["a-b", "le", "quantile", "__a"] {
        assert!(exporter().global_label(name, "x").install().is_err(), "{name}");
    }
    assert!(exporter().global_label("a", "1").global_label("a", "2").install().is_err());
    assert!(exporter().environment_label().install().is_err(), "it is called `env`");

    // What a series brings by itself stands against nothing, whichever comes first.
    dynamic().increment_counter("by_name_before", 1.0, &[("region", "by name")]);
    let exporter = exporter()
        .global_label("service", "shop \"1\"")
        .global_label("region", "eu")
        .install()
        .expect("nothing stands against it");
    dynamic().increment_counter("by_name_after", 1.0, &[("region", "by name")]);
    declared_later(&refused);
    declared();
    open();
    metrics::counter!("third_party", "region" => "theirs").increment(1);
    yardstick::default_registry().register_collector(|| {
        vec![MetricFamily::gauge("collected", "CollectorId.").with_series(&[], Value::Gauge(1.0))]
    });
    let body = exporter.render();
    judges::promtool(&body);
    assert!(!judges::python(&body).is_empty());
    for line in [
        "declared_total{env=\"of its own\",outcome=\"ok\",region=\"eu\",service=\"shop \\\"1\\\"\"} 1",
        "function_calls_total{function=\"open\",module=\"global_labels\",outcome=\"ok\",region=\"of its own\",service=\"shop \\\"1\\\"\"} 1",
        "by_name_before_total{region=\"by name\",service=\"shop \\\"1\\\"\"} 1",
        "by_name_after_total{region=\"by name\",service=\"shop \\\"1\\\"\"} 1",
        "third_party_total{region=\"theirs\",service=\"shop \\\"1\\\"\"} 1",
        "collected{region=\"eu\",service=\"shop \\\"1\\\"\"} 1",
    ] {
        assert!(body.lines().any(|found| found == line), "{line} in\n{body}");
    }
    let is_sample = |line: &&str| !line.starts_with('#');
    assert!(body.lines().filter(is_sample).all(|line| line.contains("service=\"shop")));
    // Asked for one sample, a registry answers as it was recorded.
    let labels = [("env", "of its own"), ("outcome", "ok")];
    let value = yardstick::default_registry().sample_value("declared_total", &labels);
    assert_eq!(value, Some(1.0));
    assert!(exporter.shutdown_blocking().is_ok());
}
