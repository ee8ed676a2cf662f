//! What the compiler says to a mistake, and that it says nothing without one.
//!
//! Golden errors follow the compiler. On the one they were blessed with they are compared whole;
//! elsewhere, our messages and their lines are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use trybuild::TestCases;
use yardstick_tests::golden::{CompileError, errors};

const BLESSED_WITH: &str = include_str!("../ui/rustc-version.txt");

#[test]
fn fixtures() {
    let cases = TestCases::new();
    cases.pass("ui/pass/*.rs");
    if version().trim() == BLESSED_WITH.trim() {
        cases.compile_fail("ui/fail/*/*.rs");
        return;
    }
    drop(cases);
    let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let _ = fs::remove_dir_all(&copy);
    let fixtures = fixtures_in(Path::new("ui/fail"));
    for fixture in &fixtures {
        let to = copy.join(fixture);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a temporary folder");
        fs::copy(fixture, &to).expect("a readable fixture");
    }
    // In its own process: trybuild reads what to do from the environment.
    let status = Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", "bless_copies"])
        .env("TRYBUILD", "overwrite")
        .env("YARDSTICK_UI_COPIES", &copy)
        .status();
    assert!(status.is_ok_and(|status| status.success()), "some fixture compiles");
    for fixture in fixtures {
        let golden = fixture.with_extension("stderr");
        let (expected, found) = (errors_in(&golden), errors_in(&copy.join(&golden)));
        assert_eq!(found, expected, "{}", fixture.display());
    }
}

/// Not a test of its own: writes what this compiler says to copies of the fixtures.
#[test]
fn bless_copies() {
    if let Some(copies) = std::env::var_os("YARDSTICK_UI_COPIES") {
        TestCases::new().compile_fail(Path::new(&copies).join("ui/fail/*/*.rs"));
    }
}

fn version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("a compiler");
    String::from_utf8(output.stdout).expect("text")
}

fn fixtures_in(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>()
    };
    let mut found: Vec<_> = entries(folder).iter().flat_map(|folder| entries(folder)).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    found.sort();
    found
}

fn errors_in(stderr: &Path) -> Vec<CompileError> {
    errors(&fs::read_to_string(stderr).expect("what the compiler said"))
}
