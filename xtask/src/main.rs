//! The one door to every check: `cargo xtask test`, `cargo xtask ci`, `cargo xtask soak`, `cargo xtask bench`.

mod budgets;
mod cargo;
mod check_time;
mod features;
mod leftovers;
mod mutation;
mod prepare;
mod run;
mod steps;
mod tests;

use std::process::ExitCode;

use crate::{
    run::Run,
    steps::{
        AFTER_TESTS, BEFORE_TESTS, BENCH, BUILD_BENCH, COMPARE, DOOR, EXAMPLES, SCRAPES, SOAK,
        TABLE, TESTS,
    },
};

const USAGE: &str = "usage: cargo xtask test | ci | soak | bench [ARGUMENTS]

  test   installs the servers that the tests talk to, then runs all tests
  ci     what guards a submission: format, clippy, docs, all tests, sanitizers, the benchmark once, instruction budgets
  soak   what takes long: the fuzzers, and every weakening of the lanes' memory orderings against the models
  bench  the comparison with floors and peers, and what the attributes cost the compiler; the arguments are those of the
          comparison, such as --json FILE, --svg DIR, --only PATTERN (see benches/README.md);
          --table FILE alone fills the tables of docs/performance.md with what --json FILE has kept";

const MUTATION: &str = "mutants of the memory orderings";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let is_done = match arguments.as_slice() {
        ["test"] => test as fn(&mut Run, &[&str]) -> bool,
        ["ci"] => ci,
        ["soak"] => soak,
        ["bench", ..] => bench,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut run = Run::new(arguments[0]);
    let succeeded = is_done(&mut run, &arguments[1..])
        && run.does("no process is left", leftovers::none_is_left);
    run.report();
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn test(run: &mut Run, _: &[&str]) -> bool {
    run.does("preparation", prepare::prepare) && all_tests(run)
}

fn all_tests(run: &mut Run) -> bool {
    run.does("tests", tests::of_workspace)
        && run.does("tests of optional features", tests::of_optional_features)
        && TESTS.iter().chain(EXAMPLES).all(|step| run.runs(step, &[]))
}

fn ci(run: &mut Run, _: &[&str]) -> bool {
    run.does("preparation", prepare::prepare_for_ci)
        && BEFORE_TESTS.iter().all(|step| run.runs(step, &[]))
        && all_tests(run)
        && run.does("each feature alone, and all without it", features::alone_and_left_out)
        && run.does("lowest releases of dependencies", features::minimal_versions)
        && run.does("what checks dependencies", prepare::prepare_deny)
        && DOOR.iter().chain(AFTER_TESTS).all(|step| run.runs(step, &[]))
        && run.does("instruction budgets", budgets::hold)
        && run.does("time to compile", check_time::try_out)
        && run.does(MUTATION, mutation::try_share)
}

fn soak(run: &mut Run, _: &[&str]) -> bool {
    run.does("preparation", prepare::prepare)
        && run.does("preparation of the fuzzers", prepare::prepare_fuzzers)
        && SOAK.iter().all(|step| run.runs(step, &[]))
        && run.does("every two features", features::every_two)
        && run.does(MUTATION, mutation::try_all)
}

fn bench(run: &mut Run, arguments: &[&str]) -> bool {
    if let ["--table", file] = arguments {
        return run.runs(&TABLE, &[file]);
    }
    let file = arguments.iter().skip_while(|argument| **argument != "--json").nth(1);
    let document = file.map_or_else(Vec::new, |file| vec!["--json", file]);
    file.into_iter().for_each(|file| run::keep_in(file));
    if !(run.does("preparation", prepare::prepare_for_bench)
        && run.runs(&BUILD_BENCH, &[])
        && run.runs(&COMPARE, arguments))
    {
        return false;
    }
    // Who asks for a few rows does not wait for the compiler.
    arguments.contains(&"--only")
        || BENCH.iter().all(|step| run.runs(step, &document))
            && run.runs(&SCRAPES, &[])
            && run.does("instructions", budgets::measure)
            && run.does("time to compile", check_time::measure)
}
