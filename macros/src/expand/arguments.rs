//! The arguments of a function whose body stands in a scope of its own: they move into that scope, so that they are
//! dropped in it, in the order of the plain function, before the call ends.
//!
//! What a closure or an `async` block captures is dropped in the order in which it is first named there. So naming
//! arguments from the last to the first gives the plain order without storing anything twice. They are named where
//! nothing is ever executed: that captures, and is no use that would hide an unused argument from the compiler.
//! Patterns have to be taken apart in the scope, as the compiler does it for an `async fn`, and then every argument
//! after them has to be bound there too.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, Pat, PatIdent, PatType, Signature, spanned::Spanned};

use super::{
    owned::{is_owned, is_owned_receiver, is_taken_apart_whole},
    parameter_attributes::{conditions, move_expectations, of_statement},
};
use crate::syntax::find_word;

/// What becomes of arguments that are more than a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Patterns {
    /// They are taken apart in the scope.
    Moved,
    /// They are taken apart by the function.
    Kept,
}

/// The arguments of a closure's or `async` block's scope.
pub(super) struct Captured {
    /// SiteWriter them from the first to the last: the order in which they are dropped if the scope is never entered.
    /// Empty if there is only one order.
    pub(super) waiting: TokenStream,
    /// SiteWriter them from the last to the first.
    pub(super) running: TokenStream,
    /// Binds those that have to be bound in the scope.
    pub(super) bindings: TokenStream,
    /// One that the body does not name, for which the compiler would warn twice.
    pub(super) is_any_unused: bool,
}

/// Rewrites the signature so that a closure or an `async` block can take the arguments over. What `labels` name is
/// used, also if `body` does not.
pub(super) fn capture(
    signature: &mut Signature,
    patterns: Patterns,
    labels: &TokenStream,
    body: &TokenStream,
) -> Captured {
    let mut named = Vec::new();
    let (mut bindings, mut is_binding) = (TokenStream::new(), false);
    let mut is_any_unused = false;
    for (index, argument) in signature.inputs.iter_mut().enumerate() {
        let typed = match argument {
            FnArg::Receiver(receiver) => {
                if is_owned_receiver(receiver) {
                    let token = &receiver.self_token;
                    named.push((Vec::new(), token.to_token_stream()));
                    // Nobody wants to hear that an object is not used.
                    bindings.extend(quote!(let _ = &#token;));
                }
                continue;
            }
            FnArg::Typed(typed) if is_owned(&typed.ty) => typed,
            FnArg::Typed(_) => continue,
        };
        let conditions = conditions(&typed.attrs);
        if patterns == Patterns::Moved && !is_taken_apart_whole(&typed.pat, &typed.ty) {
            let is_wild = matches!(*typed.pat, Pat::Wild(_));
            let (name, pattern) = rename(typed, index);
            named.push((conditions, name.to_token_stream()));
            is_binding |= !is_wild;
            if is_binding {
                bindings.extend(bind_pattern(typed, &name, &pattern));
            }
            continue;
        }
        for name in names(&mut typed.pat) {
            named.push((conditions.clone(), name.ident.to_token_stream()));
            let is_quiet = name.ident.to_string().starts_with('_');
            let is_used = mentions(body, &name.ident);
            let is_label = mentions(labels, &name.ident);
            is_any_unused |= !is_quiet && !is_label && !is_used;
            if is_label && !is_used && !is_binding {
                // A use of its own: the labels were read before the scope is entered.
                let ident = &name.ident;
                let allow = allow_underscore(ident);
                bindings.extend(quote!(#(#conditions)* #allow let _ = &#ident;));
            }
        }
        if is_binding {
            bindings.extend(bind_names(typed, labels));
        }
    }
    let statements = named.iter().map(|(conditions, name)| quote!(#(#conditions)* let _ = &#name;));
    let running = statements.clone().rev().collect();
    let waiting = if named.len() > 1 { statements.collect() } else { TokenStream::new() };
    Captured { waiting, running, bindings, is_any_unused }
}

/// Rewrites the signature, and writes the statements that bind the arguments again where they stand in the function
/// itself.
pub(super) fn rebind(
    signature: &mut Signature,
    patterns: Patterns,
    labels: &TokenStream,
) -> TokenStream {
    let mut bindings = TokenStream::new();
    for (index, argument) in signature.inputs.iter_mut().enumerate() {
        let FnArg::Typed(typed) = argument else { continue };
        if !is_owned(&typed.ty) {
            continue;
        }
        if patterns == Patterns::Moved && !is_taken_apart_whole(&typed.pat, &typed.ty) {
            let (name, pattern) = rename(typed, index);
            bindings.extend(bind_pattern(typed, &name, &pattern));
        } else {
            bindings.extend(bind_names(typed, labels));
        }
    }
    bindings
}

/// Whether `labels` mention what an argument binds that would be taken apart in the scope. They are evaluated before
/// it, so the function has to take it apart.
pub(super) fn are_patterns_in(labels: &TokenStream, signature: &Signature) -> bool {
    let mut typed = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed.any(|typed| {
        is_owned(&typed.ty)
            && !is_taken_apart_whole(&typed.pat, &typed.ty)
            && find_word(typed.pat.to_token_stream(), &|name| mentions(labels, name)).is_some()
    })
}

/// Gives the argument a name of ours.
fn rename(typed: &mut PatType, index: usize) -> (Ident, Pat) {
    let span = Span::mixed_site().located_at(typed.pat.span());
    let name = Ident::new(&format!("__argument_{index}"), span);
    let renamed = PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: name.clone(),
        subpat: None,
    };
    let pattern = std::mem::replace(&mut *typed.pat, Pat::Ident(renamed));
    (name, pattern)
}

/// Moves the whole argument, which holds what the pattern leaves, and takes it apart.
fn bind_pattern(typed: &mut PatType, name: &Ident, pattern: &Pat) -> TokenStream {
    let (conditions, attributes) = (conditions(&typed.attrs), of_statement(&typed.attrs));
    move_expectations(&mut typed.attrs);
    let whole = quote!(#(#conditions)* #[allow(clippy::redundant_locals)] let #name = #name;);
    if matches!(pattern, Pat::Wild(_)) {
        return whole;
    }
    let span = Span::mixed_site().located_at(pattern.span());
    let apart = quote_spanned!(span=> #(#attributes)* let #pattern = #name;);
    quote!(#whole #apart)
}

/// Binds each name of an argument again. One that only `labels` mention is used.
fn bind_names(typed: &mut PatType, labels: &TokenStream) -> TokenStream {
    let (conditions, attributes) = (conditions(&typed.attrs), of_statement(&typed.attrs));
    move_expectations(&mut typed.attrs);
    let bind = |pattern: &mut PatIdent| {
        let mutability = pattern.mutability.take();
        let name = &pattern.ident;
        let allow = allow_underscore(name);
        let is_used =
            mentions(labels, name).then(|| quote!(#(#conditions)* #allow let _ = &#name;));
        quote! {
            #(#attributes)*
            #allow
            #[allow(clippy::redundant_locals, clippy::shadow_same)]
            let #mutability #name = #name;
            #is_used
        }
    };
    names(&mut typed.pat).into_iter().map(bind).collect()
}

/// An argument that is named as unused is not used by being held.
fn allow_underscore(name: &Ident) -> Option<TokenStream> {
    name.to_string().starts_with('_').then(
        || quote!(#[allow(clippy::no_effect_underscore_binding, clippy::used_underscore_binding)]),
    )
}

/// The names that a pattern binds by value, in its order.
fn names(pattern: &mut Pat) -> Vec<&mut PatIdent> {
    match pattern {
        // What stands behind `@` is copied and owns nothing.
        Pat::Ident(name) if name.by_ref.is_none() => vec![name],
        Pat::Tuple(tuple) => tuple.elems.iter_mut().flat_map(names).collect(),
        Pat::TupleStruct(tuple) => tuple.elems.iter_mut().flat_map(names).collect(),
        Pat::Slice(slice) => slice.elems.iter_mut().flat_map(names).collect(),
        Pat::Struct(fields) => {
            fields.fields.iter_mut().flat_map(|field| names(&mut field.pat)).collect()
        }
        Pat::Paren(inner) => names(&mut inner.pat),
        Pat::Reference(inner) => names(&mut inner.pat),
        _ => Vec::new(),
    }
}

/// Whether tokens name a variable, as far as their words tell: fields, methods and paths are others, and a string
/// may be one that is formatted.
fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    let word = name.to_string();
    let in_text = format!("{{{}", word.trim_start_matches("r#"));
    mentions_word(tokens, &word, &in_text)
}

fn mentions_word(tokens: &TokenStream, word: &str, in_text: &str) -> bool {
    // The last two punctuation marks before the token.
    let mut before = (None, None);
    tokens.clone().into_iter().any(|token| {
        let is_member = matches!(before, (last, Some('.')) if last != Some('.'))
            || before == (Some(':'), Some(':'));
        before = match &token {
            TokenTree::Punct(punct) => (before.1, Some(punct.as_char())),
            _ => (None, None),
        };
        match token {
            TokenTree::Ident(ident) => !is_member && ident == word,
            TokenTree::Group(group) => mentions_word(&group.stream(), word, in_text),
            TokenTree::Literal(literal) => literal.to_string().contains(in_text),
            TokenTree::Punct(_) => false,
        }
    })
}
