//! The models.

use loom::{
    cell::UnsafeCell,
    model::Builder,
    sync::{Arc, atomic::Ordering::*},
    thread,
};

use crate::{
    arena::Arena,
    gate::Gate,
    gather::GatherLock,
    lane::Lane,
    reading::{ENTERED, LEFT, PAIR_STORES},
    sequence,
    sync::AtomicU64,
};

/// Preemptions per execution: enough for every known bug of such protocols, few enough to end.
const PREEMPTIONS_MAX: usize = 3;

fn model(check: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS_MAX);
    builder.check(check);
}

/// What a recording thread does: lease, add, return.
fn record(arena: &Arena, n: u64) {
    let lane = arena.lease().expect("within the limit");
    add(arena, lane, n);
    arena.give_back(lane);
}

fn add(arena: &Arena, lane: &'static Lane, n: u64) {
    let chunk = arena.own_chunk(lane, 0).expect("within the limit");
    let word = &chunk.words(1, 1).expect("in the chunk")[0];
    word.store(word.load(Relaxed) + n, Relaxed);
}

fn sum(arena: &Arena) -> u64 {
    let mut sum = 0;
    arena.for_each_words((0, 1), 1, |words| sum += words[0].load(Relaxed));
    sum
}

#[test]
fn a_lane_changes_hands_without_loss() {
    model(|| {
        let arena = Arc::new(Arena::new());
        let threads: Vec<_> = [1, 2]
            .map(|n| {
                let arena = Arc::clone(&arena);
                thread::spawn(move || record(&arena, n))
            })
            .into();
        for thread in threads {
            thread.join().expect("no panic");
        }
        // A third thread takes over one of the two lanes and counts on.
        record(&arena, 4);
        assert_eq!(sum(&arena), 7);
        assert!(arena.lanes() <= 2);
    });
}

/// Two threads end, and a third takes a lane, while a gather folds what was returned.
#[test]
fn a_lane_is_folded_without_loss() {
    model(|| {
        let (arena, lock) = (Arc::new(Arena::new()), Arc::new(GatherLock::new()));
        arena.keep_for_counters(0);
        assert!(arena.ensure_shared_chunk(0));
        record(&arena, 1);
        let records = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || record(&arena, 2))
        };
        let gather = |arena: &Arena, lock: &GatherLock| {
            let _gathering = lock.lock();
            arena.fold_returned();
            sum(arena)
        };
        let first = {
            let (arena, lock) = (Arc::clone(&arena), Arc::clone(&lock));
            thread::spawn(move || gather(&arena, &lock))
        };
        let now = first.join().expect("no panic");
        assert!([1, 3].contains(&now), "{now} of 1 or 3");
        records.join().expect("no panic");
        assert_eq!(gather(&arena, &lock), 3);
        // Whoever comes next counts on from nothing.
        record(&arena, 4);
        assert_eq!(gather(&arena, &lock), 7);
    });
}

/// A reader without the lock, while a gather folds and frees what a thread has left. Loom reports a look at what is freed.
#[test]
fn a_quick_reader_sees_each_number_once() {
    model(|| {
        let (arena, lock) = (Arc::new(Arena::new()), Arc::new(GatherLock::new()));
        arena.keep_for_counters(0);
        assert!(arena.ensure_shared_chunk(0));
        record(&arena, 1);
        let folds = {
            let (arena, lock) = (Arc::clone(&arena), Arc::clone(&lock));
            thread::spawn(move || {
                let _gathering = lock.lock();
                arena.fold_returned();
            })
        };
        if let Some(sum) = arena.quick_sum((0, 1)) {
            assert_eq!(sum, 1);
        }
        folds.join().expect("no panic");
        assert_eq!(sum(&arena), 1);
    });
}

/// Threads that return their lanes and take one at the same time: each has one to itself.
#[test]
fn a_returned_lane_is_taken_once() {
    model(|| {
        let arena = Arc::new(Arena::new());
        let lanes = [0, 1].map(|_| arena.lease().expect("within the limit"));
        arena.give_back(lanes[0]);
        let takes = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || {
                arena.lease().map(std::ptr::from_ref::<Lane>).map(|lane| lane.addr())
            })
        };
        arena.give_back(lanes[1]);
        let own = arena.lease().map(std::ptr::from_ref::<Lane>).map(|lane| lane.addr());
        let other = takes.join().expect("no panic");
        assert!(own.is_some() && other.is_some() && own != other, "{own:?} {other:?}");
    });
}

#[test]
fn values_never_fall_between_readers() {
    model(|| {
        let (arena, lock) = (Arc::new(Arena::new()), Arc::new(GatherLock::new()));
        let writer = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || {
                let lane = arena.lease().expect("within the limit");
                add(&arena, lane, 1);
                add(&arena, lane, 1);
                arena.give_back(lane);
            })
        };
        let seen = Arc::new(AtomicU64::new(0));
        let read = |arena: Arc<Arena>, lock: Arc<GatherLock>, seen: Arc<AtomicU64>| {
            let _gathering = lock.lock();
            let now = sum(&arena);
            // Relaxed: it is the gather lock that orders the two readers.
            assert!(now >= seen.load(Relaxed), "a value fell");
            seen.store(now, Relaxed);
        };
        let reader = {
            let (arena, lock, seen) = (Arc::clone(&arena), Arc::clone(&lock), Arc::clone(&seen));
            thread::spawn(move || read(arena, lock, seen))
        };
        read(Arc::clone(&arena), Arc::clone(&lock), Arc::clone(&seen));
        reader.join().expect("no value fell");
        writer.join().expect("no panic");
        assert_eq!(sum(&arena), 2);
    });
}

/// A series is registered while another thread already records beyond its lane.
#[test]
fn a_shared_chunk_is_seen_whole() {
    model(|| {
        let arena = Arc::new(Arena::new());
        let records = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || {
                arena.shared_chunk(0).is_some_and(|chunk| {
                    chunk.words(0, 1).expect("in the chunk")[0].fetch_add(1, Relaxed);
                    true
                })
            })
        };
        assert!(arena.ensure_shared_chunk(0));
        let was_there = records.join().expect("no panic");
        let mut sum = 0;
        arena.for_each_words((0, 0), 1, |words| sum += words[0].load(Relaxed));
        assert_eq!(sum, u64::from(was_there));
    });
}

/// The reader is spawned: what the main thread does before is then all that it knows of the words.
#[test]
fn a_settled_read_agrees_with_a_single_writer() {
    model(|| {
        let words = Arc::new([AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0)]);
        let reader = {
            let words = Arc::clone(&words);
            thread::spawn(move || expect_agreement(&words))
        };
        for _ in 0..2 {
            sequence::write_own(&words[0], || {
                words[1].store(words[1].load(Relaxed) + 1, Relaxed);
                words[2].store(words[2].load(Relaxed) + 10, Relaxed);
            });
        }
        reader.join().expect("sum and count agree");
    });
}

/// Reads a count and a sum that grows ten times as fast.
fn expect_agreement(words: &[AtomicU64; 3]) {
    let (mut count, mut total) = (0, 0);
    if sequence::read(&words[0], || {
        count = words[1].load(Relaxed);
        total = words[2].load(Relaxed);
    }) {
        assert_eq!(total, 10 * count);
    }
}

#[test]
fn a_settled_read_agrees_with_writers_of_the_shared_lane() {
    model(|| {
        let words = Arc::new([AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0)]);
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let words = Arc::clone(&words);
                thread::spawn(move || {
                    sequence::write_shared(&words[0], || {
                        words[1].fetch_add(1, Relaxed);
                        words[2].fetch_add(10, Relaxed);
                    });
                })
            })
            .collect();
        expect_agreement(&words);
        for writer in writers {
            writer.join().expect("no panic");
        }
        assert_eq!(words[2].load(Relaxed), 20);
    });
}

/// A call that enters on one thread and leaves on another, which its executor synchronises.
#[test]
fn calls_in_flight_are_never_negative() {
    model(|| {
        let arena = Arc::new(Arena::new());
        let pair = |arena: &Arena, lane: &'static Lane, index: usize| {
            let chunk = arena.own_chunk(lane, 0).expect("within the limit");
            let word = &chunk.words(1, 2).expect("in the chunk")[index];
            word.store(word.load(Relaxed) + 1, PAIR_STORES[index]);
        };
        // Both lanes exist beforehand, or finding the second would already order the two words.
        let lanes = [0, 1].map(|_| arena.lease().expect("within the limit"));
        let _ = lanes.map(|lane| arena.own_chunk(lane, 0).expect("within the limit"));
        let reader = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || {
                assert!(
                    arena.in_flight((0, 1)) <= 1,
                    "a departure was counted without its arrival"
                );
            })
        };
        pair(&arena, lanes[0], ENTERED);
        // Spawning is the hand-over of the future.
        let leaves = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || pair(&arena, lanes[1], LEFT))
        };
        leaves.join().expect("no panic");
        reader.join().expect("no departure without its arrival");
        assert_eq!(arena.in_flight((0, 1)), 0);
    });
}

/// A thread that works on two words inside the gate, and a fork that copies them.
#[test]
fn a_fork_finds_nobody_inside() {
    model(|| {
        let gate = Arc::new(Gate::new());
        let words = Arc::new([UnsafeCell::new(0_u64), UnsafeCell::new(0_u64)]);
        let works = {
            let (gate, words) = (Arc::clone(&gate), Arc::clone(&words));
            thread::spawn(move || {
                for _ in 0..2 {
                    gate.enter(0);
                    for word in &*words {
                        // SAFETY: only this thread writes, inside the gate; loom would report whoever reads meanwhile.
                        word.with_mut(|word| unsafe { *word += 1 });
                    }
                    gate.leave(0);
                }
            })
        };
        gate.close(None);
        // SAFETY: the gate is closed and nobody is inside; loom would report a thread that writes meanwhile.
        let [first, second] = [0, 1].map(|index| words[index].with(|word| unsafe { *word }));
        assert_eq!(first, second, "copied in the middle of a change");
        gate.open();
        works.join().expect("no panic");
    });
}

#[test]
fn two_forks_at_once_take_turns() {
    model(|| {
        let gate = Arc::new(Gate::new());
        let copies = Arc::new(UnsafeCell::new(0_u64));
        let fork = |gate: &Gate, copies: &UnsafeCell<u64>| {
            gate.close(None);
            // SAFETY: one fork at a time has the gate closed; loom would report two.
            copies.with_mut(|copies| unsafe { *copies += 1 });
            gate.open();
        };
        let other = {
            let (gate, copies) = (Arc::clone(&gate), Arc::clone(&copies));
            thread::spawn(move || fork(&gate, &copies))
        };
        fork(&gate, &copies);
        other.join().expect("no panic");
        // Whoever comes later finds the gate open.
        gate.enter(0);
        gate.leave(0);
    });
}
