//! Which of the forms of a function it is, by the words of its signature.

use proc_macro2::Ident;
use syn::{
    GenericArgument, PathArguments, ReturnType, Type, TypeParamBound, punctuated::Punctuated,
};

use crate::{function::Function, inert::is_inert};

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
        match polled(returned) {
            Some(Polled::Future { boxed, output }) => {
                Self::Future { boxed, output: Box::new(output.clone()) }
            }
            Some(Polled::Stream { boxed }) => Self::Stream { boxed },
            None => Self::Sync,
        }
    }
}

/// Whether attributes of others stand below ours and may look at the function.
pub(crate) fn has_foreign_attributes(function: &Function) -> bool {
    !function.attributes.iter().all(|attribute| is_inert(&attribute.meta))
}

/// What a function returns that is polled.
enum Polled<'a> {
    Future { boxed: bool, output: &'a Type },
    Stream { boxed: bool },
}

/// The future or stream that a type is by its words: `impl Future<Output = T>`, `Pin<Box<dyn Future<..>>>`,
/// `BoxFuture<'_, T>`, and the same of streams.
fn polled(returned: &Type) -> Option<Polled<'_>> {
    match returned {
        Type::ImplTrait(of) => polled_trait(&of.bounds, false),
        Type::Paren(inner) => polled(&inner.elem),
        Type::Group(inner) => polled(&inner.elem),
        Type::Path(path) => match path.path.segments.last()?.ident.to_string().as_str() {
            "BoxFuture" | "LocalBoxFuture" => {
                let output = first_type(returned)?;
                Some(Polled::Future { boxed: true, output })
            }
            "BoxStream" | "LocalBoxStream" => Some(Polled::Stream { boxed: true }),
            _ => match parameter(parameter(returned, "Pin")?, "Box")? {
                Type::TraitObject(object) => polled_trait(&object.bounds, true),
                Type::ImplTrait(of) => polled_trait(&of.bounds, true),
                _ => None,
            },
        },
        _ => None,
    }
}

fn polled_trait<P>(bounds: &Punctuated<TypeParamBound, P>, boxed: bool) -> Option<Polled<'_>> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        let output = |name| {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::AssocType(output) if output.ident == name => Some(&output.ty),
                _ => None,
            })
        };
        match last.ident.to_string().as_str() {
            "Future" => Some(Polled::Future { boxed, output: output("Output")? }),
            "Stream" => Some(Polled::Stream { boxed }),
            _ => None,
        }
    })
}

/// The word of the return type that says of a value that it becomes a future or stream, or is one that is more than
/// that and would not be if it was wrapped; and what to return instead.
pub(crate) fn becomes_polled(output: &ReturnType) -> Option<(&Ident, &'static str)> {
    const FUTURES: &[&str] = &["FusedFuture", "IntoFuture", "TryFuture"];
    const STREAMS: &[&str] = &["AsyncIterator", "FusedStream", "TryStream"];
    let ReturnType::Type(_, returned) = output else { return None };
    let mut returned = &**returned;
    while let Type::Paren(syn::TypeParen { elem, .. }) | Type::Group(syn::TypeGroup { elem, .. }) =
        returned
    {
        returned = elem;
    }
    let Type::ImplTrait(of) = returned else { return None };
    of.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = &bound.path.segments.last()?.ident;
        if FUTURES.iter().any(|word| last == word) {
            Some((last, "`impl Future<Output = ..>`"))
        } else if STREAMS.iter().any(|word| last == word) {
            Some((last, "`impl Stream<Item = ..>`"))
        } else {
            None
        }
    })
}

/// Types of the standard library that are values: neither futures nor streams, nor another name for a `Result`.
pub(crate) const VALUES: &[&str] = &[
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "Cow",
    "Duration",
    "HashMap",
    "HashSet",
    "Instant",
    "Option",
    "PathBuf",
    "Rc",
    "String",
    "SystemTime",
    "Vec",
    "VecDeque",
    "bool",
    "char",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
];

/// `T` of `wrapper<T>`.
fn parameter<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().filter(|last| last.ident == wrapper)?;
    first_type(ty)
}

/// The first type among the parameters of a path.
fn first_type(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
