//! The static of a function, and the lists that go in and out of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::{
    args::operand,
    function::Function,
    labels::LabelValue,
    stack::{Stack, Tracked},
};

/// The names that the expansion of one function uses.
pub(super) struct Names {
    /// The runtime's private module.
    pub(super) private: TokenStream,
    pub(super) site: Ident,
    pub(super) guard: Ident,
    pub(super) returned: Ident,
}

impl Names {
    pub(super) fn new(stack: &Stack) -> Self {
        let krate = &stack.krate;
        let local = |name| Ident::new(name, Span::mixed_site());
        Self {
            private: quote!(#krate::__private),
            site: local("__YARDSTICK_SITE"),
            guard: local("__guard"),
            returned: local("__returned"),
        }
    }

    /// The static, with one metric for each attribute.
    pub(super) fn declare_site(&self, function: &Function, stack: &Stack) -> TokenStream {
        let Self { private, site, .. } = self;
        let types = list(stack, |tracked| {
            let name = Ident::new(tracked.kind.type_name(), Span::call_site());
            quote!(#private::#name)
        });
        let metrics = list(stack, |tracked| self.metric(function, tracked));
        let name = function.name();
        let absorbed = stack.tracked.iter().filter_map(|tracked| tracked.path.as_ref());
        quote! {
            #(#[allow(unused_imports)] use #absorbed as _;)*
            #private::site!(#site: #types = #name, #metrics);
        }
    }

    fn metric(&self, function: &Function, tracked: &Tracked) -> TokenStream {
        let private = &self.private;
        let (span, args) = (tracked.span, &tracked.args);
        let kind = Ident::new(tracked.kind.type_name(), Span::call_site());
        // Its place is the attribute's: the runtime asks for its caller's location.
        let mut facts = quote_spanned!(span=> #private::facts());
        if let Some(name) = &args.name {
            let name = name.value();
            facts.extend(quote!(.name(#name)));
            if let Some(help) = &args.help {
                let help = help.value();
                facts.extend(quote!(.help(#help)));
            } else if let Some(doc) = function.doc() {
                facts.extend(quote!(.doc(#doc)));
            }
        }
        if let Some(bounds) = &args.buckets {
            facts.extend(quote!(.buckets(&[#(#bounds),*])));
        }
        if !args.labels.is_empty() {
            let labels = args.labels.iter().map(|label| {
                let name = &label.name;
                match &label.value {
                    LabelValue::Fixed(value) => quote!(#private::fixed(#name, #value)),
                    LabelValue::Given(_) => quote!(#private::given(#name)),
                }
            });
            facts.extend(quote!(.labels(&[#(#labels),*])));
        }
        if args.registry.is_some() {
            facts.extend(quote!(.directed()));
        }
        quote!(#private::#kind::new(#facts))
    }

    /// The values that each metric is given at entry.
    pub(super) fn inputs(&self, stack: &Stack) -> TokenStream {
        let private = &self.private;
        list(stack, |tracked| {
            let values = tracked.args.labels.iter().rev().filter_map(|label| match &label.value {
                LabelValue::Fixed(_) => None,
                LabelValue::Given(value) => Some(value),
            });
            let labels = values.fold(quote!(()), |rest, value| {
                let operand = operand(value);
                let label = quote_spanned!(value.span()=> #private::label(&#operand));
                quote!((#label, #rest))
            });
            match &tracked.args.registry {
                None => quote!(#private::input(#labels)),
                Some(registry) => {
                    let operand = operand(registry);
                    let registry = quote_spanned!(registry.span()=> #private::registry(&#operand));
                    quote!(#private::input_in(#registry, #labels))
                }
            }
        })
    }

    /// Ends the call with what `returned`, a reference, tells each metric.
    pub(super) fn leave(&self, stack: &Stack, returned: &TokenStream) -> TokenStream {
        let Self { private, guard, .. } = self;
        let error = Ident::new("__error", Span::mixed_site());
        let mut uses_error = false;
        let verdicts = list(stack, |tracked| match &tracked.args.error_type {
            Some(name) => {
                quote_spanned!(name.span()=> #private::error_named(#returned, #name))
            }
            None if tracked.kind.observes_result() => {
                uses_error = true;
                error.to_token_stream()
            }
            None => quote!(()),
        });
        let ask = uses_error.then(|| quote!(let #error = #private::error_of!(#returned);));
        quote! {
            #ask
            #private::leave(#guard, #verdicts)
        }
    }
}

/// A nested list with one element for each attribute.
fn list(stack: &Stack, element: impl FnMut(&Tracked) -> TokenStream) -> TokenStream {
    // Made in order, so that the closure sees the attributes as they stand; nested from the end.
    let elements: Vec<_> = stack.tracked.iter().map(element).collect();
    elements.into_iter().rev().fold(quote!(()), |rest, element| quote!((#element, #rest)))
}
