//! The arguments of an `async fn` that becomes a `fn`: all of them move into the future, used or not, as
//! they would have.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatIdent, Signature, spanned::Spanned};

/// Rewrites the arguments so that a `fn` accepts them, and writes the statements that bind them again
/// inside the block.
pub(super) fn rebind(signature: &mut Signature) -> TokenStream {
    let mut statements = TokenStream::new();
    for (index, argument) in signature.inputs.iter_mut().enumerate() {
        match argument {
            FnArg::Receiver(receiver) => {
                let token = &receiver.self_token;
                // A method that takes `self` and does not use it still holds it until it ends.
                statements.extend(quote!(let _ = &#token;));
            }
            FnArg::Typed(typed) => {
                let conditions: Vec<_> =
                    typed.attrs.iter().filter(|a| is_condition(a)).cloned().collect();
                let pattern = &mut typed.pat;
                if let Pat::Ident(ident) = &mut **pattern
                    && is_plain(ident)
                {
                    let mutability = ident.mutability.take();
                    let name = &ident.ident;
                    statements.extend(quote! {
                        #(#conditions)*
                        #[allow(clippy::redundant_locals)]
                        let #mutability #name = #name;
                    });
                } else {
                    let span = Span::mixed_site().located_at(pattern.span());
                    let name = Ident::new(&format!("__argument_{index}"), span);
                    statements.extend(quote_spanned! {span=>
                        #(#conditions)*
                        let #name = #name;
                        #(#conditions)*
                        let #pattern = #name;
                    });
                    **pattern = Pat::Ident(PatIdent {
                        attrs: Vec::new(),
                        by_ref: None,
                        mutability: None,
                        ident: name,
                        subpat: None,
                    });
                }
            }
        }
    }
    statements
}

fn is_plain(ident: &PatIdent) -> bool {
    ident.by_ref.is_none() && ident.subpat.is_none()
}

fn is_condition(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}
