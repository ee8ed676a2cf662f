//! A site records where the facade's current recorder records: nowhere, here, or elsewhere, whenever that
//! changes. One test, because a process has one global recorder.

use yardstick::{Registry, track_active, track_calls, track_duration, track_errors};

/// A job.
#[track_calls("jobs", labels(queue = queue))]
#[track_duration("job")]
fn job(queue: &str) {
    let _ = queue;
}

#[track_calls]
#[track_errors(error_if = |()| false)]
#[track_active]
#[track_duration]
fn literal() {}

fn value(body: &str, series: &str) -> Option<u64> {
    body.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

const JOBS_MAIL: &str = "jobs_total{outcome=\"ok\",queue=\"mail\"}";
const LITERAL: &str =
    "function_calls_total{function=\"literal\",module=\"call_sites\",outcome=\"ok\"}";

#[test]
fn sites_follow_the_current_recorder() {
    // Before anything is installed, nothing happens.
    job("mail");
    literal();

    // Two local registries one after the other, on one stack address.
    for _ in 0..2 {
        let local = Registry::new();
        metrics::with_local_recorder(&local, || {
            job("mail");
            literal();
        });
        assert_eq!(value(&local.render(), JOBS_MAIL), Some(1));
        assert_eq!(value(&local.render(), LITERAL), Some(1));
    }
    // Neither did the sites remember them.
    job("mail");

    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    // Literal series exist at zero, with the help of the doc comment.
    let body = exporter.render();
    assert_eq!(value(&body, LITERAL), Some(0), "{body}");
    assert_eq!(value(&body, "job_seconds_count"), Some(0));
    assert!(body.contains("# HELP job_seconds A job.\n"));
    assert!(body.contains("function_errors_total{error_type=\"panic\",function=\"literal\""));

    for _ in 0..3 {
        job("mail");
        literal();
    }
    assert_eq!(value(&exporter.render(), JOBS_MAIL), Some(3));
    assert_eq!(value(&exporter.render(), LITERAL), Some(3));

    // A local recorder hides the global one, also from warm sites, and only while it lasts.
    let local = Registry::new();
    metrics::with_local_recorder(&local, || {
        job("mail");
        literal();
    });
    assert_eq!(value(&local.render(), JOBS_MAIL), Some(1));
    assert!(local.render().contains("# HELP job_seconds A job.\n"), "help comes from the catalog");
    literal();
    assert_eq!(value(&exporter.render(), JOBS_MAIL), Some(3));
    assert_eq!(value(&exporter.render(), LITERAL), Some(4));

    // The facade's macros end in the same families and series.
    metrics::counter!("jobs", "queue" => "mail", "outcome" => "ok").increment(10);
    metrics::histogram!("job").record(0.5);
    assert_eq!(value(&exporter.render(), JOBS_MAIL), Some(13));
    assert_eq!(value(&exporter.render(), "job_seconds_count"), Some(4));

    // A second endpoint shows the same, and recording outlasts both.
    let second = yardstick::exporter().listen(([127, 0, 0, 1], 0)).install().expect("a second one");
    assert_eq!(value(&second.render(), LITERAL), Some(4));
    assert!(second.shutdown_blocking().is_ok());
    assert!(exporter.shutdown_blocking().is_ok());
    literal();
    assert_eq!(value(&yardstick::default_registry().render(), LITERAL), Some(5));
}
