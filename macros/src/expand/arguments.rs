//! The arguments of an `async fn` that becomes a `fn`: all of them move into the future, used or not, as
//! they would have.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatIdent, Signature, spanned::Spanned};

/// Rewrites the arguments so that a `fn` accepts them, and writes the statements that hold them inside
/// the block.
///
/// Patterns stay where they are in a function that remains `async`, with `Patterns::Kept`.
///
/// An argument that the body mentions is held by naming it, which stores it once. Any other is bound
/// again, which costs a copy but lets the compiler warn if it is unused; `labels` are what was evaluated
/// before the block, and an argument that only they mention is used.
pub(super) fn hold(
    signature: &mut Signature,
    patterns: Patterns,
    labels: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let mut statements = TokenStream::new();
    for (index, argument) in signature.inputs.iter_mut().enumerate() {
        let typed = match argument {
            FnArg::Receiver(receiver) => {
                // A method that takes `self` and does not use it still holds it until it ends.
                let token = &receiver.self_token;
                statements.extend(quote!(let _ = &#token;));
                continue;
            }
            FnArg::Typed(typed) => typed,
        };
        let conditions: Vec<_> = typed.attrs.iter().filter(|a| is_condition(a)).cloned().collect();
        let statement = match &mut *typed.pat {
            Pat::Ident(ident) if is_plain(ident) => hold_plain(ident, labels, body),
            _ if patterns == Patterns::Kept => continue,
            pattern => {
                let span = Span::mixed_site().located_at(pattern.span());
                let name = Ident::new(&format!("__argument_{index}"), span);
                let statement = quote_spanned! {span=>
                    #(#conditions)*
                    let _ = &#name;
                    #(#conditions)*
                    let #pattern = #name;
                };
                *pattern = Pat::Ident(PatIdent {
                    attrs: Vec::new(),
                    by_ref: None,
                    mutability: None,
                    ident: name,
                    subpat: None,
                });
                statements.extend(statement);
                continue;
            }
        };
        statements.extend(quote!(#(#conditions)* #statement));
    }
    statements
}

/// What becomes of arguments that are more than a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Patterns {
    /// They are taken apart in the block.
    Moved,
    /// They are taken apart by the function.
    Kept,
}

/// Whether `labels` mention what such an argument binds. They are evaluated before the block, so the function has
/// to take it apart.
pub(super) fn are_patterns_in(labels: &TokenStream, signature: &Signature) -> bool {
    let patterns = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => Some(&*typed.pat),
        FnArg::Receiver(_) => None,
    });
    patterns
        .filter(|pattern| !matches!(pattern, Pat::Ident(ident) if is_plain(ident)))
        .any(|pattern| is_any_in(&pattern.to_token_stream(), labels))
}

fn is_any_in(names: &TokenStream, tokens: &TokenStream) -> bool {
    names.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => mentions(tokens, &name),
        TokenTree::Group(group) => is_any_in(&group.stream(), tokens),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn hold_plain(ident: &mut PatIdent, labels: &TokenStream, body: &TokenStream) -> TokenStream {
    // An argument that is named as unused is not used by being held.
    let underscore =
        ident.ident.to_string().starts_with('_').then(|| {
            quote!(clippy::no_effect_underscore_binding, clippy::used_underscore_binding,)
        });
    if mentions(body, &ident.ident) {
        let name = &ident.ident;
        let allow = underscore.map(|lints| quote!(#[allow(#lints)]));
        return quote!(#allow let _ = &#name;);
    }
    let mutability = ident.mutability.take();
    let name = &ident.ident;
    let used = mentions(labels, name).then(|| quote!(unused_variables, unused_mut,));
    quote! {
        #[allow(#used #underscore clippy::redundant_locals)]
        let #mutability #name = #name;
    }
}

fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn is_plain(ident: &PatIdent) -> bool {
    ident.by_ref.is_none() && ident.subpat.is_none()
}

fn is_condition(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}
