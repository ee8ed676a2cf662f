//! That every source file is compiled: a file that no `mod` names looks like code and is none.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use yardstick_tests::judges::root;

use crate::{expect_none, files_with, read};

/// Rust files that no crate contains, and what they are for.
const NOT_IN_A_CRATE: &[(&str, &str)] = &[
    ("macros/tests/expand", "snapshots of expansions"),
    ("tests/shapes/shapes", "shapes, which the build script of that package compiles"),
    ("tests/tests/link_time", "crates that the test of that name builds"),
    ("tests/ui", "fixtures, which the test of that name compiles one by one"),
];

/// The files that Cargo compiles by itself, below a package's folder; `*` is one name.
const ROOTS: &[&str] = &[
    "build.rs",
    "src/lib.rs",
    "src/main.rs",
    "src/bin/*.rs",
    "src/bin/*/main.rs",
    "tests/*.rs",
    "tests/*/main.rs",
    "examples/*.rs",
    "examples/*/main.rs",
    "benches/*.rs",
];

#[test]
fn every_source_file_is_reached() {
    let sources: BTreeSet<PathBuf> = files_with("rs").into_iter().collect();
    let mut reached = BTreeSet::new();
    for manifest in files_with("toml") {
        if manifest.file_name().is_some_and(|name| name == "Cargo.toml") {
            for root in roots(&manifest, &sources) {
                reach(&root, &sources, &mut reached);
            }
        }
    }
    let missed = sources.difference(&reached);
    let missed =
        missed.filter(|path| !NOT_IN_A_CRATE.iter().any(|(folder, _)| path.starts_with(folder)));
    let missed: Vec<_> = missed.map(|path| path.display().to_string()).collect();
    expect_none("every source file is named by a `mod`", &missed);
}

/// The roots of a package's targets.
fn roots(manifest: &Path, sources: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let folder = manifest.parent().expect("a file is in a folder");
    let text = read(manifest);
    let named: Vec<PathBuf> = text
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix("\""))
        .map(|path| folder.join(path))
        .collect();
    let is_root = |path: &&PathBuf| {
        let below = path.strip_prefix(folder).ok();
        named.contains(*path) || below.is_some_and(|below| ROOTS.iter().any(|r| matches(r, below)))
    };
    sources.iter().filter(is_root).cloned().collect()
}

fn matches(pattern: &str, path: &Path) -> bool {
    let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
    let patterns: Vec<_> = pattern.split('/').collect();
    parts.len() == patterns.len()
        && parts.iter().zip(patterns).all(|(part, pattern)| match pattern.strip_prefix('*') {
            Some(end) => part.ends_with(end),
            None => *part == pattern,
        })
}

/// Adds a file and all modules below it.
fn reach(path: &Path, sources: &BTreeSet<PathBuf>, reached: &mut BTreeSet<PathBuf>) {
    if !reached.insert(path.to_owned()) {
        return;
    }
    let folder = path.parent().expect("a file is in a folder");
    let stem = path.file_stem().expect("a file has a name");
    // Modules of `a.rs` are in `a/`, unless it is the root of a crate or a `mod.rs`.
    let is_root = ["lib", "main", "mod", "build"].iter().any(|name| stem == *name)
        || folder.file_name().is_some_and(|name| name == "tests" || name == "examples");
    let own = if is_root { folder.to_owned() } else { folder.join(stem) };
    for module in modules(&read(path)) {
        let candidates = match module {
            Module::Named(name) => {
                vec![own.join(format!("{name}.rs")), own.join(&name).join("mod.rs")]
            }
            Module::At(path) => vec![folder.join(path)],
        };
        for candidate in candidates.iter().map(|path| normalised(path)) {
            if sources.contains(&candidate) {
                reach(&candidate, sources, reached);
            }
        }
    }
}

/// A module in a file of its own.
#[derive(Debug, PartialEq, Eq)]
enum Module {
    Named(String),
    /// With a `#[path]`, or included as it is.
    At(String),
}

fn modules(source: &str) -> Vec<Module> {
    let mut found = Vec::new();
    let mut path = None;
    for line in source.lines().map(str::trim) {
        let quoted = || line.split('"').nth(1).map(str::to_owned);
        if line.starts_with("#[path = ") {
            path = quoted();
        } else if line.contains("include!(") || line.contains("include_str!(") {
            found.extend(quoted().map(Module::At));
        } else if let Some((before, name)) =
            line.strip_suffix(';').and_then(|l| l.split_once("mod "))
            && (before.is_empty() || before.starts_with("pub") || before.starts_with("#["))
        {
            found.push(path.take().map_or_else(|| Module::Named(name.to_owned()), Module::At));
        }
    }
    found
}

/// Without `..`, and below the root.
fn normalised(path: &Path) -> PathBuf {
    let mut normalised = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(normalised.pop(), "{} leaves the root", path.display()),
            part => normalised.push(part),
        }
    }
    normalised.strip_prefix(root()).map(Path::to_owned).unwrap_or(normalised)
}

#[test]
fn declarations_are_understood() {
    let source = "mod a;\npub(crate) mod b;\n#[cfg(test)]\n#[path = \"c_tests.rs\"]\nmod tests;\n\
                  // mod d;\nmod e {\n    mod f;\n}\nlet x = include_str!(\"../g.rs\");\nmod h;";
    let named = |name: &str| Module::Named(name.to_owned());
    let at = |path: &str| Module::At(path.to_owned());
    assert_eq!(
        modules(source),
        [named("a"), named("b"), at("c_tests.rs"), named("f"), at("../g.rs"), named("h")]
    );
    assert!(matches("tests/*/main.rs", Path::new("tests/tidy/main.rs")));
    assert!(!matches("tests/*.rs", Path::new("tests/tidy/main.rs")));
    assert_eq!(normalised(Path::new("a/b/../../c/d.rs")), Path::new("c/d.rs"));
}
