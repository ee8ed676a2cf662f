//! Names and values that strangers choose: bounded in memory, exact in sum, and harmless when they panic.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    thread,
};

use metrics::{Key, Label, Level, Metadata, Recorder};
use yardstick::{LabelSet, Registry, default_registry, dynamic::Dynamic, track_calls};

/// More than any family has room for.
const VALUES: usize = 30_000;

/// Series of a family unless it says otherwise.
const SERIES_MAX: usize = 2_000;

const METADATA: Metadata<'static> = Metadata::new("facade", Level::INFO, None);

/// The tests compare what all of the process occupies.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[derive(LabelSet)]
struct Path {
    path: String,
}

#[track_calls("annotated", labels(path = path), registry = registry)]
fn annotated(registry: &Registry, path: &str) {
    let _ = (registry, path);
}

#[track_calls("installed", labels(path = path))]
fn installed(path: &str) {
    let _ = path;
}

fn lookup_bytes() -> f64 {
    let bytes = default_registry().sample_value("yardstick_lookup_memory_bytes", &[]);
    bytes.expect("shown from the start")
}

fn sum(registry: &Registry, name: &str) -> u64 {
    let families = registry.gather();
    let family = families.iter().find(|family| family.name == name).expect("it was recorded");
    assert!(family.series.len() <= SERIES_MAX + 1, "{}", family.series.len());
    let values = family.series.iter().map(|series| match series.value {
        yardstick::gather::Value::Counter { whole, .. } => whole,
        _ => 0,
    });
    values.sum()
}

#[test]
fn values_without_end_are_bounded_and_exact_by_every_door() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    yardstick::install().expect("nothing else is installed");
    let registry = Registry::new();
    let typed = registry.counter("typed").label_set::<Path>().register().expect("a new name");
    let by_name = Dynamic::new(registry.clone());
    let before = lookup_bytes();
    let record = || {
        for index in 0..VALUES {
            let path = format!("/{index}");
            annotated(&registry, &path);
            installed(&path);
            by_name.increment_counter("by_name", 1.0, &[("path", &path)]);
            let key = Key::from_parts("facade", vec![Label::new("path", path.clone())]);
            registry.register_counter(&key, &METADATA).increment(1);
            typed.with(&Path { path }).inc();
        }
    };
    // Two threads of which one ends: what it kept alone goes with it.
    thread::scope(|scope| {
        scope.spawn(record);
    });
    let shared = lookup_bytes() - before;
    record();
    let all = lookup_bytes() - before;
    for name in ["typed_total", "annotated_total", "by_name_total", "facade_total"] {
        assert_eq!(sum(&registry, name), 2 * VALUES as u64, "{name}");
    }
    assert_eq!(sum(default_registry(), "installed_total"), 2 * VALUES as u64);
    println!("{shared} bytes shared, {all} with those of one thread");
    assert!(shared < 6.0 * 1_048_576.0, "{shared} bytes for five metrics");
    assert!(all < 12.0 * 1_048_576.0, "{all} bytes with those of one thread");
}

#[test]
fn names_that_are_made_at_run_time_have_a_limit_and_declared_ones_have_none() {
    const FAMILIES_MAX: usize = 10_000;
    let registry = Registry::new();
    let by_name = Dynamic::new(registry.clone());
    for index in 0..FAMILIES_MAX {
        by_name.increment_counter(&format!("name_{index}"), 1.0, &[]);
    }
    assert!(by_name.errors().is_empty());
    by_name.increment_counter("one_more", 1.0, &[]);
    let key = Key::from_name("another");
    registry.register_counter(&key, &METADATA).increment(1);
    let errors = by_name.errors();
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    let expected = "would be one more than the 10000 families that a registry has when names are made at run time; \
                    say with a label what differs";
    assert!(error.to_string().ends_with(expected), "{error}");
    assert_eq!(registry.gather().len(), FAMILIES_MAX);
    assert!(registry.counter("declared").register().is_ok());
    by_name.increment_counter("name_7", 1.0, &[]);
    assert_eq!(registry.sample_value("name_7_total", &[]), Some(2.0));
}

#[test]
fn label_names_that_are_made_at_run_time_have_a_limit() {
    const LABEL_NAMES_MAX: usize = 1_000;
    let registry = Registry::new();
    let record = |label: String| {
        let key = Key::from_parts("labelled", vec![Label::new(label, "x")]);
        registry.register_counter(&key, &METADATA).increment(1);
    };
    (0..LABEL_NAMES_MAX + 500).for_each(|index| record(format!("label_{index}")));
    assert_eq!(sum(&registry, "labelled_total"), LABEL_NAMES_MAX as u64);
    record("label_0".to_owned());
    assert_eq!(registry.sample_value("labelled_total", &[("label_0", "x")]), Some(2.0));
}

#[test]
fn a_value_that_panics_harms_no_later_record() {
    struct Fragile<'v>(&'v str);

    impl fmt::Display for Fragile<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            assert!(!self.0.is_empty(), "nothing to show");
            f.write_str(self.0)
        }
    }

    let registry = Registry::new();
    let by_name = Dynamic::new(registry.clone());
    let long = "longer than sixteen bytes, so that all of it is compared";
    for round in 1..=3 {
        for value in ["short", long, ""] {
            let record = || by_name.increment_counter("shown", 1.0, &[("v", Fragile(value))]);
            let panics = catch_unwind(AssertUnwindSafe(record)).is_err();
            assert_eq!(panics, value.is_empty());
        }
        for value in ["short", long] {
            let count = registry.sample_value("shown_total", &[("v", value)]);
            assert_eq!(count, Some(f64::from(round)), "{value}");
        }
    }
}
