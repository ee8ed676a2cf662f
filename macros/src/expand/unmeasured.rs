//! What an attribute leaves when measuring is turned off: the function as it was, and code that is never
//! reached but still checks the expressions, so that turning it on again brings no surprise.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::site::Names;
use crate::{function::Function, stack::Stack};

/// Writes the function without measurements.
pub(super) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    let names = Names::new(stack);
    let (inner, body) = function.split_body();
    let inputs = names.inputs(stack);
    let absorbed = stack.tracked.iter().filter_map(|tracked| tracked.path.as_ref());
    let checked = quote! {
        #inner
        #(#[allow(unused_imports)] use #absorbed as _;)*
        if false {
            let _ = #inputs;
        }
        #body
    };
    let mut block = Group::new(Delimiter::Brace, checked);
    block.set_span(function.body.span());
    let block = TokenTree::Group(block);
    let Function { attributes, visibility, defaultness, signature, .. } = function;
    quote!(#(#attributes)* #visibility #defaultness #signature #block)
}
