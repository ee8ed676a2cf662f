//! `#[derive(MetricSchema)]`: a struct whose fields are metrics, or schemas.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Data, DeriveInput, Field, Fields, Path, ext::IdentExt, spanned::Spanned};
use yardstick_model::{Kind, exposed_name, shared_sample};

use super::{
    Derive,
    metric_name::{buckets_of_another_unit, has_no_label_set, kind_of},
    options::{OptionKey, Options, Place},
};
use crate::{
    buckets::Buckets,
    docs,
    errors::{Errors, Message},
    krate, rules,
    syntax::respanned,
};

const DERIVE: Derive = Derive::MetricSchema;

/// Functions of every schema, of which a field would make a second one.
const FUNCTIONS: &[&str] = &["global", "register", "register_in"];

/// What the derive was placed on.
struct Schema<'i> {
    input: &'i DeriveInput,
    krate: Path,
    namespace: String,
    options: Options,
    metrics: Vec<Metric<'i>>,
}

/// A field, as it is registered.
struct Metric<'i> {
    field: &'i Field,
    options: Options,
    name: String,
    help: String,
}

pub(super) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let options = Options::read(DERIVE, Place::Struct, &input.attrs, errors);
    constant_labels(&options, &[], errors);
    let krate = options.crate_path.clone().unwrap_or_else(|| krate::find(errors));
    let namespace = options.namespace.as_ref().map(syn::LitStr::value);
    if let Some(literal) = &options.namespace
        && let Some(message) = rules::namespace(&literal.value())
    {
        errors.push(literal.span(), message);
    }
    let mut metrics: Vec<Metric<'_>> = Vec::new();
    for field in fields(input, errors) {
        let metric = metric(field, &metrics, errors);
        constant_labels(&metric.options, &options.labels, errors);
        metrics.push(metric);
    }
    if !input.generics.params.is_empty() {
        // There is no instance for everybody, and hence nothing to write.
        return TokenStream::new();
    }
    let namespace = namespace.unwrap_or_default();
    if metrics.iter().any(|metric| has_no_label_set(&metric.field.ty)) {
        // The compiler says so of the field, and would say it again of each use of the schema.
        return stub(input);
    }
    Schema { input, krate, namespace, options, metrics }.implementation()
}

/// What users call, without what makes it work: for a schema that does not compile for another reason.
fn stub(input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    quote! {
        #[automatically_derived]
        impl #name {
            #[doc(hidden)]
            #[allow(dead_code)]
            pub fn global() -> &'static Self {
                ::core::unreachable!()
            }
        }
    }
}

/// Valid, not reserved, and each once.
fn constant_labels(options: &Options, others: &[(Ident, String)], errors: &mut Errors) {
    for (index, (key, _)) in options.labels.iter().enumerate() {
        let name = key.unraw().to_string();
        let before = others.iter().chain(&options.labels[..index]);
        let rule = rules::label_name(&name, Kind::Histogram, "choose another label name");
        let message = if let Some(message) = rule {
            message
        } else if before.into_iter().any(|(known, _)| known.unraw() == name) {
            Message::new(format!("label `{name}` is given more than once"))
                .help("keep one of the two")
        } else {
            continue;
        };
        errors.push(key.span(), message);
    }
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
    let name = options.name.as_ref().map_or_else(|| ident.clone(), syn::LitStr::value);
    let help = options
        .help
        .as_ref()
        .map(syn::LitStr::value)
        .or_else(|| docs::first_paragraph(&field.attrs));
    if options.has(OptionKey::Flatten) {
        flattened_has_no_more(&options, errors);
        return Metric { field, options, name, help: String::new() };
    }
    let place = options.name.as_ref().map_or(field.ident.span(), syn::LitStr::span);
    let unit = options.unit.as_ref().map(|(unit, _)| *unit);
    let clash = || before.iter().find_map(|metric| metric.clash(&name, field, &options));
    if let Some(message) = rules::metric_name_with_unit(&name, unit).or_else(clash) {
        errors.push(place, message);
    }
    buckets_of_another_unit(&options, &name, &field.ty, place, errors);
    if FUNCTIONS.contains(&ident.as_str()) {
        let message = Message::new(format!("a metric's field cannot be called `{ident}`"))
            .help(format!("rename the field, and add `#[metric(name = \"{name}\")]`"))
            .note("the schema has a function of that name");
        errors.push(field.ident.span(), message);
    }
    if help.as_deref().is_none_or(|help| help.trim().is_empty()) {
        let message = Message::new(format!("metric `{name}` has no help text"))
            .help("add a doc comment to the field; its first paragraph becomes `# HELP`");
        errors.push(field.ident.span(), message);
    }
    Metric { field, options, name, help: help.unwrap_or_default() }
}

/// What is set for one metric has no effect on a schema.
fn flattened_has_no_more(options: &Options, errors: &mut Errors) {
    for key in [
        OptionKey::Name,
        OptionKey::Help,
        OptionKey::Unit,
        OptionKey::Buckets,
        OptionKey::Quantiles,
        OptionKey::Window,
        OptionKey::SeriesMax,
        OptionKey::Labels,
    ] {
        if let Some(span) = options.span_of(key) {
            let text = format!("`{}` has no effect on a flattened schema", key.name());
            let message = Message::new(text)
                .help("remove it")
                .note("set it on the fields of the flattened schema");
            errors.push(span, message);
        }
    }
}

/// The name and kind under which a field is exposed, up to the namespace that all fields share.
fn exposed(name: &str, field: &Field, options: &Options) -> Option<(String, Kind)> {
    let kind = kind_of(&field.ty)?;
    let unit = options.unit.as_ref().map(|(unit, _)| *unit);
    Some((exposed_name(name, unit, kind), kind))
}

impl Metric<'_> {
    /// Why a later field cannot have a name beside this one.
    fn clash(&self, name: &str, field: &Field, options: &Options) -> Option<Message> {
        if self.options.has(OptionKey::Flatten) {
            return None;
        }
        let help = "choose another name with `#[metric(name = \"...\")]`";
        if self.name == name {
            let text = format!("metric `{name}` is that of another field");
            return Some(Message::new(text).help(help));
        }
        let (own, other) =
            (exposed(name, field, options)?, exposed(&self.name, self.field, &self.options)?);
        let sample = shared_sample((&own.0, own.1), (&other.0, other.1))?;
        let text =
            format!("`{name}` and the {} `{}` would both expose `{sample}`", other.1, self.name);
        Some(Message::new(text).help(help))
    }
}

impl Schema<'_> {
    fn implementation(&self) -> TokenStream {
        let Self { input, krate, namespace, options, metrics } = self;
        let name = &input.ident;
        let private = krate::private(krate);
        let fields = metrics.iter().map(|metric| metric.declaration(krate, &private));
        let checks = metrics.iter().filter_map(|metric| metric.check(&private));
        let registrations = metrics
            .iter()
            .enumerate()
            .map(|(index, metric)| metric.registration(krate, &private, index));
        let idents: Vec<_> = metrics.iter().map(|metric| &metric.field.ident).collect();
        let locals: Vec<_> =
            (0..metrics.len()).map(|index| local(&format!("field_{index}"))).collect();
        let accessors = metrics.iter().map(|metric| metric.accessor(krate));
        let labels = label_list(&options.labels);
        let made = match &input.data {
            Data::Struct(_) if metrics.is_empty() => quote!(::core::option::Option::Some(Self {})),
            // One end for all of them: a function that may return after each of thirty fields drops those before it in
            // thirty places, which is most of what a schema costs the compiler.
            Data::Struct(_) => quote! {
                #(let #locals = #registrations;)*
                let (#(::core::option::Option::Some(#locals),)*) = (#(#locals,)*) else {
                    return ::core::option::Option::None;
                };
                ::core::option::Option::Some(Self { #(#idents: #locals),* })
            },
            // What is wrong was said already.
            _ => quote!(::core::unreachable!()),
        };
        let (global, entry) = (local("__GLOBAL"), local("__ENTRY"));
        let enlisted = (!options.has(OptionKey::Unlisted)).then(|| {
            quote! {
                static #entry: #private::SchemaEntry<#name> = #private::SchemaEntry::new(&#global);
                #private::enlist!(#entry);
            }
        });
        quote! {
            const _: () = {
                static #global: #private::Global<#name> = #private::Global::new();
                #enlisted

                #[automatically_derived]
                #[diagnostic::do_not_recommend]
                impl #krate::MetricSchema for #name {
                    const DESCRIPTORS: #krate::catalog::Descriptors =
                        #private::Descriptors::of::<Self>(#namespace, #labels, &[#(#fields),*]);

                    #[inline]
                    fn global() -> &'static Self {
                        #global.get()
                    }

                    fn register_in(
                        registrar: &#private::Registrar<'_>,
                    ) -> ::core::option::Option<Self> {
                        #(#checks)*
                        let registrar = &registrar.within(&<Self as #krate::MetricSchema>::DESCRIPTORS);
                        #made
                    }
                }

                #[automatically_derived]
                impl #name {
                    #[doc(hidden)]
                    pub const __YARDSTICK_METRICS: ::core::option::Option<#krate::catalog::Descriptors> =
                        ::core::option::Option::Some(<Self as #krate::MetricSchema>::DESCRIPTORS);

                    #(#accessors)*
                }
            };
        }
    }
}

impl Metric<'_> {
    fn is_schema(&self) -> bool {
        self.options.has(OptionKey::Flatten)
    }

    /// The field's name.
    fn ident(&self) -> String {
        self.field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default()
    }

    /// What it is, as a constant.
    fn declaration(&self, krate: &Path, private: &TokenStream) -> TokenStream {
        let Self { field, options, name, help } = self;
        let ty = &field.ty;
        let there = respanned(private.clone(), ty.span());
        if self.is_schema() {
            let krate = respanned(krate.to_token_stream(), ty.span());
            let descriptors =
                quote_spanned!(ty.span()=> <#ty as #krate::MetricSchema>::DESCRIPTORS);
            let name = self.ident();
            return quote!(#private::Field::Schema(#name, #descriptors));
        }
        let unit = match &options.unit {
            Some((_, unit)) => quote!(::core::option::Option::Some(#krate::Unit::#unit)),
            None => quote!(::core::option::Option::None),
        };
        let none = quote!(::core::option::Option::None);
        let (buckets, native) = match &options.buckets {
            Some(Buckets::Bounds(bounds)) => {
                (quote!(::core::option::Option::Some(&[#(#bounds),*])), none)
            }
            Some(Buckets::Native(native)) => {
                let (per_doubling, from, to) = native.parts();
                let native = quote!(#private::native(#per_doubling, #from, #to));
                (none, quote!(::core::option::Option::Some(#native)))
            }
            None => (none.clone(), none),
        };
        let quantiles = match &options.quantiles {
            Some(quantiles) => quote!(::core::option::Option::Some(&[#(#quantiles),*])),
            None => quote!(::core::option::Option::None),
        };
        let window_seconds = match &options.window_seconds {
            Some(seconds) => quote!(::core::option::Option::Some(#seconds)),
            None => quote!(::core::option::Option::None),
        };
        let series_max = match &options.series_max {
            Some(number) => quote!(::core::option::Option::Some(#number)),
            None => quote!(::core::option::Option::None),
        };
        let labels = label_list(&options.labels);
        let ident = self.ident();
        let here = field.ident.span();
        let location_there = respanned(private.clone(), here);
        let location = quote_spanned!(here=> #location_there::location(::core::module_path!()));
        // The same words as in `registration`, so that the compiler says the same, which it does once.
        let metric = quote_spanned!(ty.span()=> <#ty as #there::SchemaMetric>);
        quote! {
            #private::metric(
                #private::FieldSpec {
                    field: #ident,
                    name: #name,
                    help: #help,
                    unit: #unit,
                    buckets: #buckets,
                    native: #native,
                    quantiles: #quantiles,
                    window_seconds: #window_seconds,
                    series_max: #series_max,
                    labels: #labels,
                    location: #location,
                },
                #metric::KIND,
                #metric::each_label,
            )
        }
    }

    /// Compiles if what is said of one kind of metric is said of one.
    fn check(&self, private: &TokenStream) -> Option<TokenStream> {
        let ty = &self.field.ty;
        let asserted = [
            (OptionKey::Buckets, "assert_histogram"),
            (OptionKey::Quantiles, "assert_summary"),
            (OptionKey::Window, "assert_summary"),
        ];
        let checks = asserted.into_iter().filter_map(|(key, assert)| {
            let span = self.options.span_of(key)?;
            let there = respanned(private.clone(), span);
            let assert = Ident::new(assert, Span::call_site());
            Some(quote_spanned!(span=> const { #there::#assert::<#ty>() };))
        });
        let checks: TokenStream = checks.collect();
        (!checks.is_empty()).then_some(checks)
    }

    fn registration(&self, krate: &Path, private: &TokenStream, index: usize) -> TokenStream {
        let ty = &self.field.ty;
        if self.is_schema() {
            let krate = respanned(krate.to_token_stream(), ty.span());
            let register = quote_spanned!(ty.span()=> <#ty as #krate::MetricSchema>::register_in);
            return quote!(#register(registrar));
        }
        let there = respanned(private.clone(), ty.span());
        let register = quote_spanned!(ty.span()=> <#ty as #there::SchemaMetric>::register);
        quote!(#register(registrar, #index))
    }

    /// The function that attributes name: the metric of the global instance.
    fn accessor(&self, krate: &Path) -> TokenStream {
        let Field { ident, ty, vis, .. } = self.field;
        let doc = match self.help.as_str() {
            "" => "This schema of the global instance.".to_owned(),
            help => format!("{help}\n\nThe metric of the global instance."),
        };
        quote! {
            #[doc = #doc]
            #[inline]
            #[must_use]
            #[allow(dead_code)]
            #vis fn #ident() -> &'static #ty {
                &<Self as #krate::MetricSchema>::global().#ident
            }
        }
    }
}

/// Labels with their values.
fn label_list(labels: &[(Ident, String)]) -> TokenStream {
    let pairs = labels.iter().map(|(key, value)| {
        let name = key.unraw().to_string();
        quote!((#name, #value))
    });
    quote!(&[#(#pairs),*])
}

fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
