//! Forks of a program whose threads render, register and record: the child does all of it too, and waits for nobody
//! who is not there.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use metrics::{Key, Label, Level, Metadata, Recorder};
use yardstick::{LabelSet, Registry, Unit, default_registry, dynamic::Dynamic, track};

/// Children of each kind.
const FORKS: usize = 60;

/// A child that takes longer is killed by its alarm, and is a failure.
const CHILD_SECONDS: u32 = 10;

#[derive(LabelSet)]
struct Page {
    path: String,
}

#[track("annotated", labels(path = path))]
fn annotated(path: &str) -> Result<(), std::num::ParseIntError> {
    path.parse::<u8>().map(|_| ())
}

/// Every path that takes a lock, with names and values that are new each time.
fn work(registry: &Registry, by_name: &Dynamic, turn: u64) {
    let value = (turn % 3_000).to_string();
    let family = registry.counter("pages").labels(["path"]).register().expect("as it is");
    family.get_or_create([&value]).expect("memory").inc_by_f64(0.5);
    let _ = family.remove([&value]);
    let typed = registry.histogram("typed").unit(Unit::Seconds).label_set::<Page>().register();
    typed.expect("as it is").with(&Page { path: value.clone() }).observe(0.1);
    let sizes = registry.summary("sizes").quantiles(&[0.5], Duration::from_secs(60)).register();
    sizes.expect("as it is").observe(1.0);
    by_name.increment_counter("named", 1.0, &[("path", &value)]);
    by_name.increment_counter("named", 1.0, &[("pa-th", &value)]);
    by_name.batch(|batch| batch.set_gauge("batched", 1.0, &[("path", &value)]));
    let key = Key::from_parts("facade", vec![Label::new("path", value.clone())]);
    registry.register_counter(&key, &Metadata::new("forks", Level::INFO, None)).absolute(turn);
    let _ = annotated(&value);
    let _ = registry.unregister("typed_seconds");
}

/// Runs `child` in a fork of this process; whether it ended well and in time.
#[allow(unsafe_code, reason = "a fork cannot be made without")]
fn succeeds_in_a_child(child: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child runs what a user's child would, which is what is tested, and exits.
    let id = unsafe { libc::fork() };
    if id == 0 {
        // SAFETY: sets an alarm, whose signal ends the process.
        unsafe { libc::alarm(CHILD_SECONDS) };
        let succeeded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child));
        // SAFETY: ends the child without running the parent's destructors.
        unsafe { libc::_exit(i32::from(!succeeded.unwrap_or(false))) };
    }
    let mut status = -1;
    // SAFETY: `id` is ours and `status` outlives the call.
    let waited = unsafe { libc::waitpid(id, &raw mut status, 0) };
    waited == id && status == 0
}

/// Forks `FORKS` times while `busy` runs in threads without end; how many children failed.
fn failures(busy: &[&(dyn Fn(u64) + Sync)], child: impl Fn() -> bool) -> usize {
    let done = AtomicBool::new(false);
    let turns = AtomicU64::new(0);
    thread::scope(|scope| {
        for work in busy {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    work(turns.fetch_add(1, Ordering::Relaxed));
                }
            });
        }
        let failed = (0..FORKS)
            .filter(|_| {
                // Each fork meets the threads somewhere else in their work.
                let turn = turns.load(Ordering::Relaxed);
                while turns.load(Ordering::Relaxed) == turn {
                    thread::yield_now();
                }
                !succeeds_in_a_child(&child)
            })
            .count();
        done.store(true, Ordering::Relaxed);
        failed
    })
}

#[test]
fn the_child_renders_registers_and_records_whatever_the_threads_did() {
    let registry = default_registry();
    let by_name = Dynamic::new(registry.clone());
    let set_up = |turn| work(registry, &by_name, turn);
    let render = |_| drop(registry.render());
    let openmetrics = |_| drop(registry.render_openmetrics());
    let failed = failures(&[&set_up, &set_up, &render, &openmetrics], || {
        let _ = registry.render();
        work(registry, &by_name, 7);
        let fresh = registry.counter("of_child").register().expect("a new name");
        fresh.inc();
        // Threads of the child find lanes too.
        thread::scope(|scope| drop(scope.spawn(|| work(registry, &by_name, 8)).join()));
        registry.render().contains("\nof_child_total 1\n")
    });
    assert_eq!(failed, 0, "of {FORKS} children");
}

#[test]
fn a_histogram_that_was_caught_in_a_write_is_repaired_once() {
    let registry = Registry::new();
    let times = registry.histogram("times").unit(Unit::Seconds).register().expect("a new name");
    let values = registry.histogram("values").register().expect("a new name");
    let busy = |_| {
        for _ in 0..1_000 {
            times.observe(0.1);
            values.observe(0.1);
        }
    };
    let unsettled = || {
        let name = "yardstick_unsettled_reads_total";
        default_registry().sample_value(name, &[]).expect("it is there at zero")
    };
    let failed = failures(&[&busy, &busy, &busy], || {
        let _ = registry.render();
        let first = unsettled();
        let count = times.count();
        times.observe(0.1);
        values.observe(0.1);
        let _ = registry.render();
        unsettled() <= first && times.count() == count + 1
    });
    assert_eq!(failed, 0, "of {FORKS} children");
}
