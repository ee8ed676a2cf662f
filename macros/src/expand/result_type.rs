//! What a return type says by its words.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    GenericArgument, PathArguments, ReturnType, Type, TypeParamBound, punctuated::Punctuated,
    spanned::Spanned,
};

/// What a function returns that is polled.
pub(super) enum Polled<'a> {
    Future { boxed: bool, output: &'a Type },
    Stream { boxed: bool },
}

/// The future or stream that a type is by its words: `impl Future<Output = T>`, `Pin<Box<dyn Future<..>>>`,
/// `BoxFuture<'_, T>`, and the same of streams.
pub(super) fn polled(returned: &Type) -> Option<Polled<'_>> {
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

/// The type, if only the compiler can tell whether it is a future: its name does not.
pub(super) fn of_unknown_nature(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, returned) = output else { return None };
    let Type::Path(path) = &**returned else { return None };
    let last = path.path.segments.last()?;
    let is_value = last.ident == "Result" || VALUES.iter().any(|value| last.ident == value);
    (!is_value && !has_impl(returned)).then_some(&**returned)
}

/// Whether `impl Trait` is written anywhere in it.
pub(super) fn has_impl(ty: &Type) -> bool {
    fn within(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "impl",
            TokenTree::Group(group) => within(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    within(ty.to_token_stream())
}

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

/// The type with every `impl Trait` in it left to inference, which is where it may not be written.
pub(super) fn inferred(ty: &Type) -> Type {
    let mut ty = ty.clone();
    infer(&mut ty);
    ty
}

fn infer(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => *ty = Type::Verbatim(quote!(_)),
        Type::Array(array) => infer(&mut array.elem),
        Type::Group(group) => infer(&mut group.elem),
        Type::Paren(paren) => infer(&mut paren.elem),
        Type::Reference(reference) => infer(&mut reference.elem),
        Type::Slice(slice) => infer(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(infer),
        Type::Path(path) => {
            let segments = path.path.segments.iter_mut();
            let arguments = segments.filter_map(|segment| match &mut segment.arguments {
                PathArguments::AngleBracketed(arguments) => Some(&mut arguments.args),
                _ => None,
            });
            for argument in arguments.flatten() {
                if let GenericArgument::Type(ty) = argument {
                    infer(ty);
                }
            }
        }
        _ => {}
    }
}

/// A return that never happens, in front of the body: it tells the compiler the type that the closure or block around
/// the body returns, so that a mismatch is reported at the user's expression, coercions happen where they would in the
/// function, and a body that diverges does not leave the type to whoever looks at it. `captured` are statements that
/// come after it, and so are never executed either.
pub(super) fn fake_return(output: &ReturnType, captured: &TokenStream) -> TokenStream {
    match output {
        ReturnType::Default => never_executed(&quote!(return;), captured),
        ReturnType::Type(_, returned) => fake_return_of(returned, captured),
    }
}

/// As [`fake_return`], for a type.
fn fake_return_of(returned: &Type, captured: &TokenStream) -> TokenStream {
    let ty = inferred(returned);
    if matches!(ty, Type::Verbatim(_)) {
        return if captured.is_empty() {
            TokenStream::new()
        } else {
            never_executed(&quote!(loop {}), captured)
        };
    }
    let span = returned.span();
    let fake = Ident::new("__fake", Span::mixed_site().located_at(span));
    let fake = quote_spanned! {Span::call_site().located_at(span)=>
        let #fake: #ty = loop {};
        return #fake;
    };
    never_executed(&fake, captured)
}

/// Statements that only the compiler sees. After one that diverges, naming a variable captures it and is no use of it.
pub(super) fn never_executed(diverging: &TokenStream, captured: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unreachable_code, clippy::all, clippy::used_underscore_binding)]
        if false {
            #diverging
            #captured
        }
    }
}
