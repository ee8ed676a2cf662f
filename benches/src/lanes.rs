//! What a scrape, and the first record of a new thread, cost while and after many threads have recorded. Each number of
//! threads has a process of its own, because what threads leave behind stays.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc,
    },
    thread,
    time::Instant,
};

use serde_json::{Value, json};

use crate::{
    harness,
    ours::Yardstick,
    peers::{Library, Prometheus},
    process,
    stores::{self, COUNTERS, HISTOGRAMS, Store},
};

/// The task of such a process.
pub const TASK: &str = "threads";

/// Series that each thread touches.
const TOUCHED: usize = 4;

/// Enough for what is measured of the stack.
const STACK_BYTES: usize = 64 * 1_024;

/// Threads that record for the first time, one after the other; none of them ends before the last one did.
const FIRST_RECORDS: usize = 21;

/// Nanoseconds of a scrape, or of a first record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    pub before: f64,
    pub during: f64,
    pub after: f64,
}

/// What one process has measured.
#[derive(Clone, Debug, Default)]
pub struct Burst {
    pub scrape: Around,
    /// Medians of a first record, by who records.
    pub first: Vec<(String, Around)>,
}

/// Asks a process of its own.
pub fn measure(threads: usize, rounds: usize) -> Result<Burst, String> {
    let answer = process::ask(TASK, &[threads.to_string(), rounds.to_string()])?;
    let around = |value: &Value| {
        let of = |name| value[name].as_f64().unwrap_or_default();
        Around { before: of("before_ns"), during: of("while_ns"), after: of("after_ns") }
    };
    let subjects = answer["first"].as_object().into_iter().flatten();
    Ok(Burst {
        scrape: around(&answer["scrape"]),
        first: subjects.map(|(subject, value)| (subject.clone(), around(value))).collect(),
    })
}

/// The document of a figure.
pub fn json(around: &Around) -> Value {
    json!({ "before_ns": around.before, "while_ns": around.during, "after_ns": around.after })
}

/// What the process does.
pub fn answer(threads: usize, rounds: usize) -> Value {
    let store: Arc<dyn Store> = Arc::from(Yardstick::store());
    stores::fill(&*store, COUNTERS, HISTOGRAMS);
    let measure = || {
        let scrape = |_| _ = std::hint::black_box(store.render());
        (harness::minimum(rounds, 1, &scrape), first_records())
    };
    let before = measure();
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
    let during = measure();
    leave.wait();
    workers.into_iter().for_each(|worker| worker.join().expect("no thread panics"));
    let after = measure();
    let first: serde_json::Map<_, _> = (before.1.into_iter().zip(during.1).zip(after.1))
        .map(|(((subject, before), (_, during)), (_, after))| {
            (subject.to_owned(), json(&Around { before, during, after }))
        })
        .collect();
    let scrape = Around { before: before.0, during: during.0, after: after.0 };
    json!({ "scrape": json(&scrape), "first": first })
}

/// The first record of threads that were just started: a locked add, ours, and a peer's.
fn first_records() -> [(&'static str, f64); 3] {
    let word = AtomicU64::new(0);
    let (ours, peer) = (Yardstick::counter("first"), Prometheus::counter("first"));
    [
        ("floor: locked add", first_record(&|| _ = word.fetch_add(1, Relaxed))),
        ("yardstick: handle", first_record(&|| Yardstick::count(&ours))),
        ("prometheus: handle", first_record(&|| Prometheus::count(&peer))),
    ]
}

/// The median, two readings of the clock included.
fn first_record(record: &(dyn Fn() + Sync)) -> f64 {
    let leave = Barrier::new(FIRST_RECORDS + 1);
    let (send, times) = mpsc::channel();
    let mut samples: Vec<f64> = thread::scope(|scope| {
        let sample = |_| {
            let (send, leave) = (send.clone(), &leave);
            scope.spawn(move || {
                let start = Instant::now();
                record();
                let took = start.elapsed();
                let _ = send.send(took.as_nanos() as f64);
                leave.wait();
            });
            times.recv().expect("no thread panics")
        };
        let samples = (0..FIRST_RECORDS).map(sample).collect();
        leave.wait();
        samples
    });
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
