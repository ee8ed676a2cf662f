//! `#[derive(LabelValue)]`: an enum without fields, each of whose variants is a value.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Path, Variant, ext::IdentExt, spanned::Spanned};
use yardstick_model::{NONE_VALUE, OVERFLOW_VALUE};

use super::{
    Derive,
    case::Case,
    options::{Options, Place},
};
use crate::errors::{Errors, Message};

const DERIVE: Derive = Derive::LabelValue;

pub(super) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let variants = variants(input, errors);
    let place = if variants.is_some() { Place::Enum } else { Place::Struct };
    let options = Options::read(DERIVE, place, &input.attrs, errors);
    let krate = options.crate_path.clone().unwrap_or_else(|| crate::krate::find(errors));
    let style = options.rename_all.unwrap_or(Case::Snake);
    let mut values: Vec<String> = Vec::new();
    for variant in variants.iter().flatten() {
        no_fields(variant, errors);
        let options = Options::read(DERIVE, Place::Variant, &variant.attrs, errors);
        let value = match &options.name {
            Some(name) => name.value(),
            None => style.apply(&variant.ident.unraw().to_string()),
        };
        let place = options.name.as_ref().map_or(variant.ident.span(), syn::LitStr::span);
        if let Some(message) = value_mistake(&value, &values) {
            errors.push(place, message);
        }
        values.push(value);
    }
    implementation(input, &krate, &variants.unwrap_or_default(), &values)
}

/// The variants, if it is an enum with some.
fn variants<'i>(input: &'i DeriveInput, errors: &mut Errors) -> Option<Vec<&'i Variant>> {
    let message = Message::new("`LabelValue` can only be derived on an enum");
    match &input.data {
        Data::Enum(data) if data.variants.is_empty() => {
            let message = Message::new(format!("`{}` has no variants", input.ident))
                .note("each variant of an enum is a label value");
            errors.push(input.ident.span(), message);
            None
        }
        Data::Enum(data) => Some(data.variants.iter().collect()),
        Data::Struct(data) => {
            let help = "implement `LabelValue` for it, or pass one of its fields";
            let note = "the values of an enum are known beforehand, those of a struct are not";
            errors.push(data.struct_token.span, message.help(help).note(note));
            None
        }
        Data::Union(data) => {
            errors.push(data.union_token.span, message);
            None
        }
    }
}

fn no_fields(variant: &Variant, errors: &mut Errors) {
    if matches!(variant.fields, Fields::Unit) {
        return;
    }
    let name = &variant.ident;
    let message = Message::new(format!("variant `{name}` has fields, so its values are not known"))
        .help("remove the fields, or label by something else")
        .note(
            "each value of a label is a series, and all of them are known when the program starts",
        );
    errors.push(variant.fields.span(), message);
}

fn value_mistake(value: &str, before: &[String]) -> Option<Message> {
    if value.is_empty() {
        let message = Message::new("a label value must not be empty");
        return Some(message.note("Prometheus takes an empty label for one that is not there"));
    }
    if value == OVERFLOW_VALUE || value == NONE_VALUE {
        let message = Message::new(format!("label value `{value}` is reserved"))
            .help("choose another value with `#[label_value(rename = \"...\")]`");
        return Some(message.note("it stands for values beyond a limit, or for none"));
    }
    before.iter().any(|known| known == value).then(|| {
        Message::new(format!("label value `{value}` is that of another variant"))
            .help("choose another value with `#[label_value(rename = \"...\")]`")
    })
}

fn implementation(
    input: &DeriveInput,
    krate: &Path,
    variants: &[&Variant],
    values: &[String],
) -> TokenStream {
    let name = &input.ident;
    let (generics, parameters, bounds) = input.generics.split_for_impl();
    let arms = variants.iter().enumerate().map(|(index, variant)| {
        let variant = &variant.ident;
        quote!(Self::#variant { .. } => #index)
    });
    let index = if variants.is_empty() { quote!(0) } else { quote!(match self { #(#arms),* }) };
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #generics #krate::LabelValue for #name #parameters #bounds {
            const VALUES: &'static [&'static str] = &[#(#values),*];
            const VALUES_OR_NONE: &'static [&'static str] = &[#(#values,)* #NONE_VALUE];

            #[inline]
            fn index(&self) -> usize {
                #index
            }
        }
    }
}
