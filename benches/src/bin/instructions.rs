//! One hot path, so many times: a program for counting instructions. `cargo xtask bench` and the step "instruction
//! budgets" run it under callgrind, which counts inside [`instructions_are_counted_here`] only: what comes before, such as
//! the calibration of a clock, takes as long as the machine lets it.
//!
//! `instructions PATH TIMES`, where a path is one of those in `xtask/src/budgets.rs`.

use std::{hint::black_box, process::ExitCode, sync::Barrier, thread};

use yardstick::{Counter, Registry, Unit, dynamic::Dynamic, track, track_calls, track_duration};
use yardstick_benches::{
    ours::Yardstick,
    peers::Library,
    stores,
    workloads::{self, BOUNDS, MANY_SETS, Method, Run, SETS},
};

/// Enough for every series to be met, and every cache to be filled.
const WARM_UP: u32 = 2 * MANY_SETS as u32;

/// Series of the scrapes.
const SERIES: usize = 200;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, times] = arguments.as_slice() else { return usage() };
    let Ok(times) = times.parse::<u32>() else { return usage() };
    // All but one are paths of a program that records.
    if path.starts_with("limited") {
        let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).lane_memory_limit(0);
        // It serves as long as the process lives.
        std::mem::forget(exporter.install().expect("nothing else is installed"));
    } else if !path.starts_with("off") {
        yardstick::install().expect("nothing else is installed");
    }
    let Some(run) = run(path) else { return usage() };
    run(WARM_UP);
    instructions_are_counted_here(&run, times);
    ExitCode::SUCCESS
}

/// The name is what callgrind is told.
#[inline(never)]
fn instructions_are_counted_here(run: &Run, times: u32) {
    run(times);
}

fn usage() -> ExitCode {
    eprintln!("usage: instructions PATH TIMES");
    ExitCode::from(2)
}

fn run(path: &str) -> Option<Run> {
    Some(match path {
        "counter-handle" => workloads::same(Yardstick::counter("one"), Counter::inc),
        "literal-site" => workloads::call(counted),
        "async-site" => workloads::polls(counted_async),
        "enums-with" => {
            let counters = Yardstick::enums();
            workloads::enums(move |method, cached| {
                Yardstick::count_enums(&counters, method, cached);
            })
        }
        "enums-site" => workloads::enums(enums),
        "strings-with" => strings_with(SETS),
        "strings-site" => workloads::strings(SETS, strings),
        "strings-by-name" => strings_by_name(SETS),
        "many-strings-with" => strings_with(MANY_SETS),
        "many-strings-site" => workloads::strings(MANY_SETS, strings),
        "many-strings-by-name" => strings_by_name(MANY_SETS),
        "limited-counter" => workloads::same(Yardstick::counter("one"), Counter::inc),
        "histogram-f64" => {
            let histogram = Yardstick::histogram(&BOUNDS)?;
            workloads::observations(move |value| Yardstick::observe(&histogram, value))
        }
        "histogram-ticks" => {
            let ticks = Registry::new().histogram("ticks").unit(Unit::Seconds).register().ok()?;
            workloads::ticks(move |value| yardstick::__private_0_1_0::observe_ticks(&ticks, value))
        }
        "track-duration" => workloads::call(timed),
        "track" => workloads::call(tracked),
        "track-async" => workloads::polls(tracked_async),
        "facade-counter" => {
            workloads::call(|| metrics::counter!("facade", "route" => "/query").increment(1))
        }
        "off" => workloads::call(counted),
        "off-async" => workloads::polls(counted_async),
        "scrape-1-lane" => scrape(1),
        "scrape-100-lanes" => scrape(100),
        _ => return None,
    })
}

fn strings_with(sets: usize) -> Run {
    let counters = Yardstick::strings();
    workloads::strings(sets, move |route, user| Yardstick::count_strings(&counters, route, user))
}

fn strings_by_name(sets: usize) -> Run {
    let by_name = Dynamic::new(Registry::new());
    workloads::strings(sets, move |route, user| {
        by_name.increment_counter("by_name", 1.0, &[("route", route), ("user", user)]);
    })
}

/// Scrapes of counters that so many threads have touched; one series is one operation.
fn scrape(threads: usize) -> Run {
    let registry = Registry::new();
    let family = registry.counter("requests").labels(["route", "method", "status"]);
    let family = family.register().expect("a new name");
    // No thread ends before all have touched their series: who ends gives its lane to the next.
    let all_touched = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let touch = |series| {
                    family.get_or_create(stores::labels(series)).expect("few series").inc()
                };
                (0..SERIES).for_each(touch);
                all_touched.wait();
            });
        }
    });
    Box::new(move |n| {
        (0..n.div_ceil(SERIES as u32)).for_each(|_| _ = black_box(registry.render()));
    })
}

#[track_calls]
#[inline(never)]
fn counted() {}

#[track_calls]
#[inline(never)]
async fn counted_async() {}

#[track_calls("enums", labels(method = method, cached = cached))]
#[inline(never)]
fn enums(method: Method, cached: bool) {
    black_box((method, cached));
}

#[track_calls("strings", labels(route = route, user = user))]
#[inline(never)]
fn strings(route: &str, user: &str) {
    black_box((route, user));
}

#[track_duration]
#[inline(never)]
fn timed() {}

#[track]
#[inline(never)]
fn tracked() {}

#[track]
#[inline(never)]
async fn tracked_async() {}
