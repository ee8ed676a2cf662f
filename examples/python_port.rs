//! How does a program record that makes up its metrics while it runs, such as a port from Python?
//!
//! `cargo run --example python_port` runs a job that a configuration describes and prints what a scrape then shows.

use std::error::Error;

use yardstick::{dynamic, dynamic::Dynamic};

/// What an operator wrote: names that no compiler has seen.
const STEPS: &[(&str, &str, f64)] = &[
    ("load-users", "warehouse", 120.0),
    ("join.orders", "warehouse", 840.5),
    ("1st_export", "bucket", 61.25),
];

fn run_step(
    metrics: &Dynamic,
    (name, target, milliseconds): (&str, &str, f64),
) -> Result<u32, String> {
    let labels = [("target", target)];
    let _active = metrics.track_active("steps_active", &labels);
    metrics.record_timing(name, milliseconds, &labels);
    if milliseconds > 800.0 {
        return Err(format!("{name} took too long"));
    }
    Ok(1_000)
}

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
    let metrics = dynamic();
    metrics.describe("rows", "Rows that steps produced.");
    // A hot name is looked up once.
    let attempts = metrics.counter("attempts", &[])?;
    for step in STEPS {
        attempts.inc();
        match run_step(metrics, *step) {
            Ok(rows) => {
                let rows = f64::from(rows);
                metrics.increment_counter("rows", rows, &[("step", step.0)]);
                metrics.record_histogram_with_buckets(
                    "batch.size",
                    rows,
                    &[],
                    &[100.0, 1_000.0, 10_000.0],
                );
            }
            Err(error) => {
                metrics.increment_counter("failures", 1.0, &[("step", step.0)]);
                println!("# {error}");
            }
        }
    }
    // A name that is used already is refused, and says so.
    metrics.set_gauge("rows_total", 1.0, &[]);
    for error in metrics.errors() {
        println!("# {error}");
    }
    print!("{}", yardstick_examples::without_buckets(&exporter.render()));
    Ok(exporter.shutdown_blocking()?)
}
