//! How many instructions each hot path may take. Times differ from one minute to the next; instructions do not, so a
//! path that became dearer is noticed by the submission that made it so.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{
    cargo::{is_ci, root},
    run,
};

/// What counts instructions.
pub(crate) const VALGRIND: &str = "valgrind";

/// The paths of `benches/src/bin/instructions.rs`, and the most instructions of one operation; of the scrapes, of one
/// series. A budget is what was measured on x86-64 when it was set, and at most a tenth more: whoever makes a path cheaper lowers it,
/// whoever must make one dearer raises it and says why in the commit.
const BUDGETS: &[(&str, u64)] = &[
    ("counter-handle", 17),
    ("literal-site", 55),
    ("async-site", 105),
    ("enums-with", 52),
    ("enums-site", 113),
    ("strings-with", 216),
    ("strings-site", 370),
    ("strings-by-name", 1_135),
    ("many-strings-with", 216),
    ("many-strings-site", 370),
    ("many-strings-by-name", 1_135),
    ("histogram-f64", 73),
    ("histogram-ticks", 51),
    ("limited-counter", 119),
    ("track-duration", 160),
    ("track", 279),
    ("track-async", 316),
    ("facade-counter", 440),
    ("off", 38),
    ("off-async", 74),
    ("scrape-1-lane", 410),
    ("scrape-100-lanes", 480),
];

/// Operations of a path: a multiple of the label sets and of the observations that it goes through in turn.
const OPERATIONS: u32 = 24_576;

/// The function of the program in which instructions count, without what prepares them.
const COUNTED: &str = "--toggle-collect=*instructions_are_counted_here*";

/// Prints what each path takes.
pub(crate) fn measure() -> Result<(), String> {
    if let Some(reason) = missing() {
        println!("xtask: instructions are not counted: {reason}");
        return Ok(());
    }
    let counts = count_all()?;
    let figures = counts.into_iter().map(|(path, taken, _)| (path, format!("{taken:.1}")));
    run::note("instructions", &run::object(figures))
}

/// Fails with one message if a path takes more than its budget.
pub(crate) fn hold() -> Result<(), String> {
    if let Some(reason) = missing() {
        if is_ci() {
            return Err(reason);
        }
        println!("xtask: instruction budgets are not checked: {reason}");
        return Ok(());
    }
    compare(&count_all()?)
}

/// Fails with one message for all paths that take more than their budgets.
fn compare(counts: &[(&str, f64, u64)]) -> Result<(), String> {
    let over: Vec<_> = counts
        .iter()
        .filter(|(_, taken, budget)| *taken > *budget as f64)
        .map(|(path, taken, budget)| format!("`{path}` takes {taken:.0} of {budget}"))
        .collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more instructions than budgeted: {}; make them cheaper, or raise BUDGETS in xtask/src/budgets.rs and say why",
        over.join(", ")
    ))
}

/// Why instructions cannot be counted here, or would not be those of the budgets.
fn missing() -> Option<String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Some("the budgets are those of Linux on x86-64".to_owned());
    }
    let answers = Command::new(VALGRIND)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    (!answers).then(|| format!("there is no {VALGRIND}"))
}

/// Each path, what it takes, and its budget.
fn count_all() -> Result<Vec<(&'static str, f64, u64)>, String> {
    println!("instructions per operation; of the scrapes, per series");
    let mut counts = Vec::new();
    for &(path, budget) in BUDGETS {
        let taken = count(path)? as f64 / f64::from(OPERATIONS);
        println!("  {path:<20} {taken:>8.1}  of {budget}");
        counts.push((path, taken, budget));
    }
    Ok(counts)
}

/// The instructions of all operations.
fn count(path: &str) -> Result<u64, String> {
    let output = Command::new(VALGRIND)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", COUNTED])
        .arg(program())
        .args([path, &OPERATIONS.to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {VALGRIND}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")?.1.parse().ok());
    match collected {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(format!("the instructions of `{path}` could not be counted: {said}")),
    }
}

fn program() -> PathBuf {
    root().join("target/benches/release/instructions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_beyond_its_budget_fails() {
        let counts: Vec<_> =
            BUDGETS.iter().map(|(path, budget)| (*path, *budget as f64, *budget)).collect();
        assert_eq!(compare(&counts), Ok(()));
        for at in 0..counts.len() {
            let mut dearer = counts.clone();
            dearer[at].1 += 1.0;
            assert!(compare(&dearer).is_err_and(|message| message.contains(counts[at].0)));
        }
    }
}
