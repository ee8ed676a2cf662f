//! Whether what a function returns can be an error, as far as its words tell.
//!
//! Invariant: a type that may be another name for a `Result` is left to the compiler, which knows.

use syn::{GenericParam, ReturnType, Type};

use crate::{
    function::Function,
    shape::{Shape, VALUES},
    syntax::written_of,
};

/// What a function returns, in words for a message, if that is never an error.
pub(crate) fn without_error(function: &Function, shape: &Shape) -> Option<String> {
    if matches!(shape, Shape::Stream { .. }) {
        return None;
    }
    let Some(returned) = value(function, shape) else { return Some("nothing".to_owned()) };
    let is_none = match returned {
        Type::Tuple(tuple) if tuple.elems.is_empty() => return Some("nothing".to_owned()),
        Type::Array(_)
        | Type::FnPtr(_)
        | Type::ImplTrait(_)
        | Type::Ptr(_)
        | Type::Reference(_)
        | Type::Slice(_)
        | Type::Tuple(_) => true,
        Type::Path(path) if path.qself.is_none() => {
            let is_one_of = |name: &syn::Ident| {
                let generics = function.signature.generics.params.iter();
                let mut types = generics.filter_map(|parameter| match parameter {
                    GenericParam::Type(parameter) => Some(&parameter.ident),
                    _ => None,
                });
                ["Box", "Self"].iter().chain(VALUES).any(|value| name == value)
                    || types.any(|parameter| parameter == name)
            };
            path.path.segments.last().is_some_and(|last| is_one_of(&last.ident))
        }
        _ => false,
    };
    is_none.then(|| format!("`{}`", written_of(returned)))
}

/// Whether a function returns what is called a `Result`.
pub(crate) fn is_result(function: &Function, shape: &Shape) -> bool {
    let Some(Type::Path(path)) = value(function, shape) else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Result")
}

/// The type of the value that a call gives in the end.
pub(crate) fn value<'a>(function: &'a Function, shape: &'a Shape) -> Option<&'a Type> {
    match (shape, &function.signature.output) {
        (Shape::Future { output, .. }, _) => Some(unwrapped(output)),
        (_, ReturnType::Type(_, returned)) => Some(unwrapped(returned)),
        (_, ReturnType::Default) => None,
    }
}

fn unwrapped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => unwrapped(&group.elem),
        Type::Paren(paren) => unwrapped(&paren.elem),
        ty => ty,
    }
}
