//! `#[derive(ErrorType)]`: each variant of an enum, or a struct, has a name for the label `error_type`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Data, DeriveInput, Field, Fields, LitStr, Path, Type, Variant, ext::IdentExt, spanned::Spanned,
};

use super::{
    Derive,
    case::Case,
    options::{OptionKey, Options, Place},
};
use crate::{
    errors::{Errors, Message},
    syntax::{find_word, respanned},
};

const DERIVE: Derive = Derive::ErrorType;

/// How a variant is called.
enum Name<'i> {
    /// By a name of its own.
    Own(String),
    /// As the error in it.
    OfField(&'i Field),
}

pub(super) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let place = if matches!(input.data, Data::Enum(_)) { Place::Enum } else { Place::Struct };
    let options = Options::read(DERIVE, place, &input.attrs, errors);
    let krate = options.crate_path.clone().unwrap_or_else(|| crate::krate::find(errors));
    let mut transparent = Vec::new();
    let body = match &input.data {
        Data::Enum(data) => {
            let style = options.rename_all.unwrap_or(Case::Snake);
            let arms: Vec<_> = data
                .variants
                .iter()
                .map(|variant| arm(variant, style, &krate, &mut transparent, errors))
                .collect();
            // Of an enum without variants there is no value to ask.
            if arms.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#arms)* }) }
        }
        Data::Struct(data) => {
            let ident = input.ident.unraw();
            match name(&ident, &data.fields, &options, Case::Snake, errors) {
                Name::Own(name) => quote!(#name),
                Name::OfField(field) => {
                    transparent.push(&field.ty);
                    let member =
                        field.ident.as_ref().map_or_else(|| quote!(0), ToTokens::to_token_stream);
                    let place = Span::call_site().located_at(field.ty.span());
                    ask(&krate, field, &quote_spanned!(place=> &self.#member))
                }
            }
        }
        Data::Union(data) => {
            let message = Message::new("`ErrorType` cannot be derived on a union")
                .help("derive it on an enum or a struct");
            errors.push(data.union_token.span, message);
            quote!("")
        }
    };
    implementation(input, &krate, &transparent, &body)
}

fn arm<'i>(
    variant: &'i Variant,
    style: Case,
    krate: &Path,
    transparent: &mut Vec<&'i Type>,
    errors: &mut Errors,
) -> TokenStream {
    for field in &variant.fields {
        let _ = Options::read(DERIVE, Place::Field, &field.attrs, errors);
    }
    let options = Options::read(DERIVE, Place::Variant, &variant.attrs, errors);
    let ident = &variant.ident;
    match name(&ident.unraw(), &variant.fields, &options, style, errors) {
        Name::Own(name) => quote!(Self::#ident { .. } => #name,),
        Name::OfField(field) => {
            transparent.push(&field.ty);
            let inner = Ident::new("inner", Span::mixed_site().located_at(field.ty.span()));
            let member = field.ident.as_ref().map_or_else(|| quote!(0), ToTokens::to_token_stream);
            let ask = ask(krate, field, &inner.to_token_stream());
            quote!(Self::#ident { #member: #inner, .. } => #ask,)
        }
    }
}

fn name<'i>(
    ident: &Ident,
    fields: &'i Fields,
    options: &Options,
    style: Case,
    errors: &mut Errors,
) -> Name<'i> {
    if let Some(span) = options.span_of(OptionKey::Transparent) {
        if let Some(rename) = options.span_of(OptionKey::Rename) {
            let message = Message::new("`rename` and `transparent` contradict each other")
                .help("keep one of the two")
                .note("`transparent` takes the name of the error inside");
            errors.push(rename, message);
        }
        let mut all = fields.iter();
        if let (Some(field), None) = (all.next(), all.next()) {
            return Name::OfField(field);
        }
        let message = Message::new(format!(
            "`transparent` needs exactly one field, and `{ident}` has {}",
            fields.len()
        ))
        .help("remove `transparent`, or leave the one field whose name is meant");
        errors.push(span, message);
    }
    let own = options.name.as_ref().map_or_else(|| style.apply(&ident.to_string()), LitStr::value);
    if own.is_empty() {
        let message = Message::new("the name of an error must not be empty")
            .note("Prometheus takes an empty label for one that is not there");
        errors.push(options.name.as_ref().map_or(ident.span(), LitStr::span), message);
    }
    Name::Own(own)
}

/// Asks a field; that it has no name is an error about its type.
fn ask(krate: &Path, field: &Field, value: &TokenStream) -> TokenStream {
    let krate = respanned(krate.to_token_stream(), field.ty.span());
    quote_spanned!(field.ty.span()=> #krate::ErrorType::error_type(#value))
}

fn implementation(
    input: &DeriveInput,
    krate: &Path,
    transparent: &[&Type],
    body: &TokenStream,
) -> TokenStream {
    let name = &input.ident;
    let mut generics = input.generics.clone();
    let parameters: Vec<_> =
        generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    // Only what depends on a parameter needs a bound; of any other type the compiler knows.
    let mentions =
        |ty: &Type| find_word(ty.to_token_stream(), &|word| parameters.contains(word)).is_some();
    for ty in transparent.iter().filter(|ty| mentions(ty)) {
        generics.make_where_clause().predicates.push(syn::parse_quote!(#ty: #krate::ErrorType));
    }
    let (generics, parameters, bounds) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #generics #krate::ErrorType for #name #parameters #bounds {
            fn error_type(&self) -> &'static str {
                #body
            }
        }
    }
}
