//! The mistakes of one compile.

use std::fmt::Write as _;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects mistakes; nothing stops at the first one.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<Mistake>,
    /// There is no crate that generated code could call.
    is_without_crate: bool,
}

/// One mistake, which is one only where all conditions hold.
struct Mistake {
    error: syn::Error,
    conditions: Vec<TokenStream>,
}

impl From<syn::Error> for Mistake {
    fn from(error: syn::Error) -> Self {
        Self { error, conditions: Vec::new() }
    }
}

/// The lines of one message: what is wrong, what to write instead, and why.
pub(crate) struct Message {
    text: String,
    help: Option<String>,
    note: Option<String>,
}

impl Message {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), help: None, note: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    fn into_text(self) -> String {
        let mut text = self.text;
        for (label, line) in [("help", self.help), ("note", self.note)] {
            if let Some(line) = line {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n{label}: {line}");
            }
        }
        text
    }

    /// The message as an error of the parser.
    pub(crate) fn at(self, span: Span) -> syn::Error {
        syn::Error::new(span, self.into_text())
    }

    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

impl Errors {
    /// Adds a mistake at the token to edit.
    pub(crate) fn push(&mut self, span: Span, message: Message) {
        self.found.push(syn::Error::new(span, message.into_text()).into());
    }

    /// Adds a mistake that takes several tokens to underline.
    pub(crate) fn push_on(&mut self, tokens: impl ToTokens, message: Message) {
        self.found.push(syn::Error::new_spanned(tokens, message.into_text()).into());
    }

    /// Adds what syn says about tokens that are not Rust where Rust is expected.
    pub(crate) fn push_syntax(&mut self, error: syn::Error) {
        self.found.push(error.into());
    }

    /// A mistake of the macro and not of the user. There is no better place for it than the attribute.
    pub(crate) fn bug(&mut self, kind: &dyn std::fmt::Display) {
        let message =
            Message::new(format!("`#[{kind}]` failed; this is a bug in yardstick-macros"))
                .help("remove the attribute, and report the function it was placed on");
        self.push(Span::call_site(), message);
    }

    /// Adds what another list has, each mistake once: the attribute of a block speaks of all its methods.
    pub(crate) fn append(&mut self, others: Self) {
        let key = |mistake: &Mistake| {
            let Mistake { error, conditions } = mistake;
            format!("{error}{:?}{conditions:?}", error.span())
        };
        for other in others.found {
            if !self.found.iter().any(|known| key(known) == key(&other)) {
                self.found.push(other);
            }
        }
    }

    /// Adds that the runtime crate cannot be found: then nothing is to be generated that would call it.
    pub(crate) fn without_crate(&mut self, message: Message) {
        self.push(Span::call_site(), message);
        self.is_without_crate = true;
    }

    pub(crate) const fn is_without_crate(&self) -> bool {
        self.is_without_crate
    }

    /// Makes them mistakes only where `condition`, of a `cfg`, holds.
    pub(crate) fn under(mut self, condition: &TokenStream) -> Self {
        self.found.iter_mut().for_each(|mistake| mistake.conditions.push(condition.clone()));
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let tokens = |Mistake { error, conditions }| {
            error.into_iter().map(move |error: syn::Error| {
                let error = error.into_compile_error();
                match conditions.as_slice() {
                    [] => error,
                    conditions => quote::quote!(#[cfg(all(#(#conditions),*))] #error),
                }
            })
        };
        self.found.into_iter().flat_map(tokens).collect()
    }
}
