//! `#[track]` on an `impl` block or a trait: the methods in it, each as if the attribute stood on it.
//!
//! Nothing but the methods' signatures is parsed; what is no method, and what has no body, stays as it is. A method
//! with an attribute of its own keeps to that one; `#[track(skip)]` leaves a method out.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, LitStr, Meta, Path, Token, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    args::{Args, Key},
    errors::{Errors, Message},
    function::Function,
    inert::is_inert,
    instrument,
    kind::AttributeKind,
    krate,
    owner::Owner,
    stack::{Stack, absorbed, arguments},
};

const KIND: AttributeKind = AttributeKind::All;

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
        let owner = Owner::parse.parse2(header.clone()).ok()?;
        Some(Self { header, body, owner })
    }

    /// Writes the block with its methods instrumented.
    pub(crate) fn expand(&self, args: &TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        let block_args = Args::parse(KIND, args.clone(), &mut errors);
        if let Some(span) = block_args.span_of(Key::Skip) {
            let message = Message::new("`skip` on a block leaves nothing to measure").help(
                "remove the attribute, or place `#[track(skip)]` on the methods to leave out",
            );
            errors.push(span, message);
        }
        if let Some(span) = block_args.span_of(Key::Function) {
            let message =
                Message::new("`function` on a block would be the name of all its methods")
                    .help("give it to a method: `#[track(function = \"...\")]`");
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
        self.conditional(function, block_args, block)
    }

    /// An attribute of ours behind `cfg_attr` makes two methods of one, each under its condition: which of them there
    /// is, only the compiler knows.
    fn conditional(
        &self,
        function: Function,
        block_args: &TokenStream,
        block: &Args,
    ) -> (Errors, TokenStream) {
        let krate = block.crate_path.as_ref();
        let found = function.attributes.iter().enumerate().find_map(|(index, attribute)| {
            let (condition, metas) = condition_of(&attribute.meta)?;
            let has_ours =
                |meta: &Meta| absorbed(meta.path(), krate).is_some() || nests_ours(meta, krate);
            metas.iter().any(has_ours).then_some((index, condition, metas))
        });
        let Some((index, condition, metas)) = found else {
            return self.measured(function, block_args, block);
        };
        let (mut errors, mut tokens) = (Errors::default(), TokenStream::new());
        for (condition, metas) in
            [(quote!(#condition), metas), (quote!(not(#condition)), Vec::new())]
        {
            let mut function = function.clone();
            let given = metas.into_iter().map(|meta| syn::parse_quote!(#[#meta]));
            function.attributes.splice(index..=index, given);
            function.attributes.insert(0, syn::parse_quote!(#[cfg(#condition)]));
            let (mistakes, method) = self.conditional(function, block_args, block);
            errors.append(mistakes.under(&condition));
            tokens.extend(method);
        }
        (errors, tokens)
    }

    fn measured(
        &self,
        mut function: Function,
        block_args: &TokenStream,
        block: &Args,
    ) -> (Errors, TokenStream) {
        let mut errors = Errors::default();
        let krate = block.crate_path.as_ref();
        let place = function.signature.ident.span();
        let own = take_own(&mut function.attributes, krate, &mut errors);
        let is_own = own.is_some();
        let (kind, args, span, path) = match own {
            Some((kind, args, path)) => {
                (kind, Args::parse(kind, args, &mut errors), path.span(), Some(path))
            }
            None => {
                let args = Args::parse(KIND, block_args.clone(), &mut errors);
                (KIND, args.of_block(&self.owner.name), place, None)
            }
        };
        let attributes = &mut function.attributes;
        let mut stack = Stack::read_at(kind, (span, path), args, attributes, &mut errors);
        if is_own && stack.skips() {
            return (errors, function.with_statements_before(&stack.uses()));
        }
        if let Some(krate) = krate {
            stack.default_crate(krate);
        }
        let may_be_renamed = !function.attributes.iter().all(|a| is_inert(&a.meta));
        let krate = stack.krate.clone();
        // What is wrong is said once, in front of the block: inside it, only items can stand.
        let tokens = instrument::function(&function, stack, &mut errors);
        (errors, if may_be_renamed { marked(tokens, &krate) } else { tokens })
    }
}

/// The method with a mark, which an attribute of ours finds that stands below it under another name.
fn marked(method: TokenStream, krate: &Path) -> TokenStream {
    let parsed = Function::parse(KIND, method.clone(), &mut Errors::default());
    let private = krate::private(krate);
    let mark = quote!(#private::method_of_block!(););
    parsed.map_or(method, |function| function.with_statements_before(&mark))
}

/// The condition of a `cfg_attr`, and what it stands for.
fn condition_of(meta: &Meta) -> Option<(Meta, Vec<Meta>)> {
    let list = meta.require_list().ok().filter(|_| meta.path().is_ident("cfg_attr"))?;
    let metas = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut metas = metas.into_iter();
    Some((metas.next()?, metas.collect()))
}

/// What is said to an attribute of ours that the block did not know by its name.
pub(crate) fn renamed(kind: AttributeKind) -> Message {
    let name = kind.name();
    let text = "`#[track]` on the block measures this method already";
    Message::new(format!("{text}, and does not know `#[{name}]` by another name"))
        .help(format!("write `#[yardstick::{name}(...)]`"))
        .note("attributes on the methods of a block are found by their names")
}

fn nests_ours(meta: &Meta, krate: Option<&Path>) -> bool {
    let nested = condition_of(meta).map_or_else(Vec::new, |(_, metas)| metas);
    nested.iter().any(|meta| absorbed(meta.path(), krate).is_some() || nests_ours(meta, krate))
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
