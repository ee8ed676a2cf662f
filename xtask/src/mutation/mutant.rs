//! Weaker versions of a source file: one ordering replaced by the next weaker one, or one fence left out.
//!
//! Invariant: a mutant is named by its file, its line's text and its change, not by a line number, so that a list of
//! mutants survives other edits.

use std::fmt;

/// A source file with one change.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    pub(super) file: String,
    /// The number of its line, from one.
    line: usize,
    /// The line as it stands, without indentation.
    text: String,
    /// What is changed, such as `Release -> Relaxed`.
    change: String,
    /// The whole file with the change.
    pub(super) source: String,
}

/// An ordering and the next weaker ones. Relaxed has none.
const WEAKER: &[(&str, &[&str])] = &[
    ("Acquire", &["Relaxed"]),
    ("Release", &["Relaxed"]),
    ("AcqRel", &["Acquire", "Release"]),
    ("SeqCst", &["AcqRel"]),
];

const ORDERING: &str = "Ordering::";
const FENCE: &str = "fence(";

/// All mutants of a file, in the order of their lines. Its tests are left alone.
pub(super) fn mutants(file: &str, source: &str) -> Vec<Mutant> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        if line.trim() == "#[cfg(test)]" {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices(ORDERING) {
            for (range, with, change) in changes(code, at) {
                let (from, to) = (begin + range.0, begin + range.1);
                found.push(Mutant {
                    file: file.to_owned(),
                    line: index + 1,
                    text: line.trim().to_owned(),
                    change,
                    source: format!("{}{with}{}", &source[..from], &source[to..]),
                });
            }
        }
        begin += line.len();
    }
    found
}

type Change = ((usize, usize), &'static str, String);

/// What can be done to the ordering at `at` of a line of code: the range that is replaced, by what, and its name.
fn changes(code: &str, at: usize) -> Vec<Change> {
    let word = at + ORDERING.len();
    let length = code[word..].find(|c: char| !c.is_alphanumeric()).unwrap_or(code.len() - word);
    let ordering = &code[word..word + length];
    let weaker = WEAKER.iter().find(|(known, _)| *known == ordering).map_or(&[][..], |(_, w)| *w);
    // A fence that is relaxed is none, and the standard library refuses it.
    if let Some(fence) = code.find(FENCE).filter(|_| !weaker.is_empty()) {
        let end = code[fence..].find(';').map_or(code.len(), |end| fence + end + 1);
        return vec![((fence, end), "", format!("without fence({ordering})"))];
    }
    // A load cannot release and a store cannot acquire.
    let allowed = |to: &str| match to {
        "AcqRel" if code.contains(".load(") => "Acquire",
        "AcqRel" if code.contains(".store(") => "Release",
        "Acquire" => "Acquire",
        "Release" => "Release",
        "AcqRel" => "AcqRel",
        _ => "Relaxed",
    };
    let change = |to: &&str| {
        let to = allowed(to);
        ((word, word + length), to, format!("{ordering} -> {to}"))
    };
    weaker.iter().map(change).collect()
}

impl Mutant {
    /// What names it in a list.
    pub(super) fn key(&self) -> String {
        format!("{}: {} {}", self.file, self.text, self.change)
    }

    /// A number that differs between mutants and is the same each time (FNV-1a).
    pub(super) fn digest(&self, seed: u64) -> u64 {
        let step =
            |digest: u64, byte: u8| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        self.key().bytes().chain(seed.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, step)
    }
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, text, change, .. } = self;
        write!(f, "{file}:{line}: {text} {change}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ordering_is_weakened_by_one_step_and_fences_are_left_out() {
        let source = "\
use super::sync::Ordering;
fn f() {
    a.load(Ordering::Relaxed); // Ordering::Acquire
    a.load(Ordering::Acquire);
    a.load(Ordering::SeqCst);
    a.fetch_add(1, Ordering::AcqRel);
    a.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed);
    fence(Ordering::Release);
}
#[cfg(test)]
mod tests { fn g() { a.load(Ordering::Acquire); } }
";
        let found = mutants("f.rs", source);
        let named: Vec<_> = found.iter().map(|m| format!("{}: {}", m.line, m.change)).collect();
        let expected = [
            "4: Acquire -> Relaxed",
            "5: SeqCst -> Acquire",
            "6: AcqRel -> Acquire",
            "6: AcqRel -> Release",
            "7: Acquire -> Relaxed",
            "8: without fence(Release)",
        ];
        assert_eq!(named, expected);
        let line = |mutant: &Mutant| mutant.source.lines().nth(mutant.line - 1).map(str::to_owned);
        let expected = "    a.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);";
        assert_eq!(line(&found[4]).as_deref(), Some(expected));
        assert_eq!(line(&found[5]).as_deref(), Some("    "));
        for mutant in &found {
            let changed = mutant.source.lines().zip(source.lines()).filter(|(a, b)| a != b).count();
            assert_eq!(changed, 1, "{mutant}");
        }
    }
}
