//! Custom collectors: what they give is shown, and what they do wrong costs them and nobody else.

use std::{
    panic::{set_hook, take_hook},
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use yardstick::{
    Registry,
    catalog::Descriptor,
    gather::{CollectError, Collector, Kind, MetricFamily, Value},
    track_calls,
};
use yardstick_tests::judges;

fn depth(value: f64) -> MetricFamily {
    MetricFamily::gauge("queue_depth", "Jobs that wait.")
        .with_series(&[("queue", "mail")], Value::Gauge(value))
        .with_series(&[("queue", "fax"), ("tier", "gold")], Value::Gauge(0.5))
}

#[test]
fn families_of_collectors_stand_among_the_others() {
    let registry = Registry::new();
    registry.counter("a").help("First.").register().expect("a new name").inc();
    registry.counter("z").help("Last.").register().expect("a new name");
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    let collected = registry.register_collector(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        vec![
            MetricFamily::new(Kind::Histogram, "wait_seconds", "Waiting.").with_series(
                &[],
                Value::Histogram { bounds: vec![0.5, 1.0], counts: vec![1, 0, 2], sum: 9.5 },
            ),
            depth(3.0),
            MetricFamily::counter("m_total", "In the middle.")
                .with_series(&[], Value::count(u64::MAX)),
        ]
    });
    let body = registry.render();
    assert_eq!(
        body,
        "# HELP a_total First.\n# TYPE a_total counter\na_total 1\n\
         # HELP m_total In the middle.\n# TYPE m_total counter\nm_total 18446744073709551615\n\
         # HELP queue_depth Jobs that wait.\n# TYPE queue_depth gauge\n\
         queue_depth{queue=\"fax\",tier=\"gold\"} 0.5\nqueue_depth{queue=\"mail\"} 3\n\
         # HELP wait_seconds Waiting.\n# TYPE wait_seconds histogram\n\
         wait_seconds_bucket{le=\"0.5\"} 1\nwait_seconds_bucket{le=\"1.0\"} 1\n\
         wait_seconds_bucket{le=\"+Inf\"} 3\nwait_seconds_sum 9.5\nwait_seconds_count 3\n\
         # HELP z_total Last.\n# TYPE z_total counter\nz_total 0\n"
    );
    judges::promtool(&body);
    assert_eq!(registry.sample_value("queue_depth", &[("queue", "mail")]), Some(3.0));
    assert_eq!(calls.load(Ordering::Relaxed), 2, "each scrape asks");
    assert!(registry.unregister_collector(collected));
    assert!(!registry.unregister_collector(collected));
    assert!(!registry.render().contains("queue_depth"));
}

#[test]
fn what_is_wrong_costs_its_family_and_no_other() {
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let registry = Registry::new();
    registry.counter("jobs").help("Jobs.").register().expect("a new name").inc();
    registry.register_collector(|| vec![depth(1.0)]);
    let gauge = |name: &str| MetricFamily::gauge(name, "Wrong.");
    let one = |family: MetricFamily, labels: &[(&str, &str)]| {
        family.with_series(labels, Value::Gauge(1.0))
    };
    let wrong: Vec<(MetricFamily, &str)> = vec![
        (one(gauge("a-b"), &[]), "name"),
        (one(gauge(""), &[]), "name"),
        (MetricFamily::counter("no_suffix", "Wrong.").with_series(&[], Value::count(1)), "name"),
        (one(gauge("ok1"), &[("__a", "b")]), "name"),
        (one(gauge("ok2"), &[("a-b", "c")]), "name"),
        (one(gauge("ok3"), &[("a", "b"), ("a", "c")]), "name"),
        (gauge("ok4").with_series(&[], Value::count(1)), "value"),
        (
            MetricFamily::counter("ok5_total", "Wrong.")
                .with_series(&[], Value::Counter { whole: 0, fraction: -1.0 }),
            "value",
        ),
        (
            MetricFamily::new(Kind::Histogram, "ok6", "Wrong.").with_series(
                &[],
                Value::Histogram { bounds: vec![2.0, 1.0], counts: vec![0, 0, 0], sum: 0.0 },
            ),
            "value",
        ),
        (one(one(gauge("ok7"), &[("a", "b")]), &[("a", "b")]), "duplicate_series"),
        (one(one(gauge("ok8"), &[("a", "")]), &[]), "duplicate_series"),
        (one(gauge("jobs"), &[]), "collision"),
        (one(gauge("queue_depth"), &[]), "collision"),
        (one(gauge("jobs_created"), &[]), "collision"),
    ];
    for (family, reason) in wrong {
        let name = family.name.clone();
        let collected = registry.register_collector(move || vec![family.clone()]);
        let errors = registry.check_collectors().expect_err(&name);
        let found = format!("{:?}", errors[0]).to_lowercase();
        assert!(found.starts_with(&reason.replace('_', "")), "{name}: {found} and not {reason}");
        let body = registry.render();
        assert!(
            body.contains("jobs_total 1\n") && body.contains("queue_depth{queue=\"mail\"} 1\n")
        );
        judges::promtool(&body);
        registry.unregister_collector(collected);
    }
    let panics = Arc::new(AtomicBool::new(true));
    let does = Arc::clone(&panics);
    registry.register_collector(move || {
        assert!(!does.load(Ordering::Relaxed), "a bug");
        vec![MetricFamily::gauge("late", "Late.").with_series(&[], Value::Gauge(1.0))]
    });
    assert!(registry.render().contains("jobs_total 1\n"));
    assert_eq!(registry.check_collectors(), Err(vec![CollectError::Panic]));
    panics.store(false, Ordering::Relaxed);
    assert!(registry.render().contains("late 1\n"), "the next scrape is fine");
    set_hook(hook);
}

#[test]
fn a_collector_may_record_register_and_read() {
    #[track_calls("collected_by_attribute")]
    fn annotated() {}
    let registry = Registry::new();
    let inner = registry.clone();
    registry.register_collector(move || {
        metrics::with_local_recorder(&inner, annotated);
        let seen = inner.counter("seen").help("Scrapes.").register().expect("always the same");
        seen.inc();
        vec![
            MetricFamily::counter("seen_again_total", "As the collector saw it.")
                .with_series(&[], Value::count(seen.get())),
        ]
    });
    for scrape in 1..=2 {
        let body = registry.render();
        assert!(body.contains(&format!("\nseen_total {scrape}\n")), "{body}");
        assert!(body.contains(&format!("\nseen_again_total {scrape}\n")), "{body}");
        let attribute = format!("collected_by_attribute_total{{outcome=\"ok\"}} {scrape}\n");
        assert!(body.contains(&attribute), "{body}");
    }
}

#[test]
fn scrapes_ask_at_once() {
    struct Slow(Arc<Barrier>);
    impl Collector for Slow {
        fn collect(&self) -> Vec<MetricFamily> {
            // Only if both scrapes are here at the same time do they go on.
            self.0.wait();
            vec![depth(1.0)]
        }
    }
    let registry = Registry::new();
    registry.register_collector(Slow(Arc::new(Barrier::new(2))));
    let other = registry.clone();
    let scrape = thread::spawn(move || other.render());
    let body = registry.render();
    assert_eq!(scrape.join().expect("a scrape"), body);
}

#[test]
fn a_pedantic_registry_holds_collectors_to_their_word() {
    struct Announced(bool);
    impl Collector for Announced {
        fn collect(&self) -> Vec<MetricFamily> {
            vec![depth(1.0)]
        }
        fn describe(&self) -> Vec<Descriptor> {
            let kind = if self.0 { Kind::Gauge } else { Kind::Counter };
            vec![Descriptor::new(kind, "queue_depth", "Depth.")]
        }
    }
    let registry = Registry::pedantic();
    let honest = registry.register_collector(Announced(true));
    assert_eq!(registry.check_collectors(), Ok(()));
    registry.unregister_collector(honest);
    registry.register_collector(Announced(false));
    let not_announced = CollectError::NotAnnounced { family: "queue_depth".to_owned() };
    assert_eq!(registry.check_collectors(), Err(vec![not_announced]));
    assert_eq!(registry.render(), "");
}

/// How often collectors were left out of a reading that a collector made.
fn nested(registry: &Registry) -> Option<f64> {
    let labels = [("reason", "nested")];
    registry.sample_value("yardstick_collected_families_dropped_total", &labels)
}

#[test]
fn a_collector_may_read_the_registry_that_asks_it() {
    let registry = yardstick::default_registry();
    registry.counter("cache_hits").help("Hits.").register().expect("a new name").inc_by(3);
    let collected = registry.register_collector(|| {
        let registry = yardstick::default_registry();
        let hits = registry.sample_value("cache_hits_total", &[]).unwrap_or(f64::NAN);
        // What a collector gives is not there for a collector: its own family neither.
        let of_collectors = registry.render().contains("\ncache_hit_ratio ");
        let ratio = if of_collectors { f64::NAN } else { hits / 10.0 };
        let ratio = Value::Gauge(ratio);
        vec![MetricFamily::gauge("cache_hit_ratio", "Hits.").with_series(&[], ratio)]
    });
    let before = nested(registry).expect("it is there at zero");
    assert!(registry.render().contains("\ncache_hit_ratio 0.3\n"));
    assert!(nested(registry).is_some_and(|nested| nested >= before + 2.0));
    assert!(registry.unregister_collector(collected));
}

#[test]
fn collectors_of_registries_that_read_each_other_end() {
    let (one, two) = (Registry::new(), Registry::new());
    let read = |name: &'static str, other: &Registry| {
        let other = other.clone();
        move || {
            let lines = other.render().lines().count();
            #[allow(clippy::cast_precision_loss, reason = "a few lines")]
            let lines = Value::Gauge(lines as f64);
            vec![MetricFamily::gauge(name, "Lines of the other.").with_series(&[], lines)]
        }
    };
    one.register_collector(read("lines_of_two", &two));
    two.register_collector(read("lines_of_one", &one));
    // Two reads one, which is being asked and hence shows nothing.
    assert!(one.render().ends_with("\nlines_of_two 3\n"), "{}", one.render());
    assert!(two.render().ends_with("\nlines_of_one 3\n"), "{}", two.render());
}

#[test]
fn a_collector_whose_threads_read_its_registry_ends() {
    let registry = Registry::new();
    let asked = Arc::new(AtomicU64::new(0));
    let (inner, counted) = (registry.clone(), Arc::clone(&asked));
    registry.register_collector(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let inner = inner.clone();
        let read = thread::spawn(move || inner.render().len()).join().expect("no panic");
        #[allow(clippy::cast_precision_loss, reason = "a few bytes")]
        let read = Value::Gauge(read as f64);
        vec![MetricFamily::gauge("bytes", "Of the scrape.").with_series(&[], read)]
    });
    assert!(registry.render().contains("\nbytes "));
    assert!(asked.load(Ordering::Relaxed) <= 64, "a limit of readings at once");
}

#[test]
fn readings_beside_each_other_are_not_nested() {
    const READERS: usize = 8;
    let registry = Registry::new();
    let together = Arc::new(Barrier::new(READERS));
    let waits = Arc::clone(&together);
    registry.register_collector(move || {
        waits.wait();
        vec![depth(1.0)]
    });
    let texts: Vec<_> = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| registry.render())).collect();
        readers.into_iter().map(|reader| reader.join().expect("no panic")).collect()
    });
    assert!(texts.iter().all(|text| text.contains("queue_depth{")));
}
