//! The derives. Each reads its input into what it needs, checks it, and writes one implementation; a mistake
//! still leaves an implementation that does nothing, so that a user sees the mistake and not what follows from
//! it.

mod case;
mod error_type;
mod label_set;
mod label_value;
mod metric_name;
mod metric_schema;
mod option_key;
mod option_value;
mod options;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use self::options::Place;
use crate::errors::Errors;

/// Which derive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derive {
    LabelValue,
    LabelSet,
    MetricSchema,
    ErrorType,
}

impl Derive {
    /// As it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LabelValue => "LabelValue",
            Self::LabelSet => "LabelSet",
            Self::MetricSchema => "MetricSchema",
            Self::ErrorType => "ErrorType",
        }
    }

    /// The attributes that belong to it at a place.
    pub(crate) const fn attributes(self, place: Place) -> &'static [&'static str] {
        match (self, place) {
            (Self::LabelValue, _) => &["label_value"],
            (Self::LabelSet, Place::Field) => &["label"],
            (Self::LabelSet, _) => &["label_set"],
            (Self::MetricSchema, Place::Field) => &["metric", "metrics"],
            (Self::MetricSchema, _) => &["metrics"],
            (Self::ErrorType, _) => &["error_type"],
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
            Derive::LabelSet => label_set::expand(&input, &mut errors),
            Derive::MetricSchema => metric_schema::expand(&input, &mut errors),
            Derive::ErrorType => error_type::expand(&input, &mut errors),
        },
        Err(error) => {
            errors.push_syntax(error);
            TokenStream::new()
        }
    };
    let implementation = Some(implementation).filter(|_| !errors.is_without_crate());
    let errors = errors.into_tokens();
    quote::quote!(#errors #implementation)
}
