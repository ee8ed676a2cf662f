//! The function below an attribute. Its body is never parsed.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::{
    Attribute, Meta, ReturnType, Signature, Token, Type, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{
    docs,
    errors::{Errors, Message},
    kind::AttributeKind,
    owner::Owner,
};

/// How far into a body the mark of a block is looked for: a path to the runtime crate comes before it.
const MARK_TOKENS_MAX: usize = 40;

/// A function or method as it was written.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    /// `default`, in the specialising impls of nightly compilers.
    pub(crate) defaultness: Option<Ident>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
    /// The type or trait whose block it stands in, where an attribute on the block brought us here.
    pub(crate) owner: Option<Owner>,
}

impl Function {
    /// Reads the item; anything but a function with a body is reported.
    pub(crate) fn parse(
        kind: AttributeKind,
        item: TokenStream,
        errors: &mut Errors,
    ) -> Option<Self> {
        let parsed = (|input: ParseStream<'_>| read(kind, input, errors)).parse2(item);
        match parsed {
            Ok(function) => function,
            Err(error) => {
                errors.push_syntax(error);
                None
            }
        }
    }

    /// The first paragraph of the doc comment, on one line.
    pub(crate) fn doc(&self) -> Option<String> {
        docs::first_paragraph(&self.attributes)
    }

    /// The name as it appears in labels: without `r#`, and with what the method belongs to.
    pub(crate) fn label(&self) -> String {
        let name = self.signature.ident.unraw();
        match &self.owner {
            Some(owner) => format!("{}::{name}", owner.name),
            None => name.to_string(),
        }
    }

    /// Whether it says that it never returns.
    pub(crate) fn is_never(&self) -> bool {
        let output = &self.signature.output;
        matches!(output, ReturnType::Type(_, returned) if matches!(**returned, Type::Never(_)))
    }

    /// Whether its body begins with an item, as far as the first word tells.
    pub(crate) fn starts_with_an_item(&self) -> bool {
        const WORDS: &[&str] = &[
            "const",
            "enum",
            "extern",
            "fn",
            "impl",
            "macro_rules",
            "mod",
            "static",
            "struct",
            "trait",
            "type",
            "use",
        ];
        let first = self.split_body().1.into_iter().find_map(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            // Attributes may stand in front.
            TokenTree::Punct(_) | TokenTree::Group(_) => None,
            TokenTree::Literal(_) => Some(String::new()),
        });
        first.is_some_and(|word| WORDS.contains(&word.as_str()))
    }

    /// Its `#[track_caller]`.
    pub(crate) fn track_caller(&self) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.path().is_ident("track_caller"))
    }

    /// Its `#[unsafe(naked)]`.
    pub(crate) fn naked(&self) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| is_naked(&attribute.meta))
    }

    /// The function as it was, with statements before its body; as it was to the last token if there are none.
    ///
    /// The body keeps to itself: its items do not give the statements another meaning.
    pub(crate) fn with_statements_before(&self, statements: &TokenStream) -> TokenStream {
        let mut block = self.body.clone();
        // A naked function has to be left alone, whatever its mistakes are.
        if !statements.is_empty() && self.naked().is_none() {
            let (inner, body) = self.split_body();
            let braced = |tokens| {
                let mut block = Group::new(Delimiter::Brace, tokens);
                block.set_span(self.body.span());
                block
            };
            let body = scope(&TokenTree::Group(braced(body)).into());
            block = braced(quote::quote!(#inner #statements #body));
        }
        let block = TokenTree::Group(block);
        let Self { attributes, visibility, defaultness, signature, .. } = self;
        quote::quote!(#(#attributes)* #visibility #defaultness #signature #block)
    }

    /// Whether it is a method that `#[track]` on its block measures already.
    pub(crate) fn is_measured_method(&self) -> bool {
        let words = self.split_body().1.into_iter().take(MARK_TOKENS_MAX);
        let mut words = words.filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        });
        words.any(|word| word == "method_of_block")
    }

    /// The body's inner attributes and the rest of its tokens.
    pub(crate) fn split_body(&self) -> (TokenStream, TokenStream) {
        let mut inner = TokenStream::new();
        let mut rest = self.body.stream().into_iter();
        loop {
            let ahead: Vec<_> = rest.clone().take(3).collect();
            let is_inner = matches!(
                &ahead[..],
                [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group)]
                    if hash.as_char() == '#'
                        && bang.as_char() == '!'
                        && group.delimiter() == Delimiter::Bracket
            );
            if !is_inner {
                return (inner, rest.collect());
            }
            inner.extend(rest.by_ref().take(3));
        }
    }
}

/// Whether it is `naked`, in `unsafe(..)` or behind a condition.
fn is_naked(meta: &Meta) -> bool {
    if meta.path().is_ident("naked") {
        return true;
    }
    let nested = Punctuated::<Meta, Token![,]>::parse_terminated;
    let is_wrapper = ["cfg_attr", "unsafe"].iter().any(|wrapper| meta.path().is_ident(wrapper));
    let metas = meta.require_list().and_then(|list| list.parse_args_with(nested));
    is_wrapper && metas.is_ok_and(|metas| metas.iter().any(is_naked))
}

fn read(
    kind: AttributeKind,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Function>> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    let defaultness = take_default(input);
    if let Some(message) = other_item(kind, input) {
        errors.push(input.span(), message);
        input.parse::<TokenStream>()?;
        return Ok(None);
    }
    let signature: Signature = input.parse()?;
    if input.peek(Token![;]) {
        let text = format!("`#[{kind}]` cannot be placed on a function without a body");
        let message = Message::new(text)
            .help("place it on the implementations, or give the method a default body");
        errors.push(signature.ident.span(), message);
        input.parse::<TokenStream>()?;
        return Ok(None);
    }
    let TokenTree::Group(mut body) = input.parse()? else {
        return Err(input.error("expected the body of a function"));
    };
    while let Some(inner) = only_group(&body) {
        body = inner;
    }
    Ok(Some(Function { attributes, visibility, defaultness, signature, body, owner: None }))
}

/// What stands in a group without delimiters: a `$body:block` of a `macro_rules!` comes in one.
fn only_group(group: &Group) -> Option<Group> {
    let mut tokens = group.stream().into_iter();
    match (group.delimiter(), tokens.next(), tokens.next()) {
        (Delimiter::None, Some(TokenTree::Group(inner)), None) => Some(inner),
        _ => None,
    }
}

fn take_default(input: ParseStream<'_>) -> Option<Ident> {
    let is_default = input.fork().call(Ident::parse_any).is_ok_and(|word| word == "default");
    if is_default { input.call(Ident::parse_any).ok() } else { None }
}

/// The message for an item that is no function, by its first word.
fn other_item(kind: AttributeKind, input: ParseStream<'_>) -> Option<Message> {
    let fork = input.fork();
    let word = fork.call(Ident::parse_any).ok()?.to_string();
    let next = fork.call(Ident::parse_any).ok().map(|ident| ident.to_string());
    let is_item = match word.as_str() {
        "unsafe" => matches!(next.as_deref(), Some("impl" | "trait")),
        "const" => !matches!(next.as_deref(), Some("fn" | "unsafe" | "async" | "extern")),
        "struct" | "enum" | "union" | "impl" | "trait" | "mod" | "type" | "static" | "use"
        | "macro_rules" | "let" => true,
        _ => false,
    };
    let places = match kind {
        AttributeKind::All => "a function, a method, an `impl` block or a trait",
        AttributeKind::One(_) => "a function or method",
    };
    let message = Message::new(format!("`#[{kind}]` can only be placed on {places}"));
    is_item.then(|| match word.as_str() {
        "impl" | "trait" => message.help("place it on each method, or `#[track]` on the block"),
        _ => message.help("place it on the functions whose calls are to be measured"),
    })
}

/// The body in a scope of its own: the arm of a `match` ends the temporaries of its last expression, as the end of a
/// function does, and keeps the type that is expected of it.
pub(crate) fn scope(block: &TokenStream) -> TokenStream {
    quote::quote!(match () { () => #block })
}
