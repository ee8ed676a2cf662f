//! One function: from what was read of it to what is written in its place.

use proc_macro2::TokenStream;

use crate::{check, errors::Errors, expand, function::Function, shape::Shape, stack::Stack};

/// The function with its measurements, or as it was if there are mistakes.
pub(crate) fn function(function: &Function, mut stack: Stack, errors: &mut Errors) -> TokenStream {
    stack.drop_errors_that_cannot_be(function, &Shape::of(function));
    check::all(function, &stack, errors);
    if errors.is_empty() {
        expand::expand(function, &stack)
    } else {
        function.with_statements_before(&stack.uses())
    }
}
