//! What an attribute leaves when measuring is turned off: the function as it was, and code that is never
//! reached but still checks the expressions, so that turning it on again brings no surprise.

use proc_macro2::TokenStream;
use quote::quote;

use super::site::Names;
use crate::{function::Function, stack::Stack};

/// Writes the function without measurements.
pub(super) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    let inputs = Names::new(stack).with_inputs(stack, |inputs| inputs);
    let uses = stack.uses();
    function.with_first_statements(&quote! {
        #uses
        if false {
            let _ = #inputs;
        }
    })
}
