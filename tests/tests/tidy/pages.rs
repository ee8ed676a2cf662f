//! What the pages promise: the two commands, and links that lead somewhere.

use std::path::Path;

use yardstick_tests::judges::root;

use crate::{expect_none, files, files_with, read};

/// The commands that work on a fresh machine.
const COMMANDS: &[&str] = &["cargo run --example quickstart", "cargo xtask test"];

/// Paths of the machine that something was written on, in two pieces so that this file has none.
const MACHINE_PATHS: &[(&str, &str)] = &[("/wo", "rk"), ("/ro", "ot")];

#[test]
fn the_readme_names_the_two_commands() {
    let readme = read(Path::new("README.md"));
    let missing: Vec<_> =
        COMMANDS.iter().filter(|c| !readme.contains(**c)).map(ToString::to_string).collect();
    expect_none("README.md names the commands to begin with", &missing);
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in files_with("md") {
        let text = read(&page);
        let folder = page.parent().expect("a file is in a folder");
        for link in links(&text) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { folder.join(file) };
            let is_there = root().join(&target).exists();
            if !is_there || !heading.is_empty() && !has_heading(&read(&target), heading) {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    expect_none("links of the pages resolve", &broken);
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    let mut found = Vec::new();
    for path in files() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        for (index, line) in text.lines().enumerate() {
            let names = |(a, b): &(&str, &str)| names_path(line, &format!("{a}{b}"));
            if MACHINE_PATHS.iter().any(names) {
                found.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    expect_none("no file names a path of some machine", &found);
}

/// The targets of a page's links to other files, code left out.
fn links(page: &str) -> Vec<&str> {
    let mut is_code = false;
    let mut found = Vec::new();
    for line in page.lines() {
        is_code ^= line.trim_start().starts_with("```");
        if is_code || line.starts_with("    ") {
            continue;
        }
        // Every second piece is between backticks; of a link whose text is code, the target is not.
        for text in line.split('`').step_by(2) {
            let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets.filter(|target| !target.contains("://") && !target.contains('@')));
        }
        let definition = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
        found.extend(definition.map(|(_, target)| target).filter(|t| !t.contains("://")));
    }
    found
}

fn has_heading(page: &str, anchor: &str) -> bool {
    page.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor)
}

/// The anchor that a forge gives to a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Whether a line has the path, and not a name that merely contains it.
fn names_path(line: &str, path: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '}');
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + path.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

#[test]
fn pages_are_understood() {
    let page = "# Two words, one-two!\nsee [a](a.md#x), [`b`](b.md) and `[c](c.md)`\n```\n[d](d.md)\n\
                ```\n[e](https://e.invalid)\n[f]: f.md\n";
    assert_eq!(links(page), ["a.md#x", "b.md", "f.md"]);
    assert!(has_heading(page, "two-words-one-two"));
    let path = "/home";
    for (line, expected) in [
        ("cd /home/me", true),
        ("\"/home\"", true),
        ("a/home/b", false),
        ("/homely", false),
        ("$HOME, /usr/home", false),
    ] {
        assert_eq!(names_path(line, path), expected, "{line}");
    }
}
