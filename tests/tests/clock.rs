//! Durations by a clock of the program's own: exact, whatever the machine does meanwhile.

use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Waker},
    time::Duration,
};

use yardstick::{exporter::InstallError, track_duration};

static NOW_MILLIS: AtomicU64 = AtomicU64::new(1_000);

fn advance(millis: u64) {
    NOW_MILLIS.fetch_add(millis, Ordering::Relaxed);
}

#[track_duration("slept", buckets = [10ms, 30ms, 290ms, 1s])]
fn sleep(millis: u64) {
    advance(millis);
}

#[track_duration("waited", buckets = [30ms, 1s])]
async fn wait() {
    advance(10);
    tokio::task::yield_now().await;
    advance(20);
}

#[test]
fn durations_are_those_of_the_injected_clock() {
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .clock(|| Duration::from_millis(NOW_MILLIS.load(Ordering::Relaxed)))
        .install()
        .expect("nothing else is installed");
    // On a bound, above one, and far above: a duration equal to a bound is within it.
    for millis in [30, 31, 290, 5_000] {
        sleep(millis);
    }
    let body = exporter.render();
    for line in [
        "slept_seconds_bucket{le=\"0.01\"} 0",
        "slept_seconds_bucket{le=\"0.03\"} 1",
        "slept_seconds_bucket{le=\"0.29\"} 3",
        "slept_seconds_bucket{le=\"1.0\"} 3",
        "slept_seconds_bucket{le=\"+Inf\"} 4",
        "slept_seconds_sum 5.351",
    ] {
        assert!(body.lines().any(|found| found == line), "{line}\n{body}");
    }

    // A future is timed from its first poll to its end, not from where it was made.
    let mut future = pin!(wait());
    advance(1_000);
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
    let body = exporter.render();
    assert!(body.contains("waited_seconds_bucket{le=\"0.03\"} 1\n"), "{body}");
    assert!(body.contains("waited_seconds_sum 0.03\n"), "{body}");

    // The clock is chosen once.
    let again = yardstick::exporter().listen(([127, 0, 0, 1], 0)).monotonic_clock().install();
    assert!(matches!(again, Err(InstallError::ClockInUse)), "{again:?}");
}
