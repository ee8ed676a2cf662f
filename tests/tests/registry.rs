//! Families declared in code: agreement, conflicts, golden scrapes, removal.

use yardstick::{
    RegisterError, Registry, Unit,
    error::{Both, Difference},
    gather::Kind,
};
use yardstick_tests::judges;

#[test]
fn a_scrape_is_these_bytes() {
    let registry = Registry::new();
    let requests = registry
        .counter("http_requests")
        .help("Requests by \\ method\nand path.")
        .labels(["path", "method"])
        .register()
        .expect("a new name");
    requests.get_or_create(["/\"quoted\"", "get"]).expect("room").inc_by(3);
    requests.get_or_create(["/", "post"]).expect("room").inc();
    requests.get_or_create(["/", "get"]).expect("room").inc_by_f64(0.5);
    registry.gauge("temperature").unit(Unit::Celsius).register().expect("a new name").set(-3.5);
    let sizes = registry
        .histogram("body")
        .unit(Unit::Bytes)
        .buckets(&[100.0, 1e6, 2.5e10])
        .help("Size of bodies.")
        .register()
        .expect("a new name");
    for size in [100.0, 101.0, 1e7, 1e300] {
        sizes.observe(size);
    }
    registry.counter("idle").help("Nothing yet.").register().expect("a new name");
    let body = registry.render();
    assert_eq!(body, include_str!("golden/registry.prom"));
    assert_eq!(body, registry.render(), "the same state gives the same bytes");
    judges::promtool(&body);
    assert_eq!(judges::python(&body).len(), 11);
}

#[test]
fn equal_registrations_share_a_family() {
    let registry = Registry::new();
    let first = registry.counter("jobs").help("Jobs.").register().expect("a new name");
    let second = registry.counter("jobs_total").help("Jobs.").register().expect("the same family");
    first.inc();
    second.inc();
    assert_eq!(first.get(), 2);
}

#[test]
fn conflicts_name_both_places() {
    let registry = Registry::new();
    registry.counter("jobs").help("Jobs.").labels(["queue"]).register().expect("a new name");
    let line = line!() - 1;
    let difference = |error: RegisterError| {
        let text = error.to_string();
        let RegisterError::Conflict { difference, first, second, .. } = error else {
            panic!("{text}")
        };
        assert!(first.line == line && second.line > line, "{text}");
        assert!(text.contains(&format!("tests/registry.rs:{line}:")), "{text}");
        difference
    };
    let error = registry.counter("jobs").labels(["other"]).register().expect_err("labels");
    assert!(matches!(difference(error), Difference::Labels(_)));
    let error = registry.counter("jobs").help("Other.").labels(["queue"]).register();
    assert!(matches!(difference(error.expect_err("help")), Difference::Help(_)));
    // A gauge `jobs` would be the counter's name without its suffix, which OpenMetrics reserves.
    let error = registry.gauge("jobs").register().expect_err("kind");
    assert!(matches!(error, RegisterError::SampleName { .. }), "{error}");
    // Of two kinds, only histograms and gauges can have one name.
    registry.histogram("h").register().expect("a new name");
    let line = line!() - 1;
    let error = registry.gauge("h").register().expect_err("kind");
    let RegisterError::Conflict { difference, first, .. } = error else { panic!("{error}") };
    assert_eq!(difference, Difference::Kind(Both { first: Kind::Histogram, second: Kind::Gauge }));
    assert_eq!(first.line, line);
    let labels = [("tier", "gold")];
    let error = registry.histogram("h").constant_labels(&labels).register().expect_err("labels");
    assert!(error.to_string().contains("constant labels [], then"), "{error}");
}

#[test]
fn names_do_not_claim_what_is_not_so() {
    let registry = Registry::new();
    for (name, suffix, unit) in [("wait_ms", "_ms", Unit::Seconds), ("sent_kb", "_kb", Unit::Bytes)]
    {
        let error = registry.gauge(name).unit(unit).register().expect_err(name);
        let RegisterError::Suffix { suffix: found, .. } = &error else { panic!("{error}") };
        assert_eq!(found, suffix);
    }
    assert!(registry.counter("jobs_total").register().is_ok());
    assert_eq!(registry.render().lines().nth(1), Some("# TYPE jobs_total counter"));
}

/// Who comes first does not decide what a metric is, nor whether two of them fit.
#[test]
fn a_unit_may_be_declared_or_written() {
    for names in [["wait", "wait_seconds"], ["wait_seconds", "wait"]] {
        let registry = Registry::new();
        for name in names {
            let histogram = registry.histogram(name);
            let histogram = if name == "wait" { histogram.unit(Unit::Seconds) } else { histogram };
            let wait = histogram.help("Time to wait.").register().expect("one metric");
            wait.observe_duration(std::time::Duration::from_secs(1));
        }
        assert_eq!(registry.sample_value("wait_seconds_count", &[]), Some(2.0), "{names:?}");
        assert!(registry.render_openmetrics().contains("# UNIT wait_seconds seconds\n"));
    }
}

#[test]
fn a_family_can_be_in_two_registries() {
    let (one, two) = (Registry::new(), Registry::new());
    let jobs = one.counter("jobs").help("Jobs.").labels(["queue"]).register().expect("a new name");
    one.share_family("jobs_total", &two).expect("the name is free");
    one.share_family("jobs_total", &two).expect("it is there already");
    jobs.get_or_create_named([("queue", "mail")]).expect("its labels").inc();
    assert_eq!(one.render(), two.render());
    assert!(one.unregister("jobs_total"));
    jobs.get_or_create(["mail"]).expect("room for it").inc();
    assert_eq!(two.sample_value("jobs_total", &[("queue", "mail")]), Some(2.0));
    let error = one.share_family("jobs_total", &two).expect_err("it is gone");
    assert!(matches!(error, RegisterError::UnknownFamily { .. }), "{error}");
    one.gauge("jobs").register().expect("the name is free again");
    let error = one.share_family("jobs", &two).expect_err("of another kind");
    assert!(matches!(error, RegisterError::SampleName { .. }), "{error}");
    let error = jobs.get_or_create_named([("cue", "mail")]).map(|_| ()).expect_err("misspelt");
    assert!(error.to_string().contains("needs a value for `queue`"), "{error}");
}

#[test]
fn mistakes_are_typed_errors() {
    let registry = Registry::new();
    let error = registry.counter("a-b").register().expect_err("a dash");
    assert!(matches!(error, RegisterError::MetricName { .. }), "{error}");
    // A colon is for the names of what recording rules compute.
    let error = registry.counter("job:rate").register().expect_err("a colon").to_string();
    assert!(
        error.starts_with("invalid metric name `job:rate` at tests/tests/registry.rs")
            && error.ends_with(
                ": `:` at position 3 is reserved for recording rules; write it as `job_rate`"
            ),
        "{error}"
    );
    let error = registry.counter("_").register().expect_err("exposed as `__total`");
    assert!(matches!(error, RegisterError::MetricName { .. }), "{error}");
    let error = registry.gauge(&"x".repeat(257)).register().expect_err("too long");
    assert!(matches!(error, RegisterError::MetricName { .. }), "{error}");
    let error = registry.histogram("h").labels(["le"]).register().expect_err("reserved");
    assert!(matches!(error, RegisterError::LabelName { violation: None, .. }), "{error}");
    let error = registry.gauge("g").labels(["a", "a"]).register().expect_err("twice");
    assert!(matches!(error, RegisterError::DuplicateLabel { .. }), "{error}");
    for bounds in [&[][..], &[f64::NAN], &[1.0, 1.0], &[2.0, 1.0], &[f64::INFINITY]] {
        let error = registry.histogram("h").buckets(bounds).register().expect_err("bad bounds");
        assert!(matches!(error, RegisterError::Bounds { .. }), "{error}");
    }
    assert_eq!(registry.render(), "");
}

#[test]
fn refused_amounts_change_nothing() {
    let registry = Registry::new();
    let counter = registry.counter("c").register().expect("a new name");
    let wait = registry.histogram("w").unit(Unit::Seconds).register().expect("a new name");
    for amount in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        counter.inc_by_f64(amount);
        wait.observe(amount);
    }
    assert_eq!((counter.get(), wait.count()), (0, 0));
    let body = yardstick::default_registry().render();
    for reason in ["negative\"} 2", "nan\"} 2", "infinite\"} 4"] {
        let line = format!("yardstick_observations_refused_total{{reason=\"{reason}\n");
        assert!(body.contains(&line), "{line}{body}");
    }
}

#[test]
fn a_limit_turns_label_sets_to_the_overflow_series() {
    let registry = Registry::new();
    let users = registry.gauge("users").labels(["name"]).series_max(2).register().expect("new");
    for name in ["a", "b", "c", "d", "a"] {
        users.get_or_create([name]).expect("room").inc();
    }
    let body = registry.render();
    assert!(body.ends_with("users{name=\"_other\"} 2\nusers{name=\"a\"} 2\nusers{name=\"b\"} 1\n"));
}

#[test]
fn removal_and_reset() {
    let registry = Registry::new();
    let jobs = registry.counter("jobs").labels(["queue"]).register().expect("a new name");
    jobs.get_or_create(["dropped"]).expect("room").inc();
    let held = jobs.get_or_create(["held"]).expect("room");
    held.inc_by(5);
    assert!(jobs.remove(["dropped"]) && jobs.remove(["held"]) && !jobs.remove(["never"]));
    assert!(!registry.render().contains("jobs_total{"));
    held.inc();
    assert!(registry.render().ends_with("jobs_total{queue=\"held\"} 1\n"));
    assert_eq!(
        jobs.get_or_create(["dropped"]).expect("room").get(),
        0,
        "words are zeroed before reuse"
    );

    let wait = registry.histogram("wait").unit(Unit::Seconds).register().expect("a new name");
    wait.observe(1.0);
    wait.reset();
    assert_eq!((wait.count(), wait.sum().to_bits()), (0, 0.0_f64.to_bits()));
    wait.observe(2.0);
    assert_eq!(wait.count(), 1);
    assert!((wait.sum() - 2.0).abs() < 1e-6);
}

#[test]
fn a_sample_is_found_by_its_name_and_labels() {
    let registry = Registry::new();
    let sizes = registry
        .histogram("sizes")
        .buckets(&[1.0, 2.5])
        .labels(["path", "method"])
        .register()
        .expect("a new name");
    let child = sizes.get_or_create(["/\"a\"", "get"]).expect("room");
    for size in [0.5, 2.0, 9.0] {
        child.observe(size);
    }
    registry.counter("sizes_of_shoes").register().expect("a new name").inc_by_f64(0.5);
    let labels = [("method", "get"), ("path", "/\"a\"")];
    let with_bound = |bound| [labels[0], ("le", bound), labels[1]];
    assert_eq!(registry.sample_value("sizes_count", &labels), Some(3.0));
    assert_eq!(registry.sample_value("sizes_sum", &labels), Some(11.5));
    // A bound is a number, however it is written.
    for bound in ["2.5", "2.50", "25e-1"] {
        assert_eq!(registry.sample_value("sizes_bucket", &with_bound(bound)), Some(2.0));
    }
    assert_eq!(registry.sample_value("sizes_bucket", &with_bound("1")), Some(1.0));
    assert_eq!(registry.sample_value("sizes_bucket", &with_bound("+Inf")), Some(3.0));
    assert_eq!(registry.sample_value("sizes_of_shoes_total", &[]), Some(0.5));
    for (name, labels) in [
        ("sizes", &labels[..]),
        ("sizes_count", &labels[..1]),
        ("sizes_bucket", &labels[..]),
        ("sizes_bucket", &with_bound("3")),
        ("shoes", &[]),
    ] {
        assert_eq!(registry.sample_value(name, labels), None, "{name} {labels:?}");
    }
}

#[test]
fn a_family_can_be_taken_out() {
    let registry = Registry::new();
    let jobs = registry.counter("jobs").help("Jobs.").register().expect("a new name");
    metrics::with_local_recorder(&registry, || metrics::counter!("calls").increment(1));
    assert!(registry.unregister("jobs_total"));
    assert!(!registry.unregister("jobs_total"));
    assert!(registry.unregister("calls_total"));
    assert_eq!(registry.render(), "");
    jobs.inc();
    assert_eq!(jobs.get(), 1, "a handle goes on to work");

    // The name is free, for another kind too, and the facade finds the new family.
    registry.gauge("jobs").help("Others.").register().expect("a free name").set(2.0);
    metrics::with_local_recorder(&registry, || metrics::counter!("calls").increment(5));
    assert_eq!(registry.sample_value("jobs", &[]), Some(2.0));
    assert_eq!(registry.sample_value("calls_total", &[]), Some(5.0));
}

#[test]
fn clearing_a_family_leaves_what_is_held_to_come_back() {
    let registry = Registry::new();
    let jobs = registry.counter("jobs").labels(["queue"]).register().expect("a new name");
    let held = jobs.get_or_create(["mail"]).expect("room");
    held.inc();
    jobs.get_or_create(["fax"]).expect("room").inc();
    jobs.clear();
    assert!(!registry.render().contains("jobs_total{"), "{}", registry.render());
    held.inc_by(3);
    assert_eq!(registry.sample_value("jobs_total", &[("queue", "mail")]), Some(3.0));
    assert_eq!(registry.sample_value("jobs_total", &[("queue", "fax")]), None);
}

#[test]
fn a_scrape_has_one_list_of_global_labels() {
    let registry = Registry::new();
    for index in 0..50 {
        let name = format!("depth_{index}");
        registry.gauge(&name).help("Depth.").register().expect("a new name");
    }
    let versions = [&[("version", "1"), ("old", "a")][..], &[("version", "2"), ("new", "b")]];
    registry.set_global_labels(versions[0]).expect("nobody has them");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for labels in versions {
                    registry.set_global_labels(labels).expect("nobody has them");
                }
            }
        });
        for _ in 0..200 {
            let body = registry.render();
            let olds = body.matches("{old=\"a\",version=\"1\"}").count();
            let news = body.matches("{new=\"b\",version=\"2\"}").count();
            assert!((olds, news) == (50, 0) || (olds, news) == (0, 50), "{olds} and {news}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn global_labels_that_cannot_be_are_typed_errors() {
    let registry = Registry::new();
    registry.gauge("depth").labels(["queue"]).register().expect("a new name");
    registry.set_global_labels(&[("service", "shop")]).expect("nobody has it");
    for (labels, is_as_expected) in [
        (&[("a-b", "")][..], (|e| matches!(e, RegisterError::LabelName { .. })) as fn(_) -> _),
        (&[("le", "1")], |e| matches!(e, RegisterError::LabelName { violation: None, .. })),
        (&[("a", "1"), ("a", "2")], |e| matches!(e, RegisterError::DuplicateLabel { .. })),
        (&[("queue", "mail")], |e| matches!(e, RegisterError::GlobalLabel { .. })),
    ] {
        let error = registry.set_global_labels(labels).expect_err("not these");
        assert!(error.to_string().contains("tests/registry.rs"), "{error}");
        assert!(is_as_expected(error), "{labels:?}");
    }
    let line = registry.gauge("wide").register().map(|_| registry.render()).expect("a new name");
    assert!(line.ends_with("wide{service=\"shop\"} 0\n"), "{line}");
    registry.set_global_labels(&[]).expect("none is always possible");
    assert!(registry.render().ends_with("wide 0\n"));
}
