//! `#[track]` on an `impl` block or a trait: the methods in it, each as if the attribute stood on it.
//!
//! Nothing but the methods' signatures is parsed; what is no method, and what has no body, stays as it is. A method
//! with an attribute of its own keeps to that one; `#[track(skip)]` leaves a method out.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Generics, LitStr, Path, Token, Type, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use crate::{
    args::Args,
    errors::{Errors, Message},
    expand::is_inert,
    expand_function,
    function::{Function, Owner},
    kind::AttributeKind,
    stack::{Stack, absorbed, arguments},
};

const KIND: AttributeKind = AttributeKind::Track;

/// A block of methods.
pub(crate) struct Block {
    header: TokenStream,
    body: Group,
    owner: Owner,
}

/// What stands in a block.
enum Item {
    Method(TokenStream),
    Other(TokenStream),
}

impl Block {
    /// Takes an item apart; `None` if it is no block.
    pub(crate) fn split(item: &TokenStream) -> Option<Self> {
        let mut header: Vec<TokenTree> = item.clone().into_iter().collect();
        let Some(TokenTree::Group(body)) = header.pop() else { return None };
        if body.delimiter() != Delimiter::Brace {
            return None;
        }
        let header: TokenStream = header.into_iter().collect();
        let owner = owner.parse2(header.clone()).ok()?;
        Some(Self { header, body, owner })
    }

    /// Writes the block with its methods instrumented.
    pub(crate) fn expand(&self, args: &TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        let block_args = Args::parse(KIND, args.clone(), &mut errors);
        if let Some(span) = block_args.span_of("skip") {
            let message = Message::new("`skip` on a block leaves nothing to measure").help(
                "remove the attribute, or place `#[track(skip)]` on the methods to leave out",
            );
            errors.push(span, message);
        }
        let items = items.parse2(self.body.stream()).unwrap_or_else(|error| {
            errors.push_syntax(error);
            vec![Item::Other(self.body.stream())]
        });
        let has_mistakes = !errors.is_empty();
        let mut content = TokenStream::new();
        for item in items {
            match item {
                Item::Method(method) if !has_mistakes => {
                    let (mistakes, method) = self.method(&method, args, &block_args);
                    errors.append(mistakes);
                    content.extend(method);
                }
                Item::Method(tokens) | Item::Other(tokens) => content.extend(tokens),
            }
        }
        let mut body = Group::new(Delimiter::Brace, content);
        body.set_span(self.body.span());
        let (header, errors) = (&self.header, errors.into_tokens());
        quote!(#errors #header #body)
    }

    fn method(
        &self,
        method: &TokenStream,
        block_args: &TokenStream,
        block: &Args,
    ) -> (Errors, TokenStream) {
        let mut errors = Errors::default();
        let Some(mut function) = Function::parse(KIND, method.clone(), &mut errors) else {
            return (errors, method.clone());
        };
        function.owner = Some(self.owner.clone());
        let krate = block.crate_path.as_ref();
        let place = function.signature.ident.span();
        let (kind, args, span, path) = match take_own(&mut function.attributes, krate, &mut errors)
        {
            Some((kind, args, path)) => (kind, args, path.span(), Some(path)),
            None => (KIND, block_args.clone(), place, None),
        };
        let is_own = path.is_some();
        let attributes = &mut function.attributes;
        let mut stack = Stack::read_at(kind, (span, path), args, attributes, &mut errors);
        if is_own && stack.skips() {
            return (errors, function.with_statements_before(&stack.uses()));
        }
        if let Some(krate) = krate {
            stack.default_crate(krate);
        }
        // What is wrong is said once, in front of the block: inside it, only items can stand.
        let tokens = expand_function(&function, stack, &mut errors);
        (errors, tokens)
    }
}

/// The first attribute of ours on a method, taken from there.
fn take_own(
    attributes: &mut Vec<Attribute>,
    krate: Option<&Path>,
    errors: &mut Errors,
) -> Option<(AttributeKind, TokenStream, Path)> {
    let is_ours = |attribute: &Attribute| absorbed(attribute.path(), krate).is_some();
    let attribute = attributes.remove(attributes.iter().position(is_ours)?);
    let kind = absorbed(attribute.path(), krate)?;
    Some((kind, arguments(&attribute, kind, errors), attribute.path().clone()))
}

/// What the methods of a block belong to.
fn owner(input: ParseStream<'_>) -> syn::Result<Owner> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    while is_before_a_block(&input.fork()) {
        input.call(Ident::parse_any)?;
    }
    let name = if input.parse::<Option<Token![trait]>>()?.is_some() {
        input.parse::<Ident>()?.unraw().to_string()
    } else {
        input.parse::<Token![impl]>()?;
        if input.peek(Token![<]) {
            input.parse::<Generics>()?;
        }
        let mut ty: Type = input.parse()?;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            ty = input.parse()?;
        }
        type_name(&ty)
    };
    // Bounds and conditions say nothing about the name.
    input.parse::<TokenStream>()?;
    let keeps_async = !attributes.iter().all(|attribute| is_inert(&attribute.meta));
    Ok(Owner { name, keeps_async })
}

/// Whether a word comes that says something of a block.
fn is_before_a_block(input: ParseStream<'_>) -> bool {
    let word = input.call(Ident::parse_any);
    word.is_ok_and(|word| ["auto", "default", "unsafe"].iter().any(|known| word == known))
}

/// The last word of a type, without its parameters.
fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.unraw().to_string())
            .unwrap_or_default(),
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Paren(inner) => type_name(&inner.elem),
        Type::Group(inner) => type_name(&inner.elem),
        other => other.to_token_stream().to_string(),
    }
}

fn items(input: ParseStream<'_>) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(item(input)?);
    }
    Ok(items)
}

fn item(input: ParseStream<'_>) -> syn::Result<Item> {
    let mut tokens = TokenStream::new();
    if input.peek(Token![#]) && input.peek2(Token![!]) {
        for _ in 0..3 {
            tokens.extend([input.parse::<TokenTree>()?]);
        }
        return Ok(Item::Other(tokens));
    }
    for attribute in input.call(Attribute::parse_outer)? {
        attribute.to_tokens(&mut tokens);
    }
    input.parse::<Visibility>()?.to_tokens(&mut tokens);
    if input.fork().call(Ident::parse_any).is_ok_and(|word| word == "default") {
        input.call(Ident::parse_any)?.to_tokens(&mut tokens);
    }
    if is_function(&input.fork()) {
        input.parse::<syn::Signature>()?.to_tokens(&mut tokens);
        let has_body = input.peek(syn::token::Brace);
        tokens.extend([input.parse::<TokenTree>()?]);
        return Ok(if has_body { Item::Method(tokens) } else { Item::Other(tokens) });
    }
    // A constant or a type ends with `;`, and a macro with braces at those.
    let is_macro = input.peek2(Token![!]) || input.peek2(Token![::]);
    loop {
        let token: TokenTree = input.parse()?;
        let is_end = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => is_macro && group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        tokens.extend([token]);
        if is_end || input.is_empty() {
            return Ok(Item::Other(tokens));
        }
    }
}

/// Whether the words before a name are those of a function.
fn is_function(input: ParseStream<'_>) -> bool {
    loop {
        if input.peek(Token![fn]) {
            return true;
        }
        let Ok(word) = input.call(Ident::parse_any) else { return false };
        if !["const", "async", "unsafe", "safe", "extern"].iter().any(|known| word == known) {
            return false;
        }
        if word == "extern" {
            // It may name the calling convention.
            let _ = input.parse::<LitStr>();
        }
    }
}

/// Where an attribute stands, and what it was called there.
pub(crate) type Place = (Span, Option<Path>);
