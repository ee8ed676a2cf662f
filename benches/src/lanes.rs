//! What a scrape costs while, and after, many threads have recorded. Each number of threads has a process of its own,
//! because what threads leave behind stays.

use std::{
    process::Command,
    sync::{Arc, Barrier},
    thread,
};

use crate::{
    harness,
    ours::Yardstick,
    peers::Library,
    stores::{self, COUNTERS, HISTOGRAMS, Store},
};

/// The argument that makes a process one of these.
pub const ARGUMENT: &str = "scrape-with-threads";

/// Series that each thread touches.
const TOUCHED: usize = 4;

/// Enough for what is measured of the stack.
const STACK_BYTES: usize = 64 * 1_024;

/// Nanoseconds of one scrape.
#[derive(Clone, Copy, Debug)]
pub struct Scrapes {
    pub before: f64,
    pub during: f64,
    pub after: f64,
}

/// Asks a process of its own.
pub fn measure(threads: usize, rounds: usize) -> Result<Scrapes, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program)
        .args([ARGUMENT, &threads.to_string(), &rounds.to_string()])
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    match numbers.as_slice() {
        [before, during, after] => Ok(Scrapes { before: *before, during: *during, after: *after }),
        _ => Err(format!("{threads} threads: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// What the process does: three numbers, before, during and after.
pub fn answer(threads: usize, rounds: usize) {
    let store: Arc<dyn Store> = Arc::from(Yardstick::store());
    stores::fill(&*store, COUNTERS, HISTOGRAMS);
    let scrape = |_| _ = std::hint::black_box(store.render());
    let before = harness::minimum(rounds, 1, &scrape);
    let (touched, leave) =
        (Arc::new(Barrier::new(threads + 1)), Arc::new(Barrier::new(threads + 1)));
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            let (store, touched, leave) =
                (Arc::clone(&store), Arc::clone(&touched), Arc::clone(&leave));
            let work = move || {
                (0..TOUCHED).for_each(|series| store.count(stores::labels(series)));
                touched.wait();
                leave.wait();
            };
            thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("so many threads")
        })
        .collect();
    touched.wait();
    let during = harness::minimum(rounds, 1, &scrape);
    leave.wait();
    workers.into_iter().for_each(|worker| worker.join().expect("no thread panics"));
    let after = harness::minimum(rounds, 1, &scrape);
    println!("{before} {during} {after}");
}
