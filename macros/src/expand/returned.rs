//! What a returned value tells the metrics of its call.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, spanned::Spanned};

use super::site::{Lifetime, SiteWriter, list, respanned_at};
use crate::{
    args::SchemaPath,
    kind::{AttributeKind, Measure},
    labels::Label,
    stack::{Stack, Tracked},
    syntax::respanned,
};

impl SiteWriter {
    /// Ends the call with what `returned`, a reference, tells each metric.
    pub(super) fn leave(&self, stack: &Stack, returned: &TokenStream) -> TokenStream {
        let Self { private, guard, .. } = self;
        let returned_errors = self.returned_errors(stack, returned);
        quote!(#private::leave(#guard, || #returned_errors))
    }

    /// What `returned`, a reference, tells each metric.
    pub(super) fn returned_errors(&self, stack: &Stack, returned: &TokenStream) -> TokenStream {
        let private = &self.private;
        let asking = stack.tracked.iter().filter(|tracked| self.asks_for_the_error(tracked));
        if asking.count() < 2 {
            let error = quote!(#private::error_of!(#returned));
            return self.returned_errors_with(stack, returned, &error);
        }
        let error = Ident::new("__error", Span::mixed_site());
        let returned_errors = self.returned_errors_with(stack, returned, &error.to_token_stream());
        quote!({
            let #error = #private::error_of!(#returned);
            #returned_errors
        })
    }

    /// Whether the value's type tells if it is an error, and what it is called.
    fn asks_for_the_error(&self, tracked: &Tracked) -> bool {
        let is_told = tracked.args.error_if.is_some() || tracked.error_type().is_some();
        tracked.measure.observes_result() && !is_told && !self.never_fails
    }

    /// Whether a returned value tells no metric anything.
    pub(super) fn tells_nothing(&self, stack: &Stack) -> bool {
        stack.tracked.iter().all(|tracked| {
            let args = &tracked.args;
            let asks = tracked.measure.observes_result()
                && (args.error_if.is_some()
                    || tracked.error_type().is_some()
                    || self.asks_for_the_error(tracked)
                    || tracked.attribute == AttributeKind::One(Measure::Errors));
            !asks && args.schema.is_none() && tracked.returned_labels().next().is_none()
        })
    }

    /// The same, where `error` says whether it is an error.
    fn returned_errors_with(
        &self,
        stack: &Stack,
        returned: &TokenStream,
        error: &TokenStream,
    ) -> TokenStream {
        let private = &self.private;
        list(&stack.tracked, |tracked| {
            let returned_error = self.returned_error(stack, tracked, returned, error);
            let values: Vec<_> = tracked.returned_labels().collect();
            if let Some(schema) = &tracked.args.schema {
                return self.assigned(schema, &returned_error, &values, returned);
            }
            if values.is_empty() {
                return returned_error;
            }
            let labels = list(&values, |(_, value)| self.returned_label(value, returned));
            quote!(#private::with_labels(#returned_error, #labels))
        })
    }

    /// What the end of a stream tells each metric.
    pub(super) fn returned_errors_without_result(&self, stack: &Stack) -> TokenStream {
        let private = &self.private;
        list(&stack.tracked, |tracked| match tracked.args.schema {
            Some(_) => quote!(#private::unassigned(())),
            None => quote!(()),
        })
    }

    /// A returned_error that also changes labels of a metric of a schema.
    fn assigned(
        &self,
        schema: &SchemaPath,
        returned_error: &TokenStream,
        values: &[(&Label, &Expr)],
        returned: &TokenStream,
    ) -> TokenStream {
        let private = &self.private;
        if values.is_empty() {
            return quote!(#private::unassigned(#returned_error));
        }
        let labels = Ident::new("__labels", Span::mixed_site());
        let assignments = values.iter().map(|(label, value)| {
            let key = &label.key;
            let (at, there) = (self.private_at(*value), respanned_at(returned, *value));
            let value = quote_spanned!(value.span()=> #at::result_label(#there, #value));
            let labels = Ident::new("__labels", Span::mixed_site().located_at(key.span()));
            quote_spanned!(key.span()=> #labels.#key = #value;)
        });
        let find = schema.find();
        quote!(#private::assigned(#find, #returned_error, |#labels| { #(#assignments)* }))
    }

    /// Whether a returned value is an error, and what it is called.
    fn returned_error(
        &self,
        stack: &Stack,
        tracked: &Tracked,
        returned: &TokenStream,
        error: &TokenStream,
    ) -> TokenStream {
        let private = &self.private;
        if !tracked.measure.observes_result() {
            return quote!(());
        }
        match (tracked.args.error_if.as_ref(), tracked.error_type()) {
            (Some(is_error), Some(name)) => {
                let (at, there) = (self.private_at(is_error), respanned_at(returned, is_error));
                let ask = quote_spanned!(is_error.span()=> #at::error_if(#there, #is_error, #name));
                self.named(&ask, name)
            }
            (Some(is_error), None) => {
                let (at, there) = (self.private_at(is_error), respanned_at(returned, is_error));
                let value = Ident::new("__value", Span::mixed_site());
                let name = match tracked.measure {
                    Measure::Errors => quote!(|#value| #private::name_of!(#value)),
                    Measure::Duration | Measure::Calls | Measure::Active => {
                        quote!(#private::unnamed)
                    }
                };
                let ask = quote_spanned!(is_error.span()=> #at::error_if(#there, #is_error, #name));
                quote!(#private::named(#ask))
            }
            (None, Some(name)) => {
                let (at, there) = (self.private_at(name), respanned_at(returned, name));
                let ask = quote_spanned!(name.span()=> #at::error_named(#there, #name));
                self.named(&ask, name)
            }
            (None, None)
                if tracked.attribute == AttributeKind::One(Measure::Errors)
                    && let Some(place) = stack.returned =>
            {
                // Other names of `Result` are known to the compiler alone.
                let at = respanned(private.to_token_stream(), place);
                let there = respanned(returned.clone(), place);
                let check = quote_spanned!(place=> #at::may_be_an_error(#there));
                quote!({ #check; #error })
            }
            (None, None) if self.never_fails => quote!(()),
            (None, None) => error.clone(),
        }
    }

    /// What `ask` answers, checked where the closure `name` gives it.
    fn named(&self, ask: &TokenStream, name: &Expr) -> TokenStream {
        let private = &self.private;
        let place = given_by(name);
        let local = Ident::new("__name", Span::mixed_site().located_at(place));
        let at = respanned(private.to_token_stream(), place);
        let check = quote_spanned!(place=> #at::error_name(&#local));
        quote!({
            #[allow(unused_imports)]
            use #private::{ViaName as _, ViaNoName as _};
            let #local = #ask;
            #check;
            (&&#private::MaybeName(&#local)).__yardstick_named()
        })
    }

    /// A label that the closure `value` reads from the returned value.
    fn returned_label(&self, value: &Expr, returned: &TokenStream) -> TokenStream {
        let place = given_by(value);
        let local = Ident::new("__label", Span::mixed_site().located_at(place));
        let (at, there) = (self.private_at(value), respanned_at(returned, value));
        let at_place = respanned(self.private.to_token_stream(), place);
        let ask = quote_spanned!(value.span()=> #at::result_label(#there, #value));
        let check = quote_spanned!(place=> #at_place::label(&#local));
        let import = self.import_label_traits();
        let label = self.label(&quote!(&#local), Lifetime::Kept);
        quote!({
            #import
            let #local = #ask;
            #check;
            #label
        })
    }
}

/// Where an error about a closure's value belongs: to what it gives, not to its arguments.
fn given_by(closure: &Expr) -> Span {
    match closure {
        Expr::Closure(closure) => closure.body.span(),
        other => other.span(),
    }
}
