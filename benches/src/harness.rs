//! How rows are timed: every round runs every row once, one after the other, so that a noisy machine disturbs all
//! alike. A sample that was disturbed is taken again, and at last dropped: the system took the processor away, or two
//! threads did not run at once.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use crate::rows::{Row, Work};

/// Rounds unless `YARDSTICK_BENCH_ROUNDS` or `--rounds` says otherwise.
pub const ROUNDS: usize = 31;

/// How long a sample should take: long for the clock, short for the scheduler.
const SAMPLE: Duration = Duration::from_millis(2);

/// How often a sample is taken before the round goes on without.
const ATTEMPTS: usize = 3;

/// How much of a sample all its threads must have run at once: threads that took turns on one processor did not meet.
const TOGETHER: f64 = 0.9;

/// The samples of one row.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// Nanoseconds per operation, in order, without those that were disturbed if there are others.
    pub samples: Vec<f64>,
    /// How many were disturbed, and so dropped.
    pub preempted: usize,
    /// Whether all were, so that they are shown nevertheless.
    pub is_disturbed: bool,
}

impl Times {
    pub fn minimum(&self) -> f64 {
        self.samples.first().copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.samples.get(self.samples.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// The times of each row that is done by so many threads, in the order of the rows; those of others are empty.
pub fn run(rows: &[Row], threads: usize, rounds: usize) -> Vec<Times> {
    let is_done = |row: &Row| row.work.threads().contains(&threads);
    let operations: Vec<_> =
        rows.iter().map(|row| if is_done(row) { operations(row) } else { 0 }).collect();
    let mut clean = vec![Vec::new(); rows.len()];
    let mut disturbed = vec![Vec::new(); rows.len()];
    for _ in 0..rounds {
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| is_done(row)) {
            for _ in 0..ATTEMPTS {
                let (time, is_preempted) = sample(row, threads, operations[at]);
                if !is_preempted {
                    clean[at].push(time);
                    break;
                }
                disturbed[at].push(time);
            }
        }
    }
    clean.into_iter().zip(disturbed).map(|(clean, disturbed)| times(clean, disturbed)).collect()
}

fn times(clean: Vec<f64>, disturbed: Vec<f64>) -> Times {
    let preempted = disturbed.len();
    let is_disturbed = clean.is_empty() && !disturbed.is_empty();
    let mut samples = if is_disturbed { disturbed } else { clean };
    samples.sort_by(f64::total_cmp);
    Times { samples, preempted, is_disturbed }
}

/// How many operations make a sample.
fn operations(row: &Row) -> u32 {
    let time = |operations| {
        let start = Instant::now();
        (row.run)(operations);
        start.elapsed()
    };
    if let Some(operations) = row.work.fixed_operations() {
        time(operations);
        return operations;
    }
    let mut operations = 1;
    loop {
        let took = time(operations);
        if took >= SAMPLE {
            break;
        }
        operations = operations.saturating_mul(2);
    }
    // What the last doubling was too much is left off, and so is what warming up added.
    let took = time(operations);
    let share = SAMPLE.as_secs_f64() / took.as_secs_f64().max(1e-9);
    ((f64::from(operations) * share) as u32).max(1)
}

/// Nanoseconds per operation of the slowest of so many threads that do the same, and whether they were disturbed: one
/// was preempted, or they did not run at once.
fn sample(row: &Row, threads: usize, operations: u32) -> (f64, bool) {
    let barrier = Barrier::new(threads);
    let work = || {
        if row.work != Work::FreshThread {
            (row.run)(row.work.warm_up().max(operations / 4));
        }
        barrier.wait();
        let before = preemptions();
        let start = Instant::now();
        (row.run)(operations);
        let end = Instant::now();
        Span { start, end, is_preempted: preemptions() != before }
    };
    let spans: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no row panics")).collect()
    });
    if let Some(after) = &row.after {
        after();
    }
    let slowest = spans.iter().map(|span| span.end - span.start).max().unwrap_or_default();
    let is_disturbed = spans.iter().any(|span| span.is_preempted)
        || together(&spans) < TOGETHER * slowest.as_secs_f64();
    (slowest.as_nanos() as f64 / f64::from(operations), is_disturbed)
}

/// What one thread did of a sample.
struct Span {
    start: Instant,
    end: Instant,
    is_preempted: bool,
}

/// For how many seconds all were at it.
fn together(spans: &[Span]) -> f64 {
    let last_start = spans.iter().map(|span| span.start).max();
    let first_end = spans.iter().map(|span| span.end).min();
    let both = last_start.zip(first_end);
    both.map_or(0.0, |(start, end)| end.saturating_duration_since(start).as_secs_f64())
}

/// How often the system took the processor away from this thread.
#[cfg(target_os = "linux")]
fn preemptions() -> i64 {
    // SAFETY: all its fields are numbers, for which zero is valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a structure of the right type, which outlives the call.
    let result = unsafe { libc::getrusage(libc::RUSAGE_THREAD, &raw mut usage) };
    if result == 0 { usage.ru_nivcsw } else { 0 }
}

#[cfg(not(target_os = "linux"))]
fn preemptions() -> i64 {
    0
}

/// Nanoseconds per operation of a piece of work that is timed alone: the minimum of so many rounds, after one more.
pub fn minimum(rounds: usize, operations: u32, work: &(dyn Fn(u32) + Sync)) -> f64 {
    work(operations);
    let time = |_| {
        let start = Instant::now();
        work(operations);
        start.elapsed().as_nanos() as f64 / f64::from(operations)
    };
    (0..rounds).map(time).fold(f64::INFINITY, f64::min)
}
