//! One attribute: what stands in the place of its item.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::{
    block::{Block, renamed},
    errors::Errors,
    function::Function,
    instrument,
    kind::AttributeKind,
    stack::Stack,
};

/// Writes the item with its measurements, and the mistakes that were found. The item is there whatever they are.
pub(crate) fn expand(kind: AttributeKind, args: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if let (AttributeKind::All, Some(block)) = (kind, Block::split(item)) {
        return block.expand(&args);
    }
    let Some(mut function) = Function::parse(kind, item.clone(), &mut errors) else {
        // The arguments are read all the same, so that their mistakes show in the same compile.
        Stack::read(kind, args, &mut Vec::new(), &mut errors);
        let errors = errors.into_tokens();
        return quote!(#errors #item);
    };
    if function.is_measured_method() {
        errors.push(Span::call_site(), renamed(kind));
        let (errors, item) = (errors.into_tokens(), &item);
        return quote!(#errors #item);
    }
    let stack = Stack::read(kind, args, &mut function.attributes, &mut errors);
    let function = instrument::function(&function, stack, &mut errors);
    let errors = errors.into_tokens();
    quote!(#errors #function)
}
