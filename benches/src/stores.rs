//! What every registry can do: count with three labels, observe with one, and render. The scrape, the memory and the
//! exactness of all subjects are compared through it.

use std::{collections::BTreeMap, sync::LazyLock};

/// One registry with two families: `requests`, counters with the labels `route`, `method` and `status`, and `latency`,
/// histograms with 14 buckets and the label `route`. Values are texts of the caller's, as requests bring them.
pub trait Store: Send + Sync {
    fn count(&self, labels: [&str; 3]);
    fn observe(&self, route: &str, seconds: f64);
    /// The fastest way of observing the same again: by a handle, where there is one that can be kept.
    fn observer<'a>(&'a self, route: &'a str) -> Observer<'a> {
        Box::new(move |seconds| self.observe(route, seconds))
    }
    fn render(&self) -> String;
}

pub type Observer<'a> = Box<dyn Fn(f64) + Send + Sync + 'a>;

pub const COUNTERS: usize = 10_000;
pub const HISTOGRAMS: usize = 1_000;

/// The values of one series' labels.
pub fn labels(series: usize) -> [&'static str; 3] {
    static ROUTES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let route = |i: usize| -> &'static str { format!("/orders/{i}").leak() };
        (0..200_000).map(route).collect()
    });
    [ROUTES[series], ["GET", "POST"][series % 2], ["200", "404", "500"][series % 3]]
}

/// So many series of each.
pub fn fill(store: &dyn Store, counters: usize, histograms: usize) {
    for series in 0..counters {
        store.count(labels(series));
    }
    for series in 0..histograms {
        store.observe(labels(series)[0], 0.2);
    }
}

/// What a text says was counted and observed in all: sums over the series of both families.
pub fn totals(text: &str) -> (u64, u64) {
    let mut sums = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        let value = line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok());
        *sums.entry(name).or_insert(0.0) += value.unwrap_or(0.0);
    }
    let sum = |names: &[&str]| names.iter().filter_map(|name| sums.get(name)).sum::<f64>() as u64;
    (sum(&["requests", "requests_total"]), sum(&["latency_count", "latency_seconds_count"]))
}
