//! Label values from outside, as long as somebody likes: cut, counted, and told apart.

use metrics::{Key, Label, Level, Metadata, Recorder};
use yardstick::{
    LabelSet, Registry, default_registry,
    dynamic::Dynamic,
    gather::{MetricFamily, Value},
    track_calls,
};
use yardstick_tests::judges;

/// What a value may have, in bytes.
const BYTES_MAX: usize = 1_024;

#[derive(LabelSet)]
struct Request {
    path: String,
}

#[track_calls("annotated", labels(path = path), registry = registry)]
fn annotated(registry: &Registry, path: &str) {
    let _ = (registry, path);
}

/// Values that were cut, of the whole process.
fn cut() -> f64 {
    default_registry().sample_value("yardstick_label_values_cut_total", &[]).expect("at zero")
}

/// The values of `path` in a family, in order.
fn paths(registry: &Registry, family: &str) -> Vec<String> {
    let families = registry.gather();
    let family = families.into_iter().find(|found| found.name == family).expect("it is there");
    let path = |series: yardstick::gather::SeriesData| {
        series.labels.into_iter().find(|(name, _)| name == "path").expect("its label").1
    };
    family.series.into_iter().map(path).collect()
}

/// Counts one path twice through every door.
fn through_every_door(registry: &Registry, path: &str) {
    let by_name = Dynamic::new(registry.clone());
    let built = registry.counter("built").labels(["path"]).register().expect("as it is");
    let typed = registry.counter("typed").label_set::<Request>().register().expect("as it is");
    let metadata = Metadata::new("long_values", Level::INFO, None);
    for _ in 0..2 {
        built.get_or_create([path]).expect("room").inc();
        typed.with(&Request { path: path.to_owned() }).inc();
        by_name.increment_counter("named", 1.0, &[("path", path)]);
        let key = Key::from_parts("facade", vec![Label::new("path", path.to_owned())]);
        registry.register_counter(&key, &metadata).increment(1);
        annotated(registry, path);
    }
}

const DOORS: [&str; 5] =
    ["annotated_total", "built_total", "facade_total", "named_total", "typed_total"];

#[test]
fn a_long_value_is_cut_and_counted_through_every_door() {
    let registry = Registry::new();
    let before = cut();
    let long = format!("/{}", "x".repeat(16_000));
    // One character more, at the end: as prefixes they are equal.
    let longer = format!("{long}y");
    for path in [&long, &longer] {
        through_every_door(&registry, path);
    }
    for family in DOORS {
        let found = paths(&registry, family);
        assert_eq!(found.len(), 2, "{family}: two values that begin alike are two");
        for path in &found {
            assert!(path.len() <= BYTES_MAX && path.len() > BYTES_MAX - 8, "{}", path.len());
            assert!(path.starts_with("/xxx") && path.contains('~'), "{path}");
        }
        assert_eq!(found, paths(&registry, "built_total"), "{family}: one value for one path");
    }
    assert!(cut() - before >= 20.0, "each look-up is counted");
    // Asked for as it was written, it is found.
    assert_eq!(registry.sample_value("built_total", &[("path", &long)]), Some(2.0));
    let built = registry.counter("built").labels(["path"]).register().expect("as it is");
    assert!(built.remove([&long]));
    assert_eq!(registry.sample_value("built_total", &[("path", &long)]), None);
    assert!(registry.render().len() < 64 * BYTES_MAX);
    judges::promtool(&registry.render());
}

#[test]
fn what_fits_stays_and_characters_stay_whole() {
    let registry = Registry::new();
    let fits = "\u{e9}".repeat(BYTES_MAX / 2);
    let long = "\u{20ac}".repeat(BYTES_MAX);
    for path in [&fits, &long] {
        through_every_door(&registry, path);
    }
    for family in DOORS {
        let found = paths(&registry, family);
        assert!(found.contains(&fits), "{family}");
        let is_cut = |path: &String| path.starts_with('\u{20ac}') && path.len() <= BYTES_MAX;
        assert!(found.iter().any(is_cut), "{family}");
    }
}

#[test]
fn values_of_collectors_are_cut_too() {
    let registry = Registry::new();
    let long = "z".repeat(BYTES_MAX + 1);
    registry.register_collector(move || {
        vec![
            MetricFamily::gauge("pool", "Of collectors.")
                .with_series(&[("path", &long)], Value::Gauge(1.0)),
        ]
    });
    let before = cut();
    assert!(paths(&registry, "pool")[0].len() <= BYTES_MAX);
    assert!(cut() > before);
}
