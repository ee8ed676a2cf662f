//! How the cost grows: with series, threads, buckets, and threads that have recorded.

use std::{hint::black_box, sync::Barrier, thread, time::Instant};

use crate::{harness, lanes, ours, peers::Library, rows::Subject, stores, workloads};

pub const SERIES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];
pub const THREADS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
pub const BUCKETS: [usize; 8] = [1, 2, 5, 10, 14, 20, 30, 40];
pub const LANES: [usize; 6] = [1, 10, 100, 300, 1_000, 3_000];

/// Operations of a sample.
const OPERATIONS: u32 = 200_000;

/// Operations of each of many threads: enough for all to run at once.
const OPERATIONS_TOGETHER: u32 = 2_000_000;

/// One figure: a cost over a quantity, one line for each subject.
pub struct Figure {
    /// Also the name of its file.
    pub name: &'static str,
    pub title: &'static str,
    pub quantity: &'static str,
    pub unit: &'static str,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub subject: String,
    pub points: Vec<(usize, f64)>,
}

/// All figures.
pub fn measure(rounds: usize) -> Vec<Figure> {
    let mut figures = [
        figure("scrape-by-series", "text of so many counters, per series", "series", "ns"),
        figure("record-by-series", "counter, 2 string labels, so many sets", "sets in use", "ns"),
        figure("record-by-threads", "one counter, so many threads", "threads", "ns / operation"),
        figure("record-by-buckets", "histogram, so many buckets", "buckets", "ns"),
    ];
    crate::for_each_library!(grow(&mut figures, rounds));
    figures.into_iter().chain([scrape_by_threads(rounds)]).collect()
}

fn figure(
    name: &'static str,
    title: &'static str,
    quantity: &'static str,
    unit: &'static str,
) -> Figure {
    Figure { name, title, quantity, unit, lines: Vec::new() }
}

fn grow<L: Library>(figures: &mut [Figure; 4], rounds: usize) {
    let subject = match L::SUBJECT {
        Subject::Peer(name) => name,
        Subject::Ours | Subject::Floor => ours::NAME,
    };
    eprintln!("growth: {subject}");
    let points = [
        SERIES.map(|series| (series, scrape::<L>(series, rounds))).to_vec(),
        SERIES.map(|sets| (sets, record_strings::<L>(sets, rounds))).to_vec(),
        THREADS.map(|threads| (threads, record_together::<L>(threads, rounds))).to_vec(),
        BUCKETS.iter().filter_map(|n| Some((*n, observe::<L>(*n, rounds)?))).collect(),
    ];
    for (figure, points) in figures.iter_mut().zip(points) {
        figure.lines.push(Line { subject: subject.to_owned(), points });
    }
}

/// Nanoseconds per series.
fn scrape<L: Library>(series: usize, rounds: usize) -> f64 {
    let store = L::store();
    stores::fill(&*store, series, 0);
    let times = u32::try_from(10_000 / series).unwrap_or(0).max(1);
    let render = |n| (0..n).for_each(|_| _ = black_box(store.render()));
    harness::minimum(rounds, times, &render) / series as f64
}

fn record_strings<L: Library>(sets: usize, rounds: usize) -> f64 {
    let counters = L::strings();
    let run = workloads::strings(sets, move |route, user| L::count_strings(&counters, route, user));
    harness::minimum(rounds, OPERATIONS.max(sets as u32), &*run)
}

/// Nanoseconds of all threads together per operation.
fn record_together<L: Library>(threads: usize, rounds: usize) -> f64 {
    let run = workloads::same(L::counter("together"), L::count);
    let sample = |_| {
        let barrier = Barrier::new(threads);
        let work = || {
            run(1_000);
            barrier.wait();
            let start = Instant::now();
            run(OPERATIONS_TOGETHER);
            (start, Instant::now())
        };
        let spans: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
        });
        let first = spans.iter().map(|(start, _)| *start).min();
        let last = spans.iter().map(|(_, end)| *end).max();
        let took = first.zip(last).map(|(first, last)| last - first).unwrap_or_default();
        took.as_nanos() as f64 / f64::from(OPERATIONS_TOGETHER) / threads as f64
    };
    // The minimum would be a round in which the threads missed each other.
    let mut samples: Vec<f64> = (0..rounds).map(sample).collect();
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn observe<L: Library>(buckets: usize, rounds: usize) -> Option<f64> {
    let bounds: Vec<f64> = (0..buckets).map(|i| 0.005 * 1.3_f64.powi(i as i32)).collect();
    let histogram = std::sync::Arc::new(L::histogram(bounds.leak())?);
    let same = std::sync::Arc::clone(&histogram);
    let run = workloads::observations(move |value| L::observe(&histogram, value));
    let observe = |n| {
        run(n);
        // What the library puts off is its cost as well.
        L::after_observing(&same);
    };
    Some(harness::minimum(rounds, OPERATIONS, &observe))
}

/// Milliseconds of a scrape, while and after so many threads have recorded.
fn scrape_by_threads(rounds: usize) -> Figure {
    let mut figure = figure(
        "scrape-by-threads",
        "text of 11,000 series, after so many threads touched four",
        "threads that recorded",
        "ms",
    );
    let measured: Vec<_> =
        LANES.iter().filter_map(|n| Some((*n, lanes::measure(*n, rounds.min(3)).ok()?))).collect();
    for (subject, of) in [
        ("yardstick: while they live", (|s| s.during) as fn(&lanes::Around) -> f64),
        ("yardstick: after they ended", |s| s.after),
    ] {
        let points = measured.iter().map(|(n, burst)| (*n, of(&burst.scrape) / 1e6)).collect();
        figure.lines.push(Line { subject: subject.to_owned(), points });
    }
    figure
}
