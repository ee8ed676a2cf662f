//! `#[derive(LabelSet)]`: a struct whose fields are label values, or sets of them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Field, Fields, Path, ext::IdentExt, spanned::Spanned};
use yardstick_model::Kind;

use super::{
    Derive,
    options::{OptionKey, Options, Place},
};
use crate::{
    errors::{Errors, Message},
    krate, rules,
    syntax::respanned,
};

const DERIVE: Derive = Derive::LabelSet;

/// A field that gives labels.
struct Part<'i> {
    field: &'i Field,
    /// The label's name; none for a set within the set.
    name: Option<String>,
}

pub(super) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let options = Options::read(DERIVE, Place::Struct, &input.attrs, errors);
    let krate = options.crate_path.clone().unwrap_or_else(|| krate::find(errors));
    let fields = fields(input, errors);
    let mut parts: Vec<Part<'_>> = Vec::new();
    for field in fields {
        let options = Options::read(DERIVE, Place::Field, &field.attrs, errors);
        if let Some(part) = part(field, &options, &parts, errors) {
            parts.push(part);
        }
    }
    implementation(input, &krate, &parts)
}

fn fields<'i>(input: &'i DeriveInput, errors: &mut Errors) -> Vec<&'i Field> {
    let message = Message::new("`LabelSet` can only be derived on a struct with named fields");
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return fields.named.iter().collect(),
            Fields::Unit => return Vec::new(),
            Fields::Unnamed(fields) => {
                let message = message.help("name the fields; each name is that of a label");
                errors.push(fields.paren_token.span.open(), message);
            }
        },
        Data::Enum(data) => {
            let message = message.help("an enum is one label: derive `LabelValue` on it");
            errors.push(data.enum_token.span, message);
        }
        Data::Union(data) => errors.push(data.union_token.span, message),
    }
    Vec::new()
}

fn part<'i>(
    field: &'i Field,
    options: &Options,
    before: &[Part<'_>],
    errors: &mut Errors,
) -> Option<Part<'i>> {
    contradictions(options, errors);
    if options.has(OptionKey::Skip) {
        return None;
    }
    if options.has(OptionKey::Flatten) {
        return Some(Part { field, name: None });
    }
    let ident = field.ident.as_ref()?;
    let name = options.name.as_ref().map_or_else(|| ident.unraw().to_string(), syn::LitStr::value);
    let place = options.name.as_ref().map_or(ident.span(), syn::LitStr::span);
    let help = "choose another name with `#[label(rename = \"...\")]`";
    if let Some(message) = rules::label_name(&name, Kind::Histogram, help) {
        errors.push(place, message);
    } else if before.iter().any(|part| part.name.as_ref() == Some(&name)) {
        let message = Message::new(format!("label `{name}` is that of another field")).help(help);
        errors.push(place, message);
    }
    Some(Part { field, name: Some(name) })
}

/// Options that exclude each other.
fn contradictions(options: &Options, errors: &mut Errors) {
    let given: Vec<_> = [OptionKey::Rename, OptionKey::Flatten, OptionKey::Skip]
        .into_iter()
        .filter_map(|key| Some((key.name(), options.span_of(key)?)))
        .collect();
    if let [(first, _), (second, span), ..] = given[..] {
        let message = Message::new(format!("`{first}` and `{second}` contradict each other"))
            .help("keep one of the two");
        errors.push(span, message);
    }
}

fn implementation(input: &DeriveInput, krate: &Path, parts: &[Part<'_>]) -> TokenStream {
    let name = &input.ident;
    let (generics, parameters, bounds) = input.generics.split_for_impl();
    let private = krate::private(krate);
    let fields = quote!(#private::fields);
    let types: Vec<_> = parts.iter().map(|part| part.of_type(&fields)).collect();
    let values: Vec<_> = parts.iter().map(|part| part.of_value(&fields)).collect();
    let names = parts.iter().zip(&types).map(|(part, of_type)| match &part.name {
        Some(name) => quote!(add(#name);),
        None => quote!(#of_type.__each_name(add);),
    });
    let checks = parts.iter().map(|part| {
        let ty = &part.field.ty;
        let at = respanned(fields.clone(), ty.span());
        match part.name {
            Some(_) => quote_spanned!(ty.span()=> #at::assert_value::<#ty>();),
            None => quote_spanned!(ty.span()=> #at::assert_set::<#ty>();),
        }
    });
    let storage = storage(krate, &private);
    let import = quote! {
        #[allow(unused_imports)]
        use #fields::{ViaField as _, ViaNoField as _};
    };
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #generics #krate::LabelSet for #name #parameters #bounds {
            #storage

            fn each_name(add: &mut dyn ::core::ops::FnMut(&'static str)) {
                #import
                #(#checks)*
                #(#names)*
                let _ = add;
            }

            #[inline]
            fn combinations() -> usize {
                #import
                1_usize #(.saturating_mul(#types.__combinations()))*
            }

            #[inline]
            fn each_values(check: &mut dyn ::core::ops::FnMut(&'static [&'static str])) {
                #import
                #(#types.__each_values(check);)*
                let _ = check;
            }

            #[inline]
            fn dense_index(&self) -> usize {
                #import
                let index = 0_usize;
                #(let index = #fields::next_index(index, #values.__index(), #types.__combinations());)*
                index
            }

            #[inline]
            fn each_text(&self, read: &mut dyn ::core::ops::FnMut(&str)) {
                #import
                #(#values.__each_text(read);)*
                let _ = read;
            }
        }
    }
}

/// How a metric with these labels keeps its series.
fn storage(krate: &Path, private: &TokenStream) -> TokenStream {
    quote! {
        type Store<__Kind: #private::MetricKind> = #private::Typed<__Kind, Self>;

        fn store<__Kind: #private::MetricKind>(
            family: #private::FamilyRef,
        ) -> ::core::option::Option<Self::Store<__Kind>> {
            __Kind::typed(family)
        }

        #[inline]
        fn child<'m, __Kind: #private::MetricKind>(
            metric: &'m __Kind::Of<Self>,
            labels: &Self,
        ) -> #krate::handle::SeriesRef<'m, __Kind::Handle>
        where
            Self: 'm,
        {
            __Kind::child(__Kind::store(metric), labels)
        }
    }
}

impl Part<'_> {
    /// The field's type, as something to ask.
    fn of_type(&self, fields: &TokenStream) -> TokenStream {
        let (ty, wrapper) = (&self.field.ty, self.wrapper());
        quote!((&&#fields::#wrapper::<'_, #ty>::TYPE))
    }

    /// The field, as something to ask.
    fn of_value(&self, fields: &TokenStream) -> TokenStream {
        let (field, wrapper) = (&self.field.ident, self.wrapper());
        quote!((&&#fields::#wrapper::new(&self.#field)))
    }

    fn wrapper(&self) -> Ident {
        let name = if self.name.is_some() { "Value" } else { "Set" };
        Ident::new(name, Span::call_site())
    }
}
