//! Beyond the memory limit threads share one lane: exact, slower, counted.

use std::thread;

use yardstick::{Registry, Unit};

#[test]
fn threads_beyond_the_limit_lose_nothing() {
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .lane_memory_limit(0)
        .install()
        .expect("nothing else is installed");
    let registry = Registry::new();
    let counter = registry.counter("limited").register().expect("a new name");
    let fractions = registry.counter("fractions").register().expect("a new name");
    let ticks = registry.histogram("t").unit(Unit::Seconds).register().expect("a new name");
    let values = registry.histogram("v").buckets(&[1.0]).register().expect("a new name");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10_000 {
                    counter.inc();
                    fractions.inc_by_f64(0.5);
                    ticks.observe(0.25);
                    values.observe(2.0);
                }
            });
        }
    });
    assert_eq!(counter.get(), 40_000);
    assert!((fractions.get_f64() - 20_000.0).abs() < f64::EPSILON);
    assert_eq!((ticks.count(), values.count()), (40_000, 40_000));
    assert_eq!(values.bucket_counts(), [0, 40_000]);
    assert!((values.sum() - 80_000.0).abs() < f64::EPSILON);
    assert!((ticks.sum() - 10_000.0).abs() < 1e-3, "{}", ticks.sum());
    let body = exporter.render();
    let line = body.lines().find_map(|l| {
        l.strip_prefix("yardstick_shared_lane_records_total{cause=\"memory_limit\"} ")
    });
    assert!(line.and_then(|n| n.parse::<u64>().ok()).is_some_and(|n| n >= 160_000), "{body}");
}
