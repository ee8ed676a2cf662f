//! Which arguments have a destructor, as far as the words of their types tell.

use syn::{GenericArgument, Pat, PathArguments, Receiver, ReceiverKind, Type};

/// Whether a value of this type may own something. References, pointers and the types of numbers do not, and
/// neither do tuples and arrays of these.
pub(super) fn is_owned(ty: &Type) -> bool {
    const VALUES: &[&str] = &[
        "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "u128", "u16",
        "u32", "u64", "u8", "usize",
    ];
    match ty {
        Type::FnPtr(_) | Type::Never(_) | Type::Ptr(_) | Type::Reference(_) => false,
        Type::Array(array) => is_owned(&array.elem),
        Type::Group(group) => is_owned(&group.elem),
        Type::Paren(paren) => is_owned(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(is_owned),
        Type::Path(path) if path.qself.is_none() => {
            path.path.get_ident().is_none_or(|word| !VALUES.iter().any(|value| word == value))
        }
        _ => true,
    }
}

/// Whether a method takes its object over: `self`, `self: Box<Self>`, but not `&self` nor `self: Pin<&mut Self>`.
pub(super) fn is_owned_receiver(receiver: &Receiver) -> bool {
    let ty = match &receiver.kind {
        ReceiverKind::Reference(..) => return false,
        ReceiverKind::Typed(_, ty) => &**ty,
        _ => return true,
    };
    let Type::Path(path) = ty else { return is_owned(ty) };
    let Some(last) = path.path.segments.last() else { return true };
    match &last.arguments {
        PathArguments::AngleBracketed(of) if last.ident == "Pin" => of
            .args
            .iter()
            .any(|argument| matches!(argument, GenericArgument::Type(pinned) if is_owned(pinned))),
        _ => true,
    }
}

/// Whether nothing is left of an argument after its pattern took it apart. Only tuples and arrays are known to have
/// no destructor of their own.
pub(super) fn is_taken_apart_whole(pattern: &Pat, ty: &Type) -> bool {
    match (pattern, ty) {
        (Pat::Ident(name), _) => name.by_ref.is_none() && name.subpat.is_none(),
        (Pat::Paren(inner), _) => is_taken_apart_whole(&inner.pat, ty),
        (_, Type::Group(inner)) => is_taken_apart_whole(pattern, &inner.elem),
        (_, Type::Paren(inner)) => is_taken_apart_whole(pattern, &inner.elem),
        (Pat::Tuple(patterns), Type::Tuple(types)) => {
            let pairs = || patterns.elems.iter().zip(&types.elems);
            patterns.elems.len() == types.elems.len()
                && pairs().all(|(pattern, ty)| is_taken_apart_whole(pattern, ty))
        }
        (Pat::Slice(patterns), Type::Array(array)) => {
            let mut elements = patterns.elems.iter();
            elements.all(|pattern| is_taken_apart_whole(pattern, &array.elem))
        }
        _ => !is_owned(ty) && !matches!(pattern, Pat::Rest(_)),
    }
}
