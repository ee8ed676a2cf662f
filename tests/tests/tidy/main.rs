//! The project's policy as tests: what a reviewer would otherwise have to say again and again.

mod code;
mod layers;
mod manifests;
mod modules;
mod pages;
mod public;
mod sources;

use std::{
    fs,
    path::{Path, PathBuf},
};

use yardstick_tests::judges::root;

/// Folders whose files nobody wrote.
const GENERATED: &[&str] = &["target", ".git"];

/// All files of the project, below the root, in one order.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root(), &mut found);
    let root = root();
    let mut found: Vec<_> =
        found.iter().filter_map(|path| Some(path.strip_prefix(&root).ok()?.to_owned())).collect();
    found.sort();
    assert!(found.len() > 50, "the project's files were not found: {found:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let is_folder = entry.file_type().expect("a readable entry").is_dir();
        let is_generated = GENERATED.iter().any(|name| entry.file_name() == *name);
        match (is_generated, is_folder) {
            (true, _) => {}
            (false, true) => collect(&entry.path(), found),
            (false, false) => found.push(entry.path()),
        }
    }
}

/// The files that end in `.extension`.
fn files_with(extension: &str) -> Vec<PathBuf> {
    let has = |path: &PathBuf| path.extension().is_some_and(|found| found == extension);
    files().into_iter().filter(has).collect()
}

/// The text of a file below the root.
fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Fails with all findings at once.
fn expect_none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}
