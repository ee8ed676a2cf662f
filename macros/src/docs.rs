//! Doc comments, read as rustdoc reads them.

use syn::{Attribute, Expr, Meta};

use crate::syntax::literal;

/// The first paragraph of a doc comment, on one line.
///
/// What the compiler alone can read, such as `include_str!`, is passed over.
pub(crate) fn first_paragraph(attributes: &[Attribute]) -> Option<String> {
    let texts = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => text(&pair.value),
        _ => None,
    });
    let text = texts.collect::<Vec<_>>().join("\n");
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let paragraph: Vec<_> = lines.take_while(|line| !ends_paragraph(line)).collect();
    let paragraph = paragraph.join(" ");
    // A heading is a paragraph of its own.
    let paragraph = paragraph.trim_start_matches('#').trim();
    (!paragraph.is_empty()).then(|| paragraph.to_owned())
}

fn text(value: &Expr) -> Option<String> {
    let text = literal(value)?.value();
    Some(if text.contains('\n') { without_asterisks(&text) } else { text })
}

/// Blank lines, rulers and blocks of code.
fn ends_paragraph(line: &str) -> bool {
    line.is_empty() || line.starts_with("```") || line.starts_with("~~~")
}

/// The lines of a block comment, without the asterisks in front of them: the compiler passes them on.
fn without_asterisks(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let are_asterisks = |line: &&str| !line.is_empty() && line.chars().all(|c| c == '*');
    if lines.first().is_some_and(are_asterisks) {
        lines.remove(0);
    }
    // What stands behind the opening has no asterisk of its own.
    let is_behind_opening = lines.first().is_some_and(|line| !line.trim_start().starts_with('*'));
    let decorated =
        || lines.iter().skip(usize::from(is_behind_opening)).filter(|line| !line.trim().is_empty());
    let column = |line: &&str| line.find('*').filter(|at| line[..*at].trim().is_empty());
    let mut columns = decorated().map(column);
    let Some(Some(first)) = columns.next() else { return text.to_owned() };
    if !columns.all(|column| column == Some(first)) {
        return text.to_owned();
    }
    let bare = lines.iter().map(|line| {
        let is_decorated = column(line) == Some(first);
        if is_decorated { &line[first + 1..] } else { *line }
    });
    bare.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use syn::parse::Parser;

    use super::*;

    fn read(item: &str) -> Option<String> {
        let attributes = Attribute::parse_outer.parse_str(item).expect("attributes");
        first_paragraph(&attributes)
    }

    #[test]
    fn the_first_paragraph_is_what_rustdoc_shows() {
        for (written, paragraph) in [
            ("/// Sorts the index.", "Sorts the index."),
            ("/// Sorts\n/// the index.\n///\n/// More.", "Sorts the index."),
            ("/**\n * Sorts the index.\n *\n * A second paragraph.\n */", "Sorts the index."),
            ("/**\n     * Sorts\n     * the index.\n     */", "Sorts the index."),
            ("/** Sorts the index. */", "Sorts the index."),
            ("/** Sorts\n  * the index.\n  *\n  * More. */", "Sorts the index."),
            ("/**\n    Sorts the index.\n\n    More.\n */", "Sorts the index."),
            ("#[doc = \"Sorts the index.\\n\\n* one\\n* two\"]", "Sorts the index."),
            ("#[doc = concat!(\"Sorts the \", stringify!(index), \".\")]", "Sorts the index."),
            ("#[doc = include_str!(\"x.md\")]\n/// Sorts the index.", "Sorts the index."),
            ("///     Sorts the index.\n///     ```\n/// code\n/// ```", "Sorts the index."),
            ("/// # Sorting\n///\n/// More.", "Sorting"),
        ] {
            assert_eq!(read(written).as_deref(), Some(paragraph), "{written}");
        }
        assert_eq!(read("#[doc(hidden)]\n#[doc = include_str!(\"x.md\")]"), None);
    }
}
