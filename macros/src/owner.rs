//! What the methods of a block belong to, and how they are called in the label `function`.
//!
//! Invariant: two methods of a module have one name only if they are two of one name in one function's scope. That is
//! Rust's own rule: inherent methods of one type differ in their names, or the type in its parameters, and methods of
//! traits are told apart by the trait.

use proc_macro2::{Ident, TokenStream};
use syn::{
    Attribute, GenericArgument, GenericParam, Generics, PathArguments, PathSegment, Token, Type,
    Visibility, ext::IdentExt, parse::ParseStream,
};

use crate::{
    inert::is_inert,
    syntax::{written, written_of},
};

/// What a method belongs to.
#[derive(Clone)]
pub(crate) struct Owner {
    /// What stands before `::method`: `Store`, `<Store as Cache>` or, of a trait's own methods, `Cache`.
    pub(crate) name: String,
    /// Another attribute on the block wants to see `async fn`s.
    pub(crate) keeps_async: bool,
}

impl Owner {
    /// Reads the part of a block before its braces.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        while is_before_a_block(&input.fork()) {
            input.call(Ident::parse_any)?;
        }
        let name = if input.parse::<Option<Token![trait]>>()?.is_some() {
            input.parse::<Ident>()?.unraw().to_string()
        } else {
            input.parse::<Token![impl]>()?;
            implementation(input)?
        };
        // Bounds and conditions say nothing about the name.
        input.parse::<TokenStream>()?;
        let keeps_async = !attributes.iter().all(|attribute| is_inert(&attribute.meta));
        Ok(Self { name, keeps_async })
    }
}

/// `Type` of `impl Type`, `<Type as Trait>` of `impl Trait for Type`.
fn implementation(input: ParseStream<'_>) -> syn::Result<String> {
    let generics = if input.peek(Token![<]) { input.parse()? } else { Generics::default() };
    let first: Type = input.parse()?;
    if input.parse::<Option<Token![for]>>()?.is_none() {
        return Ok(self_type(&first, &generics));
    }
    let own: Type = input.parse()?;
    Ok(format!("<{} as {}>", self_type(&own, &generics), type_name(&first)))
}

/// Whether a word comes that says something of a block.
fn is_before_a_block(input: ParseStream<'_>) -> bool {
    let word = input.call(Ident::parse_any);
    word.is_ok_and(|word| ["auto", "default", "unsafe"].iter().any(|known| word == known))
}

/// A type as it is written, without lifetimes, and without the parameters of `impl<T> Store<T>`: they stand for all.
fn self_type(ty: &Type, generics: &Generics) -> String {
    let Type::Path(path) = unwrapped(ty) else { return type_name(ty) };
    let Some(PathArguments::AngleBracketed(arguments)) =
        path.path.segments.last().map(|last| &last.arguments)
    else {
        return type_name(ty);
    };
    let mut names: Vec<_> = arguments.args.iter().filter_map(shown).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    let is_parameter = |name: &String| {
        generics.params.iter().any(|parameter| match parameter {
            GenericParam::Type(parameter) => parameter.ident == name,
            GenericParam::Const(parameter) => parameter.ident == name,
            GenericParam::Lifetime(_) => false,
        })
    };
    if names.len() < count || !names.iter().all(is_parameter) {
        return type_name(ty);
    }
    let mut bare = path.clone();
    if let Some(last) = bare.path.segments.last_mut() {
        last.arguments = PathArguments::None;
    }
    type_name(&Type::Path(bare))
}

fn unwrapped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => unwrapped(&group.elem),
        Type::Paren(paren) => unwrapped(&paren.elem),
        ty => ty,
    }
}

/// A type as it is written, without lifetimes.
fn type_name(ty: &Type) -> String {
    match unwrapped(ty) {
        Type::Path(path) if path.qself.is_none() => {
            let segments: Vec<_> = path.path.segments.iter().map(segment).collect();
            segments.join("::")
        }
        Type::Reference(reference) => {
            let mutable = reference.mutability.map_or("", |_| "mut ");
            format!("&{mutable}{}", type_name(&reference.elem))
        }
        Type::Slice(slice) => format!("[{}]", type_name(&slice.elem)),
        Type::Tuple(tuple) if tuple.elems.len() != 1 => {
            let elements: Vec<_> = tuple.elems.iter().map(type_name).collect();
            format!("({})", elements.join(", "))
        }
        other => written_of(other),
    }
}

fn segment(segment: &PathSegment) -> String {
    let name = segment.ident.unraw();
    match &segment.arguments {
        PathArguments::None => name.to_string(),
        PathArguments::AngleBracketed(arguments) => {
            let arguments: Vec<_> = arguments.args.iter().filter_map(shown).collect();
            if arguments.is_empty() {
                return name.to_string();
            }
            format!("{name}<{}>", arguments.join(", "))
        }
        PathArguments::Parenthesized(arguments) => {
            format!("{name}{}", written(quote::quote!(#arguments)))
        }
    }
}

/// A parameter of a type; lifetimes tell no two types of a program apart.
fn shown(argument: &GenericArgument) -> Option<String> {
    match argument {
        GenericArgument::Lifetime(_) => None,
        GenericArgument::Type(ty) => Some(type_name(ty)),
        other => Some(written_of(other)),
    }
}

#[cfg(test)]
mod tests {
    use syn::parse::Parser;

    use super::Owner;

    #[test]
    fn owners_are_called_as_in_rust() {
        for (header, name) in [
            ("impl Store", "Store"),
            ("pub unsafe trait Cache<T>: Sized", "Cache"),
            ("impl<T: Clone, const N: usize> Store<T, N> where T: Send", "Store"),
            ("impl<'a, T> Store<'a, T>", "Store"),
            ("impl<T> Store<T, T>", "Store<T, T>"),
            ("impl Store<u8>", "Store<u8>"),
            ("impl<T> Store<Vec<T>>", "Store<Vec<T>>"),
            ("impl<'a> a::Store<'a, &'a str>", "a::Store<&str>"),
            ("impl From<u8> for Store", "<Store as From<u8>>"),
            ("impl<T> fmt::Display for &'_ [T]", "<&[T] as fmt::Display>"),
            ("impl Work for dyn Job + Send", "<dyn Job + Send as Work>"),
            ("impl Work for (u8, r#type)", "<(u8, type) as Work>"),
            ("impl<F: Fn(u8) -> u8> Work for F", "<F as Work>"),
        ] {
            let owner = Owner::parse.parse_str(header).expect(header);
            assert_eq!(owner.name, name, "{header}");
        }
    }
}
