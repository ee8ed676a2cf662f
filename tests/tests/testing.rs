//! The kit for users' tests, used as their tests would: in parallel, on several threads, and where assertions fail.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use yardstick::{
    Counter, Histogram, LabelSet, MetricSchema, Registry,
    testing::{Capture, Snapshot, assert_golden},
    track_calls, track_duration,
};

#[derive(LabelSet)]
struct Queue {
    queue: &'static str,
}

#[derive(MetricSchema)]
#[metrics(namespace = "kit")]
struct KitMetrics {
    /// Jobs by queue.
    jobs: Counter<Queue>,
    /// Time of a job.
    #[metric(unit = Seconds, buckets = [1, 5])]
    job_duration: Histogram,
}

#[track_calls("kit_calls", labels(queue = queue))]
#[track_duration(KitMetrics::job_duration)]
fn job(queue: &'static str, work: impl FnOnce()) {
    KitMetrics::jobs().with(&Queue { queue }).inc();
    metrics::counter!("kit_facade").increment(1);
    work();
}

async fn jobs(count: usize) {
    for _ in 0..count {
        job("mail", || {});
        tokio::task::yield_now().await;
    }
}

fn message(assertion: impl FnOnce()) -> String {
    let caught = catch_unwind(AssertUnwindSafe(assertion)).expect_err("it fails");
    caught.downcast_ref::<String>().cloned().expect("a message")
}

#[test]
fn a_capture_sees_attributes_schemas_and_the_facade() {
    let capture = Capture::new();
    capture.run(|| {
        job("mail", || capture.advance(Duration::from_millis(1_500)));
        job("fax", || {});
    });
    job("outside", || {});
    let changes = capture.changes();
    changes.assert("kit_jobs_total", &[("queue", "mail")], 1.0);
    changes.assert("kit_jobs_total", &[], 2.0);
    changes.assert("kit_calls_total", &[("queue", "fax"), ("outcome", "ok")], 1.0);
    changes.assert("kit_facade_total", &[], 2.0);
    changes.assert("kit_job_duration_seconds_sum", &[], 1.5);
    changes.assert("kit_job_duration_seconds_bucket", &[("le", "1.0")], 1.0);
    assert_golden("tests/golden/capture.prom", &capture.render());
    // What ran outside recorded elsewhere, by a clock that runs.
    let global = yardstick::default_registry();
    assert_eq!(global.get_sample_value("kit_jobs_total", &[("queue", "outside")]), Some(1.0));
    assert_eq!(global.get_sample_value("kit_jobs_total", &[("queue", "fax")]), None);
}

#[test]
fn captures_in_parallel_do_not_see_each_other() {
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (1..=4_u32)
        .map(|jobs| {
            let start = Arc::clone(&start);
            thread::spawn(move || {
                let capture = Capture::new();
                start.wait();
                for _ in 0..jobs * 100 {
                    capture.run(|| job("mail", || capture.advance(Duration::from_secs(1))));
                }
                (f64::from(jobs) * 100.0, capture.changes())
            })
        })
        .collect();
    for thread in threads {
        let (jobs, changes) = thread.join().expect("a thread of the test");
        changes.assert("kit_jobs_total", &[], jobs);
        changes.assert("kit_job_duration_seconds_sum", &[], jobs);
    }
}

#[test]
fn a_capture_follows_a_future_between_threads() {
    let capture = Capture::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        let tasks: Vec<_> = (0..8)
            .map(|_| tokio::spawn(capture.future(jobs(50))))
            .chain([tokio::spawn(
                // A task that does not belong to it.
                Capture::new().future(jobs(10)),
            )])
            .collect();
        for task in tasks {
            task.await.expect("a task of the test");
        }
    });
    capture.changes().assert("kit_calls_total", &[("queue", "mail")], 400.0);
}

#[test]
fn threads_may_enter_a_capture() {
    let capture = Capture::new();
    let inside = capture.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .on_thread_start(move || inside.enter_thread())
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        // Spawned where nobody can attach anything.
        let inner = tokio::spawn(async { tokio::spawn(jobs(5)).await });
        inner.await.expect("a task").expect("a task within");
    });
    drop(runtime);
    let copy = capture.clone();
    thread::spawn(move || {
        let entered = copy.enter();
        job("mail", || {});
        drop(entered);
        job("mail", || {});
    })
    .join()
    .expect("a thread of the test");
    capture.changes().assert("kit_jobs_total", &[("queue", "mail")], 6.0);
}

#[test]
fn a_cancelled_future_and_a_panic_leave_the_capture() {
    let capture = Capture::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        #[track_calls("kit_pending")]
        async fn pending() {
            std::future::pending::<()>().await;
        }
        let mut future = Box::pin(capture.future(pending()));
        tokio::select! {
            biased;
            () = &mut future => unreachable!("it never ends"),
            () = tokio::task::yield_now() => {}
        }
        drop(future);
    });
    capture.changes().assert("kit_pending_total", &[("outcome", "cancelled")], 1.0);
    let _ = catch_unwind(AssertUnwindSafe(|| capture.run(|| job("mail", || panic!("a bug")))));
    job("mail", || {});
    capture.changes().assert("kit_calls_total", &[], 1.0);
    capture.changes().assert("kit_calls_total", &[("outcome", "panic")], 1.0);
}

#[test]
fn a_snapshot_tells_what_changed_since() {
    let registry = Registry::new();
    let jobs = registry.counter("kit_snapshot").help("Jobs.").labels(["queue"]).register();
    let jobs = jobs.expect("a new family");
    let with = |queue| jobs.with([queue]).expect("room for it");
    with("mail").inc_by(5);
    let before = Snapshot::of(&registry);
    assert!(before.changes().is_empty());
    with("mail").inc_by(2);
    with("fax").inc();
    let changes = before.changes();
    assert_eq!(
        changes.to_string(),
        "kit_snapshot_total{queue=\"fax\"} +1\nkit_snapshot_total{queue=\"mail\"} +2\n"
    );
    changes.assert_all(&[
        ("kit_snapshot_total", &[("queue", "fax")], 1.0),
        ("kit_snapshot_total", &[("queue", "mail")], 2.0),
    ]);
}

#[test]
fn a_failed_assertion_shows_the_difference() {
    let capture = Capture::new();
    capture.run(|| job("mail", || {}));
    let changes = capture.changes();
    assert_eq!(
        message(|| changes.assert("kit_jobs_total", &[("queue", "fax")], 1.0)),
        "the samples did not change as expected\n\
         - kit_jobs_total{queue=\"fax\"} +1\n\
         + kit_jobs_total{queue=\"mail\"} +1\n"
    );
    let unexpected = message(|| changes.assert_all(&[("kit_jobs_total", &[("queue", "x")], 0.0)]));
    assert!(unexpected.ends_with("+ kit_jobs_total{queue=\"mail\"} +1\n"), "{unexpected}");
    let misspelt = message(|| changes.assert("kit_job_total", &[], 1.0));
    assert!(
        misspelt.contains("no sample of that name changed; of these, some did: kit_"),
        "{misspelt}"
    );
    let missing = message(|| assert_golden("tests/golden/no_such_file.prom", "x"));
    assert!(missing.starts_with("cannot read tests/golden/no_such_file.prom"), "{missing}");
    let differs = message(|| assert_golden("tests/golden/capture.prom", "# HELP\n"));
    assert!(differs.contains("YARDSTICK_BLESS=1") && differs.contains("\n+ # HELP\n"), "{differs}");
}
