//! The forms of an instrumented function.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, Pat, ReturnType, Signature, Type, spanned::Spanned};

use super::{
    arguments::{Captured, Patterns, are_patterns_in, capture, rebind},
    owned::is_owned_receiver,
    result_type::{fake_return, inferred, may_be_a_future, never_executed},
    site::{Lifetime, SiteWriter},
};
use crate::{
    function::{Function, scope},
    krate,
    returns::without_error,
    shape::{Shape, has_foreign_attributes},
    stack::Stack,
    syntax::respanned,
};

/// Writes the function with its measurements.
pub(super) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    let shape = Shape::of(function);
    let names = SiteWriter::new(stack, without_error(function, &shape).is_some());
    // Everything that is evaluated before the arguments move.
    let labels = names.with_inputs(stack, Lifetime::Borrowed, |inputs| inputs);
    let writer = Writer { names, function, stack, labels };
    let never = function.is_never();
    match shape {
        Shape::Sync | Shape::AsyncKept if never => writer.guarded("enter_never"),
        Shape::Sync if stack.observes_result() => writer.observed(),
        Shape::Sync if takes_itself(function) && function.track_caller().is_none() => {
            writer.guarded_around_a_closure()
        }
        Shape::Sync => writer.guarded("enter"),
        Shape::AsyncKept => writer.polled(true),
        Shape::Async => writer.polled(false),
        Shape::Future { boxed, output } => writer.returned_future(boxed, &output),
        Shape::Stream { boxed } => writer.returned_stream(boxed),
    }
}

struct Writer<'a> {
    names: SiteWriter,
    function: &'a Function,
    stack: &'a Stack,
    labels: TokenStream,
}

impl Writer<'_> {
    /// A guard in place, and the body after it.
    fn guarded(&self, enter: &str) -> TokenStream {
        let guard = &self.names.guard;
        let (inner, body) = self.function.split_body();
        let declare = self.names.declare_site(self.function, self.stack);
        let ask = self.assert_not_a_future();
        let enter = self.enter(enter);
        let mut signature = self.function.signature.clone();
        let bindings = rebind(&mut signature, self.patterns(), &self.labels);
        let body = scope(&self.block(body));
        self.function_with(
            &signature,
            false,
            quote! {
                #inner
                let #guard = {
                    #declare
                    #ask
                    #enter
                };
                #bindings
                #body
            },
        )
    }

    /// The same for a method that takes its object over: `self` cannot be bound again, but a closure can take it.
    fn guarded_around_a_closure(&self) -> TokenStream {
        let private = &self.names.private;
        let begin = self.begin();
        let (closure, signature, is_any_unused) = self.closure();
        let body = quote!(#begin #private::call(#closure));
        self.function_with(&signature, is_any_unused, body)
    }

    /// `let guard = enter(..); let returned = call(move || { body }); leave(..); returned`
    fn observed(&self) -> TokenStream {
        let SiteWriter { private, returned, .. } = &self.names;
        let begin = self.begin();
        let leave = self.names.leave(self.stack, &quote!(&#returned));
        let (closure, signature, is_any_unused) = self.closure();
        self.function_with(
            &signature,
            is_any_unused,
            quote! {
                #begin
                let #returned = #private::call(#closure);
                #leave;
                #returned
            },
        )
    }

    /// `static ..; let guard = enter(..);`
    fn begin(&self) -> TokenStream {
        let guard = &self.names.guard;
        let (inner, _) = self.function.split_body();
        let declare = self.names.declare_site(self.function, self.stack);
        let ask = self.assert_not_a_future();
        let enter = self.enter("enter");
        quote!(#inner #declare #ask let #guard = #enter;)
    }

    /// `observe(move || (enter(..), async move { body }), leave)`, as the future that is returned or, in
    /// a function that must stay `async`, as one that is awaited.
    fn polled(&self, awaited: bool) -> TokenStream {
        let (inner, body) = self.function.split_body();
        let mut signature = self.function.signature.clone();
        let patterns = if awaited { Patterns::Kept } else { self.patterns() };
        let awaited = patterns == Patterns::Kept;
        let captured = capture(&mut signature, patterns, &self.labels, &body);
        let fake = fake_return(&signature.output, &captured.running);
        if !awaited {
            self.return_future(&mut signature);
        }
        let declare = self.names.declare_site(self.function, self.stack);
        let block = self.body_after(&fake, &captured, body);
        let observed = self.observed_block(&block, &captured);
        let wait = awaited.then(|| quote!(.await));
        self.function_with(
            &signature,
            captured.is_any_unused,
            quote! {
                #inner
                #declare
                #observed #wait
            },
        )
    }

    /// The future that observes an `async` block. Where no label asks for an argument, the block is made at once and
    /// holds the arguments; else a closure holds them, evaluates the labels at the first poll, and makes the block.
    fn observed_block(&self, block: &TokenStream, captured: &Captured) -> TokenStream {
        let SiteWriter { private, guard, returned, .. } = &self.names;
        if self.names.has_literal_labels(self.stack) && captured.waiting.is_empty() {
            let (site, inputs) = (self.names.site_of(self.stack), self.names.no_inputs(self.stack));
            let returned_errors = if self.names.tells_nothing(self.stack) {
                // A function of the runtime is none that the compiler reads anew for each of the user's.
                let nothing = self.names.returned_errors_without_result(self.stack);
                quote!(#private::untold::<_, #nothing>)
            } else {
                let returned_errors =
                    self.names.returned_errors(self.stack, &returned.to_token_stream());
                quote!(|#returned| #returned_errors)
            };
            let instruments = self.names.instruments(self.stack);
            return quote! {
                #private::observe_block::<#instruments, _, _, _, _>(
                    #site,
                    #inputs,
                    async move #block,
                    #returned_errors,
                )
            };
        }
        let enter = self.enter("enter");
        let mut start = quote!((#enter, async move #block));
        if !captured.waiting.is_empty() {
            let waiting = never_executed(&quote!(loop {}), &captured.waiting);
            start = quote!({ #waiting #start });
        }
        let leave = self.names.leave(self.stack, &returned.to_token_stream());
        quote!(#private::observe(move || #start, |#returned, #guard| #leave))
    }

    /// The body as a closure that holds the arguments, the signature for it, and whether it may hold unused ones.
    fn closure(&self) -> (TokenStream, Signature, bool) {
        let (_, body) = self.function.split_body();
        let mut signature = self.function.signature.clone();
        let captured = capture(&mut signature, self.patterns(), &self.labels, &body);
        let fake = fake_return(&signature.output, &captured.running);
        let block = self.body_after(&fake, &captured, body);
        (quote!(move || #block), signature, captured.is_any_unused)
    }

    fn body_after(
        &self,
        first: &TokenStream,
        captured: &Captured,
        body: TokenStream,
    ) -> TokenStream {
        let (bindings, body) = (&captured.bindings, scope(&self.block(body)));
        self.block(quote!(#first #bindings #body))
    }

    /// Where patterns are taken apart: by the function if its labels, which are evaluated before, or attributes of
    /// others want to see what they bind.
    fn patterns(&self) -> Patterns {
        let is_seen = are_patterns_in(&self.labels, &self.function.signature)
            || has_foreign_attributes(self.function);
        if is_seen { Patterns::Kept } else { Patterns::Moved }
    }

    /// A `fn` that returns a future: the future it makes is observed, not the making. Labels are read when the
    /// function is called, because its arguments are gone when the future is polled.
    fn returned_future(&self, boxed: bool, output: &Type) -> TokenStream {
        let SiteWriter { private, guard, returned, .. } = &self.names;
        let leave = self.names.leave(self.stack, &returned.to_token_stream());
        let result = inferred(output);
        self.returned(
            boxed,
            |start| quote!(#private::observe(#start, |#returned: &#result, #guard| #leave)),
        )
    }

    /// The same for a stream, which is observed to its end. Its metrics ask for no result.
    fn returned_stream(&self, boxed: bool) -> TokenStream {
        let SiteWriter { private, guard, .. } = &self.names;
        let returned_errors = self.names.returned_errors_without_result(self.stack);
        self.returned(boxed, |start| {
            quote! {
                #private::observe_stream(
                    #start,
                    |#guard| #private::leave(#guard, || #returned_errors),
                )
            }
        })
    }

    fn returned(&self, boxed: bool, observe: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let SiteWriter { private, returned, .. } = &self.names;
        let (inner, _) = self.function.split_body();
        let declare = self.names.declare_site(self.function, self.stack);
        let (closure, signature, is_any_unused) = self.closure();
        let inputs = Ident::new("__inputs", Span::mixed_site());
        let kept = self.names.with_inputs(self.stack, Lifetime::Kept, |inputs| inputs);
        let enter = self.names.enter(self.stack, "enter", &inputs.to_token_stream());
        let start = quote!(move || (#enter, #returned));
        let observed = observe(start);
        let observed = if boxed { quote!(#private::Box::pin(#observed)) } else { observed };
        self.function_with(
            &signature,
            is_any_unused,
            quote! {
                #inner
                #declare
                let #inputs = #kept;
                let #returned = #private::call(#closure);
                #observed
            },
        )
    }

    /// The call that makes the guard.
    fn enter(&self, function: &str) -> TokenStream {
        self.names.with_inputs(self.stack, Lifetime::Borrowed, |inputs| {
            self.names.enter(self.stack, function, &inputs)
        })
    }

    /// A statement that compiles only if the function's result is no future in disguise.
    fn assert_not_a_future(&self) -> Option<TokenStream> {
        let returned = may_be_a_future(&self.function.signature.output)?;
        if self.function.signature.asyncness.is_some() {
            return None;
        }
        let private = &self.names.private;
        let at = respanned(private.to_token_stream(), returned.span());
        let value = quote_spanned! {returned.span()=>
            #at::no_future(&(&&&#at::Returned::<#returned>::TYPE).__yardstick_value())
        };
        Some(quote! {{
            #[allow(unused_imports)]
            use #private::{ViaFuture as _, ViaStream as _, ViaValue as _};
            #value;
        }})
    }

    /// A block with the braces of the user's body, where the compiler reports what the body lacks.
    fn block(&self, tokens: TokenStream) -> TokenStream {
        let mut block = Group::new(Delimiter::Brace, tokens);
        block.set_span(self.function.body.span());
        TokenTree::Group(block).into()
    }

    /// Turns `async fn f() -> T` into `fn f() -> impl Future<Output = T>`.
    fn return_future(&self, signature: &mut Signature) {
        let private = krate::private(&self.stack.krate);
        signature.asyncness = None;
        let output = match &signature.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => ty.to_token_stream(),
        };
        signature.output = ReturnType::Type(
            syn::Token![->](Span::call_site()),
            Box::new(Type::Verbatim(quote!(impl #private::Future<Output = #output>))),
        );
    }

    /// The function with another body. If its signature had to change, documentation shows the one that was written.
    fn function_with(
        &self,
        signature: &Signature,
        is_any_unused: bool,
        body: TokenStream,
    ) -> TokenStream {
        let Function { attributes, visibility, defaultness, signature: written, .. } =
            self.function;
        let body = self.block(body);
        // The user wrote these items first.
        let items = self
            .function
            .starts_with_an_item()
            .then(|| quote!(#[allow(clippy::items_after_statements)]));
        // The compiler says of an unused argument that it is unused, and once more of its capture.
        let unread = is_any_unused.then(|| quote!(#[allow(unused_assignments)]));
        let function = quote! {
            #items #unread #(#attributes)* #visibility #defaultness #signature #body
        };
        if shows_as(written, signature) {
            return function;
        }
        quote! {
            #[cfg(not(doc))]
            #function
            #[cfg(doc)]
            #(#attributes)* #visibility #defaultness #written { loop {} }
        }
    }
}

/// Whether a signature reads like the one that was written: `async`, and the patterns of the arguments.
fn shows_as(written: &Signature, signature: &Signature) -> bool {
    let pairs = written.inputs.iter().zip(&signature.inputs);
    let are_patterns_kept = pairs.into_iter().all(|pair| match pair {
        (FnArg::Typed(written), FnArg::Typed(typed)) => match (&*written.pat, &*typed.pat) {
            (Pat::Ident(written), Pat::Ident(name)) => written.ident == name.ident,
            (_, Pat::Ident(_)) => false,
            _ => true,
        },
        _ => true,
    });
    are_patterns_kept && written.asyncness.is_some() == signature.asyncness.is_some()
}

/// Whether it is a method that takes its object over.
fn takes_itself(function: &Function) -> bool {
    let receiver = function.signature.receiver();
    receiver.is_some_and(is_owned_receiver)
}
