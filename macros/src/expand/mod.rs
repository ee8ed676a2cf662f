//! Writing the instrumented function.
//!
//! The recipe, and why: a drop guard in place keeps `?`, `#[track_caller]` and borrows; a result is observed through
//! a function that takes a closure, which keeps coercions; an `async fn` becomes a `fn` that returns one `async move`
//! block, so that arguments are stored once. Whatever the shape, the generated code is one static, one guard, and
//! calls into one module of the runtime.
//!
//! Invariants: the body stands in a scope of its own, in which nothing of ours does, so that neither takes the other's
//! names and temporaries are dropped as in the plain function; and the guard outlives the arguments, so that a call
//! lasts until they and the locals are dropped, in the plain order.

mod arguments;
mod body;
#[cfg_attr(not(feature = "off"), allow(dead_code, reason = "only the feature `off` emits this"))]
mod disabled;
mod owned;
mod parameter_attributes;
mod result_type;
mod returned;
mod site;

use proc_macro2::TokenStream;

use crate::{function::Function, stack::Stack};

/// Writes the function.
pub(crate) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    if cfg!(feature = "off") {
        disabled::expand(function, stack)
    } else {
        body::expand(function, stack)
    }
}
