//! `#[derive(MetricSchema)]`: a struct whose fields are metrics, or schemas.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Data, DeriveInput, Field, Fields, Path, ext::IdentExt, spanned::Spanned};
use yardstick_model::check_metric_name;

use super::{
    Derive,
    options::{Options, Place},
};
use crate::{
    errors::{Errors, Message},
    expand::respanned,
    function::doc_of,
};

const DERIVE: Derive = Derive::MetricSchema;

/// A field, as it is registered.
struct Metric<'i> {
    field: &'i Field,
    options: Options,
    name: String,
    help: String,
}

pub(super) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let options = Options::read(DERIVE, Place::Struct, &input.attrs, errors);
    let krate = options.crate_path.clone().unwrap_or_else(|| syn::parse_quote!(::yardstick));
    let namespace = options.namespace.as_ref().map(syn::LitStr::value);
    if let (Some(text), Some(literal)) = (&namespace, &options.namespace)
        && let Err(violation) = check_metric_name(text)
    {
        let message = Message::new(violation.describe(text))
            .maybe_help(violation.help(text))
            .note("a namespace is the first part of every metric's name");
        errors.push(literal.span(), message);
    }
    let mut metrics: Vec<Metric<'_>> = Vec::new();
    for field in fields(input, errors) {
        let metric = metric(field, &metrics, errors);
        metrics.push(metric);
    }
    implementation(input, &krate, namespace.as_deref().unwrap_or_default(), &metrics)
}

fn fields<'i>(input: &'i DeriveInput, errors: &mut Errors) -> Vec<&'i Field> {
    if let Some(parameter) = input.generics.params.first() {
        let message = Message::new("a metric schema cannot have parameters")
            .help("declare the metrics in a struct without, and hold that one")
            .note("its metrics have fixed names, so two instances of it would be one");
        errors.push_on(parameter, message);
    }
    let message = Message::new("`MetricSchema` can only be derived on a struct with named fields");
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return fields.named.iter().collect(),
            Fields::Unit => errors.push(input.ident.span(), message.help("give it fields")),
            Fields::Unnamed(fields) => {
                let message = message.help("name the fields; each name is that of a metric");
                errors.push(fields.paren_token.span.open(), message);
            }
        },
        Data::Enum(data) => errors.push(data.enum_token.span, message),
        Data::Union(data) => errors.push(data.union_token.span, message),
    }
    Vec::new()
}

fn metric<'i>(field: &'i Field, before: &[Metric<'_>], errors: &mut Errors) -> Metric<'i> {
    let options = Options::read(DERIVE, Place::Field, &field.attrs, errors);
    let ident = field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
    let name = options.rename.as_ref().map_or_else(|| ident.clone(), syn::LitStr::value);
    let help = options.help.as_ref().map(syn::LitStr::value).or_else(|| doc_of(&field.attrs));
    if let Some(flatten) = options.span_of("flatten") {
        flattened_has_no_more(&options, flatten, errors);
        return Metric { field, options, name, help: String::new() };
    }
    let place = options.rename.as_ref().map_or(field.ident.span(), syn::LitStr::span);
    if let Err(violation) = check_metric_name(&name) {
        let message = Message::new(violation.describe(&name))
            .maybe_help(violation.help(&name))
            .note(violation.note());
        errors.push(place, message);
    } else if before
        .iter()
        .any(|metric| metric.options.span_of("flatten").is_none() && metric.name == name)
    {
        let message = Message::new(format!("metric `{name}` is that of another field"))
            .help("choose another name with `#[metric(name = \"...\")]`");
        errors.push(place, message);
    }
    if help.as_deref().is_none_or(|help| help.trim().is_empty()) {
        let message = Message::new(format!("metric `{name}` has no help text"))
            .help("add a doc comment to the field; its first paragraph becomes `# HELP`");
        errors.push(field.ident.span(), message);
    }
    Metric { field, options, name, help: help.unwrap_or_default() }
}

/// What is said of one metric has no meaning for a schema.
fn flattened_has_no_more(options: &Options, _: Span, errors: &mut Errors) {
    for name in ["name", "help", "unit", "buckets", "series_max"] {
        if let Some(span) = options.span_of(name) {
            let message = Message::new(format!("`{name}` has no effect on a flattened schema"))
                .help("remove it")
                .note("the fields of that schema say it of themselves");
            errors.push(span, message);
        }
    }
}

fn implementation(
    input: &DeriveInput,
    krate: &Path,
    namespace: &str,
    metrics: &[Metric<'_>],
) -> TokenStream {
    let name = &input.ident;
    let private = quote!(#krate::__private);
    let (generics, parameters, bounds) = input.generics.split_for_impl();
    let registrations = metrics.iter().map(|metric| metric.registration(krate, &private));
    let prefix = Ident::new("prefix", Span::mixed_site());
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #generics #krate::MetricSchema for #name #parameters #bounds {
            fn register_under(
                registry: &#krate::Registry,
                prefix: &str,
            ) -> ::core::result::Result<Self, #krate::RegisterError> {
                let #prefix = #private::joined(prefix, #namespace);
                let prefix = &*#prefix;
                ::core::result::Result::Ok(Self { #(#registrations),* })
            }
        }
    }
}

impl Metric<'_> {
    fn registration(&self, krate: &Path, private: &TokenStream) -> TokenStream {
        let Self { field, options, name, help } = self;
        let (ident, ty) = (&field.ident, &field.ty);
        let at = |tokens: TokenStream| respanned(tokens, ty.span());
        if options.span_of("flatten").is_some() {
            let krate = at(krate.to_token_stream());
            let register = quote_spanned! {ty.span()=>
                <#ty as #krate::MetricSchema>::register_under
            };
            return quote!(#ident: #register(registry, prefix)?);
        }
        let unit = match &options.unit {
            Some((_, unit)) => quote!(::core::option::Option::Some(#krate::Unit::#unit)),
            None => quote!(::core::option::Option::None),
        };
        let buckets = match &options.buckets {
            Some(bounds) => quote!(::core::option::Option::Some(&[#(#bounds),*])),
            None => quote!(::core::option::Option::None),
        };
        let series_max = match &options.series_max {
            Some(number) => quote!(::core::option::Option::Some(#number)),
            None => quote!(::core::option::Option::None),
        };
        let there = at(private.clone());
        let register = quote_spanned!(ty.span()=> <#ty as #there::SchemaMetric>::register);
        let histogram = options.span_of("buckets").map(|span| {
            let there = respanned(private.clone(), span);
            quote_spanned!(span=> const { #there::assert_histogram::<#ty>() };)
        });
        let here = field.ident.span();
        let there = respanned(private.clone(), here);
        let location = quote_spanned!(here=> #there::location(::core::module_path!()));
        quote! {
            #ident: {
                #histogram
                #register(
                    registry,
                    prefix,
                    &#private::SchemaFacts {
                        name: #name,
                        help: #help,
                        unit: #unit,
                        buckets: #buckets,
                        series_max: #series_max,
                    },
                    #location,
                )?
            }
        }
    }
}
