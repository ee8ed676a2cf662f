//! Many threads and many series: exact, and without a trace once they are gone.

use std::{
    sync::{Barrier, Mutex, PoisonError},
    thread,
};

use yardstick::{Counter, Registry, Unit, default_registry};

/// Threads that record at the same time. `YARDSTICK_SCALE_THREADS` says otherwise, for who has the time.
const THREADS: usize = 600;

/// Series of which each thread touches a few.
const SERIES: usize = 20_000;

/// Series that together have more words than a lane's first table. `YARDSTICK_SCALE_SERIES` says otherwise.
const SERIES_BEYOND: usize = 150_000;

/// Threads that touch each of these.
const THREADS_BEYOND: usize = 2;

/// What a thread needs that only records.
const STACK_BYTES: usize = 64 * 1_024;

/// The tests compare what all threads of the process together have.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn sample(name: &str) -> f64 {
    default_registry().sample_value(name, &[]).expect("shown from the start")
}

fn records_elsewhere() -> f64 {
    let name = "yardstick_shared_lane_records_total";
    let of = |cause| default_registry().sample_value(name, &[("cause", cause)]);
    of("memory_limit").expect("shown from the start")
}

fn threads() -> usize {
    let given = std::env::var("YARDSTICK_SCALE_THREADS").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(THREADS)
}

/// The peak of the process, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(String::new, |peak| format!("peak of the process {}", peak.trim()))
}

fn series() -> usize {
    let given = std::env::var("YARDSTICK_SCALE_SERIES").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(SERIES_BEYOND)
}

/// Runs `work` in so many threads, which all live while it runs and while `meanwhile` does.
fn together<R>(threads: usize, work: impl Fn(usize) + Sync, meanwhile: impl FnOnce() -> R) -> R {
    let (all_worked, all_may_end) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
    thread::scope(|scope| {
        for number in 0..threads {
            let (work, all_worked, all_may_end) = (&work, &all_worked, &all_may_end);
            let run = move || {
                work(number);
                all_worked.wait();
                all_may_end.wait();
            };
            let builder = thread::Builder::new().stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, run).expect("the system has room for the thread");
        }
        all_worked.wait();
        let result = meanwhile();
        all_may_end.wait();
        result
    })
}

fn counters(registry: &Registry) -> Vec<Counter> {
    let family = registry.counter("events").labels(["number"]).series_max(SERIES);
    let family = family.register().expect("a new name");
    (0..SERIES).map(|n| family.get_or_create([&n.to_string()]).expect("room")).collect()
}

#[test]
fn a_burst_of_threads_is_exact_and_leaves_no_counters_behind() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).lane_memory_limit(1 << 32);
    let exporter = exporter.install().expect("nothing else is installed");
    let registry = Registry::new();
    let counters = counters(&registry);
    let size = registry.histogram("size").unit(Unit::Bytes).register().expect("a new name");
    let threads = threads();
    let elsewhere = records_elsewhere();
    let work = |number: usize| {
        for step in 0..4 {
            counters[(number * 7_919 + step * 5_003) % SERIES].inc();
        }
        size.observe(1.0);
    };
    let total = |registry: &Registry| -> u64 {
        let sum = |family: &yardstick::gather::MetricFamily| {
            let values = family.series.iter().map(|series| match series.value {
                yardstick::gather::Value::Counter { whole, .. } => whole,
                _ => 0,
            });
            values.sum::<u64>()
        };
        registry.gather().iter().map(sum).sum()
    };
    let (while_alive, bytes_while_alive) =
        together(threads, work, || (total(&registry), sample("yardstick_lane_memory_bytes")));
    assert_eq!(while_alive, 4 * threads as u64);
    assert_eq!(size.count(), threads as u64);
    assert!((records_elsewhere() - elsewhere).abs() < 0.5, "a thread was not on the fast path");
    assert_eq!(total(&registry), 4 * threads as u64, "folded");
    let bytes_after = sample("yardstick_lane_memory_bytes");
    println!(
        "{threads} threads: {bytes_while_alive} bytes of lanes, {bytes_after} after they had ended, {}",
        peak_memory()
    );
    // Four pages of counters went with each thread but those that share one; its lane and one page of others stay.
    assert!(bytes_after < bytes_while_alive * 0.7, "{bytes_after} of {bytes_while_alive}");
    // The next burst finds the lanes, counts on, and is folded in turn.
    let lanes = sample("yardstick_lanes");
    together(threads, work, || ());
    assert_eq!(total(&registry), 8 * threads as u64);
    assert_eq!(size.count(), 2 * threads as u64);
    assert!(sample("yardstick_lanes") <= lanes * 1.2, "lanes are used again");
    assert!(exporter.shutdown_blocking().is_ok());
}

/// A lane's first table ends at a million words; what lies beyond is each thread's own too.
#[test]
fn series_beyond_a_million_words_are_on_the_fast_path_and_exact() {
    /// Words of a histogram with the default buckets, but for the sequence and the sum.
    const BUCKETS: usize = 15;
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).lane_memory_limit(1 << 32);
    let exporter = exporter.install().expect("nothing else is installed");
    let registry = Registry::new();
    let series = series();
    let histograms = series / 2;
    let (counters, sizes) = (series - histograms, histograms);
    let events = registry.counter("events").labels(["number"]).series_max(counters);
    let events = events.register().expect("a new name");
    let sizes_of = registry.histogram("size").labels(["number"]).series_max(sizes);
    let sizes_of = sizes_of.register().expect("a new name");
    assert!(histograms * BUCKETS > 1 << 20 || series < SERIES_BEYOND);
    let counters: Vec<_> =
        (0..counters).map(|n| events.get_or_create([&n.to_string()]).expect("room")).collect();
    let sizes: Vec<_> =
        (0..sizes).map(|n| sizes_of.get_or_create([&n.to_string()]).expect("room")).collect();
    let elsewhere = records_elsewhere();
    let record = |_| {
        counters.iter().for_each(Counter::inc);
        sizes.iter().for_each(|size| size.observe(1.0));
    };
    let bytes = together(THREADS_BEYOND, record, || sample("yardstick_lane_memory_bytes"));
    assert!((records_elsewhere() - elsewhere).abs() < 0.5, "a series was not on the fast path");
    println!(
        "{series} series, {THREADS_BEYOND} threads: {bytes} bytes of lanes, {}",
        peak_memory()
    );
    assert!(counters.iter().all(|counter| counter.get() == THREADS_BEYOND as u64));
    assert!(sizes.iter().all(|size| size.count() == THREADS_BEYOND as u64));
    assert!(exporter.shutdown_blocking().is_ok());
}

#[test]
fn a_series_that_goes_while_it_is_read_gives_its_word_to_another_at_zero() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let registry = Registry::new();
    for round in 0..50_u64 {
        let name = format!("short_{round}");
        let counter = registry.counter(&name).register().expect("a new name");
        thread::scope(|scope| {
            scope.spawn(|| counter.inc_by(round + 1));
            scope.spawn(|| registry.render());
        });
        assert_eq!(counter.get(), round + 1, "a word was not zero");
        assert!(registry.unregister(&format!("{name}_total")), "it was registered");
    }
}
