//! Rust source without its comments and literals, as far as policy needs to tell them apart.

/// The source with every comment, string and character blanked; lines and columns stay where they are.
pub(crate) fn code(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = opaque_end(&chars, at);
        let blanked = chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' });
        code.extend(blanked);
        at = end;
        if let Some(c) = chars.get(at).filter(|_| opaque_end(&chars, at) == at) {
            code.push(*c);
            at += 1;
        }
    }
    code
}

/// The words of a piece of code.
pub(crate) fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !is_word(c)).filter(|word| !word.is_empty())
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Where the comment or literal that begins at `at` ends; `at` itself if none begins there.
fn opaque_end(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => find(chars, at, |rest| rest[0] == '\n'),
        '/' if next == Some('*') => block_comment_end(chars, at),
        '"' => quoted_end(chars, at, '"'),
        'r' if matches!(next, Some('"' | '#')) => raw_string_end(chars, at),
        // A lifetime has no closing quote.
        '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => {
            quoted_end(chars, at, '\'')
        }
        _ => at,
    }
}

fn find(chars: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| is_end(&chars[*at..])).unwrap_or(chars.len())
}

fn block_comment_end(chars: &[char], from: usize) -> usize {
    let mut depth = 0_u32;
    let mut at = from;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn quoted_end(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    chars.len().min(at + 1)
}

/// `r"…"`, `r#"…"#`, also behind `b` and `c`; neither an identifier that ends in `r` nor `r#identifier`.
fn raw_string_end(chars: &[char], from: usize) -> usize {
    let mut before = chars[..from].iter().rev().copied().peekable();
    let _ = before.next_if(|c| matches!(c, 'b' | 'c'));
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let open = from + 1 + hashes;
    if before.next().is_some_and(is_word) || chars.get(open) != Some(&'"') {
        return from;
    }
    let closes = |rest: &[char]| {
        rest[0] == '"' && rest[1..].iter().take_while(|c| **c == '#').count() >= hashes
    };
    chars.len().min(find(chars, open + 1, closes) + 1 + hashes)
}

#[test]
fn comments_and_literals_are_blanked() {
    for (source, expected) in [
        ("a // unsafe\nb", "a          \nb"),
        ("a /* x /* y */ z */ b", "a                   b"),
        (r#"f("a \" b", c)"#, "f(        , c)"),
        (r###"f(r#"a " b"#, br"c")"###, "f(          , b    )"),
        ("let r#type: &'a str = var\"s\";", "let r#type: &'a str = var   ;"),
        (r"['\'', 'x', '\u{1}', b'\\']", "[    ,    ,        , b    ]"),
        ("\"a\nb\"c", "  \n  c"),
        ("\"unclosed", "         "),
    ] {
        assert_eq!(code(source), expected, "{source}");
    }
    assert_eq!(
        words("#![allow(unsafe_code)] unsafe{}").collect::<Vec<_>>(),
        ["allow", "unsafe_code", "unsafe"]
    );
}
