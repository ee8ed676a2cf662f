//! Series and families that are taken out: their places are free at once, and what is counted later is shown.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use metrics::{Key, Level, Metadata, Recorder};
use yardstick::{LabelSet, Registry, dynamic::Dynamic, track_calls};

const LIMIT: usize = 100;
const CONNECTIONS: usize = 5_000;

/// A connection, of which there is one at a time.
#[derive(LabelSet)]
struct Connection {
    id: String,
}

fn connections() -> impl Iterator<Item = String> {
    (0..CONNECTIONS).map(|index| format!("c{index}"))
}

/// The overflow series of a family with the label `id`.
fn overflow(registry: &Registry, sample: &str) -> Option<f64> {
    registry.sample_value(sample, &[("id", "_other")])
}

#[test]
fn a_removed_series_gives_its_place_back() {
    let registry = Registry::new();
    let typed = registry.counter("typed").label_set::<Connection>().series_max(LIMIT);
    let typed = typed.register().expect("a new name");
    let cleared = registry.histogram("cleared").label_set::<Connection>().series_max(LIMIT);
    let cleared = cleared.register().expect("a new name");
    let built = registry.gauge("built").labels(["id"]).series_max(LIMIT);
    let built = built.register().expect("a new name");
    for id in connections() {
        built.get_or_create([&id]).expect("room").set(1.0);
        assert!(built.remove([&id]));
        let connection = Connection { id };
        typed.with(&connection).inc();
        assert!(typed.remove(&connection));
        cleared.with(&connection).observe(0.1);
        cleared.clear();
    }
    for sample in ["typed_total", "cleared_count", "built"] {
        assert_eq!(overflow(&registry, sample), None, "{sample}");
    }
    assert!(!registry.render().contains("id="), "nothing is shown");
}

#[test]
fn a_removed_series_gives_its_place_back_while_others_read() {
    let registry = Registry::new();
    let family = registry.counter("scraped").labels(["id"]).series_max(LIMIT);
    let family = family.register().expect("a new name");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let _ = registry.render();
            }
        });
        for id in connections() {
            family.get_or_create([&id]).expect("room").inc();
            assert!(family.remove([&id]));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(overflow(&registry, "scraped_total"), None);
}

#[track_calls("jobs", labels(id = id), registry = registry)]
fn job(registry: &Registry, id: &str) {
    let _ = (registry, id);
}

/// Through the doors that keep series in a cache of the thread or by key, with their limit of 2,000.
#[test]
fn a_series_that_a_cache_holds_gives_its_place_back() {
    let registry = Registry::new();
    let by_name = Dynamic::new(registry.clone());
    let metadata = Metadata::new("removal", Level::INFO, None);
    let family = |name, labels: [&'static str; 1]| {
        registry.counter(name).labels(labels).register().expect("as it is")
    };
    for id in connections() {
        by_name.increment_counter("named", 1.0, &[("id", &id)]);
        assert!(family("named", ["id"]).remove([&id]));
        job(&registry, &id);
        let jobs = registry.counter("jobs").labels(["id", "outcome"]).register().expect("as it is");
        assert!(jobs.remove([&id, "ok"]));
        let key = Key::from_parts("facade", vec![metrics::Label::new("id", id.clone())]);
        registry.register_counter(&key, &metadata).increment(1);
        assert_eq!(registry.sample_value("facade_total", &[("id", &id)]), Some(1.0));
        // Any handle of the family removes; the facade has none that does.
        let _ = registry.unregister("facade_total");
    }
    for sample in ["named_total", "facade_total"] {
        assert_eq!(overflow(&registry, sample), None, "{sample}");
    }
    let others = [("id", "_other"), ("outcome", "_other")];
    assert_eq!(registry.sample_value("jobs_total", &others), None);
}

#[test]
fn what_is_counted_after_a_removal_is_shown() {
    let registry = Registry::new();
    let family = registry.counter("held").labels(["id"]).series_max(2);
    let family = family.register().expect("a new name");
    let shown = |id: &str| registry.sample_value("held_total", &[("id", id)]);
    let first = family.get_or_create(["first"]).expect("room");
    first.inc_by(5);
    assert!(family.remove(["first"]) && !family.remove(["first"]));
    assert_eq!(shown("first"), None);
    // Asked for again, it is shown at zero as a new one would be, and is the same series.
    family.get_or_create(["first"]).expect("room").inc();
    assert_eq!((shown("first"), first.get()), (Some(1.0), 1));
    assert!(family.remove(["first"]));
    // Its last holder counts and goes before anybody reads.
    first.inc_by(3);
    drop(first);
    assert_eq!(shown("first"), Some(3.0));
}

#[test]
fn a_series_that_comes_back_to_a_full_family_is_shown_and_counted() {
    let registry = yardstick::default_registry();
    let family = registry.counter("returning").labels(["id"]).series_max(2);
    let family = family.register().expect("a new name");
    let beyond = || {
        let labels = [("metric", "returning_total")];
        registry.sample_value("yardstick_series_beyond_limit_total", &labels)
    };
    let held = family.get_or_create(["held"]).expect("room");
    assert!(family.remove(["held"]));
    for id in ["a", "b"] {
        family.get_or_create([id]).expect("room").inc();
    }
    assert_eq!(overflow(registry, "returning_total"), None, "two are within the limit");
    // Asked for by its labels, it has no place left; the total stays right.
    family.get_or_create(["held"]).expect("the overflow series").inc_by(10);
    assert_eq!((overflow(registry, "returning_total"), beyond()), (Some(10.0), Some(0.0)));
    held.inc_by(7);
    let value = registry.sample_value("returning_total", &[("id", "held")]);
    assert_eq!((value, beyond()), (Some(7.0), Some(1.0)));
}

#[test]
fn the_overflow_series_is_one_whoever_asks_for_it_first() {
    let registry = Registry::new();
    let family = registry.counter("asked").labels(["id"]).series_max(1);
    let family = family.register().expect("a new name");
    family.get_or_create(["_other"]).expect("room").inc();
    family.get_or_create(["a"]).expect("the overflow series").inc();
    assert_eq!(overflow(&registry, "asked_total"), Some(2.0));
}

#[test]
fn what_is_recorded_by_name_after_unregister_is_shown() {
    let by_name = Dynamic::new(Registry::new());
    let registry = by_name.registry();
    for round in 0..3 {
        by_name.increment_counter("x", 1.0, &[]);
        by_name.set_gauge("y", 2.0, &[]);
        assert_eq!(registry.sample_value("x_total", &[]), Some(1.0), "round {round}");
        assert_eq!(registry.sample_value("y", &[]), Some(2.0), "round {round}");
        assert!(registry.unregister("x_total") && registry.unregister("y"));
        assert_eq!(registry.render(), "");
    }
}

#[test]
fn what_is_looked_up_after_unregister_is_shown() {
    const ROUNDS: usize = 3_000;
    let registry = Registry::new();
    let metadata = Metadata::new("removal", Level::INFO, None);
    // Many labels take time between finding the family and keeping the series.
    let labels: Vec<_> = (0..40).map(|label| (format!("l{label:02}"), "v".to_owned())).collect();
    let shown: Vec<_> = labels.iter().map(|(name, value)| (&**name, &**value)).collect();
    let key = Key::from_parts("x", labels.iter().map(metrics::Label::from).collect::<Vec<_>>());
    let count = || registry.register_counter(&key, &metadata).increment(1);
    let value = || registry.sample_value("x_total", &shown);
    let (start, end) = (Barrier::new(2), Barrier::new(2));
    let mut lost = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..ROUNDS {
                start.wait();
                count();
                end.wait();
            }
        });
        for round in 0..ROUNDS {
            let _ = registry.unregister("x_total");
            start.wait();
            // Somewhere in the other thread's look-up.
            (0..round % 300).for_each(|_| std::hint::spin_loop());
            let _ = registry.unregister("x_total");
            end.wait();
            // The other thread stands still: what is looked up from here on is counted where it is seen.
            let before = value().unwrap_or(0.0);
            count();
            lost += usize::from(value() != Some(before + 1.0));
        }
    });
    assert_eq!(lost, 0, "of {ROUNDS}");
}
