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
mod owned;
mod parameter_attributes;
mod result_type;
mod site;
#[cfg_attr(not(feature = "off"), allow(dead_code, reason = "only the feature `off` emits this"))]
mod unmeasured;
mod verdicts;

use proc_macro2::TokenStream;
use syn::{ReturnType, Type};

use self::result_type::Polled;
pub(crate) use self::{
    result_type::{VALUES, becomes_polled},
    site::respanned,
};
use crate::{function::Function, inert::is_inert, stack::Stack};

/// What decides the form of the expansion.
pub(crate) enum Shape {
    /// `fn`, including `extern` and `unsafe`.
    Sync,
    /// `async fn` that can become a `fn` returning a future.
    Async,
    /// `async fn` that must stay one, because attributes of others below ours want to see it.
    AsyncKept,
    /// `fn` that returns a future by the words of its signature.
    Future { boxed: bool, output: Box<Type> },
    /// `fn` that returns a stream by the words of its signature.
    Stream { boxed: bool },
}

impl Shape {
    pub(crate) fn of(function: &Function) -> Self {
        if function.signature.asyncness.is_some() {
            let keeps_async = has_foreign_attributes(function)
                || function.owner.as_ref().is_some_and(|owner| owner.keeps_async);
            return if keeps_async || function.is_never() { Self::AsyncKept } else { Self::Async };
        }
        let ReturnType::Type(_, returned) = &function.signature.output else { return Self::Sync };
        match result_type::polled(returned) {
            Some(Polled::Future { boxed, output }) => {
                Self::Future { boxed, output: Box::new(output.clone()) }
            }
            Some(Polled::Stream { boxed }) => Self::Stream { boxed },
            None => Self::Sync,
        }
    }
}

/// Whether attributes of others stand below ours and may look at the function.
fn has_foreign_attributes(function: &Function) -> bool {
    !function.attributes.iter().all(|attribute| is_inert(&attribute.meta))
}

/// Writes the function.
pub(crate) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    if cfg!(feature = "off") {
        unmeasured::expand(function, stack)
    } else {
        body::expand(function, stack)
    }
}
