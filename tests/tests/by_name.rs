//! Recording by name, as a port of a program does that makes its metrics while it runs.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use yardstick::{Collector, Difference, RegisterError, Registry};
use yardstick_tests::judges;

fn value(collector: &Collector, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    collector.registry().get_sample_value(name, labels)
}

#[test]
fn every_operation_records() {
    let collector = Collector::new(Registry::new());
    collector.describe("api-errors", "Errors of the API.");
    collector.increment_counter("api-errors", 1.0, &[("endpoint", "/query")]);
    collector.increment_counter("api-errors", 2.5, &[("endpoint", "/query")]);
    collector.set_gauge("queue.depth", 7.0, &[]);
    collector.increment_gauge("queue.depth", 2.0, &[]);
    collector.decrement_gauge("queue.depth", 4.0, &[]);
    collector.record_histogram("tokens", 120.0, &[("model", "large")]);
    collector.record_histogram_with_buckets("sizes", 120.0, &[], &[100.0, 1_000.0]);
    collector.record_histogram_with_buckets("sizes", 50.0, &[], &[7.0]);
    collector.record_summary("1st", 3.0, &[]);
    collector.record_timing("query_ms", 1_500.0, &[]);
    drop(collector.track_duration("query", &[]));
    {
        let _active = collector.track_active("jobs", &[("queue", "mail")]);
        assert_eq!(value(&collector, "jobs", &[("queue", "mail")]), Some(1.0));
    }
    assert_eq!(value(&collector, "api_errors_total", &[("endpoint", "/query")]), Some(3.5));
    assert_eq!(value(&collector, "queue_depth", &[]), Some(5.0));
    assert_eq!(value(&collector, "tokens_sum", &[("model", "large")]), Some(120.0));
    assert_eq!(value(&collector, "sizes_bucket", &[("le", "100.0")]), Some(1.0));
    assert_eq!(value(&collector, "sizes_count", &[]), Some(2.0));
    assert_eq!(value(&collector, "_1st_count", &[]), Some(1.0));
    assert_eq!(value(&collector, "query_seconds_count", &[]), Some(1.0));
    assert_eq!(value(&collector, "jobs", &[("queue", "mail")]), Some(0.0));
    let body = collector.registry().render();
    assert!(body.contains("# HELP api_errors_total Errors of the API.\n"));
    judges::promtool(&body);
    assert!(!judges::python(&body).is_empty());
    // `query` and `query_ms` are one name once sanitised: the second is refused.
    assert_eq!(collector.errors().len(), 1);
}

#[test]
fn names_that_begin_with_a_digit_get_the_prefix() {
    let collector = Collector::with_digit_prefix(Registry::new(), "m_");
    collector.set_gauge("1st", 1.0, &[]);
    collector.set_gauge("second", 2.0, &[]);
    assert_eq!(value(&collector, "m_1st", &[]), Some(1.0));
    assert_eq!(value(&collector, "second", &[]), Some(2.0));
}

#[test]
fn what_differs_is_refused_and_said_once() {
    let collector = Collector::new(Registry::new());
    collector.increment_counter("jobs", 1.0, &[("queue", "mail")]);
    for _ in 0..3 {
        collector.increment_counter("jobs", 1.0, &[]);
        collector.set_gauge("jobs_total", 1.0, &[("queue", "mail")]);
        collector.increment_counter("jo-bs", 1.0, &[("queue", "mail")]);
        collector.increment_counter("jo.bs", 1.0, &[("queue", "mail")]);
    }
    let errors = collector.errors();
    assert_eq!(errors.len(), 3, "{errors:?}");
    let RegisterError::Conflict { difference: Difference::Labels { first, second }, .. } =
        &errors[0]
    else {
        panic!("{errors:?}")
    };
    assert_eq!((first.as_slice(), second.len()), (&["queue".to_owned()][..], 0));
    assert!(errors[0].to_string().contains("by_name.rs"), "{}", errors[0]);
    let error = collector.gauge("jobs", &[("queue", "mail")]).expect_err("a counter has the name");
    assert!(matches!(error, RegisterError::SampleName { .. }), "{error}");
    let error = collector.histogram("jobs_total", &[]).expect_err("of another kind");
    assert!(error.to_string().contains("kind counter, then histogram"), "{error}");
    assert_eq!(value(&collector, "jobs_total", &[("queue", "mail")]), Some(1.0));
    assert_eq!(value(&collector, "jo_bs_total", &[("queue", "mail")]), Some(3.0));
}

#[test]
fn labels_that_cannot_be_are_left_out_and_counted() {
    let skipped = || {
        yardstick::default_registry()
            .get_sample_value("yardstick_labels_skipped_total", &[])
            .unwrap_or_default()
    };
    let before = skipped();
    let collector = Collector::new(Registry::new());
    let labels = [("queue", "mail"), ("a-b", "x"), ("__name__", "x"), ("queue", "twice")];
    collector.increment_counter("jobs", 1.0, &labels);
    collector.record_histogram("wait", 1.0, &[("le", "x"), ("queue", "mail")]);
    assert_eq!(value(&collector, "jobs_total", &[("queue", "mail")]), Some(1.0));
    assert_eq!(value(&collector, "wait_count", &[("queue", "mail")]), Some(1.0));
    assert!(skipped() >= before + 4.0);
    assert!(collector.errors().is_empty());
}

#[test]
fn a_batch_is_seen_whole_or_not_at_all() {
    let collector = Collector::new(Registry::new());
    let (writer, stop) = (collector.clone(), &AtomicBool::new(false));
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
            let body = collector.registry().render();
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
    assert_eq!(value(&collector, "batch_a_total", &[]), Some(2_000.0));
}

#[test]
fn a_batch_that_a_panic_ends_is_applied() {
    let collector = Collector::new(Registry::new());
    let ended = catch_unwind(AssertUnwindSafe(|| {
        collector.batch(|batch| {
            batch.increment_counter("orders", 2.0, &[]);
            panic!("a bug");
        })
    }));
    assert!(ended.is_err());
    assert_eq!(value(&collector, "orders_total", &[]), Some(2.0));

    let batch = collector.start_batch();
    batch.increment_counter("orders", 1.0, &[]);
    batch.decrement_gauge("stock", 1.0, &[]);
    batch.record_timing("order", 10.0, &[]);
    assert_eq!(value(&collector, "orders_total", &[]), Some(2.0));
    collector.flush();
    assert_eq!(value(&collector, "orders_total", &[]), Some(3.0));
    batch.increment_counter("orders", 1.0, &[]);
    drop(batch);
    assert_eq!(value(&collector, "orders_total", &[]), Some(4.0));
    assert_eq!(value(&collector, "stock", &[]), Some(-1.0));
    assert_eq!(value(&collector, "order_seconds_count", &[]), Some(1.0));
}

#[test]
fn handles_and_futures() {
    let collector = Collector::new(Registry::new());
    let hot = collector.counter("hot", &[("a", "b")]).expect("a new name");
    hot.inc_by(5);
    collector.gauge("g", &[]).expect("a new name").set(1.0);
    collector.histogram("h", &[]).expect("a new name").observe(1.0);
    collector.summary("s", &[]).expect("a new name").observe(1.0);
    assert_eq!(value(&collector, "hot_total", &[("a", "b")]), Some(5.0));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let work = async { 7 };
        let timed = collector.track_duration_of(
            "work",
            &[],
            collector.track_active_of("work_active", &[], work),
        );
        assert_eq!(timed.await, 7);
        drop(collector.track_duration_of("never", &[], std::future::pending::<()>()));
    });
    assert_eq!(value(&collector, "work_seconds_count", &[]), Some(1.0));
    assert_eq!(value(&collector, "work_active", &[]), Some(0.0));
    assert_eq!(value(&collector, "never_seconds_count", &[]), Some(0.0));
}

/// A thread's look-ups find what they are asked for, however labels are written.
#[test]
fn look_ups_do_not_confuse_what_looks_alike() {
    let collector = Collector::new(Registry::new());
    for _ in 0..2 {
        collector.increment_counter("c", 1.0, &[("a", "bc"), ("d", "e")]);
        collector.increment_counter("c", 1.0, &[("a", "b"), ("d", "ce")]);
        collector.increment_counter("c", 1.0, &[("d", "e"), ("a", "bc")]);
        collector.set_gauge("ca", 1.0, &[]);
    }
    assert_eq!(value(&collector, "c_total", &[("a", "bc"), ("d", "e")]), Some(4.0));
    assert_eq!(value(&collector, "c_total", &[("a", "b"), ("d", "ce")]), Some(2.0));
}
