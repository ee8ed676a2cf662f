//! What OpenMetrics shows and the text format does not: when a series began to count, and exemplars.

use std::time::{Duration, SystemTime};

use serde_json::{Value as Json, json};
use yardstick::{
    Registry, Unit, default_registry,
    gather::{Collector, Exemplar, Kind, MetricFamily, Value},
};
use yardstick_tests::{judges, prometheus::Prometheus};

/// The exemplars that Python's parser finds, by name and `le`, without their times.
fn exemplars(exposition: &str) -> Vec<Json> {
    let samples = judges::python_openmetrics(exposition);
    let found = samples.into_iter().filter(|sample| !sample[5].is_null());
    found.map(|sample| json!([sample[2], sample[3]["le"], sample[5][0], sample[5][1]])).collect()
}

/// The value of the only sample of this name.
fn sample(exposition: &str, name: &str) -> f64 {
    let samples = judges::python_openmetrics(exposition);
    let mut found = samples.iter().filter(|sample| sample[2] == name);
    let value = found.next().expect("a sample")[4].as_str().expect("a number").parse();
    assert!(found.next().is_none(), "{name} is there twice");
    value.expect("a number")
}

#[test]
fn a_series_says_when_it_began_and_when_it_began_again() {
    let registry = Registry::new();
    let before = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let jobs = registry.counter("jobs").help("Jobs.").register().expect("a new name");
    let size = registry.histogram("size").buckets(&[1.0]).help("Size.").register();
    let size = size.expect("a new name");
    let load = registry.summary("load").help("Load.").register().expect("a new name");
    registry.gauge("depth").help("Depth.").register().expect("a new name").set(1.0);
    jobs.inc();
    size.observe(1.0);
    load.observe(1.0);
    let first = registry.render_openmetrics();
    for name in ["jobs_created", "size_created", "load_created"] {
        let created = sample(&first, name);
        let ago = created - before.as_secs_f64();
        assert!((-0.001..60.0).contains(&ago), "{name} is {created}, {ago} s after the start");
    }
    assert_eq!(registry.render_openmetrics(), first, "nothing moves by itself");
    assert!(!registry.render().contains("_created"), "the text format has no form for it");

    // Milliseconds are told apart, so the clock is waited for.
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    while now().as_secs_f64() < sample(&first, "jobs_created") + 0.002 {
        std::thread::yield_now();
    }
    jobs.reset();
    size.reset();
    load.reset();
    let second = registry.render_openmetrics();
    for name in ["jobs_created", "size_created", "load_created"] {
        assert!(sample(&second, name) > sample(&first, name), "{name} moves with a reset");
    }

    registry.expose_created(false);
    assert!(!registry.render_openmetrics().contains("_created"));
}

#[test]
fn exemplars_are_shown_with_their_buckets_and_only_in_openmetrics() {
    let registry = Registry::new();
    registry.expose_created(false);
    let wait = registry.histogram("wait").unit(Unit::Seconds).buckets(&[0.1, 1.0]).help("Wait.");
    let wait = wait.register().expect("a new name");
    let jobs = registry.counter("jobs").help("Jobs.").register().expect("a new name");
    // Python's parser counts escaped quotes too, so it can only be given pairs; a real server takes one below.
    let hostile = "a\\b\"c\"\nd\u{e9}";
    wait.observe_with_exemplar(0.05, &[("trace_id", "first")]);
    wait.observe_with_exemplar(0.1, &[("trace_id", hostile), ("span_id", "7")]);
    wait.observe_duration_with_exemplar(Duration::from_secs(5), &[("trace_id", "slow")]);
    jobs.inc_with_exemplar(&[("trace_id", "one")]);
    jobs.inc_by_with_exemplar(3, &[("trace_id", "three")]);
    let expected = [
        json!(["jobs_total", null, {"trace_id": "three"}, "3"]),
        json!(["wait_seconds_bucket", "0.1", {"span_id": "7", "trace_id": hostile}, "0.1"]),
        json!(["wait_seconds_bucket", "+Inf", {"trace_id": "slow"}, "5"]),
    ];
    assert_eq!(exemplars(&registry.render_openmetrics()), expected);
    let text = registry.render();
    assert!(!text.contains("trace_id"), "{text}");
    assert!(text.contains("jobs_total 4\n") && text.contains("wait_seconds_count 3\n"), "{text}");

    // What the format does not allow is counted, and its observation is recorded.
    let refused = |reason: &str| {
        let name = "yardstick_exemplars_refused_total";
        default_registry().sample_value(name, &[("reason", reason)]).expect("from the start")
    };
    let (label, length) = (refused("label"), refused("length"));
    wait.observe_with_exemplar(0.5, &[("trace_id", &"x".repeat(121))]);
    jobs.inc_with_exemplar(&[("trace-id", "x")]);
    wait.observe_with_exemplar(f64::NAN, &[("trace_id", "nan")]);
    wait.observe_with_exemplar(-1.0, &[("trace_id", "negative")]);
    assert_eq!(exemplars(&registry.render_openmetrics()), expected);
    assert_eq!((refused("label"), refused("length")), (label + 1.0, length + 1.0));
    assert_eq!((wait.count(), jobs.get()), (4, 5));

    wait.reset();
    assert_eq!(exemplars(&registry.render_openmetrics()), expected[..1]);
}

struct Rides;

impl Collector for Rides {
    fn collect(&self) -> Vec<MetricFamily> {
        let mut family = MetricFamily::new(Kind::Counter, "rides_total", "Rides.");
        family = family.with_series(&[], Value::count(3));
        let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500);
        family.series[0].created = Some(moment);
        family.series[0].exemplars = vec![
            Exemplar::new(1.0, &[("no-name", "x")], None),
            Exemplar::new(2.0, &[("trace_id", "a"), ("span_id", "b")], Some(moment)),
            Exemplar::new(f64::NAN, &[], None),
        ];
        vec![family]
    }
}

#[test]
fn collectors_may_give_both() {
    let registry = Registry::new();
    registry.register_collector(Rides);
    let exposition = registry.render_openmetrics();
    let expected = "# TYPE rides counter\n# HELP rides Rides.\n\
         rides_total 3 # {span_id=\"b\",trace_id=\"a\"} 2 1.500\nrides_created 1.500\n# EOF\n";
    assert_eq!(exposition, expected);
    assert_eq!(exemplars(&exposition).len(), 1);
}

#[test]
fn a_real_server_stores_exemplars() {
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).install();
    let exporter = exporter.expect("nothing else is installed");
    let paid = default_registry().histogram("paid").buckets(&[10.0]).help("Paid.").register();
    let hostile = "a\\b\"c\nd\u{e9}";
    paid.expect("a new name").observe_with_exemplar(7.0, &[("trace_id", hostile)]);
    let arguments = ["--enable-feature=exemplar-storage"];
    let server = Prometheus::start_with(exporter.local_addr(), &[], &arguments);
    let found = server.exemplars("paid_bucket");
    // The server reads an escaped quote for what it is, and stores the text as it was escaped.
    assert_eq!(found[0]["labels"], json!({"trace_id": "a\\\\b\\\"c\\nd\u{e9}"}));
    assert_eq!(found[0]["value"], "7");
    server.value("paid_created", |created| created > 1.7e9);
    assert!(exporter.shutdown_blocking().is_ok());
}
