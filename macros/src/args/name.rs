//! What an attribute records into: nothing said, a name, or a metric of a schema.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{LitStr, Path, Token, ext::IdentExt, parse::ParseStream, spanned::Spanned};

use crate::{errors::Message, kind::AttributeKind, rules};

/// A metric of a schema: `Schema::metric`, or `Schema::schema.metric`.
pub(crate) struct SchemaPath {
    path: Path,
    fields: Vec<Ident>,
}

impl SchemaPath {
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

    /// Where the last field stands.
    pub(crate) fn field_span(&self) -> Span {
        let of_path = || self.path.segments.last().map(|segment| segment.ident.span());
        self.fields.last().map(Ident::span).or_else(of_path).unwrap_or_else(|| self.span())
    }

    /// The schema's type and the names of the fields that lead to the metric; `None` where the words do not say so:
    /// `Self` may be generic, and a function may stand in a module.
    pub(crate) fn parts(&self) -> Option<(Path, Vec<String>)> {
        let mut schema = self.path.clone();
        let first = schema.segments.pop()?.ident;
        schema.segments.pop_punct();
        let last = schema.segments.last()?.ident.to_string();
        let is_type = last != "Self" && last.starts_with(char::is_uppercase);
        let fields = [&first].into_iter().chain(&self.fields);
        is_type.then(|| (schema, fields.map(|field| field.unraw().to_string()).collect()))
    }
}

/// What is wrong with the name that all metrics of `kind` are to have.
pub(super) fn mistake(kind: AttributeKind, name: &LitStr) -> Option<Message> {
    match kind {
        AttributeKind::One(measure) => {
            rules::metric_name_with_unit(&name.value(), Some(measure.unit()))
        }
        // Each of the four metrics adds a word to it.
        AttributeKind::All => rules::metric_name(&name.value()),
    }
}

/// What stands where a name belongs, but is no literal.
pub(super) fn no_literal(kind: AttributeKind, written: &impl ToTokens) -> Message {
    let written = crate::syntax::written_of(written);
    Message::new(format!("the metric's name must be a literal, and `{written}` is none"))
        .help(format!("write `#[{kind}(\"...\")]`, or put the name together with `concat!`"))
        .note("names are checked when the program is compiled, where the value of a constant is not known yet")
}
