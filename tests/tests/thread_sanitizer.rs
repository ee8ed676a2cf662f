//! The lanes under ThreadSanitizer. `std` is not instrumented there, so the threads of this program
//! synchronise through the toolkit's own atomics, spawn and join, and through nothing else.
//!
//! With `YARDSTICK_DELIBERATE_RACE=1` it races on purpose: the sanitizer must report that, or a clean run
//! would prove nothing.

use std::{cell::UnsafeCell, thread};

use yardstick::{Registry, Unit};

struct Racy(UnsafeCell<u64>);

// SAFETY: there is none; that is the point.
#[allow(unsafe_code, reason = "the race is deliberate")]
unsafe impl Sync for Racy {}

static RACY: Racy = Racy(UnsafeCell::new(0));

#[allow(unsafe_code, reason = "the race is deliberate")]
fn race() {
    let write = || {
        for _ in 0..1_000 {
            // SAFETY: there is none; that is the point.
            unsafe { *RACY.0.get() += 1 };
        }
    };
    let threads = [thread::spawn(write), thread::spawn(write)];
    for thread in threads {
        assert!(thread.join().is_ok());
    }
}

/// No test harness: it hands results over through `std`, which is not instrumented.
fn main() {
    if std::env::var_os("YARDSTICK_DELIBERATE_RACE").is_some() {
        race();
        return;
    }
    let registry = Registry::new();
    let counter = registry.counter("raced").register().expect("a new name");
    let fractions = registry.counter("raced_fractions").register().expect("a new name");
    let gauge = registry.gauge("raced_gauge").register().expect("a new name");
    let ticks = registry.histogram("raced").unit(Unit::Seconds).register().expect("a new name");
    let values = registry.histogram("raced_values").register().expect("a new name");
    // The fraction's cell exists before the threads do.
    fractions.inc_by_f64(0.5);
    let threads: Vec<_> = (0..4)
        .map(|index| {
            let counter = counter.clone();
            let (fractions, gauge) = (fractions.clone(), gauge.clone());
            let (ticks, values) = (ticks.clone(), values.clone());
            thread::spawn(move || {
                for round in 0..2_000 {
                    counter.inc();
                    fractions.inc_by_f64(0.5);
                    gauge.inc();
                    ticks.observe(0.01);
                    values.observe(1.0);
                    // Two of the threads read while all of them write.
                    if index < 2 && round % 50 == 0 {
                        assert!(ticks.count() > 0 && counter.get() > 0);
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().is_ok());
    }
    assert_eq!((counter.get(), ticks.count(), values.count()), (8_000, 8_000, 8_000));
    assert!((fractions.get_f64() - 4_000.5).abs() < f64::EPSILON);
    threads_come_and_go_while_their_lanes_are_folded(&registry);
}

/// A gather adds up and frees what threads left that have ended, while others take their lanes over and record.
fn threads_come_and_go_while_their_lanes_are_folded(registry: &Registry) {
    const ROUNDS: u64 = 20;
    const THREADS: u64 = 4;
    const RECORDS: u64 = 200;
    let counter = registry.counter("folded").register().expect("a new name");
    let sizes = registry.histogram("folded_sizes").register().expect("a new name");
    for round in 1..=ROUNDS {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let (counter, sizes) = (counter.clone(), sizes.clone());
                thread::spawn(move || {
                    for _ in 0..RECORDS {
                        counter.inc();
                        sizes.observe(1.0);
                    }
                })
            })
            .collect();
        while !threads.iter().all(thread::JoinHandle::is_finished) {
            assert!(!registry.gather().is_empty());
        }
        for thread in threads {
            assert!(thread.join().is_ok());
        }
        let recorded = round * THREADS * RECORDS;
        assert_eq!((counter.get(), sizes.count()), (recorded, recorded));
    }
}
