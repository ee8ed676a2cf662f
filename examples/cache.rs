//! How does a cache count its hits and misses?
//!
//! `cargo run --example cache` looks some keys up and prints what a scrape then shows.

use std::{collections::HashMap, error::Error};

use yardstick::{Counter, Gauge, LabelSet, LabelValue, MetricSchema};

#[derive(Clone, Copy, LabelValue)]
enum Operation {
    Get,
    Put,
}

#[derive(Clone, Copy, LabelSet)]
struct CacheLabels {
    cache_name: &'static str,
    operation: Operation,
}

#[derive(MetricSchema)]
#[metrics(namespace = "cache")]
struct CacheMetrics {
    /// Operations that found their key.
    hits: Counter<CacheLabels>,
    /// Operations that did not.
    misses: Counter<CacheLabels>,
    /// Entries of all caches.
    entries: Gauge,
}

struct Cache {
    name: &'static str,
    entries: HashMap<u64, String>,
}

impl Cache {
    fn new(name: &'static str) -> Self {
        Self { name, entries: HashMap::new() }
    }

    fn get(&self, key: u64) -> Option<&str> {
        let found = self.entries.get(&key);
        self.count(Operation::Get, found.is_some());
        found.map(String::as_str)
    }

    fn put(&mut self, key: u64, value: &str) {
        let before = self.entries.insert(key, value.to_owned());
        self.count(Operation::Put, before.is_some());
        if before.is_none() {
            CacheMetrics::entries().inc();
        }
    }

    fn count(&self, operation: Operation, is_hit: bool) {
        let metrics = CacheMetrics::global();
        let counter = if is_hit { &metrics.hits } else { &metrics.misses };
        counter.with(&CacheLabels { cache_name: self.name, operation }).inc();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
    let (mut sessions, users) = (Cache::new("sessions"), Cache::new("users"));
    sessions.put(1, "one");
    sessions.put(1, "won");
    println!("# {:?} {:?} {:?}", sessions.get(1), sessions.get(2), users.get(1));

    let labels = CacheLabels { cache_name: "sessions", operation: Operation::Get };
    assert_eq!(CacheMetrics::hits().with(&labels).get(), 1);
    print!("{}", yardstick_examples::without_buckets(&exporter.render()));
    Ok(exporter.shutdown_blocking()?)
}
