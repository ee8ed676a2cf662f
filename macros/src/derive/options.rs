//! The options of derives: `#[label_value(..)]`, `#[label(..)]`, `#[metric(..)]`, `#[metrics(..)]` and `#[error_type(..)]`.

use proc_macro2::{Ident, Span};
use syn::{
    Attribute, LitInt, LitStr, Meta, Path,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};
use yardstick_model::Unit;

pub(super) use super::option_key::{OptionKey, Place};
use super::{
    Derive,
    case::Case,
    option_key::{forms, in_another_attribute, misplaced, unknown},
    option_value::{case, constant_labels, quantiles, series_max, text, unit, window},
};
use crate::{
    buckets,
    errors::{Errors, Message},
    syntax::{Form, comma_list, generated_crate_path, is_assigned, refuse, ungrouped},
};

/// What the attributes at one place say.
#[derive(Default)]
pub(super) struct Options {
    pub(super) rename_all: Option<Case>,
    /// The name instead of that of the item: `rename`, or `name` of a metric.
    pub(super) name: Option<LitStr>,
    pub(super) namespace: Option<LitStr>,
    pub(super) help: Option<LitStr>,
    pub(super) unit: Option<(Unit, Ident)>,
    pub(super) buckets: Option<buckets::Buckets>,
    pub(super) quantiles: Option<Vec<f64>>,
    pub(super) window_seconds: Option<f64>,
    pub(super) series_max: Option<LitInt>,
    /// Labels with the values that all series have.
    pub(super) labels: Vec<(Ident, String)>,
    pub(super) crate_path: Option<Path>,
    given: Vec<(OptionKey, Span)>,
}

impl Options {
    /// Reads all attributes of this derive at a place; what cannot be read is reported and passed over.
    pub(super) fn read(
        derive: Derive,
        place: Place,
        attributes: &[Attribute],
        errors: &mut Errors,
    ) -> Self {
        let mut options = Self::default();
        for attribute in attributes {
            let names = derive.attributes(place);
            let Some(name) = names.iter().find(|name| attribute.path().is_ident(name)) else {
                continue;
            };
            let Meta::List(list) = &attribute.meta else {
                let message = match &attribute.meta {
                    Meta::NameValue(_) => {
                        Message::new(format!("`#[{name}]` takes its options in parentheses"))
                    }
                    _ => Message::new(format!("`#[{name}]` says nothing")),
                };
                let message =
                    message.help(format!("write `#[{name}({})]`", forms(derive, place, name)));
                errors.push(attribute.path().span(), message);
                continue;
            };
            let read = |input: ParseStream<'_>| {
                comma_list("options", input, errors, |input, _, errors| {
                    options.read_one(derive, place, name, input, errors)
                });
                Ok(())
            };
            // The closure reads to the end whatever it finds, so there is nothing left to fail.
            let _ = read.parse2(ungrouped(list.tokens.clone()));
        }
        options
    }

    /// Where an option was given.
    pub(super) fn span_of(&self, key: OptionKey) -> Option<Span> {
        self.given.iter().find(|(given, _)| *given == key).map(|(_, span)| *span)
    }

    /// Whether an option was given.
    pub(super) fn has(&self, key: OptionKey) -> bool {
        self.span_of(key).is_some()
    }

    fn read_one(
        &mut self,
        derive: Derive,
        place: Place,
        attribute: &str,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            let message = Message::new(format!("expected an option of `{}`", derive.name()))
                .help(format!("write `{}`", forms(derive, place, attribute)));
            refuse(input.span(), message, input, errors);
            return Ok(());
        }
        let word = input.call(Ident::parse_any)?;
        let written = word.to_string();
        let key = match OptionKey::named(derive, &written) {
            None => Err(unknown(derive, place, attribute, &written)),
            Some(key) if !key.places(derive).contains(&place) => Err(misplaced(derive, place, key)),
            Some(key) if key.attribute(derive, place) != attribute => {
                Err(in_another_attribute(derive, place, key))
            }
            Some(key) if self.has(key) => {
                let message = Message::new(format!("`{written}` is given more than once"));
                Err(message.help("keep one of the two"))
            }
            Some(key) => Ok(key),
        };
        match key {
            Ok(key) => {
                self.given.push((key, word.span()));
                self.take_value(key, word.span(), input, errors)
            }
            Err(message) => {
                refuse(word.span(), message, input, errors);
                Ok(())
            }
        }
    }

    fn take_value(
        &mut self,
        key: OptionKey,
        place: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let has_form = match key.form() {
            Form::Flag(_) => true,
            Form::List(_) => input.peek(syn::token::Paren),
            Form::Value(_) => is_assigned(input),
        };
        if !has_form {
            let message = Message::new(format!("`{}` has no value", key.name()))
                .help(format!("write `{}`", key.form().text()));
            refuse(place, message, input, errors);
            return Ok(());
        }
        match key {
            OptionKey::Flatten | OptionKey::Skip | OptionKey::Transparent | OptionKey::Unlisted => {
            }
            OptionKey::RenameAll => {
                let text = text(key, input, errors)?;
                self.rename_all = text.and_then(|text| case(&text, errors));
            }
            OptionKey::Rename | OptionKey::Name => self.name = text(key, input, errors)?,
            OptionKey::Namespace => self.namespace = text(key, input, errors)?,
            OptionKey::Help => self.help = text(key, input, errors)?,
            OptionKey::Unit => self.unit = unit(input, errors)?,
            OptionKey::Buckets => self.buckets = buckets::parse(input, errors)?,
            OptionKey::Quantiles => self.quantiles = quantiles(input, errors)?,
            OptionKey::Window => self.window_seconds = window(input, errors)?,
            OptionKey::SeriesMax => self.series_max = series_max(input, errors)?,
            OptionKey::Labels => self.labels = constant_labels(place, input, errors)?,
            OptionKey::Crate => self.crate_path = generated_crate_path(input, errors)?,
        }
        Ok(())
    }
}
