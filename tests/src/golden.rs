//! What of a golden compiler error is ours, and so holds on every compiler.

/// One error of a compiler's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// Our message with its help and notes, line by line; empty where the compiler chose the words.
    pub message: Vec<String>,
    /// The line of the source that the error is on, 1 for the first; `None` if it is on no line.
    pub line: Option<u32>,
}

/// Reads the errors of what a compiler said, as `trybuild` normalises it.
///
/// An error of a macro has no code, and all of its message is ours, up to the place it points at. Of an
/// unsatisfied trait (`E0277`) the headline is ours, by `#[diagnostic::on_unimplemented]`. The words of all
/// other errors are the compiler's, as is everything behind the first place: underlines, further places,
/// notes about them.
#[must_use]
pub fn errors(said: &str) -> Vec<CompileError> {
    let mut found = Vec::new();
    let mut lines = said.lines();
    while let Some(headline) = lines.find(|line| line.starts_with("error")) {
        let mut message = Vec::new();
        let is_ours = headline.starts_with("error: ");
        if is_ours || headline.starts_with("error[E0277]: ") {
            message.push(headline.to_owned());
        }
        let mut place = None;
        for line in lines.by_ref().map(str::trim).take_while(|line| !line.is_empty()) {
            if let Some(path) = line.strip_prefix("--> ") {
                place = Some(path);
                break;
            }
            if is_ours {
                message.push(line.to_owned());
            }
        }
        // file:line:column, and the file may have a drive.
        let line = place.and_then(|place| place.rsplit(':').nth(1)?.parse().ok());
        found.push(CompileError { message, line });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_and_lines_are_kept_and_the_compilers_are_not() {
        let said = "\
error: unknown argument `lables`
       help: did you mean `labels`?
 --> ui/fail/any/misspelt.rs:3:31
  |
3 | #[track_calls(\"a\", lables(a = \"b\"))]
  |                    ^^^^^^

error[E0277]: `UserId` cannot be used as a label value
 --> ui/fail/any/misspelt.rs:5:38
  |
help: the trait `LabelValue` is not implemented for `UserId`
 --> ui/fail/any/misspelt.rs:9:1

error[E0308]: mismatched types
 --> C:/ui/fail/any/misspelt.rs:7:1
";
        let error = |message: &[&str], line| CompileError {
            message: message.iter().map(ToString::to_string).collect(),
            line,
        };
        let ours = ["error: unknown argument `lables`", "help: did you mean `labels`?"];
        let half = ["error[E0277]: `UserId` cannot be used as a label value"];
        let expected = [error(&ours, Some(3)), error(&half, Some(5)), error(&[], Some(7))];
        assert_eq!(errors(said), expected);
    }
}
