//! "Writing client libraries" of the Prometheus documentation, item by item: one test named after each. Where we
//! depart from it, `docs/decisions/0004-client-library-checklist.md` says why.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Barrier, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use yardstick::{
    Counter, Gauge, Histogram, RegisterError, Registry, Summary, Unit,
    buckets::DEFAULT_SECONDS,
    default_registry,
    gather::{MetricFamily, Value},
    track_calls, track_errors,
};

fn registry() -> Registry {
    Registry::new()
}

fn value(registry: &Registry, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    registry.sample_value(name, labels)
}

#[test]
fn every_scrape_calls_each_collector() {
    let registry = registry();
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    registry.register_collector(move || {
        let calls = counted.fetch_add(1, Ordering::Relaxed);
        vec![MetricFamily::counter("calls_total", "Calls.").with_series(&[], Value::count(calls))]
    });
    for scrape in 0..3 {
        assert!(registry.render().ends_with(&format!("calls_total {scrape}\n")));
    }
}

#[test]
fn thread_safe() {
    fn is_safe<T: Send + Sync>() {}
    is_safe::<(Registry, Counter, Gauge, Histogram, Summary)>();
    let registry = registry();
    let counter = registry.counter("c").help("C.").register().expect("new");
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                (0..10_000).for_each(|_| counter.inc());
            });
        }
    });
    assert_eq!(counter.get(), 40_000);
}

#[test]
fn a_default_registry_and_a_way_not_to_use_it() {
    default_registry().counter("checklist_default").help("D.").register().expect("new").inc();
    let own = registry();
    own.counter("checklist_own").help("O.").register().expect("new").inc();
    own.register_collector(|| vec![MetricFamily::gauge("checklist_collected", "C.")]);
    let body = default_registry().render();
    assert!(body.contains("checklist_default_total 1\n"));
    assert!(!body.contains("checklist_own") && !body.contains("checklist_collected"));
}

#[test]
fn register_and_unregister_and_several_registries() {
    let (one, two) = (registry(), registry());
    let collect = || vec![MetricFamily::gauge("g", "G.").with_series(&[], Value::Gauge(1.0))];
    let first = one.register_collector(collect);
    two.register_collector(collect);
    assert!(one.unregister_collector(first));
    assert_eq!((value(&one, "g", &[]), value(&two, "g", &[])), (None, Some(1.0)));
    one.counter("c").help("C.").register().expect("new");
    one.share_family("c_total", &two).expect("free");
    assert!(one.unregister("c_total") && value(&two, "c_total", &[]) == Some(0.0));
}

#[test]
fn file_static_metrics_are_usable() {
    static JOBS: LazyLock<Counter> = LazyLock::new(|| {
        default_registry().counter("checklist_static").help("Jobs.").register().expect("new")
    });
    JOBS.inc();
    assert_eq!(value(default_registry(), "checklist_static_total", &[]), Some(1.0));
}

#[test]
fn a_counter_starts_at_zero_and_never_decreases() {
    let registry = registry();
    let counter = registry.counter("c").help("C.").register().expect("new");
    assert_eq!(value(&registry, "c_total", &[]), Some(0.0));
    counter.inc();
    counter.inc_by(2);
    counter.inc_by_f64(0.5);
    for wrong in [-1.0, f64::NAN, f64::NEG_INFINITY, f64::INFINITY] {
        counter.inc_by_f64(wrong);
    }
    assert_eq!(counter.get_f64().to_bits(), 3.5_f64.to_bits());
    counter.reset();
    assert_eq!(counter.get(), 0);
}

#[test]
fn count_exceptions_of_some_types() {
    #[track_errors("checklist_io", error_if = |r: &Result<(), fmt::Error>| r.is_err(), error_type = |_| "fmt")]
    fn fails() -> Result<(), fmt::Error> {
        Err(fmt::Error)
    }
    let registry = registry();
    metrics::with_local_recorder(&registry, || fails().expect_err("it fails"));
    assert_eq!(value(&registry, "checklist_io_total", &[("error_type", "fmt")]), Some(1.0));
}

#[test]
fn a_gauge_has_its_methods() {
    let gauge = registry().gauge("g").help("G.").register().expect("new");
    assert_eq!(gauge.get().to_bits(), 0.0_f64.to_bits());
    gauge.inc();
    gauge.inc_by(2.5);
    gauge.dec();
    gauge.dec_by(0.5);
    assert_eq!(gauge.get().to_bits(), 2.0_f64.to_bits());
    gauge.set(7.0);
    assert_eq!(gauge.get().to_bits(), 7.0_f64.to_bits());
    gauge.set_to_current_time();
    assert!(gauge.get() > 1.7e9, "seconds since 1970");
    gauge.set(0.0);
    {
        let _in_progress = gauge.track_in_progress();
        assert_eq!(gauge.get().to_bits(), 1.0_f64.to_bits());
    }
    assert_eq!(gauge.get().to_bits(), 0.0_f64.to_bits());
}

#[test]
fn a_summary_has_no_quantiles_by_default() {
    let registry = registry();
    let summary = registry.summary("s").help("S.").register().expect("new");
    assert_eq!(registry.render(), "# HELP s S.\n# TYPE s summary\ns_sum 0\ns_count 0\n");
    summary.observe(2.0);
    assert_eq!((summary.count(), summary.sum()), (1, 2.0));
    let error = registry.summary("t").help("T.").labels(["quantile"]).register();
    assert!(matches!(error, Err(RegisterError::LabelName { violation: None, .. })));
}

#[test]
fn a_summary_and_a_histogram_time_in_seconds() {
    let registry = registry();
    let summary = registry.summary("s").unit(Unit::Seconds).help("S.").register().expect("new");
    let histogram = registry.histogram("h").unit(Unit::Seconds).help("H.").register().expect("new");
    summary.observe_duration(Duration::from_millis(500));
    histogram.observe_duration(Duration::from_millis(500));
    summary.time(|| ());
    histogram.time(|| ());
    assert_eq!((summary.count(), histogram.count()), (2, 2));
    for sum in [summary.sum(), histogram.sum()] {
        assert!((0.499..0.6).contains(&sum), "{sum}");
    }
    let error = registry.histogram("wait_milliseconds").unit(Unit::Seconds).register();
    assert!(matches!(error, Err(RegisterError::Suffix { .. })), "{error:?}");
}

#[test]
fn a_histogram_has_fixed_buckets_and_counts_everything() {
    let registry = registry();
    let histogram =
        registry.histogram("h").buckets(&[1.0, 2.0]).help("H.").register().expect("new");
    assert_eq!(
        (histogram.count(), histogram.sum(), histogram.bucket_counts()),
        (0, 0.0, vec![0; 3])
    );
    [0.5, 1.5, 99.0].into_iter().for_each(|observed| histogram.observe(observed));
    assert_eq!(value(&registry, "h_bucket", &[("le", "+Inf")]), Some(3.0));
    assert_eq!(value(&registry, "h_count", &[]), Some(3.0));
    let error = registry.histogram("h").buckets(&[1.0]).help("H.").register();
    assert!(matches!(error, Err(RegisterError::Conflict { .. })), "{error:?}");
    let error = registry.histogram("i").help("I.").labels(["le"]).register();
    assert!(matches!(error, Err(RegisterError::LabelName { violation: None, .. })));
    let usual = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    assert!(usual.iter().all(|bound| DEFAULT_SECONDS.contains(bound)));
}

#[test]
fn buckets_can_be_linear_and_exponential() {
    use yardstick::track_duration;
    #[track_duration("checklist_linear", buckets = linear(1, 2, 3))]
    fn linear() {}
    #[track_duration("checklist_exponential", buckets = exponential(1, 10, 3))]
    fn exponential() {}
    let registry = registry();
    metrics::with_local_recorder(&registry, || {
        linear();
        exponential();
    });
    for (name, bounds) in
        [("linear", ["1.0", "3.0", "5.0"]), ("exponential", ["1.0", "10.0", "100.0"])]
    {
        for bound in bounds {
            let bucket = format!("checklist_{name}_seconds_bucket");
            assert_eq!(value(&registry, &bucket, &[("le", bound)]), Some(1.0), "{name} {bound}");
        }
    }
}

#[test]
fn one_metric_has_one_list_of_label_names() {
    let registry = registry();
    registry.counter("c").help("C.").labels(["a"]).register().expect("new");
    let error = registry.counter("c").help("C.").labels(["a", "b"]).register();
    assert!(error.is_err());
    // Custom collectors are not checked for that.
    registry.register_collector(|| {
        vec![
            MetricFamily::gauge("g", "G.")
                .with_series(&[("a", "1")], Value::Gauge(1.0))
                .with_series(&[("b", "1")], Value::Gauge(1.0)),
        ]
    });
    assert_eq!(registry.check_collectors(), Ok(()));
    let many = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    assert!(registry.counter("many").help("M.").labels(many).register().is_ok());
    assert!(registry.counter("bad").help("B.").labels(["a-b"]).register().is_err());
}

#[test]
fn children_can_be_kept_removed_cleared_and_initialised() {
    let registry = registry();
    let family = registry.counter("c").help("C.").labels(["a"]).register().expect("new");
    let kept = family.get_or_create(["1"]).expect("room");
    assert_eq!(value(&registry, "c_total", &[("a", "1")]), Some(0.0), "not touched, and there");
    kept.inc();
    family.get_or_create(["2"]).expect("room").inc();
    drop(kept);
    assert!(family.remove(["1"]) && !family.remove(["1"]));
    assert_eq!(value(&registry, "c_total", &[("a", "1")]), None);
    family.clear();
    assert_eq!(value(&registry, "c_total", &[("a", "2")]), None);
}

#[test]
fn metrics_without_labels_are_exported_before_first_use() {
    let registry = registry();
    registry.counter("c").help("C.").register().expect("new");
    registry.gauge("g").help("G.").register().expect("new");
    registry.histogram("h").help("H.").register().expect("new");
    for name in ["c_total", "g", "h_count", "h_sum"] {
        assert_eq!(value(&registry, name, &[]), Some(0.0), "{name}");
    }
}

#[test]
fn names_are_valid_and_help_is_required() {
    let registry = registry();
    assert!(registry.counter("a-b").help("X.").register().is_err());
    assert!(matches!(
        registry.counter("c").help("").register(),
        Err(RegisterError::EmptyHelp { .. })
    ));
    registry.gauge("without").register().expect("it gets a text of its own");
    assert!(registry.render().starts_with("# HELP without The gauge `without`.\n"));
}

#[test]
fn the_order_is_reproducible() {
    let make = |names: [&'static str; 3]| {
        let registry = registry();
        for name in names {
            let family =
                registry.gauge(name).help("H.").labels(["b", "a"]).register().expect("new");
            for value in names {
                family.get_or_create([value, "x"]).expect("room").set(1.0);
            }
        }
        registry.render()
    };
    assert_eq!(make(["x", "y", "z"]), make(["z", "x", "y"]));
}

#[test]
fn users_can_read_their_metrics() {
    let registry = registry();
    registry
        .counter("c")
        .help("C.")
        .labels(["a"])
        .register()
        .expect("new")
        .get_or_create(["1"])
        .expect("room")
        .inc();
    assert_eq!(value(&registry, "c_total", &[("a", "1")]), Some(1.0));
    assert_eq!(value(&registry, "c_total", &[("a", "2")]), None);
}

#[test]
fn instrumentation_does_not_block_while_a_scrape_runs() {
    let registry = registry();
    let counter = registry.counter("c").help("C.").register().expect("new");
    let (inside, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (entered, waits) = (Arc::clone(&inside), Arc::clone(&go_on));
    registry.register_collector(move || {
        entered.wait();
        waits.wait();
        Vec::new()
    });
    let scraped = registry.clone();
    let scrape = thread::spawn(move || scraped.render());
    inside.wait();
    counter.inc();
    registry.gauge("g").help("G.").register().expect("new").set(1.0);
    go_on.wait();
    assert!(scrape.join().expect("a scrape").contains("c_total 1\n"));
}

/// The faults of instrumentation: a panic in the user's code, and one in a lock of ours.
#[test]
fn a_panic_is_counted_and_goes_on() {
    #[track_calls("checklist_panics")]
    fn panics() {
        panic!("a bug");
    }
    let registry = registry();
    let ended = catch_unwind(AssertUnwindSafe(|| metrics::with_local_recorder(&registry, panics)));
    assert!(ended.is_err());
    assert_eq!(value(&registry, "checklist_panics_total", &[("outcome", "panic")]), Some(1.0));
    // A panic while a series is made by name, under whatever lock that takes.
    let name = String::from("checklist_again");
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let family = registry.counter(&name).help("A.").labels(["a"]).register().expect("new");
        let _series = family.get_or_create(["1"]).expect("room");
        panic!("a bug");
    }));
    assert_eq!(value(&registry, "checklist_again_total", &[("a", "1")]), Some(0.0));
}

#[test]
fn cardinality_explodes_into_one_series() {
    let registry = registry();
    let family = registry.counter("c").help("C.").labels(["user"]).series_max(100).register();
    let family = family.expect("new");
    for user in 0..100_000_u32 {
        family.get_or_create([&user.to_string()]).expect("the overflow series at worst").inc();
    }
    let body = registry.render();
    let total: u64 = body
        .lines()
        .filter(|line| line.starts_with("c_total{"))
        .filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok())
        .sum();
    assert_eq!(total, 100_000);
    assert_eq!(body.matches("c_total{").count(), 101);
    assert_eq!(value(&registry, "c_total", &[("user", "_other")]), Some(99_900.0));
}

#[test]
fn label_sets_that_hash_alike_stay_apart() {
    let registry = registry();
    let family = registry.counter("c").help("C.").labels(["a", "b"]).register().expect("new");
    let sets = [
        ["ab", "c"],
        ["a", "bc"],
        ["", "abc"],
        ["abc", ""],
        ["77kepQFQ8Kl", "x"],
        ["!0IC=VloaY", "x"],
        ["a\0", "b"],
        ["a", "\0b"],
        ["\u{ff}", "b"],
        ["", "\u{ff}b"],
    ];
    for (index, set) in sets.iter().enumerate() {
        family.get_or_create(*set).expect("room").inc_by(index as u64 + 1);
    }
    for (index, set) in sets.iter().enumerate() {
        assert_eq!(family.get_or_create(*set).expect("room").get(), index as u64 + 1, "{set:?}");
    }
    assert_eq!(registry.render().matches("c_total{").count(), sets.len());
}
