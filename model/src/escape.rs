//! Escaping of free text in the exposition formats.

/// Appends the text of a `# HELP` line: `\` becomes `\\` and a line feed becomes `\n`.
///
/// This is the rule of text format 0.0.4, which leaves quotes alone. OpenMetrics escapes them in
/// help too, so there [`escape_label_value`] is the function to use.
///
/// # Examples
///
/// ```
/// let mut out = String::new();
/// yardstick_model::escape_help("a \"b\"\nc", &mut out);
/// assert_eq!(out, r#"a "b"\nc"#);
/// ```
pub fn escape_help(text: &str, out: &mut String) {
    escape(text, &['\\', '\n'], out);
}

/// Appends the value of a label, without the quotes around it: `\` becomes `\\`, `"` becomes `\"`
/// and a line feed becomes `\n`.
///
/// No two values give the same text, so series that differ stay different.
///
/// # Examples
///
/// ```
/// let mut out = String::new();
/// yardstick_model::escape_label_value(r#"C:\ "x""#, &mut out);
/// assert_eq!(out, r#"C:\\ \"x\""#);
/// ```
pub fn escape_label_value(value: &str, out: &mut String) {
    escape(value, &['\\', '"', '\n'], out);
}

fn escape(text: &str, special: &[char], out: &mut String) {
    let mut rest = text;
    // Text between special characters is copied whole, and most text has none.
    while let Some(position) = rest.find(special) {
        out.push_str(&rest[..position]);
        out.push_str(match rest.as_bytes()[position] {
            b'\n' => "\\n",
            b'"' => "\\\"",
            _ => "\\\\",
        });
        rest = &rest[position + 1..];
    }
    out.push_str(rest);
}

/// The value whose escaped text is `text`; `None` if [`escape_label_value`] never writes that text.
///
/// # Examples
///
/// ```
/// use yardstick_model::unescape_label_value;
///
/// assert_eq!(unescape_label_value(r"a\\b").as_deref(), Some(r"a\b"));
/// assert_eq!(unescape_label_value(r"a\tb"), None);
/// ```
#[must_use]
pub fn unescape_label_value(text: &str) -> Option<String> {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => value.push(match characters.next()? {
                'n' => '\n',
                '"' => '"',
                '\\' => '\\',
                _ => return None,
            }),
            '"' | '\n' => return None,
            other => value.push(other),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{escape_help, escape_label_value, unescape_label_value};
    use proptest::prelude::*;

    fn escaped(value: &str) -> String {
        let mut out = String::new();
        escape_label_value(value, &mut out);
        out
    }

    /// Text in which special characters and those that look like their escapes are frequent.
    fn tricky() -> impl Strategy<Value = String> {
        prop_oneof!["[\\\\\"\nnr,={}a]{0,12}", any::<String>()]
    }

    #[test]
    fn other_characters_are_left_alone() {
        for text in ["", "plain", "tab\there", "größe", "{a=b},\r"] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn quotes_stay_in_help() {
        let mut out = String::from("# HELP x ");
        escape_help("say \"hi\" \\ \nbye", &mut out);
        assert_eq!(out, r#"# HELP x say "hi" \\ \nbye"#);
    }

    #[test]
    fn text_that_was_never_escaped_is_refused() {
        for text in ["\\", "\\t", "a\"b", "a\nb", "\\\\\\"] {
            assert_eq!(unescape_label_value(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn values_survive_the_round_trip(value in tricky()) {
            prop_assert_eq!(unescape_label_value(&escaped(&value)), Some(value));
        }

        #[test]
        fn escaping_is_injective(left in tricky(), right in tricky()) {
            prop_assert_eq!(escaped(&left) == escaped(&right), left == right);
        }

        #[test]
        fn escaped_text_stays_on_its_line_and_in_its_quotes(value in tricky()) {
            let escaped = escaped(&value);
            prop_assert!(!escaped.contains('\n'));
            prop_assert!(!escaped.replace("\\\\", "").replace("\\\"", "").contains('"'));
        }

        #[test]
        fn help_stays_on_its_line_and_reads_back(text in tricky()) {
            let mut out = String::new();
            escape_help(&text, &mut out);
            prop_assert!(!out.contains('\n'));
            // With its quotes escaped as well, help is the escaped label value.
            prop_assert_eq!(out.replace('"', "\\\""), escaped(&text));
        }
    }
}
