//! The forms of an instrumented function.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{ReturnType, Type};

use super::{
    Shape,
    arguments::hold,
    result_type::{fake_return, fake_return_of, inferred, is_never},
    site::Names,
};
use crate::{function::Function, stack::Stack};

/// Writes the function with its measurements.
pub(super) fn expand(function: &Function, stack: &Stack) -> TokenStream {
    let names = Names::new(stack);
    let writer = Writer { names, function, stack };
    let never = is_never(&function.signature.output);
    match Shape::of(function) {
        Shape::Sync if never || !stack.observes_result() => writer.guarded(never),
        Shape::Sync => writer.observed(),
        Shape::AsyncKept if never || !stack.observes_result() => writer.guarded(never),
        Shape::AsyncKept => writer.observed_async(true),
        Shape::Async if stack.observes_result() => writer.observed_async(false),
        Shape::Async => writer.guarded_async(),
        Shape::Returns { boxed, output } => writer.returned_future(boxed, &output),
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
        let enter = self.enter(never);
        self.with_body(quote!(#inner #enter #body))
    }

    /// `{ let guard = enter(..); let returned = call(move || { body }); leave(..); returned }`
    fn observed(&self) -> TokenStream {
        let Names { private, returned, .. } = &self.names;
        let (inner, body) = self.function.split_body();
        let enter = self.enter(false);
        let fake = fake_return(&self.function.signature.output);
        let body = self.block(quote!(#fake #body));
        let leave = self.names.leave(self.stack, &quote!(&#returned));
        self.with_body(quote! {
            #inner
            #enter
            let #returned = #private::call(move || #body);
            { #leave }
            #returned
        })
    }

    /// `fn f(..) -> impl Future { async move { let guard = enter(..); body } }`
    fn guarded_async(&self) -> TokenStream {
        let (inner, body) = self.function.split_body();
        let mut signature = self.function.signature.clone();
        let hold = hold(&mut signature, &TokenStream::new(), &body);
        returns_future(&mut signature);
        let enter = self.enter(false);
        let block = self.block(quote!(#hold #enter #body));
        let function = self.with_signature(&signature, quote!(#inner async move #block));
        quote!(#[allow(clippy::manual_async_fn)] #function)
    }

    /// `observe(move || (enter(..), async move { body }), leave)`, as the future that is returned or, in
    /// a function that must stay `async`, as one that is awaited.
    fn observed_async(&self, awaited: bool) -> TokenStream {
        let Names { private, guard, returned, .. } = &self.names;
        let (inner, body) = self.function.split_body();
        let mut signature = self.function.signature.clone();
        let output = signature.output.clone();
        let given = self.names.with_inputs(self.stack, |inputs| inputs);
        let hold = hold(&mut signature, &given, &body);
        if !awaited {
            returns_future(&mut signature);
        }
        let site = self.names.declare_site(self.function, self.stack);
        let start = self.start(&hold, &fake_return(&output), &body);
        let result = match &output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => inferred(ty).to_token_stream(),
        };
        let leave = self.names.leave(self.stack, &returned.to_token_stream());
        let wait = awaited.then(|| quote!(.await));
        self.with_signature(
            &signature,
            quote! {
                #inner
                #site
                #private::observe(#start, |#returned: &#result, #guard| { #leave }) #wait
            },
        )
    }

    /// The closure that runs at the first poll.
    fn start(&self, hold: &TokenStream, fake: &TokenStream, body: &TokenStream) -> TokenStream {
        let enter = self.enter_expression("enter");
        let block = self.block(quote!(#hold #fake #body));
        quote!(move || (#enter, async move #block))
    }

    /// A `fn` that returns a future: the future it makes is observed, not the making.
    fn returned_future(&self, boxed: bool, output: &Type) -> TokenStream {
        let Names { private, guard, returned, .. } = &self.names;
        let (inner, body) = self.function.split_body();
        let declare = self.names.declare_site(self.function, self.stack);
        let enter = self.enter_expression("enter");
        let ReturnType::Type(_, made) = &self.function.signature.output else {
            return self.guarded(false);
        };
        let fake = fake_return_of(made);
        let body = self.block(quote!(#fake #body));
        let leave = self.names.leave(self.stack, &returned.to_token_stream());
        let result = inferred(output);
        let observed = quote! {
            #private::observe(
                move || (#enter, #returned),
                |#returned: &#result, #guard| { #leave },
            )
        };
        let observed = if boxed { quote!(::std::boxed::Box::pin(#observed)) } else { observed };
        self.with_body(quote! {
            #inner
            #declare
            let #returned = #private::call(move || #body);
            #observed
        })
    }

    /// The static and the guard.
    fn enter(&self, never: bool) -> TokenStream {
        let guard = &self.names.guard;
        let declare = self.names.declare_site(self.function, self.stack);
        let enter = self.enter_expression(if never { "enter_never" } else { "enter" });
        quote! {
            #declare
            let #guard = #enter;
        }
    }

    /// The call that makes the guard.
    fn enter_expression(&self, function: &str) -> TokenStream {
        let Names { private, site, .. } = &self.names;
        let enter = Ident::new(function, Span::call_site());
        self.names.with_inputs(self.stack, |inputs| quote!(#private::#enter(&#site, #inputs)))
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
        quote!(#(#attributes)* #visibility #defaultness #signature #body)
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
