//! The library with other features and other releases of its dependencies than the workspace has.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use crate::cargo::{cargo, root};

/// The features of the library, but `default`, and `off`, which is tested by itself.
const FEATURES: &[&str] = &[
    "http",
    "tower",
    "axum",
    "stock",
    "tracing",
    "tls",
    "exemplars",
    "process",
    "tokio",
    "build-info",
    "testing",
];

/// Compiles the library with none, with each feature alone, and with all but each.
pub(crate) fn alone_and_left_out() -> Result<(), String> {
    let mut sets = BTreeSet::from([Vec::new()]);
    for feature in FEATURES {
        sets.insert(vec![*feature]);
        sets.insert(FEATURES.iter().copied().filter(|other| other != feature).collect());
    }
    sets.iter().try_for_each(|set| check(set))
}

/// Compiles the library with every two features.
pub(crate) fn every_two() -> Result<(), String> {
    let twos = FEATURES.iter().enumerate().flat_map(|(index, first)| {
        FEATURES[index + 1..].iter().map(move |second| [*first, *second])
    });
    twos.into_iter().try_for_each(|two| check(&two))
}

fn check(features: &[&str]) -> Result<(), String> {
    let features = features.join(",");
    let mut command = cargo();
    command.args(["check", "--quiet", "--locked", "--package", "yardstick", "--lib"]);
    command.args(["--no-default-features", "--features", &features]).env("RUSTFLAGS", "-Dwarnings");
    succeed(command.args(["--target-dir", "target/features"]), &format!("features `{features}`"))
}

/// Compiles a copy of the workspace, in which each dependency is of the lowest release that a manifest of ours allows.
pub(crate) fn minimal_versions() -> Result<(), String> {
    let folder = root().join("target/minimal-versions");
    copy_sources(&folder)?;
    let lock = ["+nightly", "generate-lockfile", "--quiet", "-Z", "direct-minimal-versions"];
    succeed(cargo().args(lock).current_dir(&folder), "the lowest releases")?;
    let mut command = cargo();
    command.args(["check", "--quiet", "--package", "yardstick", "--lib", "--features"]);
    command.arg(FEATURES.join(",")).current_dir(&folder);
    succeed(&mut command, "the library with the lowest releases")
}

/// Writes what git knows of the workspace; unchanged files keep their time, so that a second run has little to build.
fn copy_sources(folder: &Path) -> Result<(), String> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = listed.map_err(|error| format!("cannot run git: {error}"))?;
    for path in String::from_utf8_lossy(&listed.stdout).split('\0') {
        let (from, to) = (root().join(path), folder.join(path));
        let is_wanted = [".rs", ".toml", ".md", ".txt"].iter().any(|end| path.ends_with(end));
        let Ok(text) = fs::read(&from) else { continue };
        if !is_wanted || fs::read(&to).is_ok_and(|known| known == text) {
            continue;
        }
        let parent = to.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&to, text))
            .map_err(|error| format!("cannot write {}: {error}", to.display()))?;
    }
    Ok(())
}

fn succeed(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{what}: cargo failed")),
        Err(error) => Err(format!("cannot run cargo: {error}")),
    }
}
