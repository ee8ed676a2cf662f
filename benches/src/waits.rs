//! How long a thread waits at worst for what records while a scrape of many histograms runs: `absolute`, which reads the
//! counter that it raises, and a label set that the thread's cache has forgotten. A process of its own, so that nothing
//! else is scraped.

use std::{
    hint::black_box,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use yardstick::Registry;

use crate::{
    harness,
    ours::Yardstick,
    peers::Library,
    process, stores,
    workloads::{self, MANY_SETS},
};

/// The task of such a process.
pub const TASK: &str = "waits";

/// Histograms that are scraped.
const HISTOGRAMS: usize = 20_000;

/// Label sets of the family whose look-ups are timed: so many that a thread's cache forgets one with each.
const SETS: usize = 20 * MANY_SETS;

/// How long each action is repeated.
const TIME: Duration = Duration::from_secs(2);

/// Calls between two looks at whether the system took the processor away: a look takes longer than a call.
const CALLS: usize = 64;

/// The waits of one action, in nanoseconds.
#[derive(Clone, Debug)]
pub struct Wait {
    pub action: String,
    pub is_scraped: bool,
    pub median: f64,
    pub worst: f64,
    /// The worst of all, also of those during which the system took the processor away: a long wait seldom ends without.
    pub worst_of_all: f64,
}

/// Asks a process of its own.
pub fn measure() -> Result<Vec<Wait>, String> {
    let answer = process::ask(TASK, &[])?;
    let waits = answer.as_array().into_iter().flatten();
    let wait = |wait: &Value| Wait {
        action: wait["action"].as_str().unwrap_or_default().to_owned(),
        is_scraped: wait["is_scraped"] == true,
        median: wait["median_ns"].as_f64().unwrap_or_default(),
        worst: wait["worst_ns"].as_f64().unwrap_or_default(),
        worst_of_all: wait["worst_of_all_ns"].as_f64().unwrap_or_default(),
    };
    Ok(waits.map(wait).collect())
}

/// The document of one action.
pub fn json(wait: &Wait) -> Value {
    json!({
        "action": wait.action,
        "is_scraped": wait.is_scraped,
        "median_ns": wait.median,
        "worst_ns": wait.worst,
        "worst_of_all_ns": wait.worst_of_all,
    })
}

/// What the process does.
pub fn answer() -> Value {
    let store = Yardstick::store();
    stores::fill(&*store, 0, HISTOGRAMS);
    let registry = Registry::new();
    let counter = metrics::with_local_recorder(&registry, || metrics::counter!("absolute"));
    let mut value = 0;
    let mut absolute = || {
        value += 1;
        counter.absolute(value);
    };
    let strings = Yardstick::strings();
    let (sets, mut at) = (workloads::string_sets(SETS), 0);
    let mut evict = || {
        let (route, user) = sets[at];
        Yardstick::count_strings(&strings, route, user);
        at = (at + 1) % sets.len();
    };
    // So that all series are there.
    (0..SETS).for_each(|_| evict());
    let scrape = || _ = black_box(store.render());
    let mut waits = Vec::new();
    for is_scraped in [false, true] {
        let mut add = |action: &str, work: &mut dyn FnMut()| {
            let (median, worst, worst_of_all) = beside(is_scraped.then_some(&scrape), work);
            let action = action.to_owned();
            waits.push(json(&Wait { action, is_scraped, median, worst, worst_of_all }));
        };
        add("absolute", &mut absolute);
        add("label set that the cache forgot", &mut evict);
    }
    Value::Array(waits)
}

/// The median, the worst, and the worst of all, of a work that is done again and again, beside a thread that scrapes without a pause.
fn beside(scrape: Option<&(dyn Fn() + Sync)>, work: &mut dyn FnMut()) -> (f64, f64, f64) {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let scraper = scrape.map(|scrape| {
            scope.spawn(|| {
                while !is_done.load(Relaxed) {
                    scrape();
                }
            })
        });
        let times = repeat(work);
        is_done.store(true, Relaxed);
        scraper.into_iter().for_each(|scraper| scraper.join().expect("no scrape panics"));
        times
    })
}

fn repeat(work: &mut dyn FnMut()) -> (f64, f64, f64) {
    let (begin, mut samples) = (Instant::now(), Vec::new());
    let (mut worst, mut worst_of_all) = (0.0, 0.0);
    while begin.elapsed() < TIME {
        let before = harness::preemptions();
        let mut some = [0.0; CALLS];
        for sample in &mut some {
            let start = Instant::now();
            work();
            *sample = start.elapsed().as_nanos() as f64;
        }
        worst_of_all = some.iter().copied().fold(worst_of_all, f64::max);
        if harness::preemptions() == before {
            worst = some.iter().copied().fold(worst, f64::max);
            samples.extend_from_slice(&some[..1]);
        }
    }
    samples.sort_by(f64::total_cmp);
    (samples.get(samples.len() / 2).copied().unwrap_or_default(), worst, worst_of_all)
}
