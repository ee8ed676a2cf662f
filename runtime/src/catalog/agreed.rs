//! A catalog that was agreed on, as a file beside the code: what changed, and whether that breaks queries.

use std::{fmt::Write as _, fs};

use super::{
    json,
    program::{Catalog, catalog},
};

/// What writes the file anew.
const BLESS: &str = "YARDSTICK_BLESS";

/// Fields of a metric that queries depend on; a change of any other breaks none.
const CONTRACT: &[&str] = &["kind", "unit", "labels", "le"];

/// Fails unless the program's [`catalog`] is the one in the file; see [`catalog_test!`](crate::catalog_test).
///
/// # Panics
///
/// If it is not, with what changed and whether that breaks queries; or if the file cannot be read or written.
#[doc(hidden)]
pub fn assert_agreed(path: &str, package: &str, version: &str) {
    let catalog = catalog().with_package(package, version);
    assert!(
        catalog.iter().next().is_some(),
        "the catalog is empty: this test program has no attributes and no listed schemas; place `catalog_test!` in the \
         crate that has them"
    );
    if std::env::var_os(BLESS).is_some() {
        let written = fs::write(path, json::render(&catalog));
        written.unwrap_or_else(|error| panic!("cannot write {path}: {error}"));
        return;
    }
    let agreed = fs::read_to_string(path).unwrap_or_else(|error| {
        panic!("cannot read {path}: {error}; write it with `{BLESS}=1 cargo test`")
    });
    let changes = changes(&agreed, &catalog);
    assert!(
        changes.is_empty(),
        "the catalog is another one than {path}; if that is meant, write it with `{BLESS}=1 cargo test`\n{changes}"
    );
}

/// One line for each change, those that break queries first.
fn changes(agreed: &str, catalog: &Catalog) -> String {
    let (mut breaking, mut others) = (String::new(), String::new());
    let lines: Vec<&str> =
        agreed.lines().map(|line| line.trim_end_matches([',', ']', '}'])).collect();
    let line_of = |name: &str| {
        let start = format!("{{\"name\":\"{name}\",");
        lines.iter().find(|line| line.starts_with(&start))
    };
    for metric in catalog {
        let Some(line) = line_of(&metric.name) else {
            // Writing to a string cannot fail.
            let _ = writeln!(others, "new: `{}`", metric.name);
            continue;
        };
        for (field, value) in json::fields(metric).into_iter().filter(|(field, _)| is_stable(field))
        {
            if line.contains(&format!("\"{field}\":{value}")) {
                continue;
            }
            let (list, word) = if CONTRACT.contains(&field) {
                (&mut breaking, "breaks queries")
            } else {
                (&mut others, "changed")
            };
            let _ = writeln!(list, "{word}: `{}` has {field} {value}", metric.name);
        }
    }
    let names =
        lines.iter().filter_map(|line| line.strip_prefix("{\"name\":\"")?.split('"').next());
    for name in names.filter(|name| catalog.get(name).is_none()) {
        let _ = writeln!(breaking, "breaks queries: `{name}` is gone");
    }
    breaking + &others
}

/// Whether a field changes only when the metric does: lines move with every edit, and zeroes with the number of functions.
fn is_stable(field: &str) -> bool {
    !["location", "series"].contains(&field)
}

#[cfg(test)]
mod tests {
    use yardstick_model::Unit;

    use super::*;
    use crate::registry::Registry;

    #[test]
    fn changes_say_whether_they_break_queries() {
        let registry = Registry::new();
        registry.counter("orders").labels(["method"]).help("Orders.").register().expect("a name");
        let lag = registry.histogram("lag").unit(Unit::Seconds).buckets(&[0.1, 1.0]).help("Lag.");
        lag.register().expect("a name");
        let agreed = Catalog::of(&registry);
        assert_eq!(changes(&json::render(&agreed), &agreed), "");

        let registry = Registry::new();
        registry.gauge("depth").help("Depth.").register().expect("a name");
        let lag = registry.histogram("lag").unit(Unit::Seconds).buckets(&[0.1, 2.0]).help("Waits.");
        lag.register().expect("a name");
        assert_eq!(
            changes(&json::render(&agreed), &Catalog::of(&registry)),
            "breaks queries: `lag_seconds` has le [\"0.1\",\"2.0\",\"+Inf\"]\n\
             breaks queries: `orders_total` is gone\n\
             new: `depth`\n\
             changed: `lag_seconds` has help \"Waits.\"\n\
             changed: `lag_seconds` has buckets [0.1,2]\n"
        );
    }
}
