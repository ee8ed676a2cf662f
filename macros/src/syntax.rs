//! What all attributes read and write alike: expressions, paths and literals, however they reach an attribute; tokens as a
//! person writes them; and tokens at the place of others.
//!
//! `macro_rules!` puts each fragment into an invisible group. [`ungrouped`] is the one place where such groups are taken
//! off tokens, and [`plain`] where they are taken off expressions; all arguments and options are read through the two.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Expr, ExprLit, Lit, LitStr, Path, Token, parse::ParseStream, punctuated::Punctuated,
    spanned::Spanned,
};

use crate::errors::{Errors, Message};

/// The tokens with every invisible group opened that holds one literal or one path. A group that holds more than
/// that stays, because it says what an operator applies to.
pub(crate) fn ungrouped(tokens: TokenStream) -> TokenStream {
    let open = |token: TokenTree| {
        let TokenTree::Group(group) = token else { return token.into() };
        let content = ungrouped(group.stream());
        if group.delimiter() == Delimiter::None && is_atom(&content) {
            return content;
        }
        let mut opened = Group::new(group.delimiter(), content);
        opened.set_span(group.span());
        TokenStream::from(TokenTree::Group(opened))
    };
    tokens.into_iter().flat_map(open).collect()
}

/// Whether no operator could tear it apart.
fn is_atom(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter().peekable();
    if let Some(TokenTree::Literal(_)) = tokens.peek() {
        return tokens.count() == 1;
    }
    tokens.peek().is_some()
        && tokens.all(|token| match token {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(punct) => punct.as_char() == ':',
            TokenTree::Group(_) | TokenTree::Literal(_) => false,
        })
}

/// The expression within the invisible groups.
pub(crate) fn plain(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => plain(*group.expr),
        expr => expr,
    }
}

/// The same of an expression that belongs to another.
pub(crate) fn plain_ref(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => plain_ref(&group.expr),
        expr => expr,
    }
}

/// The text of a string literal, or of a `concat!` or `stringify!` of what the macro can read.
pub(crate) fn literal(expr: &Expr) -> Option<LitStr> {
    match plain_ref(expr) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        expr @ Expr::Macro(_) => Some(LitStr::new(&text(expr)?, expr.span())),
        _ => None,
    }
}

fn text(expr: &Expr) -> Option<String> {
    match plain_ref(expr) {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Char(character) => Some(character.value().to_string()),
            Lit::Bool(value) => Some(value.value.to_string()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            Lit::Float(number) => Some(number.base10_digits().to_owned()),
            _ => None,
        },
        Expr::Macro(called) => {
            let called = &called.mac;
            match called.path.segments.last()?.ident.to_string().as_str() {
                "stringify" => Some(written(called.tokens.clone())),
                "concat" => {
                    let parts = Punctuated::<Expr, Token![,]>::parse_terminated;
                    let parts = called.parse_body_with(parts).ok()?;
                    parts.iter().map(text).collect()
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The tokens as a person writes them, on one line: `Map<&str, Vec<u8>>`.
pub(crate) fn written(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut write = |token: &str, is_word: bool| {
        let before = text.chars().next_back();
        let is_after_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if (is_word && is_after_word) || (before.is_some_and(|c| ",;".contains(c))) {
            text.push(' ');
        }
        text.push_str(token);
    };
    each_word(tokens, &mut write);
    text
}

fn each_word(tokens: TokenStream, write: &mut impl FnMut(&str, bool)) {
    let mut operator = String::new();
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => {
                operator.push(punct.as_char());
                if punct.spacing() == Spacing::Joint && punct.as_char() != '\'' {
                    continue;
                }
                match operator.as_str() {
                    "+" | "=" | "->" | "|" => write(&format!(" {operator} "), false),
                    "'" => {
                        write("'", true);
                    }
                    _ => write(&operator, false),
                }
                operator.clear();
            }
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                write(word.strip_prefix("r#").unwrap_or(&word), true);
            }
            TokenTree::Literal(literal) => write(&literal.to_string(), true),
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                write(open, false);
                each_word(group.stream(), write);
                write(close, false);
            }
        }
    }
}

/// As [`written`], of something of syn's.
pub(crate) fn written_of(tokens: &impl ToTokens) -> String {
    written(tokens.to_token_stream())
}

/// A path, which may begin with `crate`.
pub(crate) fn crate_path(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Path>> {
    if let Ok(path) = input.fork().call(Path::parse_mod_style)
        && !path.segments.is_empty()
    {
        return input.call(Path::parse_mod_style).map(Some);
    }
    let written = expression("`crate`", input)?;
    let message = Message::new("`crate` must be a path")
        .help("write `crate = path::to::yardstick`, without quotes");
    errors.push_on(written, message);
    Ok(None)
}

/// A path that is used as it is read.
pub(crate) fn generated_crate_path(
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Path>> {
    Ok(crate_path(input, errors)?.as_ref().map(generated))
}

/// The path as a part of what is generated, in its place: lints about how paths are written do not concern it.
pub(crate) fn generated(path: &Path) -> Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        // `$crate` means a crate only where it was written.
        if segment.ident != "$crate" {
            segment.ident.set_span(Span::call_site().located_at(segment.ident.span()));
        }
    }
    path
}

/// Reads an expression; what is wrong with one is said in our words.
pub(crate) fn expression(of: &str, input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse().map(plain).map_err(|error: syn::Error| {
        let message = Message::new(format!("the value of {of} is not an expression"));
        message.at(error.span())
    })
}

/// How an argument or option is written; with an example of it where it has more than its name.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Its name alone.
    Flag(&'static str),
    /// `name(..)`.
    List(&'static str),
    /// `name = value`.
    Value(&'static str),
}

impl Form {
    /// An example.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Flag(text) | Self::List(text) | Self::Value(text) => text,
        }
    }
}

/// Whether a value comes next, behind `=`.
pub(crate) fn is_assigned(input: ParseStream<'_>) -> bool {
    input.parse::<Token![=]>().is_ok() && !input.is_empty() && !input.peek(Token![,])
}

/// Reads items between commas, to the end: one that cannot be read is reported and passed over. `read` is told whether
/// it is the first.
pub(crate) fn comma_list(
    items: &str,
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, bool, &mut Errors) -> syn::Result<()>,
) {
    let mut is_first = true;
    while !input.is_empty() {
        if let Err(error) = read(input, is_first, errors) {
            errors.push_syntax(error);
            skip_to_comma(input);
        }
        is_first = false;
        if input.parse::<Token![,]>().is_err() && !input.is_empty() {
            errors.push(input.span(), Message::new(format!("{items} must be separated by `,`")));
            skip_to_comma(input);
            let _ = input.parse::<Token![,]>();
        }
    }
}

/// Refuses what was begun: the message stands at `place`, and the rest up to the next comma is passed over.
pub(crate) fn refuse(place: Span, message: Message, input: ParseStream<'_>, errors: &mut Errors) {
    errors.push(place, message);
    skip_to_comma(input);
}

/// The first word among the tokens, within groups too, of which `is_it` says so.
pub(crate) fn find_word(tokens: TokenStream, is_it: &dyn Fn(&Ident) -> bool) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) => is_it(&word).then_some(word),
        TokenTree::Group(group) => find_word(group.stream(), is_it),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// Passes over the rest of an argument, so that the next one is read.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Whatever it is, it is one token or one group.
        let _ = input.parse::<TokenTree>();
    }
}

/// The expression, in parentheses where an operator before it would bind tighter.
pub(crate) fn operand(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Path(_)
        | Expr::Lit(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Macro(_)
        | Expr::Paren(_)
        | Expr::Reference(_)
        | Expr::Block(_) => expr.to_token_stream(),
        _ => quote::quote_spanned!(expr.span()=> (#expr)),
    }
}

/// The same tokens at a place of the user's, where the compiler reports what is wrong with a call of theirs;
/// they still mean what they meant here.
pub(crate) fn respanned(tokens: TokenStream, place: Span) -> TokenStream {
    let respan = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.into_iter().map(respan).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> TokenStream {
        text.parse().expect("tokens")
    }

    #[test]
    fn tokens_are_written_as_by_hand() {
        for text in [
            "Map<&str, Vec<u8>>",
            "a::B<(C, D), [u8; 4]>",
            "dyn Fn(u8) -> u8 + Send",
            "&mut S",
            "Of<Item = u8>",
            "fn(u8, u16)",
        ] {
            assert_eq!(written(parsed(text)), text);
        }
        assert_eq!(written(parsed("r#type")), "type");
    }

    #[test]
    fn literals_are_put_together() {
        let text = |text: &str| {
            let expr: Expr = syn::parse_str(text).expect("an expression");
            literal(&expr).map(|literal| literal.value())
        };
        assert_eq!(text("\"a\"").as_deref(), Some("a"));
        assert_eq!(text("concat!(\"a\", 1, '.', stringify!(b))").as_deref(), Some("a1.b"));
        assert_eq!(text("include_str!(\"a\")"), None);
        assert_eq!(text("NAME"), None);
    }

    #[test]
    fn groups_of_one_literal_or_path_are_opened() {
        let group = |text: &str| TokenTree::Group(Group::new(Delimiter::None, parsed(text)));
        for (inner, is_opened) in [("\"a\"", true), ("a::b", true), ("a + b", false), ("", false)] {
            let tokens: TokenStream =
                [TokenTree::Group(Group::new(Delimiter::Bracket, group(inner).into()))]
                    .into_iter()
                    .collect();
            let Some(TokenTree::Group(outer)) = ungrouped(tokens).into_iter().next() else {
                panic!("a group stays")
            };
            let first = outer.stream().into_iter().next().expect("a token");
            assert_eq!(!matches!(first, TokenTree::Group(_)), is_opened, "{inner}");
        }
    }
}
