//! Classifies a return type by its tokens.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type, spanned::Spanned};

use crate::{shape::VALUES, syntax::find_word};

/// The type, if it may be a future: one whose name is not that of a known value type.
pub(super) fn may_be_a_future(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, returned) = output else { return None };
    let Type::Path(path) = &**returned else { return None };
    let last = path.path.segments.last()?;
    let is_value = last.ident == "Result" || VALUES.iter().any(|value| last.ident == value);
    (!is_value && !has_impl(returned)).then_some(&**returned)
}

/// Whether `impl Trait` is written anywhere in it.
pub(super) fn has_impl(ty: &Type) -> bool {
    find_word(ty.to_token_stream(), &|word| word == "impl").is_some()
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
/// function, and a body that diverges does not leave the type to its observer. `captured` are statements that
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
