//! The static of a function, and the lists that go in and out of it.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::{
    args::SchemaPath,
    buckets::Buckets,
    function::Function,
    kind::{AttributeKind, Measure},
    krate,
    labels::{Label, LabelValue},
    stack::{Stack, Tracked},
    syntax::{operand, respanned},
};

/// The names that the expansion of one function uses.
pub(super) struct SiteWriter {
    /// The runtime's private module, under the short name that [`import`](Self::import) gives it.
    pub(super) private: Ident,
    /// What the other names mean: one import.
    pub(super) import: TokenStream,
    pub(super) site: Ident,
    pub(super) guard: Ident,
    pub(super) returned: Ident,
    /// Whether what is returned is no error, as its words say.
    pub(super) never_fails: bool,
}

/// Whether the values of a call outlive what they are read from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// They are used while it lives.
    Borrowed,
    /// A future uses them later.
    Kept,
}

impl SiteWriter {
    pub(super) fn new(stack: &Stack, never_fails: bool) -> Self {
        let krate = &stack.krate;
        let local = |name| Ident::new(name, Span::mixed_site());
        let (module, private) = (krate::private(krate), local("__yardstick"));
        Self {
            import: quote!(use #module as #private;),
            private,
            site: local("__YARDSTICK_SITE"),
            guard: local("__guard"),
            returned: local("__returned"),
            never_fails,
        }
    }

    /// The static, with one metric for each attribute; those of schemas have theirs.
    pub(super) fn declare_site(&self, function: &Function, stack: &Stack) -> TokenStream {
        let Self { private, import, site, .. } = self;
        let uses = stack.uses();
        let own: Vec<_> = stack.tracked.iter().filter(|t| t.args.schema.is_none()).collect();
        let declared = (!own.is_empty()).then(|| {
            let array = self.array(own.len());
            let metrics = self.metrics(function, stack, &own);
            quote!(#private::site!(#site: #array = #metrics);)
        });
        quote!(#import #uses #declared)
    }

    /// The type of so many metrics.
    fn array(&self, count: usize) -> TokenStream {
        let private = &self.private;
        let named = ["OneMetric", "TwoMetrics", "ThreeMetrics", "FourMetrics"];
        if let Some(name) = count.checked_sub(1).and_then(|index| named.get(index)) {
            let name = Ident::new(name, Span::call_site());
            return quote!(#private::#name);
        }
        let count = Literal::usize_unsuffixed(count);
        quote!([#private::Metric; #count])
    }

    /// The array of the metrics.
    fn metrics(&self, function: &Function, stack: &Stack, own: &[&Tracked]) -> TokenStream {
        let site_spec: Vec<_> =
            own.iter().map(|tracked| self.site_spec(function, stack, tracked)).collect();
        let are_of_one = own.iter().all(|tracked| tracked.origin == own[0].origin);
        if own.len() == Measure::ALL.len() && are_of_one && site_spec.iter().all(Option::is_none) {
            return self.metric(function, stack, own[0].span, "track", None);
        }
        let metrics = own.iter().zip(site_spec).map(|(tracked, site_spec)| {
            self.metric(function, stack, tracked.span, &tracked.constructor(), site_spec)
        });
        quote!([#(#metrics),*])
    }

    /// One of them. Its place is the attribute's: the runtime asks for its caller's location.
    fn metric(
        &self,
        function: &Function,
        stack: &Stack,
        span: Span,
        make: &str,
        site_spec: Option<TokenStream>,
    ) -> TokenStream {
        let there = respanned(self.private.to_token_stream(), span);
        let (name, module) = (stack.function_label(function), quote!(::core::module_path!()));
        let (make, site_spec) = match site_spec {
            Some(site_spec) => (format!("{make}_with"), Some(quote!(, &#site_spec))),
            None => (make.to_owned(), None),
        };
        let make = Ident::new(&make, Span::call_site().located_at(span));
        quote_spanned!(span=> #there::Metric::#make(#name, #module #site_spec))
    }

    /// What is recorded, as a list of types.
    pub(super) fn instruments(&self, stack: &Stack) -> TokenStream {
        list(&stack.tracked, |tracked| tracked.instrument(&self.private))
    }

    /// The call that begins a call of the function, with what each metric is given.
    pub(super) fn enter(&self, stack: &Stack, enter: &str, inputs: &TokenStream) -> TokenStream {
        let (private, site) = (&self.private, self.site_of(stack));
        let (enter, instruments) = (Ident::new(enter, Span::call_site()), self.instruments(stack));
        quote!(#private::#enter::<#instruments, _>(#site, #inputs))
    }

    /// The static, or none where all metrics are those of schemas.
    pub(super) fn site_of(&self, stack: &Stack) -> TokenStream {
        let site = &self.site;
        let has_site = stack.tracked.iter().any(|tracked| tracked.args.schema.is_none());
        if has_site { quote!(&#site) } else { quote!(&[]) }
    }

    /// Whether no metric is given anything by a call.
    pub(super) fn has_literal_labels(&self, stack: &Stack) -> bool {
        stack.tracked.iter().all(|tracked| {
            let args = &tracked.args;
            let is_given = |label: &Label| matches!(label.value, LabelValue::Given(..));
            args.schema.is_none() && args.registry.is_none() && !args.labels.iter().any(is_given)
        })
    }

    /// What such metrics are given.
    pub(super) fn no_inputs(&self, stack: &Stack) -> TokenStream {
        let private = &self.private;
        if stack.tracked.len() > 1 { quote!(#private::Literal) } else { quote!(((), ())) }
    }

    /// What an attribute says, unless it says nothing.
    fn site_spec(
        &self,
        function: &Function,
        stack: &Stack,
        tracked: &Tracked,
    ) -> Option<TokenStream> {
        let (private, args) = (&self.private, &tracked.args);
        let mut site_spec = TokenStream::new();
        if let Some(name) = tracked.name() {
            site_spec.extend(quote!(.name(#name)));
            if let Some(help) = &args.help {
                let help = help.value();
                site_spec.extend(quote!(.help(#help)));
            } else if let Some(block) = &args.block {
                let subject = format!("the methods of `{block}`");
                site_spec.extend(quote!(.subject(#subject)));
            } else if tracked.attribute != AttributeKind::All
                && let Some(doc) = function.doc()
            {
                // What a function does is the help text of its one metric; of four, each says what it counts.
                site_spec.extend(quote!(.doc(#doc)));
            }
        }
        match (&args.buckets, tracked.measure) {
            (Some(Buckets::Bounds(bounds)), Measure::Duration) => {
                site_spec.extend(quote!(.buckets(&[#(#bounds),*])));
            }
            (Some(Buckets::Native(native)), Measure::Duration) => {
                let (per_doubling, from, to) = native.parts();
                site_spec.extend(quote!(.native(#private::native(#per_doubling, #from, #to))));
            }
            _ => {}
        }
        let labels = tracked.labels().map(|label| {
            let name = &label.name;
            match &label.value {
                LabelValue::Fixed(value) => quote!(#private::fixed(#name, #value)),
                LabelValue::Given(_, None) => quote!(#private::given(#name)),
                LabelValue::Given(_, Some(ty)) => {
                    let at = self.private_at(ty);
                    quote_spanned!(ty.span()=> #at::given_as::<#ty>(#name))
                }
                LabelValue::Returned(_) => quote!(#private::returned(#name)),
                LabelValue::Function => {
                    let function = stack.function_label(function);
                    quote!(#private::fixed(#name, #function))
                }
                LabelValue::Module => quote!(#private::fixed(#name, ::core::module_path!())),
            }
        });
        let labels: Vec<_> = labels.collect();
        if !labels.is_empty() {
            site_spec.extend(quote!(.labels(&[#(#labels),*])));
        }
        if args.registry.is_some() {
            site_spec.extend(quote!(.directed()));
        }
        (!site_spec.is_empty()).then(|| quote!(#private::site_spec() #site_spec))
    }

    /// Passes what each metric is given at entry to `then`, which writes an expression.
    ///
    /// Each value is evaluated once and checked by a call of its own, at its own place. What goes on is
    /// then a label value whatever the check said, so that a value that is none costs one error.
    pub(super) fn with_inputs(
        &self,
        stack: &Stack,
        lifetime: Lifetime,
        then: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        if self.has_literal_labels(stack) {
            return then(self.no_inputs(stack));
        }
        let private = &self.private;
        let (mut values, mut locals, mut checks) = (Vec::new(), Vec::new(), Vec::new());
        // Metrics of one attribute share the values of its labels.
        let mut known: BTreeMap<(usize, usize), Ident> = BTreeMap::new();
        let inputs = list(&stack.tracked, |tracked| {
            if let Some(schema) = &tracked.args.schema {
                return self.schema_input(tracked, schema);
            }
            let labels = tracked.args.labels.iter().enumerate();
            let given = labels.filter_map(|(index, label)| match &label.value {
                LabelValue::Given(value, ty) => Some((index, value, ty)),
                _ => None,
            });
            let given: Vec<_> = given.collect();
            let labels = list(&given, |(index, value, ty)| {
                let local = known.entry((tracked.origin, *index)).or_insert_with(|| {
                    let place = Span::mixed_site().located_at(value.span());
                    let local = Ident::new(&format!("__label_{}", locals.len()), place);
                    let (operand, at) = (operand(value), self.private_at(*value));
                    values.push(quote_spanned!(value.span()=> &#operand));
                    let of_type = ty.as_ref().map(|ty| quote!(::<#ty>));
                    checks.push(quote_spanned!(value.span()=> #at::label #of_type (#local)));
                    locals.push(local.clone());
                    local
                });
                self.label(local, lifetime)
            });
            match &tracked.args.registry {
                None if given.is_empty() => quote!(()),
                None => quote!(#private::input(#labels)),
                Some(registry) => {
                    let (operand, at) = (operand(registry), self.private_at(registry));
                    let registry = quote_spanned!(registry.span()=> #at::registry(&#operand));
                    match lifetime {
                        Lifetime::Borrowed => quote!(#private::input_in(#registry, #labels)),
                        Lifetime::Kept => quote!(#private::kept_in(#registry, #labels)),
                    }
                }
            }
        });
        let then = then(inputs);
        if locals.is_empty() {
            return then;
        }
        let import = self.import_label_traits();
        quote! {
            match (#(#values,)*) {
                (#(#locals,)*) => {
                    #import
                    #(#checks;)*
                    #then
                }
            }
        }
    }

    /// The metric of a schema, with the labels of the call.
    fn schema_input(&self, tracked: &Tracked, schema: &SchemaPath) -> TokenStream {
        let private = &self.private;
        let (kind, check) = match tracked.measure {
            Measure::Duration if tracked.skips_cancelled() => {
                ("completed_histogram", "is_histogram")
            }
            Measure::Duration => ("histogram", "is_histogram"),
            Measure::Errors => ("counter_by_error_type", "is_counter_by_error_type"),
            Measure::Calls => ("counter_by_outcome", "is_counter_by_outcome"),
            Measure::Active => ("gauge", "is_gauge"),
        };
        let (span, find) = (schema.span(), schema.find());
        let place = Span::call_site().located_at(span);
        let (kind, check) = (Ident::new(kind, place), Ident::new(check, place));
        let at = respanned(private.to_token_stream(), span);
        let metric = Ident::new("__metric", Span::mixed_site().located_at(span));
        let unit = self.unit_check(tracked, schema);
        // Its kind is checked by a call of its own, so that one that is wrong costs one error.
        let with = match &tracked.args.label_set {
            Some(labels) => quote_spanned!(span=> (&&#metric).__yardstick_with(#labels)),
            None => quote_spanned!(place=> (&&#metric).__yardstick_without()),
        };
        let find = quote_spanned!(span=> #at::#kind(#find));
        let check = quote_spanned!(span=> #at::#check(&#metric));
        quote!({
            #[allow(unused_imports)]
            use #private::{ViaMetric as _, ViaWrongKind as _};
            let #metric = #find;
            #check;
            #unit
            #with
        })
    }

    /// Compiles if the metric's values are what the attribute records.
    fn unit_check(&self, tracked: &Tracked, schema: &SchemaPath) -> Option<TokenStream> {
        let private = &self.private;
        let span = schema.field_span();
        let (schema, fields) = schema.parts()?;
        let at = respanned(private.to_token_stream(), span);
        let place = Span::call_site().located_at(span);
        let check = match tracked.measure {
            Measure::Duration => "is_in_seconds",
            Measure::Errors | Measure::Calls | Measure::Active => "is_without_unit",
        };
        let check = Ident::new(check, place);
        Some(quote_spanned! {span=>
            #at::#check::<{
                #[allow(unused_imports)]
                use #private::NoSchema as _;
                #at::unit_of(#schema::__YARDSTICK_METRICS, &[#(#fields),*])
            }>();
        })
    }

    /// A reference to a value as a label.
    pub(super) fn label(&self, value: &impl ToTokens, lifetime: Lifetime) -> TokenStream {
        let private = &self.private;
        match lifetime {
            Lifetime::Borrowed => quote!((&&#private::MaybeLabel(#value)).__yardstick_label()),
            Lifetime::Kept => quote!((&&#private::MaybeLabel(#value)).__yardstick_kept()),
        }
    }

    pub(super) fn import_label_traits(&self) -> TokenStream {
        let private = &self.private;
        quote! {
            #[allow(unused_imports)]
            use #private::{ViaLabelValue as _, ViaNoLabelValue as _};
        }
    }

    pub(super) fn private_at(&self, place: &impl Spanned) -> TokenStream {
        respanned(self.private.to_token_stream(), place.span())
    }
}

/// A nested list with one element for each item.
pub(super) fn list<T>(items: &[T], element: impl FnMut(&T) -> TokenStream) -> TokenStream {
    // Made in order, so that the closure sees the items as they stand; nested from the end.
    let elements: Vec<_> = items.iter().map(element).collect();
    elements.into_iter().rev().fold(quote!(()), |rest, element| quote!((#element, #rest)))
}

pub(super) fn respanned_at(tokens: &TokenStream, place: &impl Spanned) -> TokenStream {
    respanned(tokens.clone(), place.span())
}
