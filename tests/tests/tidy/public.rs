//! What users see of the toolkit: a change of it is told in the changelog, and every test and example can be found.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use yardstick_tests::judges::root;

use crate::{code::code, expect_none, files_with, read};

/// The public items, and a digest of the changelog when they were written down.
const ITEMS: &str = "docs/public-items.txt";

const DIGEST: &str = "# changelog ";

/// Rooms whose public items are for generated code alone.
const INTERNAL: &[&str] = &["base", "cells", "site", "exposition", "__private.rs", "facade.rs"];

/// Words between `pub` and what is declared.
const QUALIFIERS: &[&str] = &["const", "async"];

const DECLARATIONS: &[&str] = &["fn", "struct", "enum", "trait", "type", "mod"];

#[test]
fn a_changed_public_item_is_told_in_the_changelog() {
    let digest = format!("{DIGEST}{:016x}", digest(&read(Path::new("CHANGELOG.md"))));
    let mut text = format!("{digest}\n");
    items().iter().for_each(|item| writeln!(text, "{item}").expect("a string"));
    let known = fs::read_to_string(root().join(ITEMS)).unwrap_or_default();
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().filter(|line| !line.starts_with(DIGEST)).map(str::to_owned).collect()
    };
    let (before, after) = (lines(&known), lines(&text));
    if before == after {
        return;
    }
    let changes = before.symmetric_difference(&after).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(
        !known.starts_with(&digest),
        "public items changed; tell of it in CHANGELOG.md:\n  {changes}"
    );
    assert!(
        std::env::var_os("YARDSTICK_BLESS").is_some(),
        "public items changed; if CHANGELOG.md tells of it, bless {ITEMS} with YARDSTICK_BLESS=1:\n  {changes}"
    );
    fs::write(root().join(ITEMS), text).expect("a writable checkout");
}

/// What sources declare as public, by file.
fn items() -> BTreeSet<String> {
    let mut items = BTreeSet::new();
    let folder = Path::new("runtime/src");
    for path in files_with("rs").into_iter().filter(|path| path.starts_with(folder)) {
        let below = path.strip_prefix(folder).expect("it starts with the folder");
        let room = below.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
        if !INTERNAL.contains(&room) {
            items.extend(declared(&read(&path)).map(|item| format!("{}: {item}", below.display())));
        }
    }
    items
}

/// `fn name` and its like, of all that is `pub`.
fn declared(source: &str) -> impl Iterator<Item = String> {
    let source = code(source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default());
    let words: Vec<_> = source.split_whitespace().map(str::to_owned).collect();
    let starts = words.iter().enumerate().filter(|(_, word)| *word == "pub").map(|(at, _)| at + 1);
    let declared = starts.filter_map(|start| {
        let mut words =
            words[start..].iter().skip_while(|word| QUALIFIERS.contains(&word.as_str()));
        let kind = words.next().filter(|word| DECLARATIONS.contains(&word.as_str()))?;
        let name = words.next()?.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
        (!name.starts_with("__")).then(|| format!("{kind} {name}"))
    });
    declared.collect::<Vec<_>>().into_iter()
}

/// FNV-1a: the same in every release of Rust.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn declarations_are_understood() {
    let source = "/// pub fn no()\npub const fn a(b: u8) {}\npub(crate) fn c() {}\n pub struct D<T>(T);\npub use e::f;";
    assert_eq!(declared(source).collect::<Vec<_>>(), ["fn a", "struct D"]);
    assert_eq!(digest("a"), 0xaf63_dc4c_8601_ec8c);
}

#[test]
fn every_test_program_has_a_row_in_its_page() {
    let page = read(Path::new("tests/README.md"));
    let missing: Vec<_> = names_in("tests/tests")
        .into_iter()
        .filter(|name| {
            let family = name.split('_').next().unwrap_or_default();
            let rows = [format!("{name}.rs"), format!("{family}_*.rs"), format!("{family}*.rs")];
            !rows.iter().any(|row| page.contains(row))
        })
        .collect();
    expect_none("every program in tests/tests has a row in tests/README.md", &missing);
}

#[test]
fn every_example_is_named_in_the_readme() {
    let page = read(Path::new("README.md"));
    let mut missing = names_in("examples");
    missing.retain(|name| !page.contains(name.as_str()));
    expect_none("every example is named in README.md", &missing);
}

/// The sources directly in a folder.
fn names_in(folder: &str) -> Vec<String> {
    let sources = files_with("rs").into_iter();
    let sources = sources.filter(|path| path.parent() == Some(Path::new(folder)));
    sources.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}
