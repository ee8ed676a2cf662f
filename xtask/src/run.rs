//! How steps are run and reported.

use std::{
    process::{Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::{
    cargo::{cargo, has_toolchain, is_ci},
    steps::{Expect, LOWEST_RUST, Step, TABLE},
};

/// What ThreadSanitizer prints when it finds what it is made to find.
const RACE_REPORT: &str = "WARNING: ThreadSanitizer: data race";

/// Where the figures of `bench` are kept, if they are.
static DOCUMENT: OnceLock<String> = OnceLock::new();

/// Has figures kept in a file.
pub(crate) fn keep_in(file: &str) {
    // A command is one run.
    let _ = DOCUMENT.set(file.to_owned());
}

/// Keeps figures under a name, if they are to be kept: text of JSON.
pub(crate) fn note(name: &str, figures: &str) -> Result<(), String> {
    let Some(file) = DOCUMENT.get() else { return Ok(()) };
    let mut table = cargo();
    table.args(TABLE.cargo.split_whitespace()).args(["--", "add", file, name, figures]);
    match table.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("the figures of `{name}` could not be kept")),
    }
}

/// An object of JSON. Names and values are figures of this program's own, which need no escapes.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members = members.into_iter();
    let members = members.map(|(name, value)| match value.as_str() {
        // What a division by nothing gives is no number of JSON.
        "NaN" | "inf" => format!("\"{name}\":null"),
        value => format!("\"{name}\":{value}"),
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// How a step ended.
enum Outcome {
    Passed,
    Failed,
    /// Left out, for this reason.
    Skipped(&'static str),
}

/// The steps that were run so far.
pub(crate) struct Run {
    /// The `cargo xtask` command that runs everything again.
    command: String,
    begin: Instant,
    lines: Vec<(&'static str, Outcome, Duration)>,
}

impl Run {
    pub(crate) fn new(command: &str) -> Self {
        let command = format!("cargo xtask {command}");
        Self { command, begin: Instant::now(), lines: Vec::new() }
    }

    /// Runs a step of xtask's own, and tells whether it succeeded.
    pub(crate) fn does(&mut self, name: &'static str, work: fn() -> Result<(), String>) -> bool {
        let again = self.command.clone();
        self.time(name, &again, || match work() {
            Ok(()) => Outcome::Passed,
            Err(reason) => {
                eprintln!("xtask: {reason}");
                Outcome::Failed
            }
        })
    }

    /// Runs a step, with more arguments for the program that it runs, and tells whether it succeeded or may be left
    /// out.
    pub(crate) fn runs(&mut self, step: &Step, arguments: &[&str]) -> bool {
        self.time(step.name, &line(step, arguments), || run(step, arguments))
    }

    fn time(&mut self, name: &'static str, again: &str, work: impl FnOnce() -> Outcome) -> bool {
        println!("xtask: {name} ...");
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        let succeeded = !matches!(outcome, Outcome::Failed);
        println!("xtask: {name}: {}, {:.1} s", outcome.word(), took.as_secs_f64());
        if !succeeded {
            eprintln!("xtask: `{name}` failed; to run it again: {again}");
        }
        self.lines.push((name, outcome, took));
        succeeded
    }

    /// Prints how long each step took, and names what was left out.
    pub(crate) fn report(&self) {
        println!("xtask: wall time");
        for (name, outcome, took) in &self.lines {
            let reason = match outcome {
                Outcome::Skipped(reason) => format!(": {reason}"),
                Outcome::Passed | Outcome::Failed => String::new(),
            };
            println!("  {:>6.1} s  {:<7}  {name}{reason}", took.as_secs_f64(), outcome.word());
        }
        println!("  {:>6.1} s  in all", self.begin.elapsed().as_secs_f64());
    }
}

impl Outcome {
    const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped(_) => "skipped",
        }
    }
}

fn run(step: &Step, arguments: &[&str]) -> Outcome {
    if step.cargo.starts_with("+nightly") && !has_toolchain("nightly") {
        let reason = "there is no nightly toolchain (`rustup toolchain install nightly`)";
        if is_ci() {
            eprintln!("xtask: {reason}");
            return Outcome::Failed;
        }
        return Outcome::Skipped(reason);
    }
    if step.cargo.starts_with(LOWEST_RUST) && !has_toolchain(&LOWEST_RUST[1..]) {
        return Outcome::Skipped(
            "that toolchain is not here; clippy's `incompatible_msrv` stands in",
        );
    }
    let mut command = cargo();
    command.args(step.cargo.split_whitespace());
    if !arguments.is_empty() {
        command.arg("--").args(arguments);
    }
    for (name, value) in step.env {
        command.env(name, value);
    }
    let succeeded = match step.expect {
        Expect::Success => command.status().is_ok_and(|status| status.success()),
        Expect::RaceReport => reports_a_race(&mut command),
    };
    if succeeded { Outcome::Passed } else { Outcome::Failed }
}

/// Runs what must fail with a report, and prints what it said only if it does not.
fn reports_a_race(command: &mut Command) -> bool {
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("xtask: cannot run cargo: {error}");
            return false;
        }
    };
    let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)];
    let is_reported = said.iter().any(|text| text.contains(RACE_REPORT));
    if is_reported && !output.status.success() {
        return true;
    }
    eprintln!("{}{}xtask: the data race was not reported", said[0], said[1]);
    false
}

/// The step as one would type it in the root.
fn line(step: &Step, arguments: &[&str]) -> String {
    let env: String = step.env.iter().map(|(name, value)| format!("{name}={value:?} ")).collect();
    let separator = if arguments.is_empty() { "" } else { " -- " };
    format!("{env}cargo {}{separator}{}", step.cargo, arguments.join(" "))
}
