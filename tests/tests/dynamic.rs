//! Recording by name, as a port of a program does that makes its metrics while it runs.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use yardstick::{
    RegisterError, Registry,
    dynamic::Dynamic,
    error::{Both, Difference},
    labels,
};
use yardstick_tests::judges;

fn value(metrics: &Dynamic, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    metrics.registry().sample_value(name, labels)
}

#[test]
fn every_operation_records() {
    let metrics = Dynamic::new(Registry::new());
    metrics.describe("api-errors", "Errors of the API.");
    metrics.increment_counter("api-errors", 1.0, &[("endpoint", "/query")]);
    metrics.increment_counter("api-errors", 2.5, &[("endpoint", "/query")]);
    metrics.set_gauge("queue.depth", 7.0, &[]);
    metrics.increment_gauge("queue.depth", 2.0, &[]);
    metrics.decrement_gauge("queue.depth", 4.0, &[]);
    metrics.record_histogram("tokens", 120.0, &[("model", "large")]);
    metrics.record_histogram_with_buckets("sizes", 120.0, &[], &[100.0, 1_000.0]);
    metrics.record_histogram_with_buckets("sizes", 50.0, &[], &[7.0]);
    metrics.record_summary("1st", 3.0, &[]);
    metrics.record_timing("query_ms", 1_500.0, &[]);
    drop(metrics.track_duration("query", &[]));
    {
        let _active = metrics.track_active("jobs", &[("queue", "mail")]);
        assert_eq!(value(&metrics, "jobs", &[("queue", "mail")]), Some(1.0));
    }
    assert_eq!(value(&metrics, "api_errors_total", &[("endpoint", "/query")]), Some(3.5));
    assert_eq!(value(&metrics, "queue_depth", &[]), Some(5.0));
    assert_eq!(value(&metrics, "tokens_sum", &[("model", "large")]), Some(120.0));
    assert_eq!(value(&metrics, "sizes_bucket", &[("le", "100.0")]), Some(1.0));
    assert_eq!(value(&metrics, "sizes_count", &[]), Some(2.0));
    assert_eq!(value(&metrics, "_1st_count", &[]), Some(1.0));
    assert_eq!(value(&metrics, "query_seconds_count", &[]), Some(1.0));
    assert_eq!(value(&metrics, "jobs", &[("queue", "mail")]), Some(0.0));
    let body = metrics.registry().render();
    assert!(body.contains("# HELP api_errors_total Errors of the API.\n"));
    judges::promtool(&body);
    assert!(!judges::python(&body).is_empty());
    // `query` and `query_ms` are two names of one family: the second is refused.
    assert_eq!(metrics.errors().len(), 1);
}

#[test]
fn names_that_begin_with_a_digit_get_the_prefix() {
    let metrics = Dynamic::with_digit_prefix(Registry::new(), "m_");
    metrics.set_gauge("1st", 1.0, &[]);
    metrics.set_gauge("second", 2.0, &[]);
    assert_eq!(value(&metrics, "m_1st", &[]), Some(1.0));
    assert_eq!(value(&metrics, "second", &[]), Some(2.0));
}

#[test]
fn what_differs_is_refused_and_said_once() {
    let metrics = Dynamic::new(Registry::new());
    metrics.increment_counter("jobs", 1.0, &[("queue", "mail")]);
    for _ in 0..3 {
        metrics.increment_counter("jobs", 1.0, &[]);
        metrics.set_gauge("jobs_total", 1.0, &[("queue", "mail")]);
        metrics.increment_counter("jo-bs", 1.0, &[("queue", "mail")]);
        metrics.increment_counter("jo.bs", 1.0, &[("queue", "mail")]);
    }
    let errors = metrics.errors();
    assert_eq!(errors.len(), 3, "{errors:?}");
    let RegisterError::Conflict { difference: Difference::Labels(Both { first, second }), .. } =
        &errors[0]
    else {
        panic!("{errors:?}")
    };
    assert_eq!((first.as_slice(), second.len()), (&["queue".to_owned()][..], 0));
    assert!(errors[0].to_string().contains("dynamic.rs"), "{}", errors[0]);
    let error = metrics.gauge("jobs", &[("queue", "mail")]).expect_err("a counter has the name");
    assert!(matches!(error, RegisterError::SampleName { .. }), "{error}");
    let error = metrics.histogram("jobs_total", &[]).expect_err("of another kind");
    assert!(error.to_string().contains("kind counter, then histogram"), "{error}");
    assert_eq!(value(&metrics, "jobs_total", &[("queue", "mail")]), Some(1.0));
    assert_eq!(value(&metrics, "jo_bs_total", &[("queue", "mail")]), Some(3.0));
}

#[test]
fn labels_that_cannot_be_are_left_out_and_counted() {
    let skipped = || {
        yardstick::default_registry()
            .sample_value("yardstick_labels_skipped_total", &[])
            .unwrap_or_default()
    };
    let before = skipped();
    let metrics = Dynamic::new(Registry::new());
    let labels = [("queue", "mail"), ("1st", "x"), ("_own", "x"), ("__name__", "x"), ("", "x")];
    metrics.increment_counter("jobs", 1.0, &labels);
    metrics.record_histogram("wait", 1.0, &[("le", "x"), ("queue", "mail"), ("quantile", "x")]);
    assert_eq!(value(&metrics, "jobs_total", &[("queue", "mail")]), Some(1.0));
    assert_eq!(value(&metrics, "wait_count", &[("queue", "mail")]), Some(1.0));
    assert!(skipped() >= before + 6.0);
    assert!(metrics.errors().is_empty());
}

#[test]
fn label_names_are_cleaned_and_never_merged() {
    let metrics = Dynamic::new(Registry::new());
    metrics.increment_counter("jobs", 1.0, &[("user-id", "7")]);
    assert_eq!(value(&metrics, "jobs_total", &[("user_id", "7")]), Some(1.0));
    // The first spelling has the label, in later calls and within one.
    metrics.increment_counter("jobs", 1.0, &[("user.id", "7")]);
    metrics.increment_counter("other", 1.0, &[("user-id", "7"), ("user_id", "8")]);
    metrics.increment_counter("twice", 1.0, &[("queue", "mail"), ("queue", "fax")]);
    let errors = metrics.errors();
    assert!(
        matches!(
            errors[..],
            [
                RegisterError::LookAlikeLabels { .. },
                RegisterError::LookAlikeLabels { .. },
                RegisterError::DuplicateLabel { .. }
            ]
        ),
        "{errors:?}"
    );
    assert!(
        errors[0].to_string().starts_with(
            "label `user_id` of `jobs_total` is written `user-id`, then `user.id` at tests/tests/dynamic.rs:"
        ),
        "{}",
        errors[0]
    );
    assert_eq!(metrics.registry().render().matches("# TYPE").count(), 1);
}

#[test]
fn label_values_are_whatever_can_be_displayed() {
    let metrics = Dynamic::new(Registry::new());
    let (path, status) = (String::from("/query"), 200_u16);
    let expected = [("path", "/query"), ("status", "200")];
    metrics.increment_counter("requests", 1.0, labels! { "path" => path, "status" => status });
    metrics.increment_counter("requests", 1.0, &[("path", path.clone()), ("status", "200".into())]);
    metrics.increment_counter("requests", 1.0, &expected[..]);
    metrics.increment_counter("requests", 1.0, &expected.to_vec());
    metrics.increment_counter("requests", 1.0, &BTreeMap::from(expected));
    assert_eq!(value(&metrics, "requests_total", &expected), Some(5.0));
    metrics.set_gauge("peers", 1.0, &[("address", Ipv4Addr::LOCALHOST)]);
    assert_eq!(value(&metrics, "peers", &[("address", "127.0.0.1")]), Some(1.0));
    metrics.set_gauge("plain", 1.0, labels! {});
    assert_eq!(value(&metrics, "plain", &[]), Some(1.0));
    // More than an array may have, and more text than a thread keeps room for.
    let many: Vec<(String, String)> =
        (0..20).map(|n| (format!("l{n:02}"), n.to_string().repeat(300))).collect();
    for _ in 0..2 {
        metrics.increment_counter("many", 1.0, &many);
    }
    let many: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(value(&metrics, "many_total", &many), Some(2.0));
}

/// A value that records while it is displayed gets in nobody's way.
#[test]
fn a_value_may_record_while_it_is_displayed() {
    struct Recording<'a>(&'a Dynamic);
    impl std::fmt::Display for Recording<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.increment_counter("displayed", 1.0, &[("what", "a value")]);
            f.write_str("shown")
        }
    }
    let metrics = Dynamic::new(Registry::new());
    for _ in 0..2 {
        let labels = labels! { "first" => 1, "value" => Recording(&metrics), "last" => 2 };
        metrics.increment_counter("outer", 1.0, labels);
    }
    assert_eq!(value(&metrics, "displayed_total", &[("what", "a value")]), Some(2.0));
    let outer = [("first", "1"), ("value", "shown"), ("last", "2")];
    assert_eq!(value(&metrics, "outer_total", &outer), Some(2.0));
}

#[test]
fn a_histogram_named_as_a_duration_and_a_timing_are_one_family() {
    type Step = fn(&Dynamic);
    let steps: [Step; 4] = [
        |metrics| metrics.record_histogram("request_duration", 0.5, &[]),
        |metrics| drop(metrics.track_duration("request_duration", &[])),
        |metrics| metrics.record_timing("request_duration", 150.0, &[]),
        |metrics| metrics.record_histogram("request_duration_seconds", 0.5, &[]),
    ];
    for first in 0..steps.len() {
        let metrics = Dynamic::new(Registry::new());
        steps.iter().cycle().skip(first).take(steps.len()).for_each(|step| step(&metrics));
        assert_eq!(value(&metrics, "request_duration_seconds_count", &[]), Some(4.0));
        assert_eq!(metrics.registry().render().matches("# TYPE").count(), 1, "{first}");
        assert!(metrics.errors().is_empty(), "{:?}", metrics.errors());
    }
    let metrics = Dynamic::new(Registry::new());
    metrics.record_histogram("retrieval_time", 0.5, &[]);
    metrics.record_histogram("token_usage", 120.0, &[]);
    assert_eq!(value(&metrics, "retrieval_time_seconds_sum", &[]), Some(0.5));
    assert_eq!(value(&metrics, "token_usage_sum", &[]), Some(120.0));
}

#[test]
fn the_suffixes_that_naming_adds_may_be_written_or_not() {
    for names in [["requests", "requests_total", "requests.total"], ["r.total", "r_total", "r"]] {
        let metrics = Dynamic::new(Registry::new());
        for name in names {
            metrics.increment_counter(name, 1.0, &[]);
        }
        assert!(metrics.errors().is_empty(), "{:?}", metrics.errors());
        assert_eq!(metrics.registry().render().matches("# TYPE").count(), 1);
    }
}

#[test]
fn names_of_nothing_are_refused() {
    let metrics = Dynamic::new(Registry::new());
    for name in ["", "...", "\u{e9}"] {
        metrics.increment_counter(name, 1.0, &[]);
        metrics.set_gauge(name, 1.0, &[]);
        metrics.describe(name, "Nothing.");
        assert!(metrics.counter(name, &[]).is_err(), "{name:?}");
    }
    assert_eq!(metrics.registry().render(), "");
    let errors = metrics.errors();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors[0].to_string().ends_with("a metric name must not be empty"), "{}", errors[0]);
}

#[test]
fn a_description_takes_effect_whenever_it_comes() {
    let metrics = Dynamic::new(Registry::new());
    let help = |name: &str| {
        let body = metrics.registry().render();
        let line = body.lines().find_map(|line| line.strip_prefix(&format!("# HELP {name} ")));
        line.map(str::to_owned)
    };
    metrics.increment_counter("api-errors", 1.0, &[]);
    assert_eq!(help("api_errors_total").as_deref(), Some("The counter `api-errors`."));
    metrics.describe("api-errors", "Errors of the API.");
    assert_eq!(help("api_errors_total").as_deref(), Some("Errors of the API."));
    metrics.describe("api-errors_total", "Said again.");
    assert_eq!(help("api_errors_total").as_deref(), Some("Said again."));
    // Of another name that only looks alike.
    metrics.describe("api.errors", "Not this one.");
    assert_eq!(help("api_errors_total").as_deref(), Some("Said again."));

    metrics.describe("wait_seconds", "Time to wait.");
    drop(metrics.track_duration("wait", &[]));
    assert_eq!(help("wait_seconds").as_deref(), Some("Time to wait."));
    drop(metrics.track_duration("query", &[]));
    metrics.describe("query", "Time of queries.");
    assert_eq!(help("query_seconds").as_deref(), Some("Time of queries."));

    // A declaration weighs more.
    let declared = metrics.registry().gauge("depth").help("Jobs that wait.");
    declared.register().expect("a new name").set(1.0);
    metrics.describe("depth", "Something else.");
    assert_eq!(help("depth").as_deref(), Some("Jobs that wait."));
}

#[test]
fn a_batch_is_seen_whole_or_not_at_all() {
    let metrics = Dynamic::new(Registry::new());
    let (writer, stop) = (metrics.clone(), &AtomicBool::new(false));
    thread::scope(|scope| {
        let writing = scope.spawn(move || {
            for _ in 0..2_000 {
                writer.batch(|batch| {
                    batch.increment_counter("batch_a", 1.0, &[]);
                    batch.record_summary("batch_b", 1.0, &[]);
                    batch.set_gauge("batch_c", 1.0, &[]);
                    batch.increment_counter("batch_z", 1.0, &[]);
                });
            }
            stop.store(true, Ordering::Relaxed);
        });
        while !stop.load(Ordering::Relaxed) {
            let body = metrics.registry().render();
            // A family that is not there yet has counted nothing.
            let read = |name: &str| {
                let line = body.lines().find_map(|line| line.strip_prefix(name));
                line.map_or(0.0, |value| value.trim().parse::<f64>().expect("a number"))
            };
            let read = ["batch_a_total ", "batch_b_count ", "batch_z_total "].map(read);
            assert!(read.iter().all(|value| value.to_bits() == read[0].to_bits()), "{read:?}");
        }
        writing.join().expect("the writer");
    });
    assert_eq!(value(&metrics, "batch_a_total", &[]), Some(2_000.0));
}

#[test]
fn a_batch_that_a_panic_ends_is_applied() {
    let metrics = Dynamic::new(Registry::new());
    let ended = catch_unwind(AssertUnwindSafe(|| {
        metrics.batch(|batch| {
            batch.increment_counter("orders", 2.0, &[]);
            panic!("a bug");
        })
    }));
    assert!(ended.is_err());
    assert_eq!(value(&metrics, "orders_total", &[]), Some(2.0));

    let batch = metrics.start_batch();
    batch.increment_counter("orders", 1.0, &[]);
    batch.decrement_gauge("stock", 1.0, &[]);
    batch.record_timing("order", 10.0, &[]);
    assert_eq!(value(&metrics, "orders_total", &[]), Some(2.0));
    metrics.flush();
    assert_eq!(value(&metrics, "orders_total", &[]), Some(3.0));
    batch.increment_counter("orders", 1.0, &[]);
    drop(batch);
    assert_eq!(value(&metrics, "orders_total", &[]), Some(4.0));
    assert_eq!(value(&metrics, "stock", &[]), Some(-1.0));
    assert_eq!(value(&metrics, "order_seconds_count", &[]), Some(1.0));
}

#[test]
fn batches_within_a_batch_are_part_of_it() {
    let metrics = Dynamic::new(Registry::new());
    let orders = || value(&metrics, "orders_total", &[]);
    metrics.batch(|outer| {
        outer.increment_counter("orders", 1.0, &[]);
        metrics.batch(|inner| {
            inner.increment_counter("orders", 1.0, &[]);
            inner.record_histogram_with_buckets("size", 3.0, &[], &[2.0, 4.0]);
        });
        metrics.clone().increment_counter("orders", 1.0, &[]);
        assert_eq!(orders(), Some(0.0), "the outermost has not ended");
        // Another thread, and another collector, are in no batch.
        thread::scope(|scope| {
            scope.spawn(|| metrics.increment_counter("orders", 10.0, &[]));
        });
        Dynamic::new(metrics.registry().clone()).increment_counter("orders", 20.0, &[]);
        assert_eq!(orders(), Some(30.0));
    });
    assert_eq!(orders(), Some(33.0));
    assert_eq!(value(&metrics, "size_bucket", &[("le", "2.0")]), Some(0.0));
    assert_eq!(value(&metrics, "size_bucket", &[("le", "4.0")]), Some(1.0));

    // The order in which guards are dropped loses nothing, nor does the thread.
    let (first, second) = (metrics.start_batch(), metrics.start_batch());
    first.increment_counter("orders", 1.0, &[]);
    drop(first);
    second.increment_counter("orders", 1.0, &[]);
    assert_eq!(orders(), Some(33.0));
    thread::scope(|scope| {
        scope.spawn(move || drop(second));
    });
    assert_eq!(orders(), Some(35.0));
    metrics.increment_counter("orders", 1.0, &[]);
    assert_eq!(orders(), Some(36.0), "no batch is left");
}

#[test]
fn handles_and_futures() {
    let metrics = Dynamic::new(Registry::new());
    let hot = metrics.counter("hot", &[("a", "b")]).expect("a new name");
    hot.inc_by(5);
    metrics.gauge("g", &[]).expect("a new name").set(1.0);
    metrics.histogram("h", &[]).expect("a new name").observe(1.0);
    metrics.summary("s", &[]).expect("a new name").observe(1.0);
    assert_eq!(value(&metrics, "hot_total", &[("a", "b")]), Some(5.0));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let work = async { 7 };
        let timed = metrics.track_duration_of(
            "work",
            &[],
            metrics.track_active_of("work_active", &[], work),
        );
        assert_eq!(timed.await, 7);
        drop(metrics.track_duration_of("never", &[], std::future::pending::<()>()));
    });
    assert_eq!(value(&metrics, "work_seconds_count", &[]), Some(1.0));
    assert_eq!(value(&metrics, "work_active", &[]), Some(0.0));
    assert_eq!(value(&metrics, "never_seconds_count", &[]), Some(0.0));
}

/// A thread's look-ups find what they are asked for, however labels are written.
#[test]
fn look_ups_do_not_confuse_what_looks_alike() {
    let metrics = Dynamic::new(Registry::new());
    for _ in 0..2 {
        metrics.increment_counter("c", 1.0, &[("a", "bc"), ("d", "e")]);
        metrics.increment_counter("c", 1.0, &[("a", "b"), ("d", "ce")]);
        metrics.increment_counter("c", 1.0, &[("d", "e"), ("a", "bc")]);
        metrics.set_gauge("ca", 1.0, &[]);
    }
    assert_eq!(value(&metrics, "c_total", &[("a", "bc"), ("d", "e")]), Some(4.0));
    assert_eq!(value(&metrics, "c_total", &[("a", "b"), ("d", "ce")]), Some(2.0));
}
