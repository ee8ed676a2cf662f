//! Observations lost: every thread counts and observes as fast as it can while another one scrapes without a pause;
//! then the last scrape must show what was recorded. Exits with 1 if this library lost one.

use std::{
    env,
    process::ExitCode,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    thread,
};

use yardstick_benches::{
    for_each_library, ours,
    peers::Library,
    rows::Subject,
    stores::{self, Store},
};

const THREADS: usize = 4;

/// Of each thread, counted and observed, unless the first argument says otherwise.
const OPERATIONS: usize = 250_000;

/// Series that the threads share.
const SERIES: usize = 8;

static LOST_BY_US: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let operations = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(OPERATIONS);
    println!(
        "{THREADS} threads, each counts and observes {operations} times; one scrapes meanwhile"
    );
    println!(
        "  {:<30} {:>8} {:>14} {:>8} {:>14} {:>8}",
        "", "scrapes", "counts lost", "%", "observed lost", "%"
    );
    for_each_library!(lose(operations));
    if LOST_BY_US.load(Relaxed) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lose<L: Library>(operations: usize) {
    let store = L::store();
    let scrapes = record_and_scrape(&*store, operations);
    let (counted, observed) = stores::totals(&store.render());
    let all = (THREADS * operations) as u64;
    let (counts, observations) = (all.abs_diff(counted), all.abs_diff(observed));
    let percent = |lost: u64| lost as f64 * 100.0 / all as f64;
    let name = match L::SUBJECT {
        Subject::Peer(name) => name,
        Subject::Ours | Subject::Floor => {
            LOST_BY_US.store((counts + observations) as usize, Relaxed);
            ours::NAME
        }
    };
    println!(
        "  {name:<30} {scrapes:>8} {counts:>14} {:>8.3} {observations:>14} {:>8.3}",
        percent(counts),
        percent(observations),
    );
}

/// How many scrapes there were.
fn record_and_scrape(store: &dyn Store, operations: usize) -> usize {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let mut scrapes = 0;
            while !is_done.load(Relaxed) {
                let _ = store.render();
                scrapes += 1;
            }
            scrapes
        });
        let work = || {
            for i in 0..operations {
                let labels = stores::labels(i % SERIES);
                store.count(labels);
                store.observe(labels[0], 0.2);
            }
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().for_each(|worker| worker.join().expect("no thread panics"));
        is_done.store(true, Relaxed);
        scraper.join().expect("no scrape panics")
    })
}
