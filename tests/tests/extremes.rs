//! Amounts near the ends of what numbers hold: refused and counted where they would spoil a sum, and never a panic.

use std::{thread, time::Duration};

use metrics::{Key, Level, Metadata, Recorder};
use yardstick::{Registry, Unit, default_registry};
use yardstick_tests::judges;

/// Tests of one process count into the same self metrics, so each looks at a reason of its own.
fn refused(reason: &str) -> f64 {
    let name = "yardstick_observations_refused_total";
    default_registry().sample_value(name, &[("reason", reason)]).expect("it is there at zero")
}

/// Runs `work` in a thread of its own, and so in another lane.
fn elsewhere(work: impl FnOnce() + Send) {
    thread::scope(|scope| scope.spawn(work).join().expect("no panic"));
}

#[test]
fn no_amount_makes_a_sum_infinite() {
    let registry = Registry::new();
    let counter = registry.counter("c").help("C.").register().expect("a new name");
    let histogram = registry.histogram("h").help("H.").buckets(&[1.0]).unit(Unit::Bytes);
    let histogram = histogram.register().expect("a new name");
    let gauge = registry.gauge("g").help("G.").register().expect("a new name");
    let summary = registry.summary("s").help("S.").register().expect("a new name");
    let before = refused("infinite");
    let record = || {
        counter.inc_by_f64(f64::MAX);
        histogram.observe(f64::MAX);
        gauge.inc_by(f64::MAX);
        summary.observe(f64::MAX);
    };
    // Twice in one lane, and once in each of two others.
    record();
    record();
    elsewhere(record);
    elsewhere(record);
    for sample in ["c_total", "h_bytes_sum", "g", "s_sum"] {
        assert_eq!(registry.sample_value(sample, &[]), Some(f64::MAX), "{sample}");
    }
    for sample in ["h_bytes_count", "s_count"] {
        assert_eq!(registry.sample_value(sample, &[]), Some(1.0), "{sample}");
    }
    assert!(refused("infinite") - before >= 12.0, "three of each were refused");
    // What brings the sum back is as good as any.
    elsewhere(|| histogram.observe(-f64::MAX));
    elsewhere(|| gauge.inc_by(-f64::MAX));
    assert_eq!(registry.sample_value("h_bytes_sum", &[]), Some(0.0));
    assert_eq!(registry.sample_value("g", &[]), Some(0.0));
    judges::promtool(&registry.render());
    let _ = judges::python_openmetrics(&registry.render_openmetrics());
}

#[test]
fn a_gauge_that_was_set_to_infinity_goes_on() {
    let registry = Registry::new();
    let gauge = registry.gauge("g").register().expect("a new name");
    gauge.set(f64::INFINITY);
    gauge.inc_by(1.0);
    assert_eq!(registry.sample_value("g", &[]), Some(f64::INFINITY));
    gauge.set(1.0);
    gauge.inc_by(1.0);
    assert_eq!(registry.sample_value("g", &[]), Some(2.0));
}

#[test]
fn numbers_of_observations_end_without_a_panic() {
    let registry = Registry::new();
    let metadata = Metadata::new("extremes", Level::INFO, None);
    let values = registry.register_histogram(&Key::from_name("values"), &metadata);
    let times = registry.histogram("times").unit(Unit::Seconds).register().expect("a new name");
    let of_times = metrics::with_local_recorder(&registry, || {
        metrics::describe_histogram!("waits", metrics::Unit::Seconds, "Waits.");
        metrics::histogram!("waits")
    });
    let before = refused("overflow");
    let record = || {
        for histogram in [&values, &of_times] {
            histogram.record_many(1e9, usize::MAX);
            histogram.record_many(1e9, usize::MAX / 2);
            histogram.record_many(0.5, usize::MAX / 2);
            histogram.record_many(0.5, 0);
            histogram.record(0.5);
        }
        times.observe(f64::MAX);
    };
    record();
    elsewhere(record);
    let bucket = |family: &str, bound: &str| {
        registry.sample_value(&format!("{family}_bucket"), &[("le", bound)]).expect("a bucket")
    };
    for family in ["values", "waits_seconds"] {
        assert!(bucket(family, "0.5") <= bucket(family, "+Inf"), "{family}: buckets never fall");
        let count = registry.sample_value(&format!("{family}_count"), &[]);
        #[allow(clippy::cast_precision_loss, reason = "compared as samples are")]
        let half = (u64::MAX / 2) as f64;
        assert!(count.is_some_and(|count| count >= half), "{family}: {count:?}");
        let sum = registry.sample_value(&format!("{family}_sum"), &[]);
        assert!(sum.is_some_and(|sum| sum.is_finite() && sum >= 0.0), "{family}: {sum:?}");
    }
    assert!(refused("overflow") > before);
    let _ = judges::python_openmetrics(&registry.render_openmetrics());
}

#[test]
fn a_reset_at_the_end_of_the_range_keeps_sums_finite() {
    let registry = Registry::new();
    let histogram = registry.histogram("h").buckets(&[1.0]).register().expect("a new name");
    histogram.observe(f64::MAX);
    histogram.reset();
    histogram.observe(-f64::MAX);
    histogram.observe(-f64::MAX);
    assert!(histogram.sum().is_finite(), "{}", histogram.sum());
    histogram.reset();
    histogram.observe(1.0);
    assert!(histogram.sum().is_finite(), "{}", histogram.sum());
}

#[test]
fn quantiles_stay_right_beside_one_value_far_away() {
    let registry = Registry::new();
    let sizes = registry.summary("sizes").quantiles(&[0.5, 1.0], Duration::from_secs(600));
    let sizes = sizes.register().expect("a new name");
    sizes.observe(1.0);
    for quantile in [0.0, 0.5, 0.99, 1.0] {
        assert_eq!(sizes.quantile(quantile), Some(1.0), "{quantile}");
    }
    (0..1_000).for_each(|_| sizes.observe(100.0));
    sizes.observe(1e12);
    let median = sizes.quantile(0.5).expect("not empty");
    assert!((99.0..=101.0).contains(&median), "{median}");
    assert_eq!((sizes.quantile(0.0), sizes.quantile(1.0)), (Some(1.0), Some(1e12)));
}
