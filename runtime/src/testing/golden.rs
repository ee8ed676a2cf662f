//! Golden files: texts compared with a committed one.

use std::{fmt::Write as _, fs, path::Path};

/// Fails unless `text` is what the file `path` says, byte for byte. `YARDSTICK_BLESS=1` writes the file instead, in
/// a folder that it makes if it must; read the difference before you commit it.
///
/// A relative path begins at the folder of the package, where cargo runs its tests. In a
/// [`Capture`](super::Capture), whose time stands still, a whole exposition can be compared:
/// `assert_golden("tests/golden/scrape.prom", &capture.render())`.
///
/// # Panics
///
/// If the texts differ, with the lines that do, or if the file cannot be read or written.
#[track_caller]
pub fn assert_golden(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    if std::env::var_os("YARDSTICK_BLESS").is_some() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let written =
            folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
        if let Err(error) = written {
            panic!("cannot write {}: {error}", path.display());
        }
        return;
    }
    let golden = match fs::read_to_string(path) {
        Ok(golden) => golden,
        Err(error) => panic!(
            "cannot read {}: {error}; write it with `YARDSTICK_BLESS=1 cargo test`",
            path.display()
        ),
    };
    assert!(
        golden == text,
        "{} differs (- expected, + found); if that is right, write it with `YARDSTICK_BLESS=1 cargo test`\n{}",
        path.display(),
        difference(&golden, text)
    );
}

/// The lines that only one of the texts has, between those that both begin and end with.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = expected.iter().zip(&found).take_while(same).count();
    let (expected, found) = (&expected[head..], &found[head..]);
    let tail = expected.iter().rev().zip(found.iter().rev()).take_while(same).count();
    let mut text = format!("from line {}:\n", head + 1);
    for (sign, lines) in [("-", expected), ("+", found)] {
        for line in &lines[..lines.len() - tail] {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{sign} {line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn only_what_differs_is_shown() {
        assert_eq!(difference("a\nb\nc\n", "a\nx\ny\nc\n"), "from line 2:\n- b\n+ x\n+ y\n");
        assert_eq!(difference("a\n", "a\nb\n"), "from line 2:\n+ b\n");
        assert_eq!(difference("a\na\n", "a\n"), "from line 2:\n- a\n");
    }
}
