//! What the models would not notice: the lanes' files are weakened one ordering at a time, and each weakening must make
//! a model fail.
//!
//! Invariant: a mutant that no model notices fails the run, unless it is listed, with its reason, among those that
//! nothing can notice; and what is listed but noticed, or not there, fails the run as well.

mod equivalents;
mod mutant;
mod scratch;

use std::{collections::BTreeSet, fs};

use self::{
    equivalents::Equivalent,
    mutant::Mutant,
    scratch::{Scratch, Verdict},
};
use crate::cargo::root;

/// Where the files that are weakened are, and in which folders.
const SOURCES: &str = "runtime/src";
const FOLDERS: &[&str] = &["base", "cells"];

/// One mutant in so many is tried where there is little time, always the same ones.
const SHARE: u64 = 3;

/// Changing it makes the share another one.
const SEED: u64 = 1;

/// Tries the share of all mutants that fits a submission.
pub(crate) fn try_share() -> Result<(), String> {
    run(|mutant| mutant.digest(SEED).is_multiple_of(SHARE))
}

/// Tries all mutants.
pub(crate) fn try_all() -> Result<(), String> {
    run(|_| true)
}

fn run(is_tried: impl Fn(&Mutant) -> bool) -> Result<(), String> {
    let all = all_mutants()?;
    let equivalents = equivalents::read(&root().join(equivalents::FILE))?;
    let scratch = Scratch::new()?;
    scratch.expect_to_notice(all.first().ok_or("there is nothing to weaken")?)?;
    let tried: Vec<&Mutant> = all.iter().filter(|mutant| is_tried(mutant)).collect();
    println!("xtask: {} of {} mutants", tried.len(), all.len());
    report(&all, &tried, &equivalents, |mutant| scratch.judge(mutant))
}

fn all_mutants() -> Result<Vec<Mutant>, String> {
    let mut paths = Vec::new();
    for folder in FOLDERS {
        let path = root().join(SOURCES).join(folder);
        let entries = fs::read_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        paths.extend(entries.filter_map(|entry| Some((*folder, entry.ok()?.path()))));
    }
    paths.sort();
    let mut all = Vec::new();
    for (folder, path) in paths {
        let source = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        all.extend(mutant::mutants(&format!("{folder}/{name}"), &source));
    }
    Ok(all)
}

/// Tries each mutant, prints what became of it, and fails with all that was not as it should be.
fn report(
    all: &[Mutant],
    tried: &[&Mutant],
    equivalents: &[Equivalent],
    judge: impl Fn(&Mutant) -> Result<Verdict, String>,
) -> Result<(), String> {
    let known: BTreeSet<_> = all.iter().map(Mutant::key).collect();
    let stale = equivalents.iter().filter(|equivalent| !known.contains(&equivalent.key));
    let mut wrong: Vec<_> =
        stale.map(|stale| format!("listed as equivalent, and not there: {}", stale.key)).collect();
    for mutant in tried {
        let is_listed = equivalents.iter().any(|equivalent| equivalent.key == mutant.key());
        let verdict = judge(mutant)?;
        let word = match (verdict, is_listed) {
            (Verdict::Killed, false) => "killed",
            (Verdict::Survived, true) => "equivalent",
            (Verdict::Survived, false) => "SURVIVED",
            (Verdict::Killed, true) => "KILLED, though listed as equivalent",
        };
        println!("  {word:<10}  {mutant}");
        if (verdict == Verdict::Killed) == is_listed {
            wrong.push(format!("{word}: {mutant}"));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let what = "write a model that notices it, or list it with the reason why nothing can";
    Err(format!("{}\n({what}, in {})", wrong.join("\n"), equivalents::FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str =
        "fn publish(word: &AtomicU64) {\n    word.store(1, Ordering::Release);\n}\n";

    fn outcome(equivalents: &[Equivalent], verdict: Verdict) -> Result<(), String> {
        let all = mutant::mutants("lane.rs", SOURCE);
        let tried: Vec<_> = all.iter().collect();
        assert_eq!(tried.len(), 1);
        report(&all, &tried, equivalents, |_| Ok(verdict))
    }

    fn listed(change: &str) -> Equivalent {
        let key = format!("lane.rs: word.store(1, Ordering::Release); {change}");
        Equivalent { key }
    }

    #[test]
    fn a_mutant_that_no_model_notices_fails_the_run() {
        let error = outcome(&[], Verdict::Survived).expect_err("it survived");
        assert!(error.starts_with("SURVIVED: lane.rs:2: word.store(1, "), "{error}");
        assert_eq!(outcome(&[], Verdict::Killed), Ok(()));
    }

    #[test]
    fn the_list_holds_what_survives_and_nothing_else() {
        let listed = [listed("Release -> Relaxed")];
        assert_eq!(outcome(&listed, Verdict::Survived), Ok(()));
        assert!(outcome(&listed, Verdict::Killed).is_err_and(|e| e.contains("though listed")));
        let stale = [self::listed("Acquire -> Relaxed")];
        assert!(outcome(&stale, Verdict::Killed).is_err_and(|e| e.contains("not there")));
    }

    #[test]
    fn the_share_is_some_of_all() {
        let all = all_mutants().expect("readable files");
        let share = all.iter().filter(|mutant| mutant.digest(SEED).is_multiple_of(SHARE)).count();
        assert!(all.len() > 20 && share > 3 && share < all.len() / 2, "{share} of {}", all.len());
        equivalents::read(&root().join(equivalents::FILE)).expect("a readable list");
    }
}
