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

/// How many times as few operations a sample of several threads has: contention makes them so much dearer, and a longer
/// sample is more likely to be disturbed.
const CONTENDED: u32 = 4;

/// How much of a sample all its threads must have run at once: threads that took turns on one processor did not meet.
const TOGETHER: f64 = 0.75;

/// The samples of one row.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// Nanoseconds per operation, in order, without those that were disturbed if there are others.
    pub samples: Vec<f64>,
    /// How many were disturbed.
    pub dropped: usize,
    /// Whether all were, so that those in which a thread was preempted are shown nevertheless.
    pub is_disturbed: bool,
}

impl Times {
    pub fn minimum(&self) -> f64 {
        self.samples.first().copied().unwrap_or(f64::NAN)
    }

    /// What ratios are of: the minimum, but where nothing is warmed up the median, as the minimum is one that met a warm
    /// cache by chance.
    pub fn figure(&self, work: Work) -> f64 {
        if work == Work::FreshThread { self.median() } else { self.minimum() }
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
    let mut missed = vec![0; rows.len()];
    for _ in 0..rounds {
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| is_done(row)) {
            for _ in 0..ATTEMPTS {
                let (time, disturbance) = sample(row, threads, operations[at]);
                match disturbance {
                    Disturbance::None => clean[at].push(time),
                    Disturbance::Preempted => disturbed[at].push(time),
                    Disturbance::NotAtOnce => missed[at] += 1,
                }
                if disturbance == Disturbance::None {
                    break;
                }
            }
        }
    }
    let samples = clean.into_iter().zip(disturbed).zip(missed);
    samples.map(|((clean, disturbed), missed)| times(clean, disturbed, missed)).collect()
}

fn times(clean: Vec<f64>, disturbed: Vec<f64>, missed: usize) -> Times {
    let dropped = disturbed.len() + missed;
    let is_disturbed = clean.is_empty() && !disturbed.is_empty();
    let mut samples = if is_disturbed { disturbed } else { clean };
    samples.sort_by(f64::total_cmp);
    Times { samples, dropped, is_disturbed }
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

/// What is wrong with a sample.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disturbance {
    None,
    /// The system took the processor from a thread.
    Preempted,
    /// The threads took turns.
    NotAtOnce,
}

/// Nanoseconds per operation of the slowest of so many threads that do the same, each on a processor of its own.
fn sample(row: &Row, threads: usize, operations: u32) -> (f64, Disturbance) {
    let operations = operations.div_ceil(if threads > 1 { CONTENDED } else { 1 });
    let operations = row.work.fixed_operations().unwrap_or(operations);
    let barrier = Barrier::new(threads);
    let work = &|thread| {
        if threads > 1 {
            pin(thread);
        }
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
        let workers: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        workers.into_iter().map(|worker| worker.join().expect("no row panics")).collect()
    });
    if let Some(after) = &row.after {
        after();
    }
    let slowest = spans.iter().map(|span| span.end - span.start).max().unwrap_or_default();
    let disturbance = if together(&spans) < TOGETHER * slowest.as_secs_f64() {
        Disturbance::NotAtOnce
    } else if spans.iter().any(|span| span.is_preempted) {
        Disturbance::Preempted
    } else {
        Disturbance::None
    };
    (slowest.as_nanos() as f64 / f64::from(operations), disturbance)
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
pub fn preemptions() -> i64 {
    // SAFETY: all its fields are numbers, for which zero is valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a structure of the right type, which outlives the call.
    let result = unsafe { libc::getrusage(libc::RUSAGE_THREAD, &raw mut usage) };
    if result == 0 { usage.ru_nivcsw } else { 0 }
}

#[cfg(not(target_os = "linux"))]
pub fn preemptions() -> i64 {
    0
}

/// Keeps a thread on one of the processors that the process may use; elsewhere than on Linux the system chooses.
#[cfg(target_os = "linux")]
fn pin(thread: usize) {
    // SAFETY: a set of bits, for which zero is valid.
    let mut allowed: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: as above.
    let mut one: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set outlives the call, and its size is right; the number is below that of its bits.
    unsafe {
        if libc::sched_getaffinity(0, size_of_val(&allowed), &raw mut allowed) != 0 {
            return;
        }
        let is_allowed = |processor: &usize| libc::CPU_ISSET(*processor, &allowed);
        let mut processors = (0..libc::CPU_SETSIZE as usize).filter(is_allowed);
        if let Some(processor) = processors.nth(thread) {
            libc::CPU_SET(processor, &mut one);
            // Without success, the system chooses.
            libc::sched_setaffinity(0, size_of_val(&one), &raw const one);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn pin(_: usize) {}

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
