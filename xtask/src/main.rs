//! The one door to every check: `cargo xtask test`, `cargo xtask ci`, `cargo xtask soak`, `cargo xtask bench`.

mod check_time;
mod leftovers;
mod mutation;
mod prepare;
mod run;
mod steps;

use std::process::ExitCode;

use crate::{
    run::Run,
    steps::{AFTER_TESTS, BEFORE_TESTS, BENCH, EXAMPLES, SOAK, Step, TESTS},
};

const USAGE: &str = "usage: cargo xtask test | ci | soak | bench

  test   installs the servers that the tests talk to, then runs all tests
  ci     what guards a submission: format, clippy, docs, all tests, sanitizers, the benchmark once
  soak   what takes long: the fuzzers, and every weakening of the lanes' memory orderings against the models
  bench  the comparison with floors and peers, and what the attributes cost the compiler";

/// A step of xtask's own.
type Own = (&'static str, fn() -> Result<(), String>);

const TIME_TO_COMPILE: &str = "time to compile";
const MUTATION: &str = "mutants of the memory orderings";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (prepares, steps): (bool, Vec<&Step>) = match arguments.as_slice() {
        ["test"] => (true, TESTS.iter().chain(EXAMPLES).collect()),
        ["ci"] => {
            (true, BEFORE_TESTS.iter().chain(TESTS).chain(EXAMPLES).chain(AFTER_TESTS).collect())
        }
        ["soak"] => (true, SOAK.iter().collect()),
        ["bench"] => (false, BENCH.iter().collect()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut run = Run::new(arguments[0]);
    let own: &[Own] = match arguments.as_slice() {
        ["ci"] => &[(TIME_TO_COMPILE, check_time::try_out), (MUTATION, mutation::try_share)],
        ["soak"] => &[(MUTATION, mutation::try_all)],
        ["bench"] => &[(TIME_TO_COMPILE, check_time::measure)],
        _ => &[],
    };
    let fuzzes = arguments.as_slice() == ["soak"];
    let succeeded = (!prepares || run.does("preparation", prepare::prepare))
        && (!fuzzes || run.does("preparation of the fuzzers", prepare::prepare_fuzzers))
        && steps.into_iter().all(|step| run.runs(step))
        && own.iter().all(|(name, work)| run.does(name, *work))
        && run.does("no process is left", leftovers::none_is_left);
    run.report();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
