//! What Rust sources may contain.

use std::path::Path;

use crate::{
    code::{code, words},
    expect_none, files_with, read,
};

/// A file of more lines has more than one reason to change.
const LINES_MAX: usize = 500;

/// Where the word is needed, and why nothing else will do.
const UNSAFE_ALLOWED: &[(&str, &str)] = &[
    (
        "runtime/src/cells",
        "the lanes: the one place that is model-checked and run under sanitizers",
    ),
    ("runtime/src/base/fork.rs", "the handlers of a fork"),
    ("runtime/src/site/pinned.rs", "what every annotated function reads with one load"),
    ("runtime/src/site/link.rs", "only the linker knows where the list of sites begins and ends"),
    ("benches/src", "the floors, such as a bare time-stamp counter"),
    ("tests/shapes/shapes/unsafe_fns.rs", "users' unsafe functions stay unsafe"),
    ("tests/tests/allocator_site.rs", "a global allocator that is annotated"),
    ("tests/tests/counting", "an allocator that counts"),
    ("tests/model-check/src", "the runtime's own files, and what loom watches"),
    ("tests/tests/failing_allocator.rs", "a global allocator that fails"),
    ("tests/tests/forks.rs", "a fork"),
    ("tests/tests/recording_places.rs", "a global allocator that records"),
    ("tests/tests/thread_sanitizer.rs", "a race on purpose"),
    ("tests/ui/fail/any/on_naked_function.rs", "users' naked functions are refused"),
    ("tests/ui/pass/unsafe_functions.rs", "users' unsafe functions stay unsafe"),
];

/// The findings of a check that reads one line of code at a time.
fn findings(check: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for path in files_with("rs") {
        for (index, line) in code(&read(&path)).lines().enumerate() {
            if check(&path, line) {
                findings.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    findings
}

#[test]
fn nothing_is_left_to_do() {
    let drafts = ["todo!", "dbg!", "unimplemented!"];
    let is_draft = |_: &Path, line: &str| drafts.iter().any(|draft| line.contains(draft));
    expect_none("sources are finished", &findings(is_draft));
}

#[test]
fn no_test_is_ignored() {
    let is_ignored = |_: &Path, line: &str| line.contains("#[ignore");
    expect_none("a test that is not run proves nothing", &findings(is_ignored));
}

#[test]
fn unsafe_code_stays_where_it_is_checked() {
    let is_unsafe = |line: &str| words(line).any(|word| word == "unsafe");
    let elsewhere = |path: &Path, line: &str| {
        is_unsafe(line) && !UNSAFE_ALLOWED.iter().any(|(allowed, _)| path.starts_with(allowed))
    };
    expect_none("no unsafe code outside the lanes and the list of sites", &findings(elsewhere));
    let stale = UNSAFE_ALLOWED.iter().filter(|(allowed, _)| {
        findings(|path, line| path.starts_with(allowed) && is_unsafe(line)).is_empty()
    });
    let stale: Vec<_> = stale.map(|(allowed, _)| (*allowed).to_owned()).collect();
    expect_none("an exception that is not needed goes", &stale);
}

#[test]
fn files_are_short() {
    let lengths = files_with("rs").into_iter().map(|path| (read(&path).lines().count(), path));
    let long = lengths.filter(|(lines, _)| *lines > LINES_MAX);
    let long: Vec<_> = long.map(|(lines, path)| format!("{}: {lines}", path.display())).collect();
    expect_none(&format!("a source file has at most {LINES_MAX} lines"), &long);
}
