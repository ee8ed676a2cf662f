//! The derives. Each reads its input into what it needs, checks it, and writes one implementation; a mistake
//! still leaves an implementation that does nothing, so that a user sees the mistake and not what follows from
//! it.

mod case;
mod error_type;
mod label_value;
mod options;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// Which derive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derive {
    LabelValue,
    ErrorType,
}

impl Derive {
    /// As it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LabelValue => "LabelValue",
            Self::ErrorType => "ErrorType",
        }
    }

    /// The attribute that belongs to it.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::LabelValue => "label_value",
            Self::ErrorType => "error_type",
        }
    }
}

/// Writes the implementation.
pub(crate) fn expand(derive: Derive, input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    // The compiler has parsed the item already, so this fails for no item that it would accept.
    let implementation = match syn::parse2::<DeriveInput>(input) {
        Ok(input) => match derive {
            Derive::LabelValue => label_value::expand(&input, &mut errors),
            Derive::ErrorType => error_type::expand(&input, &mut errors),
        },
        Err(error) => {
            errors.push_syntax(error);
            TokenStream::new()
        }
    };
    let errors = errors.into_tokens();
    quote::quote!(#errors #implementation)
}
