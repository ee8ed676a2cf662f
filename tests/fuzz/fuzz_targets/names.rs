//! Names and labels through every door that takes them at run time: whatever they are, the exposition has one sample a
//! line, in a form that names no other metric.

#![no_main]

use libfuzzer_sys::fuzz_target;
use yardstick::{dynamic::Dynamic, Registry};

fuzz_target!(|texts: (&str, &str, &str)| {
    let (name, label, value) = texts;
    let registry = Registry::new();
    if let Ok(metric) = registry.counter(name).help(value).labels([label]).register() {
        let series = metric.get_or_create([value]).expect("there is memory");
        series.inc();
        assert_eq!(series.get(), 1);
    }
    metrics::with_local_recorder(&registry, || {
        metrics::gauge!(name.to_owned(), label.to_owned() => value.to_owned()).set(1.0);
    });
    Dynamic::new(registry.clone()).record_histogram(name, 0.5, &[(label, value)]);
    for line in registry.render().lines().filter(|line| !line.starts_with('#')) {
        let end = line.find(['{', ' ']).expect("a name ends");
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        assert!(line[..end].chars().all(is_name) && end > 0, "{line}");
        let number = line.rsplit(' ').next().expect("a line has an end");
        assert!(number.parse::<f64>().is_ok(), "{line}");
    }
});
