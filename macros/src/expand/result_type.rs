//! What a return type says by its words.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    GenericArgument, PathArguments, ReturnType, Type, TypeParamBound, punctuated::Punctuated,
    spanned::Spanned,
};

/// Whether the function says that it never returns.
pub(super) fn is_never(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, returned) if matches!(**returned, Type::Never(_)))
}

/// The output of `impl Future<Output = T>` or `Pin<Box<dyn Future<Output = T>>>`, and whether it is the
/// boxed form.
pub(super) fn future_output(returned: &Type) -> Option<(bool, &Type)> {
    match returned {
        Type::ImplTrait(of) => output_of(&of.bounds).map(|output| (false, output)),
        Type::Paren(inner) => future_output(&inner.elem),
        Type::Group(inner) => future_output(&inner.elem),
        Type::Path(_) => match parameter(parameter(returned, "Pin")?, "Box")? {
            Type::TraitObject(object) => output_of(&object.bounds).map(|output| (true, output)),
            _ => None,
        },
        _ => None,
    }
}

fn output_of<P>(bounds: &Punctuated<TypeParamBound, P>) -> Option<&Type> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
            _ => None,
        })
    })
}

/// `T` of `wrapper<T>`.
fn parameter<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
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

/// A return that never happens, in front of the body: it tells the compiler the type that the closure or
/// block around the body returns, so that a mismatch is reported at the user's expression and coercions
/// happen where they would in the function.
pub(super) fn fake_return(output: &ReturnType) -> TokenStream {
    let ReturnType::Type(_, returned) = output else { return TokenStream::new() };
    fake_return_of(returned)
}

/// As [`fake_return`], for a type.
pub(super) fn fake_return_of(returned: &Type) -> TokenStream {
    let ty = inferred(returned);
    if matches!(ty, Type::Verbatim(_)) {
        return TokenStream::new();
    }
    let span = returned.span();
    let fake = Ident::new("__fake", Span::mixed_site().located_at(span));
    quote_spanned! {Span::call_site().located_at(span)=>
        #[allow(unreachable_code, unused_qualifications, clippy::all, clippy::pedantic)]
        if false {
            let #fake: #ty = loop {};
            return #fake;
        }
    }
}
