//! Timers and guards of handles, by a clock of the test's own.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
    time::Duration,
};

use yardstick::{Registry, Unit};

static NOW_MILLIS: AtomicU64 = AtomicU64::new(1_000);

fn advance(millis: u64) {
    NOW_MILLIS.fetch_add(millis, Ordering::Relaxed);
}

/// Waits once, for 20 ms before and 10 ms after.
async fn work() -> u8 {
    advance(20);
    tokio::task::yield_now().await;
    advance(10);
    7
}

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// One test, one after the other: they share the clock.
#[test]
fn timers_and_guards_end_however_their_work_does() {
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .clock(|| Duration::from_millis(NOW_MILLIS.load(Ordering::Relaxed)))
        .install()
        .expect("nothing else is installed");
    timers();
    futures_are_timed_from_their_first_poll();
    guards();
    drop(exporter);
}

fn timers() {
    let registry = Registry::new();
    let wait = registry
        .histogram("wait")
        .unit(Unit::Seconds)
        .buckets(&[0.01, 0.1])
        .register()
        .expect("a new name");
    let timer = wait.start_timer();
    advance(10);
    assert_eq!(timer.stop(), Duration::from_millis(10));
    let discarded = wait.start_timer();
    advance(5_000);
    discarded.discard();
    assert_eq!(wait.time(|| advance(50)), ());
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        wait.time(|| {
            advance(500);
            panic!("on purpose");
        })
    }));
    assert!(unwound.is_err());
    assert_eq!((wait.bucket_counts(), wait.sum()), (vec![1, 1, 1], 0.56));

    // Seconds also where the family has no unit.
    let plain = registry.histogram("plain").buckets(&[0.1]).register().expect("a new name");
    plain.time(|| advance(200));
    assert_eq!((plain.bucket_counts(), plain.sum()), (vec![0, 1], 0.2));
}

fn futures_are_timed_from_their_first_poll() {
    let registry = Registry::new();
    let wait = registry.histogram("wait").unit(Unit::Seconds).register().expect("a new name");
    let mut future = pin!(wait.time_future(work()));
    advance(1_000);
    assert!(poll_once(future.as_mut()).is_pending());
    assert_eq!(poll_once(future.as_mut()), Poll::Ready(7));
    assert_eq!((wait.count(), wait.sum()), (1, 0.03));
    {
        let mut cancelled = pin!(wait.time_future(work()));
        assert!(poll_once(cancelled.as_mut()).is_pending());
    }
    drop(wait.time_future(work()));
    assert_eq!((wait.count(), wait.sum()), (2, 0.05));
}

fn guards() {
    let registry = Registry::new();
    let busy = registry.gauge("busy").register().expect("a new name");
    let guard = busy.track_in_progress();
    std::thread::spawn(move || drop(guard)).join().expect("it ends");
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _guard = busy.track_in_progress();
        assert!((busy.get() - 1.0).abs() < f64::EPSILON);
        panic!("on purpose");
    }));
    assert!(unwound.is_err());
    {
        let mut cancelled = pin!(busy.track_future(work()));
        assert!(poll_once(cancelled.as_mut()).is_pending());
        assert_eq!(registry.sample_value("busy", &[]), Some(1.0));
    }
    assert_eq!(registry.sample_value("busy", &[]), Some(0.0));

    let last = registry.gauge("last_success").unit(Unit::Seconds).register().expect("a new name");
    last.set_to_current_time();
    // After this was written, and before doubles lose the seconds.
    assert!((1.7e9..1e12).contains(&last.get()), "{}", last.get());
}
