//! Records beyond the memory limit: all threads share one lane. A process of its own, as the limit is the process'.

use serde_json::{Value, json};

use crate::{
    floors,
    harness::{self, Times},
    ours::Yardstick,
    peers::Library,
    process,
    report::Report,
    rows::{Row, Rows, Work},
    workloads::{self, BOUNDS},
};

/// The task of such a process.
pub const TASK: &str = "beyond-the-limit";

fn rows() -> Vec<Row> {
    let mut rows = Rows::default();
    floors::limited(&mut rows);
    let counter = workloads::same(Yardstick::counter("limited"), Yardstick::count);
    rows.ours(Work::Limited, "counter", counter);
    if let Some(histogram) = Yardstick::histogram(&BOUNDS) {
        let observe = move |value| Yardstick::observe(&histogram, value);
        rows.ours(Work::Limited, "histogram", workloads::observations(observe));
    }
    rows.rows
}

/// Adds what a process of its own has measured.
pub fn measure(rounds: usize, report: &mut Report) -> Result<(), String> {
    for threads in [1, 2] {
        let answer = process::ask(TASK, &[threads.to_string(), rounds.to_string()])?;
        let times = answer.as_array().into_iter().flatten().map(|row| Times {
            samples: row["samples"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect(),
            dropped: row["dropped"].as_u64().unwrap_or_default() as usize,
            is_disturbed: row["is_disturbed"] == true,
        });
        report.add(&rows(), threads, times.collect());
    }
    Ok(())
}

/// What the process does.
pub fn answer(threads: usize, rounds: usize) -> Value {
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).lane_memory_limit(0);
    let _exporter = exporter.install().expect("nothing else is installed");
    let times = harness::run(&rows(), threads, rounds);
    let times = times.iter().map(|times| {
        json!({
            "samples": times.samples,
            "dropped": times.dropped,
            "is_disturbed": times.is_disturbed,
        })
    });
    times.collect()
}
