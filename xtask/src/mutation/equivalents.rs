//! The list of mutants that no model can notice, each with its reason.

use std::{fs, path::Path};

/// Where it is, below the root.
pub(super) const FILE: &str = "tests/model-check/equivalent-mutants.txt";

/// A mutant that nothing can notice.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Equivalent {
    pub(super) key: String,
}

/// Reads the list: a line that begins without a blank names a mutant, the indented ones below it say why.
pub(super) fn read(path: &Path) -> Result<Vec<Equivalent>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|line| format!("{}: `{line}` has no reason below it", path.display()))
}

/// The error is the line of a mutant without a reason.
fn parse(text: &str) -> Result<Vec<Equivalent>, String> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let mut found = Vec::new();
    for (line, next) in lines().zip(lines().skip(1).map(Some).chain([None])) {
        if line.starts_with(' ') {
            continue;
        }
        if !next.is_some_and(|next| next.starts_with(' ')) {
            return Err(line.to_owned());
        }
        found.push(Equivalent { key: line.to_owned() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutant_of_the_list_has_a_reason() {
        let text = "# Why.\n\na.rs: x Acquire -> Relaxed\n  Nobody reads it.\n\nb.rs: y Release -> Relaxed\n  As well.\n";
        let keys = ["a.rs: x Acquire -> Relaxed", "b.rs: y Release -> Relaxed"];
        let expected: Vec<_> =
            keys.iter().map(|key| Equivalent { key: (*key).to_owned() }).collect();
        assert_eq!(parse(text), Ok(expected));
        let error = parse("a.rs: x\nb.rs: y\n  Why.\n").expect_err("the first has none");
        assert_eq!(error, "a.rs: x");
        assert!(parse("a.rs: x\n").is_err());
    }
}
