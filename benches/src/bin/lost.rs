//! Observations lost: every thread counts and observes as fast as it can while another one scrapes every millisecond;
//! then the last scrape must show what was recorded. Exits with 1 if this library lost one.

use std::{
    env,
    process::ExitCode,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use yardstick_benches::{
    document, for_each_library, ours,
    peers::Library,
    rows::Subject,
    stores::{self, Store},
};

const THREADS: usize = 4;

/// Counts of each thread, unless the first argument says otherwise; it observes twice as often.
const OPERATIONS: usize = 1_000_000;

/// Series that the threads share.
const SERIES: usize = 8;

/// Between two scrapes: long enough for queues to fill.
const PAUSE: Duration = Duration::from_millis(1);

static LOST_BY_US: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let (file, arguments) = document::file_of(env::args().skip(1).collect());
    let operations = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(OPERATIONS);
    println!(
        "{THREADS} threads, each counts {operations} times and observes twice as often; one scrapes meanwhile"
    );
    println!(
        "  {:<30} {:>8} {:>14} {:>8} {:>14} {:>8}",
        "", "scrapes", "counts lost", "%", "observed lost", "%"
    );
    let mut all = Vec::new();
    for_each_library!(lose(operations, &mut all));
    if let Some(file) = file
        && let Err(error) = document::add(&file, "lost", Value::Array(all))
    {
        eprintln!("lost: {error}");
        return ExitCode::FAILURE;
    }
    if LOST_BY_US.load(Relaxed) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lose<L: Library>(operations: usize, all: &mut Vec<Value>) {
    let store = L::store();
    let scrapes = record_and_scrape(&*store, operations);
    let (counted, observed) = stores::totals(&store.render());
    let counts = (THREADS * operations) as u64;
    let observations = 2 * counts;
    let lost = [counts.abs_diff(counted), observations.abs_diff(observed)];
    let percent =
        [lost[0] as f64 * 100.0 / counts as f64, lost[1] as f64 * 100.0 / observations as f64];
    let name = match L::SUBJECT {
        Subject::Peer(name) => name,
        Subject::Ours | Subject::Floor => {
            LOST_BY_US.store((lost[0] + lost[1]) as usize, Relaxed);
            ours::NAME
        }
    };
    all.push(json!({
        "subject": name,
        "scrapes": scrapes,
        "counts": counts,
        "counts_lost": lost[0],
        "observations": observations,
        "observations_lost": lost[1],
    }));
    println!(
        "  {name:<30} {scrapes:>8} {:>14} {:>8.3} {:>14} {:>8.3}",
        lost[0], percent[0], lost[1], percent[1],
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
                thread::sleep(PAUSE);
            }
            scrapes
        });
        let work = || {
            let series: Vec<_> = (0..SERIES).map(stores::labels).collect();
            let observers: Vec<_> = series.iter().map(|labels| store.observer(labels[0])).collect();
            for i in 0..operations {
                store.count(series[i % SERIES]);
                observers[i % SERIES](0.2);
            }
            // And all threads on the same series at once, which is when queues are at their fullest.
            (0..operations).for_each(|_| observers[0](0.2));
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().for_each(|worker| worker.join().expect("no thread panics"));
        is_done.store(true, Relaxed);
        scraper.join().expect("no scrape panics")
    })
}
