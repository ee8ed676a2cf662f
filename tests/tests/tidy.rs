//! Policy as a test.

use std::{fs, path::PathBuf, process::Command};

use yardstick_tests::judges::root;

/// A file longer than this has two reasons to change.
const LINES_MAX: usize = 500;

fn tracked() -> Vec<String> {
    let output = Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let output = output.expect("the tests run in a checkout");
    String::from_utf8(output.stdout).expect("paths are text").lines().map(str::to_owned).collect()
}

fn sources() -> Vec<(String, String)> {
    let files = tracked().into_iter().filter(|path| path.ends_with(".rs"));
    files
        .filter(|path| !path.starts_with("tests/ui/"))
        .map(|path| {
            let text = fs::read_to_string(root().join(&path)).expect("a source file");
            (path, text)
        })
        .collect()
}

#[test]
fn sources_have_no_leftovers() {
    let sources = sources();
    assert!(sources.len() > 50, "the checkout is complete");
    let markers = [["to", "do!("], ["unimpl", "emented!("], ["db", "g!("], ["#[ig", "nore"]];
    for (path, text) in &sources {
        for marker in markers.map(|parts| parts.concat()) {
            assert!(!text.contains(&marker), "{path} contains `{marker}`");
        }
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX, "{path} has {lines} lines: split it by what changes together");
    }
}

#[test]
fn unsafe_code_of_the_runtime_is_in_its_cells() {
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("runtime/src/")) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let found = code.filter(|line| line.contains("unsafe {") || line.contains("unsafe impl"));
        assert!(
            path.starts_with("runtime/src/cells/") || found.count() == 0,
            "{path} has unsafe code; it belongs to runtime/src/cells"
        );
    }
}

#[test]
fn every_source_file_is_a_module() {
    let sources = sources();
    for (path, _) in sources.iter().filter(|(path, _)| path.contains("/src/")) {
        let file = PathBuf::from(path);
        let stem = file.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let folder = file.parent().expect("a folder");
        if matches!(stem, "lib" | "main") {
            continue;
        }
        let (name, home) = if stem == "mod" {
            (folder.file_name().and_then(|name| name.to_str()).expect("a name"), folder.parent())
        } else {
            (stem, Some(folder))
        };
        let home = home.expect("a folder");
        let is_declared = sources.iter().any(|(other, text)| {
            PathBuf::from(other).parent() == Some(home)
                && (text.contains(&format!("mod {name};"))
                    || text.contains(&format!("#[path = \"{name}.rs\"]")))
        });
        assert!(is_declared, "{path} is reachable from no `mod`");
    }
}

#[test]
fn the_readme_has_the_two_commands_and_its_links_resolve() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    for command in ["cargo run --example quickstart", "cargo xtask test"] {
        assert!(readme.contains(command), "{command}");
    }
    for document in tracked().into_iter().filter(|path| path.ends_with(".md")) {
        let text = fs::read_to_string(root().join(&document)).expect("a document");
        let folder = root().join(&document).parent().map(PathBuf::from).expect("a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let is_local = !link.contains("://") && !link.starts_with('#');
            assert!(!is_local || folder.join(link).exists(), "{document}: {link}");
        }
    }
}

#[test]
fn versions_are_in_step() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(manifest.matches(&format!("version = \"={version}\"")).count(), 3);
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).expect("a changelog");
    assert!(changelog.contains(&format!("## {version} ")));
}
