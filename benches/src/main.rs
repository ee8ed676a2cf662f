//! What recording costs beside a locked add and a bare clock pair, at one thread and at two.
//!
//! Every round runs every row once, one after the other, so that a noisy machine disturbs all alike; the
//! minimum and the median over the rounds are shown. Quote ratios, never a lone time.

use std::{
    hint::black_box,
    sync::{
        Barrier, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use yardstick::{
    Collector, Counter, Histogram, LabelSet, LabelValue, Registry, Unit, track_calls,
    track_duration,
};

/// Operations of one row in one round, on each thread.
const OPERATIONS: u32 = 2_000_000;

/// Rounds unless `YARDSTICK_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 15;

static LOCKED: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

#[track_calls]
#[inline(never)]
fn site_a() {}
#[track_calls]
#[inline(never)]
fn site_b() {}
#[track_calls]
#[inline(never)]
fn site_c() {}
#[track_calls]
#[inline(never)]
fn site_d() {}

#[track_duration]
#[inline(never)]
fn timed() {}

#[inline(never)]
fn plain() {}

#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
}

impl LabelValue for Method {
    const VALUES: &'static [&'static str] = &["get", "post"];

    fn index(&self) -> usize {
        *self as usize
    }
}

#[track_calls("bench_enums", labels(method = method, cached = cached))]
#[inline(never)]
fn enums(method: Method, cached: bool) {
    black_box((method, cached));
}

#[track_calls("bench_strings", labels(route = route, user = user))]
#[inline(never)]
fn strings(route: &str, user: &str) {
    black_box((route, user));
}

#[derive(LabelSet)]
struct Enums {
    method: Method,
    cached: bool,
}

#[derive(LabelSet)]
struct Strings {
    route: &'static str,
    user: &'static str,
}

/// Runs `work` with the facade's macros recording into metrics-exporter-prometheus.
fn with_peer(work: impl FnOnce()) {
    static PEER: LazyLock<PrometheusRecorder> =
        LazyLock::new(|| PrometheusBuilder::new().build_recorder());
    metrics::with_local_recorder(&*PEER, work);
}

/// One line of the table: a name and a loop of that many operations.
struct Row {
    name: &'static str,
    run: Box<dyn Fn(u32) + Sync>,
}

fn row(name: &'static str, run: impl Fn(u32) + Sync + 'static) -> Row {
    Row { name, run: Box::new(run) }
}

fn rows(registry: &Registry) -> Vec<Row> {
    let counters: Vec<Counter> = ["a", "b", "c", "d"]
        .map(|name| registry.counter(name).register().expect("a new name"))
        .into();
    let one = counters[0].clone();
    let ticks: Histogram =
        registry.histogram("ticks").unit(Unit::Seconds).register().expect("a new name");
    let durations = ticks.clone();
    let typed_enums: Counter<Enums> =
        registry.counter("typed_enums").label_set().register().expect("a new name");
    let typed_strings: Counter<Strings> =
        registry.counter("typed_strings").label_set().register().expect("a new name");
    let by_name = Collector::new(Registry::new());
    vec![
        row("floor: locked add, 4 in turn", |n| {
            for i in 0..n {
                black_box(&LOCKED[i as usize % 4]).fetch_add(1, Ordering::Relaxed);
            }
        }),
        row("floor: locked add, always the same", |n| {
            for _ in 0..n {
                black_box(&LOCKED[0]).fetch_add(1, Ordering::Relaxed);
            }
        }),
        row("floor: empty function", |n| (0..n).for_each(|_| plain())),
        row("floor: clock pair, Instant", |n| {
            for _ in 0..n {
                let start = Instant::now();
                black_box(start.elapsed());
            }
        }),
        row("floor: clock pair, time-stamp counter", |n| {
            for _ in 0..n {
                black_box(counter_pair());
            }
        }),
        row("counter handle, 4 in turn", move |n| {
            for i in 0..n {
                black_box(&counters[i as usize % 4]).inc();
            }
        }),
        row("counter handle, always the same", move |n| {
            for _ in 0..n {
                black_box(&one).inc();
            }
        }),
        row("#[track_calls], literal labels, 4 sites in turn", |n| {
            for _ in 0..n / 4 {
                site_a();
                site_b();
                site_c();
                site_d();
            }
        }),
        row("typed counter, 2 enum labels", move |n| {
            for i in 0..n {
                let method = if i % 2 == 0 { Method::Get } else { Method::Post };
                typed_enums.with(&Enums { method, cached: i % 3 == 0 }).inc();
            }
        }),
        row("typed counter, 2 string labels", move |n| {
            const ROUTES: [&str; 4] = ["/query", "/items/:id", "/login", "/health"];
            for i in 0..n {
                let route = ROUTES[i as usize % 4];
                typed_strings.with(&Strings { route, user: "somebody" }).inc();
            }
        }),
        row("#[track_calls], 2 enum labels", |n| {
            for i in 0..n {
                let method = if i % 2 == 0 { Method::Get } else { Method::Post };
                enums(method, i % 3 == 0);
            }
        }),
        row("by name: increment_counter, 2 labels", move |n| {
            for i in 0..n {
                let route = if i % 2 == 0 { "/query" } else { "/suggest" };
                let labels = [("route", black_box(route)), ("user", black_box("anna"))];
                by_name.increment_counter(black_box("requests"), 1.0, &labels);
            }
        }),
        row("peer: counter!, 2 labels known when compiled", |n| {
            with_peer(|| {
                for i in 0..n {
                    if i % 2 == 0 {
                        metrics::counter!("requests", "route" => "/query", "user" => "anna")
                            .increment(1);
                    } else {
                        metrics::counter!("requests", "route" => "/suggest", "user" => "anna")
                            .increment(1);
                    }
                }
            });
        }),
        row("peer: counter!, 2 labels known when run", |n| {
            with_peer(|| {
                for i in 0..n {
                    let route = black_box(if i % 2 == 0 { "/query" } else { "/suggest" });
                    let user = black_box("anna");
                    metrics::counter!("requests", "route" => route, "user" => user).increment(1);
                }
            });
        }),
        row("#[track_calls], 2 string labels", |n| {
            const ROUTES: [&str; 4] = ["/query", "/items/:id", "/login", "/health"];
            for i in 0..n {
                strings(ROUTES[i as usize % 4], "somebody");
            }
        }),
        row("histogram handle, 14 buckets, ticks", move |n| {
            for i in 0..n {
                yardstick::__private::observe_ticks(black_box(&ticks), u64::from(i % 64) << 24);
            }
        }),
        row("histogram handle, 14 buckets, Duration", move |n| {
            for i in 0..n {
                let duration = Duration::from_micros(u64::from(i % 64) << 14);
                black_box(&durations).observe_duration(duration);
            }
        }),
        row("#[track_duration], empty function", |n| (0..n).for_each(|_| timed())),
    ]
}

#[cfg(target_arch = "x86_64")]
fn counter_pair() -> u64 {
    // SAFETY: every x86-64 processor has RDTSC.
    let read = || unsafe { std::arch::x86_64::_rdtsc() };
    let start = read();
    read() - start
}

#[cfg(not(target_arch = "x86_64"))]
fn counter_pair() -> u64 {
    let start = Instant::now();
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(0)
}

/// Nanoseconds per operation with that many threads doing the same.
fn measure(row: &Row, threads: usize) -> f64 {
    (row.run)(10_000);
    let barrier = Barrier::new(threads);
    let slowest = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    (row.run)(1_000);
                    barrier.wait();
                    let start = Instant::now();
                    (row.run)(OPERATIONS);
                    start.elapsed()
                })
            })
            .collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).max().unwrap_or_default()
    });
    slowest.as_nanos() as f64 / f64::from(OPERATIONS)
}

/// What a site costs in a program that installs no recorder.
fn nothing_installed(rounds: usize) {
    let sites = row("#[track_calls], 4 sites in turn, nothing installed", |n| {
        for _ in 0..n / 4 {
            site_a();
            site_b();
            site_c();
            site_d();
        }
    });
    let timer = row("#[track_duration], nothing installed", |n| (0..n).for_each(|_| timed()));
    for row in [sites, timer] {
        let mut times: Vec<_> = (0..rounds).map(|_| measure(&row, 1)).collect();
        times.sort_by(f64::total_cmp);
        println!("  {:<52} {:>7.2} {:>9.2}", row.name, times[0], times[times.len() / 2]);
    }
}

fn main() {
    let rounds = std::env::var("YARDSTICK_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok());
    let rounds: usize = rounds.unwrap_or(ROUNDS);
    nothing_installed(rounds);
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    let rows = rows(&Registry::new());
    for threads in [1, 2] {
        let mut times = vec![Vec::new(); rows.len()];
        for _ in 0..rounds {
            for (row, times) in rows.iter().zip(&mut times) {
                times.push(measure(row, threads));
            }
        }
        times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
        let floor = times[0][0];
        println!(
            "\n{threads} thread(s), {rounds} rounds        min ns   median ns   min / locked add"
        );
        for (row, times) in rows.iter().zip(&times) {
            let (min, median) = (times[0], times[times.len() / 2]);
            println!("  {:<48} {min:>7.2} {median:>9.2} {:>9.2}", row.name, min / floor);
        }
    }
    exporter.shutdown_blocking().expect("the endpoint had not panicked");
}
