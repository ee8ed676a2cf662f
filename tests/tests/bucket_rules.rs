//! Buckets by name, for histograms that say none: those of libraries above all.

use metrics::{describe_histogram, histogram, with_local_recorder};
use yardstick::{
    RegisterError, Registry, Unit,
    buckets::{Matcher, NativeBuckets},
    dynamic::Dynamic,
    error::Difference,
    exporter::InstallError,
    track_duration,
};
use yardstick_tests::judges;

#[track_duration("timed")]
fn timed() {}

#[track_duration("timed_by_its_own", buckets = [7])]
fn timed_by_its_own() {}

fn full(name: &str) -> Matcher {
    Matcher::Full(name.to_owned())
}

fn prefix(name: &str) -> Matcher {
    Matcher::Prefix(name.to_owned())
}

fn suffix(name: &str) -> Matcher {
    Matcher::Suffix(name.to_owned())
}

/// The bounds of a family, as its buckets show them.
fn bounds(registry: &Registry, family: &str) -> Vec<String> {
    let body = registry.render();
    let start = format!("{family}_bucket{{");
    let lines = body.lines().filter(|line| line.starts_with(&start));
    lines.filter_map(|line| Some(line.split("le=\"").nth(1)?.split('"').next()?.into())).collect()
}

#[test]
fn a_library_s_histograms_get_their_buckets_by_name() {
    let registry = Registry::new();
    registry.set_buckets_for(prefix("http."), [1.0]).expect("valid");
    registry.set_buckets_for(prefix("http.server."), [2.0].as_slice()).expect("valid");
    registry.set_buckets_for(full("http.server.size"), vec![3.0]).expect("valid");
    registry.set_buckets_for(suffix("_bytes"), [1e3, 1e6]).expect("valid");
    registry.set_buckets_for(suffix("_bytes"), [1e4]).expect("valid, and later");
    registry.set_buckets_for(full("lag"), NativeBuckets::default()).expect("valid");
    with_local_recorder(&registry, || {
        describe_histogram!("read", metrics::Unit::Bytes, "Bytes read.");
        for name in
            ["http.client", "http.server.wait", "http.server.size", "sent_bytes", "read", "other"]
        {
            histogram!(name).record(0.5);
        }
        histogram!("lag").record(0.3);
        timed();
    });
    assert_eq!(bounds(&registry, "http_client"), ["1.0", "+Inf"]);
    assert_eq!(bounds(&registry, "http_server_wait"), ["2.0", "+Inf"]);
    assert_eq!(bounds(&registry, "http_server_size"), ["3.0", "+Inf"]);
    assert_eq!(bounds(&registry, "sent_bytes"), ["10000.0", "+Inf"]);
    // The name that is exposed counts too.
    assert_eq!(bounds(&registry, "read_bytes"), ["10000.0", "+Inf"]);
    assert_eq!(bounds(&registry, "other").len(), yardstick::buckets::DEFAULT_SECONDS.len() + 1);
    assert!(bounds(&registry, "lag").contains(&"0.5".to_owned()), "{}", registry.render());
    judges::promtool(&registry.render());
}

#[test]
fn whoever_says_buckets_has_them() {
    let registry = Registry::new();
    registry.set_buckets_for(prefix(""), [1.0]).expect("valid");
    registry.histogram("declared").buckets(&[5.0]).register().expect("a new name").observe(1);
    registry.histogram("open").unit(Unit::Seconds).register().expect("a new name").observe(1);
    let collector = Dynamic::new(registry.clone());
    collector.record_histogram_with_buckets("named", 1.0, &[], &[6.0]);
    collector.record_histogram("named_only", 1.0, &[]);
    with_local_recorder(&registry, || {
        histogram!("declared").record(2.0);
        timed();
        timed_by_its_own();
    });
    assert_eq!(bounds(&registry, "declared"), ["5.0", "+Inf"]);
    assert_eq!(registry.sample_value("declared_count", &[]), Some(2.0));
    assert_eq!(bounds(&registry, "open_seconds"), ["1.0", "+Inf"]);
    assert_eq!(bounds(&registry, "named"), ["6.0", "+Inf"]);
    assert_eq!(bounds(&registry, "named_only"), ["1.0", "+Inf"]);
    // An attribute without buckets says the default ones.
    assert_eq!(
        bounds(&registry, "timed_seconds").len(),
        yardstick::buckets::DEFAULT_SECONDS.len() + 1
    );
    registry.set_buckets_for(prefix("timed"), [1.0]).expect("no histogram is to have these");
    assert_eq!(bounds(&registry, "timed_by_its_own_seconds"), ["7.0", "+Inf"]);
}

#[test]
fn buckets_that_cannot_be_are_typed_errors() {
    let registry = Registry::new();
    let error = registry.set_buckets_for(full("size"), [2.0, 1.0]).expect_err("falling");
    assert!(matches!(error, RegisterError::Bounds { .. }), "{error}");
    with_local_recorder(&registry, || histogram!("size").record(1.0));
    let error = registry.set_buckets_for(full("size"), [1.0]).expect_err("it has some");
    let RegisterError::Conflict { difference, .. } = &error else { panic!("{error}") };
    assert!(matches!(difference, Difference::Buckets(_)), "{error}");
    registry
        .set_buckets_for(full("size"), yardstick::buckets::DEFAULT_SECONDS)
        .expect("those that it has");

    // A negative bound is none of a duration: the default ones stay, and the refusal is counted.
    registry.set_buckets_for(full("wait_seconds"), [-1.0, 1.0]).expect("valid of other units");
    let wait = registry.histogram("wait").unit(Unit::Seconds).register().expect("a new name");
    assert_eq!(wait.bucket_counts().len(), yardstick::buckets::DEFAULT_SECONDS.len() + 1);

    let refused = yardstick::exporter()
        .buckets_for(full("size"), [f64::NAN])
        .listen("127.0.0.1:0")
        .install()
        .expect_err("no number");
    assert!(matches!(refused, InstallError::Buckets(_)), "{refused}");
    assert!(refused.to_string().starts_with("the buckets given to `buckets_for`"), "{refused}");
    let exporter = yardstick::exporter()
        .buckets_for(prefix("library."), [1.0])
        .listen("127.0.0.1:0")
        .install()
        .expect("nothing stands against it");
    histogram!("library.wait").record(0.5);
    assert_eq!(bounds(yardstick::default_registry(), "library_wait"), ["1.0", "+Inf"]);
    exporter.shutdown_blocking().expect("the endpoint had not panicked");
}
