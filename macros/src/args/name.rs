//! What an attribute records into: nothing said, a name, or a metric of a schema.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{LitStr, Path, Token, parse::ParseStream, spanned::Spanned};
use yardstick_model::{check_metric_name, check_unit_suffix};

use crate::{errors::Message, kind::AttributeKind};

/// A metric of a schema: `Schema::metric`, or `Schema::schema.metric`.
pub(crate) struct OfSchema {
    path: Path,
    fields: Vec<Ident>,
}

impl OfSchema {
    /// Whether a path comes next: a single word would be an argument.
    pub(super) fn peek(input: ParseStream<'_>) -> bool {
        input.peek(Token![::]) || input.peek2(Token![::])
    }

    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.call(Path::parse_mod_style)?;
        let mut fields = Vec::new();
        while input.parse::<Token![.]>().is_ok() {
            fields.push(input.parse()?);
        }
        Ok(Self { path, fields })
    }

    /// The function that finds the metric.
    pub(crate) fn find(&self) -> TokenStream {
        let Self { path, fields } = self;
        match fields.as_slice() {
            [] => quote!(#path),
            fields => quote_spanned!(self.span()=> || &#path()#(.#fields)*),
        }
    }

    /// The metric as it was written.
    pub(crate) fn text(&self) -> String {
        let Self { path, fields } = self;
        quote!(#path #(.#fields)*).to_string().replace(' ', "")
    }

    pub(crate) fn span(&self) -> Span {
        self.path.span()
    }
}

/// What is wrong with the name that all metrics of `kind` are to have.
pub(super) fn mistake(kind: AttributeKind, name: &LitStr) -> Option<Message> {
    let name = name.value();
    match kind {
        // Each of the four metrics adds a word to it.
        AttributeKind::Track => invalid(&name),
        kind => name_mistake(kind, &name),
    }
}

fn invalid(name: &str) -> Option<Message> {
    let violation = check_metric_name(name).err()?;
    let message = Message::new(violation.describe(name));
    Some(message.maybe_help(violation.help(name)).note(violation.note()))
}

/// What is wrong with a metric's name.
fn name_mistake(kind: AttributeKind, name: &str) -> Option<Message> {
    if let Some(message) = invalid(name) {
        return Some(message);
    }
    let violation = check_unit_suffix(name, kind.unit()).err()?;
    let message = Message::new(violation.to_string());
    Some(message.help(violation.help()).note(violation.note()))
}
