//! The forms of an instrumented function.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Type, spanned::Spanned};

use super::{
    Shape,
    arguments::{Patterns, are_patterns_in, hold},
    result_type::{fake_return, fake_return_observed, fake_return_of, inferred, of_unknown_nature},
    site::{Lifetime, Names, respanned},
};
use crate::{function::Function, stack::Stack};

/// Writes the function with its measurements.
pub(super) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    let writer = Writer { names: Names::new(stack), function, stack };
    let never = function.is_never();
    match Shape::of(function) {
        Shape::Sync | Shape::AsyncKept if never || !stack.observes_result() => {
            writer.guarded(never)
        }
        Shape::Sync => writer.observed(),
        Shape::AsyncKept => writer.observed_async(true),
        Shape::Async if stack.observes_result() => writer.observed_async(false),
        Shape::Async => writer.guarded_async(),
        Shape::Future { boxed, output } => writer.returned_future(boxed, &output),
        Shape::Stream { boxed } => writer.returned_stream(boxed),
    }
}

struct Writer<'a> {
    names: Names,
    function: &'a Function,
    stack: &'a Stack,
}

impl Writer<'_> {
    /// A guard in place; the body follows it as it was.
    fn guarded(&self, never: bool) -> TokenStream {
        let (inner, body) = self.function.split_body();
        let guard = self.guard(if never { "enter_never" } else { "enter" });
        self.with_body(quote!(#inner #guard #body))
    }

    /// `let guard = { static ..; enter(..) };`, in a block of its own: another attribute under a name that we do
    /// not know may put the same in front.
    fn guard(&self, enter: &str) -> TokenStream {
        let guard = &self.names.guard;
        let declare = self.names.declare_site(self.function, self.stack);
        let enter = self.enter(enter);
        let ask = self.ask_for_the_nature_of_the_result();
        quote! {
            let #guard = {
                #declare
                #ask
                #enter
            };
        }
    }

    /// `{ let guard = enter(..); let returned = call(move || { body }); leave(..); returned }`
    fn observed(&self) -> TokenStream {
        let Names { private, guard, returned, .. } = &self.names;
        let (inner, body) = self.function.split_body();
        let declare = self.names.declare_site(self.function, self.stack);
        let ask = self.ask_for_the_nature_of_the_result();
        let enter = self.enter("enter");
        let fake = fake_return_observed(&self.function.signature.output);
        let body = self.block(quote!(#fake #body));
        let leave = self.names.leave(self.stack, &quote!(&#returned));
        self.with_body(quote! {
            #inner
            #declare
            #ask
            let #guard = #enter;
            let #returned = #private::call(move || #body);
            #leave;
            #returned
        })
    }

    /// `fn f(..) -> impl Future { async move { let guard = enter(..); body } }`
    fn guarded_async(&self) -> TokenStream {
        let (inner, body) = self.function.split_body();
        let mut signature = self.function.signature.clone();
        let given = self.names.with_inputs(self.stack, Lifetime::Borrowed, |inputs| inputs);
        let hold = hold(&mut signature, Patterns::Moved, &given, &body);
        let fake = fake_return(&signature.output);
        returns_future(&mut signature);
        let guard = self.guard("enter");
        let block = self.block(quote!(#hold #guard #fake #body));
        let function = self.with_signature(&signature, quote!(#inner async move #block));
        quote!(#[allow(clippy::manual_async_fn)] #function)
    }

    /// `observe(move || (enter(..), async move { body }), leave)`, as the future that is returned or, in
    /// a function that must stay `async`, as one that is awaited.
    fn observed_async(&self, awaited: bool) -> TokenStream {
        let Names { private, guard, returned, .. } = &self.names;
        let (inner, body) = self.function.split_body();
        let mut signature = self.function.signature.clone();
        let fake = fake_return_observed(&signature.output);
        let given = self.names.with_inputs(self.stack, Lifetime::Borrowed, |inputs| inputs);
        let awaited = awaited || are_patterns_in(&given, &signature);
        let patterns = if awaited { Patterns::Kept } else { Patterns::Moved };
        let hold = hold(&mut signature, patterns, &given, &body);
        if !awaited {
            returns_future(&mut signature);
        }
        let declare = self.names.declare_site(self.function, self.stack);
        let enter = self.enter("enter");
        let block = self.block(quote!(#hold #fake #body));
        let leave = self.names.leave(self.stack, &returned.to_token_stream());
        let wait = awaited.then(|| quote!(.await));
        self.with_signature(
            &signature,
            quote! {
                #inner
                #declare
                #private::observe(
                    move || (#enter, async move #block),
                    |#returned, #guard| #leave,
                ) #wait
            },
        )
    }

    /// A `fn` that returns a future: the future it makes is observed, not the making. Labels are read when the
    /// function is called, because its arguments are gone when the future is polled.
    fn returned_future(&self, boxed: bool, output: &Type) -> TokenStream {
        let Names { private, guard, returned, .. } = &self.names;
        let leave = self.names.leave(self.stack, &returned.to_token_stream());
        let result = inferred(output);
        self.returned(
            boxed,
            |start| quote!(#private::observe(#start, |#returned: &#result, #guard| #leave)),
        )
    }

    /// The same for a stream, which is observed to its end. Its metrics ask for no result.
    fn returned_stream(&self, boxed: bool) -> TokenStream {
        let Names { private, guard, .. } = &self.names;
        let verdicts = self.names.verdicts_without_result(self.stack);
        self.returned(boxed, |start| {
            quote! {
                #private::observe_stream(
                    #start,
                    |#guard| #private::leave(#guard, || #verdicts),
                )
            }
        })
    }

    fn returned(&self, boxed: bool, observe: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let Names { private, site, returned, .. } = &self.names;
        let (inner, body) = self.function.split_body();
        let declare = self.names.declare_site(self.function, self.stack);
        let fake = match &self.function.signature.output {
            ReturnType::Type(_, made) => fake_return_of(made),
            ReturnType::Default => TokenStream::new(),
        };
        let body = self.block(quote!(#fake #body));
        let inputs = Ident::new("__inputs", Span::mixed_site());
        let kept = self.names.with_inputs(self.stack, Lifetime::Kept, |inputs| inputs);
        let start = quote!(move || (#private::enter(&#site, #inputs), #returned));
        let observed = observe(start);
        let observed = if boxed { quote!(::std::boxed::Box::pin(#observed)) } else { observed };
        self.with_body(quote! {
            #inner
            #declare
            let #inputs = #kept;
            let #returned = #private::call(move || #body);
            #observed
        })
    }

    /// The call that makes the guard.
    fn enter(&self, function: &str) -> TokenStream {
        let Names { private, site, .. } = &self.names;
        let enter = Ident::new(function, Span::call_site());
        self.names.with_inputs(
            self.stack,
            Lifetime::Borrowed,
            |inputs| quote!(#private::#enter(&#site, #inputs)),
        )
    }

    /// A statement that compiles only if the function's result is no future in disguise.
    fn ask_for_the_nature_of_the_result(&self) -> Option<TokenStream> {
        let returned = of_unknown_nature(&self.function.signature.output)?;
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

    fn with_body(&self, body: TokenStream) -> TokenStream {
        self.with_signature(&self.function.signature, body)
    }

    fn with_signature(&self, signature: &syn::Signature, body: TokenStream) -> TokenStream {
        let Function { attributes, visibility, defaultness, .. } = self.function;
        let body = self.block(body);
        // The user wrote these items first.
        let items = self
            .function
            .starts_with_an_item()
            .then(|| quote!(#[allow(clippy::items_after_statements)]));
        quote!(#items #(#attributes)* #visibility #defaultness #signature #body)
    }
}

/// Turns `async fn f() -> T` into `fn f() -> impl Future<Output = T>`.
fn returns_future(signature: &mut syn::Signature) {
    signature.asyncness = None;
    let output = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    signature.output = ReturnType::Type(
        syn::Token![->](Span::call_site()),
        Box::new(Type::Verbatim(quote!(impl ::core::future::Future<Output = #output>))),
    );
}
