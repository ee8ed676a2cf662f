//! The mistakes of one compile.

use std::fmt::Write as _;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::kind::AttributeKind;

/// Collects mistakes; nothing stops at the first one.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<(Span, String)>,
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

    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

impl Errors {
    /// Adds a mistake at the token to edit.
    pub(crate) fn push(&mut self, span: Span, message: Message) {
        let mut text = message.text;
        for (label, line) in [("help", message.help), ("note", message.note)] {
            if let Some(line) = line {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n{label}: {line}");
            }
        }
        self.found.push((span, text));
    }

    /// Adds what syn says about tokens that are not Rust where Rust is expected.
    pub(crate) fn push_syntax(&mut self, error: &syn::Error) {
        self.found.push((error.span(), error.to_string()));
    }

    /// A mistake of the macro and not of the user. There is no better place for it than the attribute.
    pub(crate) fn bug(&mut self, kind: AttributeKind) {
        let message =
            Message::new(format!("`#[{kind}]` failed; this is a bug in yardstick-macros"))
                .help("remove the attribute, and report the function it was placed on");
        self.push(Span::call_site(), message);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One `compile_error!` for each mistake, with a semicolon so that it stands wherever an item can.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let errors = self.found.into_iter();
        errors.map(|(span, text)| quote_spanned!(span=> ::core::compile_error!(#text);)).collect()
    }
}
