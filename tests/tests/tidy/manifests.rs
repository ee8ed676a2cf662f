//! What the manifests agree on.

use std::path::{Path, PathBuf};

use crate::{expect_none, files_with, read};

/// Dependencies that every reader in this field knows; all others say what they are for.
const WELL_KNOWN: &[&str] = &[
    "http-body-util",
    "hyper",
    "libc",
    "loom",
    "metrics",
    "metrics-exporter-prometheus",
    "proc-macro2",
    "proptest",
    "quote",
    "serde_json",
    "syn",
    "thiserror",
    "tokio",
    "trybuild",
];

/// A line that names a dependency.
struct Dependency<'a> {
    name: &'a str,
    line: &'a str,
    /// Whether the line above is a comment.
    is_explained: bool,
}

fn manifests() -> Vec<PathBuf> {
    let is_manifest = |path: &PathBuf| path.file_name().is_some_and(|name| name == "Cargo.toml");
    files_with("toml").into_iter().filter(is_manifest).collect()
}

/// The lines of one section, without its header.
fn section<'a>(manifest: &'a str, header: &str) -> impl Iterator<Item = &'a str> {
    let lines = manifest.lines().skip_while(move |line| *line != header).skip(1);
    lines.take_while(|line| !line.starts_with('['))
}

/// The string that a line gives to a key, also within an inline table.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!("{key} = \""))?;
    rest.split('"').next()
}

fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let (mut is_section, mut is_explained) = (false, false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            let header = line.trim_matches(['[', ']']);
            is_section = header.ends_with("dependencies");
            if let Some((_, name)) = header.split_once("dependencies.") {
                found.push(Dependency { name, line, is_explained });
            }
        } else if is_section && let Some((key, _)) = line.split_once('=') {
            let name = key.trim().trim_end_matches(".workspace");
            found.push(Dependency { name, line, is_explained });
        }
        is_explained = line.starts_with('#');
    }
    found
}

#[test]
fn versions_are_in_step() {
    let workspace = read(Path::new("Cargo.toml"));
    let version = section(&workspace, "[workspace.package]")
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .expect("the workspace has a version");
    let mut wrong = Vec::new();
    for line in section(&workspace, "[workspace.dependencies]").filter(|l| l.contains("path = ")) {
        if value(line, "version") != Some(&format!("={version}")) {
            wrong.push(format!("Cargo.toml: {line}"));
        }
    }
    for path in manifests() {
        let manifest = read(&path);
        let lines = section(&manifest, "[package]").filter(|line| line.starts_with("version"));
        let own = format!("version = \"{version}\"");
        for line in lines.filter(|line| *line != "version.workspace = true" && *line != own) {
            wrong.push(format!("{}: {line}", path.display()));
        }
    }
    for path in files_with("lock") {
        let lock = read(&path);
        for package in lock.split("\n\n").filter(|text| text.contains("name = \"yardstick")) {
            if !package.contains(&format!("\nversion = \"{version}\"")) {
                wrong.push(format!("{}: {package}", path.display()));
            }
        }
    }
    for path in files_with("md") {
        // A user copies these lines.
        for line in read(&path).lines().filter(|line| line.trim_start().starts_with("yardstick")) {
            let asked = value(line, "version").or_else(|| value(line, "yardstick"));
            if asked.is_some_and(|asked| !version.starts_with(asked)) {
                wrong.push(format!("{}: {line}", path.display()));
            }
        }
    }
    if !read(Path::new("CHANGELOG.md")).lines().any(|l| l.starts_with(&format!("## {version} "))) {
        wrong.push("CHANGELOG.md: it has no section of this version".to_owned());
    }
    expect_none(&format!("every version is {version}"), &wrong);
}

#[test]
fn every_package_is_a_member_or_left_out_on_purpose() {
    let workspace = read(Path::new("Cargo.toml"));
    let listed: Vec<&str> = section(&workspace, "[workspace]").collect();
    let listed = listed.join(" ");
    let folders = manifests().into_iter().filter_map(|path| Some(path.parent()?.to_owned()));
    let folders = folders.map(|folder| folder.display().to_string().replace('\\', "/"));
    let is_missing =
        |folder: &String| !folder.is_empty() && !listed.contains(&format!("\"{folder}\""));
    let missing: Vec<_> = folders.filter(is_missing).collect();
    expect_none("every package is listed in the workspace", &missing);
}

#[test]
fn dependencies_say_what_they_are_for() {
    let mut silent = Vec::new();
    for path in manifests() {
        for dependency in dependencies(&read(&path)) {
            let Dependency { name, line, is_explained } = dependency;
            let is_ours = name.starts_with("yardstick");
            if !is_explained && !is_ours && !WELL_KNOWN.contains(&name) {
                silent.push(format!("{}: {line}", path.display()));
            }
        }
    }
    expect_none("a dependency with a less known name has a comment above it", &silent);
}

#[test]
fn manifests_are_understood() {
    let manifest = "[package]\nname = \"a\"\n\n[dependencies]\nb = \"1\"\n# Why.\nc.workspace = true\n\n\
                    # Why.\n[target.'cfg(unix)'.dependencies.d]\nversion = \"1\"\n\
                    [dev-dependencies]\ne = { version = \"2\" }\n";
    let found: Vec<_> =
        dependencies(manifest).iter().map(|found| (found.name, found.is_explained)).collect();
    assert_eq!(found, [("b", false), ("c", true), ("d", true), ("e", false)]);
    assert_eq!(value("e = { path = \"x\", version = \"=2\" }", "version"), Some("=2"));
    assert_eq!(section(manifest, "[package]").next(), Some("name = \"a\""));
}

#[test]
fn the_lowest_rust_is_the_one_that_is_tried() {
    let workspace = read(Path::new("Cargo.toml"));
    let lowest = section(&workspace, "[workspace.package]").find_map(|l| value(l, "rust-version"));
    let lowest = lowest.expect("the workspace declares a lowest Rust");
    let steps = read(Path::new("xtask/src/steps.rs"));
    assert!(steps.contains(&format!("\"+{lowest}.0\"")), "xtask/src/steps.rs tries {lowest}");
    let page = read(Path::new("CONTRIBUTING.md"));
    assert!(page.contains(&format!("Rust {lowest}")), "CONTRIBUTING.md tells of Rust {lowest}");
}
