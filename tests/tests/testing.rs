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
    assert_eq!(global.sample_value("kit_jobs_total", &[("queue", "outside")]), Some(1.0));
    assert_eq!(global.sample_value("kit_jobs_total", &[("queue", "fax")]), None);
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
    let with = |queue| jobs.get_or_create([queue]).expect("room for it");
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
        misspelt.ends_with("no sample `kit_job_total` changed; did you mean `kit_jobs_total`?\n"),
        "{misspelt}"
    );
    let other = message(|| changes.assert("deliveries", &[], 1.0));
    assert!(
        other.ends_with(
            "no sample `deliveries` changed; of these, some did: kit_calls_total, kit_facade_total, \
             kit_job_duration_seconds_count, kit_jobs_total\n"
        ),
        "{other}"
    );
    let label = message(|| changes.assert("kit_jobs_total", &[("cue", "mail")], 1.0));
    assert!(
        label.ends_with(
            "no sample `kit_jobs_total` that changed has a label `cue`; its labels are `queue`\n"
        ),
        "{label}"
    );
    let value = message(|| changes.assert("kit_jobs_total", &[("queue", "mial")], 1.0));
    assert!(
        value
            .ends_with("no sample `kit_jobs_total` has `queue=\"mial\"`; did you mean \"mail\"?\n"),
        "{value}"
    );
    let missing = message(|| assert_golden("tests/golden/no_such_file.prom", "x"));
    assert!(missing.starts_with("cannot read tests/golden/no_such_file.prom"), "{missing}");
    let differs = message(|| assert_golden("tests/golden/capture.prom", "# HELP\n"));
    assert!(differs.contains("YARDSTICK_BLESS=1") && differs.contains("\n+ # HELP\n"), "{differs}");
}

#[test]
fn the_buckets_of_a_histogram_are_one_line() {
    let capture = Capture::new();
    capture.run(|| {
        job("mail", || {});
        job("mail", || capture.advance(Duration::from_secs(2)));
    });
    let changes = capture.changes();
    assert_eq!(
        changes.to_string(),
        "kit_calls_total{outcome=\"ok\",queue=\"mail\"} +2\n\
         kit_facade_total +2\n\
         kit_job_duration_seconds_bucket +1 from le=\"1.0\", +2 from le=\"5.0\"\n\
         kit_job_duration_seconds_count +2\n\
         kit_job_duration_seconds_sum +2\n\
         kit_jobs_total{queue=\"mail\"} +2\n"
    );
    // A bound is a number, however it is written.
    for bound in ["1", "1.0", "1.00", "1e0"] {
        changes.assert("kit_job_duration_seconds_bucket", &[("le", bound)], 1.0);
    }
    let wrong = message(|| changes.assert("kit_job_duration_seconds_bucket", &[("le", "1")], 2.0));
    assert_eq!(
        wrong,
        "the samples did not change as expected\n\
         - kit_job_duration_seconds_bucket{le=\"1\"} +2\n\
         + kit_job_duration_seconds_bucket +1 from le=\"1.0\", +2 from le=\"5.0\"\n"
    );
}

#[test]
fn a_capture_that_saw_nothing_says_why() {
    let capture = Capture::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build();
    // The task is spawned outside of the capture that waits for it.
    runtime.expect("a runtime").block_on(capture.future(async {
        tokio::spawn(jobs(1)).await.expect("a task of the test");
    }));
    let nothing = message(|| capture.changes().assert("kit_jobs_total", &[], 1.0));
    assert_eq!(
        nothing,
        "the samples did not change as expected\n\
         - kit_jobs_total +1\n\
         nothing changed at all; the default registry has `kit_jobs_total`, which was recorded outside of a capture; \
         only threads and futures that entered a capture record in it: let the threads of a runtime begin with \
         `Capture::enter_thread`, or spawn what `Capture::future` makes\n"
    );
    let of_registry = Snapshot::of(&Registry::new()).changes();
    let nothing = message(|| of_registry.assert("kit_jobs_total", &[], 1.0));
    assert!(nothing.ends_with("\nnothing changed at all\n"), "{nothing}");
}

#[test]
fn a_capture_whose_time_stood_still_says_so() {
    let capture = Capture::new();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(capture.future(async {
        #[track_duration("kit_nap")]
        async fn nap() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        nap().await;
    }));
    let still = message(|| capture.changes().assert("kit_nap_seconds_sum", &[], 5.0));
    assert_eq!(
        still,
        "the samples did not change as expected\n\
         - kit_nap_seconds_sum +5\n\
         durations were recorded in `kit_nap_seconds` and all were zero: time stands still in a capture, also while \
         tokio's is paused or advanced; move it with `Capture::advance`\n"
    );
}

#[test]
fn an_agreed_text_is_written_into_a_new_folder() {
    // Variables are a process' own for as long as it lives, so this test runs once more, in another one.
    if let Some(path) = std::env::var_os("KIT_GOLDEN") {
        return assert_golden(std::path::Path::new(&path), "jobs_total 1\n");
    }
    let folder = std::env::temp_dir().join(format!("yardstick-bless-{}", std::process::id()));
    let path = folder.join("golden/new.prom");
    let blessed = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "an_agreed_text_is_written_into_a_new_folder"])
        .env("YARDSTICK_BLESS", "1")
        .env("KIT_GOLDEN", &path)
        .output()
        .expect("this program runs");
    assert!(blessed.status.success(), "{blessed:?}");
    assert_eq!(std::fs::read_to_string(&path).expect("it was written"), "jobs_total 1\n");
    std::fs::remove_dir_all(&folder).expect("it is ours");
}
