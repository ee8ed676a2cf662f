//! Nothing is lost, nothing falls, sums and buckets agree: under eight threads, threads that keep being
//! born and dying, and scrapes in a tight loop.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use yardstick::{Histogram, Registry, Unit, track_active, track_calls};

/// Each worker's rounds; a round is four observations.
const ROUNDS: u64 = 300_000;
const WORKERS: u64 = 8;
/// Threads that are born, record a little and die, one after the other in each of two lines.
const SHORT_LIVES: u64 = 600;
const SHORT_ROUNDS: u64 = 100;

/// The test's own registry: nothing else in this process counts into it.
static REGISTRY: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);

#[track_calls("exact_calls", registry = REGISTRY)]
#[track_active("exact_active", registry = REGISTRY)]
fn call() {}

/// One observation with a duration from which sum and bucket can be told apart: 1, 2 or 3 ms.
fn observe(histogram: &Histogram, round: u64) {
    histogram.observe_duration(Duration::from_millis(1 + round % 3));
}

/// Checks a scrape in itself and against the one before; answers with its counts.
fn check(body: &str, before: &HashMap<String, f64>) -> HashMap<String, f64> {
    let mut now = HashMap::new();
    for line in body.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').expect("a sample is a series and a value");
        let value: f64 = value.parse().expect("a number");
        assert!(value >= 0.0, "negative: {line}");
        if !series.starts_with("exact_active") {
            let last = before.get(series).copied().unwrap_or(0.0);
            assert!(value >= last, "{series} fell from {last} to {value}");
        }
        now.insert(series.to_owned(), value);
    }
    let get = |series: &str| now.get(series).copied().unwrap_or(0.0);
    let inf = get("exact_seconds_bucket{le=\"+Inf\"}");
    assert_eq!(inf, get("exact_seconds_count"));
    // The buckets say how many observations of 1, 2 and 3 ms there were, and so what their sum is.
    let (one, two) =
        (get("exact_seconds_bucket{le=\"0.0015\"}"), get("exact_seconds_bucket{le=\"0.0025\"}"));
    let sum = (one + 2.0 * (two - one) + 3.0 * (inf - two)) / 1_000.0;
    let shown = get("exact_seconds_sum");
    // Each observation is rounded to a tick, a third of a nanosecond or a whole one.
    assert!((shown - sum).abs() <= 1e-9 * (inf + 1.0), "sum {shown}, buckets say {sum}");
    now
}

#[test]
fn recorded_equals_exposed() {
    let counter = REGISTRY.counter("exact_adds").register().expect("a new name");
    let histogram = REGISTRY
        .histogram("exact")
        .unit(Unit::Seconds)
        .buckets(&[0.0015, 0.0025])
        .register()
        .expect("a new name");
    let work = |rounds: u64| {
        let (counter, histogram) = (counter.clone(), histogram.clone());
        move || {
            for round in 0..rounds {
                counter.inc_by(2);
                observe(&histogram, round);
                call();
            }
        }
    };
    let done = Arc::new(AtomicBool::new(false));
    let scraper = thread::spawn({
        let done = Arc::clone(&done);
        move || {
            let (mut before, mut scrapes) = (HashMap::new(), 0_u64);
            while !done.load(Ordering::Relaxed) {
                before = check(&REGISTRY.render(), &before);
                scrapes += 1;
            }
            scrapes
        }
    });
    let workers: Vec<_> = (0..WORKERS).map(|_| thread::spawn(work(ROUNDS))).collect();
    let births: Vec<_> = (0..2)
        .map(|_| {
            let work = work(SHORT_ROUNDS);
            thread::spawn(move || {
                for _ in 0..SHORT_LIVES {
                    thread::spawn(work.clone()).join().expect("recording never panics");
                }
            })
        })
        .collect();
    for thread in workers.into_iter().chain(births) {
        thread.join().expect("recording never panics");
    }
    done.store(true, Ordering::Relaxed);
    let scrapes = scraper.join().expect("every scrape was consistent");
    let rounds = WORKERS * ROUNDS + 2 * SHORT_LIVES * SHORT_ROUNDS;
    assert!(rounds * 4 >= 10_000_000, "{} observations", rounds * 4);
    assert_eq!(counter.get(), 2 * rounds);
    assert_eq!(histogram.count(), rounds);
    let body = REGISTRY.render();
    assert!(body.contains(&format!("exact_calls_total{{outcome=\"ok\"}} {rounds}\n")), "{body}");
    assert!(body.contains("exact_active 0\n"), "{body}");
    assert!(scrapes > 10, "only {scrapes} scrapes ran meanwhile");
    println!("{} observations, {scrapes} scrapes", rounds * 4);
}

/// A gauge of calls in flight whose futures end on another thread than they began on.
#[test]
fn calls_in_flight_are_never_negative_across_threads() {
    static OTHER: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);
    static STARTED: AtomicU64 = AtomicU64::new(0);

    #[track_active("moving", registry = OTHER)]
    async fn moving() {
        STARTED.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
    }

    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("a runtime");
    let done = Arc::new(AtomicBool::new(false));
    let scraper = thread::spawn({
        let done = Arc::clone(&done);
        move || {
            while !done.load(Ordering::Relaxed) {
                let body = OTHER.render();
                let line = body.lines().find_map(|line| line.strip_prefix("moving "));
                let value: f64 = line.unwrap_or("0").parse().expect("a number");
                // A reading may count calls that came and went meanwhile, but never a departure alone.
                assert!((0.0..1e6).contains(&value), "{value}");
            }
        }
    });
    runtime.block_on(async {
        for _ in 0..2_000 {
            let calls: Vec<_> = (0..64).map(|_| tokio::spawn(moving())).collect();
            for call in calls {
                call.await.expect("no panic");
            }
        }
    });
    done.store(true, Ordering::Relaxed);
    scraper.join().expect("never negative");
    assert_eq!(STARTED.load(Ordering::Relaxed), 128_000);
    assert!(OTHER.render().ends_with("moving 0\n"));
}
