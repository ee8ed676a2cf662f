//! The one door to every check: `cargo xtask test`, `cargo xtask ci`, `cargo xtask bench`.

mod check_time;
mod leftovers;
mod prepare;
mod run;
mod steps;

use std::process::ExitCode;

use crate::{
    run::Run,
    steps::{AFTER_TESTS, BEFORE_TESTS, BENCH, EXAMPLES, Step, TESTS},
};

const USAGE: &str = "usage: cargo xtask test | ci | bench

  test   installs the servers that the tests talk to, then runs all tests
  ci     what guards a submission: format, clippy, docs, all tests, sanitizers, the benchmark once
  bench  the comparison with floors and peers, and what the attributes cost the compiler";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (prepares, steps): (bool, Vec<&Step>) = match arguments.as_slice() {
        ["test"] => (true, TESTS.iter().chain(EXAMPLES).collect()),
        ["ci"] => {
            (true, BEFORE_TESTS.iter().chain(TESTS).chain(EXAMPLES).chain(AFTER_TESTS).collect())
        }
        ["bench"] => (false, BENCH.iter().collect()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut run = Run::new(arguments[0]);
    let compile_time: Option<fn() -> Result<(), String>> = match arguments.as_slice() {
        ["ci"] => Some(check_time::try_out),
        ["bench"] => Some(check_time::measure),
        _ => None,
    };
    let succeeded = (!prepares || run.does("preparation", prepare::prepare))
        && steps.into_iter().all(|step| run.runs(step))
        && compile_time.is_none_or(|measure| run.does("time to compile", measure))
        && run.does("no process is left", leftovers::none_is_left);
    run.report();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
