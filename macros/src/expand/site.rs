//! The static of a function, and the lists that go in and out of it.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
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
        let uses = stack.uses();
        quote! {
            #uses
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

    /// Passes what each metric is given at entry to `then`, which writes an expression.
    ///
    /// Each value is evaluated once and checked by a call of its own, at its own place. What goes on is
    /// then a label value whatever the check said, so that a value that is none costs one error.
    pub(super) fn with_inputs(
        &self,
        stack: &Stack,
        then: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let private = &self.private;
        let (mut values, mut locals, mut checks) = (Vec::new(), Vec::new(), Vec::new());
        let inputs = list(stack, |tracked| {
            let mut labels = Vec::new();
            for label in &tracked.args.labels {
                let LabelValue::Given(value) = &label.value else { continue };
                let place = Span::mixed_site().located_at(value.span());
                let local = Ident::new(&format!("__label_{}", locals.len()), place);
                let (operand, at) = (operand(value), respanned(private, value.span()));
                values.push(quote_spanned!(value.span()=> &#operand));
                checks.push(quote_spanned!(value.span()=> #at::label(#local)));
                labels.push(quote!((&&#private::MaybeLabel(#local)).__yardstick_label()));
                locals.push(local);
            }
            let labels = labels.into_iter().rev();
            let labels = labels.fold(quote!(()), |rest, label| quote!((#label, #rest)));
            match &tracked.args.registry {
                None => quote!(#private::input(#labels)),
                Some(registry) => {
                    let (operand, at) = (operand(registry), respanned(private, registry.span()));
                    let registry = quote_spanned!(registry.span()=> #at::registry(&#operand));
                    quote!(#private::input_in(#registry, #labels))
                }
            }
        });
        let then = then(inputs);
        if locals.is_empty() {
            return then;
        }
        quote! {
            match (#(#values,)*) {
                (#(#locals,)*) => {
                    #[allow(unused_imports)]
                    use #private::{ViaLabelValue as _, ViaNoLabelValue as _};
                    #(#checks;)*
                    #then
                }
            }
        }
    }

    /// Ends the call with what `returned`, a reference, tells each metric.
    pub(super) fn leave(&self, stack: &Stack, returned: &TokenStream) -> TokenStream {
        let Self { private, guard, .. } = self;
        let error = Ident::new("__error", Span::mixed_site());
        let mut uses_error = false;
        let verdicts = list(stack, |tracked| match &tracked.args.error_type {
            Some(name) => {
                let private = respanned(private, name.span());
                let returned = respanned(returned, name.span());
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

/// The same tokens at a place of the user's, where the compiler reports what is wrong with a call of theirs;
/// they still mean what they meant here.
fn respanned(tokens: &TokenStream, place: Span) -> TokenStream {
    let respan = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.clone().into_iter().map(respan).collect()
}
