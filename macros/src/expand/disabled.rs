//! What an attribute leaves when measuring is turned off: the function as it was, and code that is never
//! reached but still checks the expressions, so that turning it on again brings no surprise.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{ReturnType, Type};

use super::{
    result_type::has_impl,
    site::{Lifetime, SiteWriter},
};
use crate::{
    function::Function,
    shape::Shape,
    stack::{Stack, Tracked},
};

/// Writes the function without measurements.
pub(super) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    let names = SiteWriter::new(stack, false);
    let import = &names.import;
    // Within one statement, because they may borrow what is made in it.
    let inputs =
        names.with_inputs(stack, Lifetime::Borrowed, |inputs| quote!({ let _ = #inputs; }));
    let returned_errors = check_returned_errors(function, stack, &names);
    let uses = stack.uses();
    function.with_statements_before(&quote! {
        #uses
        #[allow(unreachable_code, clippy::diverging_sub_expression)]
        if false {
            #import
            #inputs
            #returned_errors
        }
    })
}

/// The closures over the result, given one that never comes; none where its type cannot be written.
fn check_returned_errors(
    function: &Function,
    stack: &Stack,
    names: &SiteWriter,
) -> Option<TokenStream> {
    let asks = |tracked: &Tracked| {
        let args = &tracked.args;
        let closures = [args.error_if.is_some(), args.error_type.is_some()];
        closures.contains(&true) || tracked.returned_labels().next().is_some()
    };
    if !stack.tracked.iter().any(asks) {
        return None;
    }
    let result: Type = match (Shape::of(function), &function.signature.output) {
        (Shape::Future { output, .. }, _) => *output,
        (_, ReturnType::Type(_, result)) => (**result).clone(),
        (_, ReturnType::Default) => syn::parse_quote!(()),
    };
    if has_impl(&result) {
        return None;
    }
    let returned = &names.returned;
    let returned_errors = names.returned_errors(stack, &returned.to_token_stream());
    Some(quote! {
        let #returned: &#result = loop {};
        let _ = #returned_errors;
    })
}
