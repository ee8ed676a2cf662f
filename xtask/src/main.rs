//! The one door to every check: `cargo xtask test`, `cargo xtask ci`, `cargo xtask bench`.

mod prepare;
mod steps;

use std::process::ExitCode;

use crate::steps::{BENCH, CI, Step, TESTS};

const USAGE: &str = "usage: cargo xtask test | ci | bench

  test   installs the servers that the tests talk to, then runs all tests
  ci     what guards a submission: format, clippy, docs, all tests, sanitizers, the benchmark once
  bench  the comparison with floors and peers";

fn main() -> ExitCode {
    let (prepared, steps): (bool, Vec<&Step>) = match std::env::args().nth(1).as_deref() {
        Some("test") => (true, TESTS.iter().collect()),
        Some("ci") => (true, CI.iter().chain(TESTS).chain(steps::AFTER_TESTS).collect()),
        Some("bench") => (false, BENCH.iter().collect()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if prepared && let Err(missing) = prepare::prepare() {
        eprintln!("xtask: {missing}");
        return ExitCode::FAILURE;
    }
    steps::run(&steps)
}
