//! One order of modules inside each crate: each imports only from those before it in the list, so there is no circle, and
//! always from the module that defines a name, never through the crate root. `ARCHITECTURE.md` draws these lists.

use std::path::{Path, PathBuf};

use crate::{code::code, expect_none, files_with, read};

/// What a crate shows of itself: it stands above all, and names the root.
const FACES: &[&str] = &["lib", "main", "prelude"];

/// Macros of the runtime that its own expansions call have no other place than the root.
const MACROS: &str = "__yardstick";

/// The folders and files directly below a crate's `src`, the lowest first.
const LAYERS: &[(&str, &[&str])] = &[
    (
        "runtime/src",
        &[
            "base",
            "data",
            "cells",
            "labels",
            "registry",
            "exposition",
            "handle",
            "schema",
            "site",
            "catalog",
            "facade",
            "dynamic",
            "collectors",
            "exporter",
            "tower",
            "axum",
            "stock",
            "span_exemplars",
            "testing",
            "attributes",
            "__private",
            "prelude",
            "lib",
        ],
    ),
    (
        "macros/src",
        &[
            "errors",
            "syntax",
            "rules",
            "kind",
            "docs",
            "buckets",
            "labels",
            "args",
            "inert",
            "krate",
            "owner",
            "function",
            "shape",
            "returns",
            "stack",
            "control_flow",
            "check",
            "expand",
            "instrument",
            "block",
            "attribute",
            "derive",
            "lib",
            "tests",
        ],
    ),
    (
        "model/src",
        &[
            "escape",
            "kind",
            "location",
            "native",
            "nearest",
            "number",
            "text",
            "name",
            "unit",
            "bucket",
            "clean",
            "family",
            "label",
            "unit_claim",
            "lib",
        ],
    ),
    (
        "xtask/src",
        &[
            "cargo",
            "leftovers",
            "steps",
            "run",
            "budgets",
            "prepare",
            "features",
            "tests",
            "check_time",
            "mutation",
            "main",
        ],
    ),
];

#[test]
fn modules_import_from_those_before_them() {
    let mut findings = Vec::new();
    for (folder, layers) in LAYERS {
        let is_of_tests = |path: &Path| path.to_string_lossy().ends_with("_tests.rs");
        let sources = files_with("rs").into_iter().filter(|path| path.starts_with(folder));
        for path in sources.filter(|path| !is_of_tests(path)) {
            let below = path.strip_prefix(folder).expect("it starts with the folder");
            findings.extend(
                findings_in(layers, below, &read(&path))
                    .map(|finding| format!("{}: {finding}", path.display())),
            );
        }
    }
    expect_none("modules import only from those before them in the list of layers", &findings);
}

#[test]
fn every_layer_is_there() {
    let is_there = |folder: &&str, layer: &&str| {
        let (file, room) =
            (Path::new(folder).join(format!("{layer}.rs")), Path::new(folder).join(layer));
        files_with("rs").iter().any(|path| *path == file || path.starts_with(&room))
    };
    let missing = LAYERS.iter().flat_map(|(folder, layers)| {
        layers
            .iter()
            .filter(move |layer| !is_there(folder, layer))
            .map(move |layer| format!("{folder}/{layer}"))
    });
    expect_none("every layer of the list is a module", &missing.collect::<Vec<_>>());
}

/// What is wrong with the imports of one file.
fn findings_in<'l>(
    layers: &'l [&str],
    below: &Path,
    source: &str,
) -> impl Iterator<Item = String> + use<'l> {
    let position = |name: &str| layers.iter().position(|layer| *layer == name);
    let own = layer_of(below);
    let own_at = position(&own);
    let imported = if FACES.contains(&own.as_str()) {
        Vec::new()
    } else {
        imports(&code(without_tests(source)))
    };
    let no_layer = own_at.is_none().then(|| format!("no layer is called `{own}`"));
    let wrong: Vec<_> = imported
        .into_iter()
        .filter(|name| *name != own && !name.starts_with(MACROS))
        .filter_map(|name| match (position(&name), own_at) {
            (None, _) => Some(format!(
                "`crate::{name}` is no module: import it from the one that defines it"
            )),
            (Some(at), Some(own_at)) if at > own_at => {
                Some(format!("`{own}` stands before `{name}`"))
            }
            _ => None,
        })
        .collect();
    no_layer.into_iter().chain(wrong)
}

/// The tests at the end of a file may use what stands above it.
fn without_tests(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
}

fn layer_of(below: &Path) -> String {
    let first = below.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// The first name behind each `crate::` of a source without comments and literals.
fn imports(code: &str) -> Vec<String> {
    let starts = code.match_indices("crate::").filter(|(at, _)| {
        // Neither `$crate::` nor the end of a longer word.
        !code[..*at].ends_with(|c: char| c == '$' || c == '_' || c.is_alphanumeric())
    });
    let mut found = Vec::new();
    for (at, start) in starts {
        let rest = &code[at + start.len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(items(group).iter().map(|item| word(item.trim()))),
            None => found.push(word(rest)),
        }
    }
    found.retain(|name| !name.is_empty());
    found.sort();
    found.dedup();
    found
}

/// The items of a group whose brace is open, up to the one that closes it.
fn items(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0_u32, vec![String::new()]);
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if let Some(item) = items.last_mut() {
            item.push(c);
        }
    }
    items
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn an_import_from_above_and_one_through_the_root_are_found() {
    let found = |below: &str, source: &str| -> Vec<String> {
        findings_in(&["base", "cells", "registry"], &PathBuf::from(below), source).collect()
    };
    assert!(found("registry/mod.rs", "use crate::{base::A, cells::{B, C}};").is_empty());
    assert!(found("cells.rs", "// crate::registry\nfn f() { crate::base::a() }").is_empty());
    assert!(found("base.rs", "macro_rules! m { () => { $crate::registry::X } }").is_empty());
    assert_eq!(
        found("base/a.rs", "use crate::{cells::{A, B}, base::C};"),
        ["`base` stands before `cells`"]
    );
    assert_eq!(
        found("cells/a.rs", "use crate::{Counter, base::C};"),
        ["`crate::Counter` is no module: import it from the one that defines it"]
    );
    assert_eq!(found("other.rs", ""), ["no layer is called `other`"]);
}
