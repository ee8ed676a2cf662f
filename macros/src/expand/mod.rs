//! Writing the instrumented function.
//!
//! The recipe, and why: a drop guard in place keeps `?`, `#[track_caller]`, borrows and small futures; a
//! result is observed through a function that takes a closure, which keeps coercions; an `async fn`
//! becomes a `fn` that returns one `async move` block, so that arguments are stored once. Whatever the
//! shape, the generated code is one static, one guard, and calls into one module of the runtime.

mod arguments;
mod body;
mod result_type;
mod site;
#[cfg_attr(not(feature = "off"), allow(dead_code, reason = "only the feature `off` emits this"))]
mod unmeasured;

use proc_macro2::TokenStream;
use syn::{ReturnType, Type};

use crate::{function::Function, stack::Stack};

/// What decides the form of the expansion.
pub(crate) enum Shape {
    /// `fn`, including `extern` and `unsafe`.
    Sync,
    /// `async fn` that can become a `fn` returning a future.
    Async,
    /// `async fn` that must stay one, because attributes of others below ours want to see it.
    AsyncKept,
    /// `fn` that returns a future by the words of its signature.
    Returns { boxed: bool, output: Box<Type> },
}

impl Shape {
    pub(crate) fn of(function: &Function) -> Self {
        if function.signature.asyncness.is_some() {
            let never = result_type::is_never(&function.signature.output);
            let foreign = function.attributes.iter().any(|attribute| !is_inert(attribute.path()));
            return if never || foreign { Self::AsyncKept } else { Self::Async };
        }
        let ReturnType::Type(_, returned) = &function.signature.output else { return Self::Sync };
        match result_type::future_output(returned) {
            Some((boxed, output)) => Self::Returns { boxed, output: Box::new(output.clone()) },
            None => Self::Sync,
        }
    }
}

/// Attributes that do not look at the function they stand on.
fn is_inert(path: &syn::Path) -> bool {
    const INERT: &[&str] = &[
        "allow",
        "cfg",
        "cfg_attr",
        "clippy",
        "cold",
        "deny",
        "deprecated",
        "diagnostic",
        "doc",
        "expect",
        "export_name",
        "forbid",
        "inline",
        "link_section",
        "must_use",
        "no_mangle",
        "rustfmt",
        "target_feature",
        "track_caller",
        "unsafe",
        "warn",
    ];
    path.segments.first().is_some_and(|first| INERT.iter().any(|inert| first.ident == *inert))
}

/// Writes the function.
pub(crate) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    if cfg!(feature = "off") {
        unmeasured::expand(function, stack)
    } else {
        body::expand(function, stack)
    }
}
