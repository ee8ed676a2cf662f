//! The arguments of one attribute: [`Key`] says which exist, where they belong and how they are written; a list
//! remembers which were given.

mod key;
mod name;

use proc_macro2::{Span, TokenStream};
use syn::{
    Expr, LitStr, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use self::key::{available, misplaced, unknown, unknown_with_value};
pub(crate) use self::{key::Key, name::SchemaPath};
use crate::{
    buckets::{self, Buckets},
    errors::{Errors, Message},
    kind::AttributeKind,
    labels::{self, Label, LabelValue, Source, may_be_called},
    syntax::{Form, comma_list, crate_path, expression, is_assigned, literal, refuse, ungrouped},
};

/// What one attribute says.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Option<LitStr>,
    pub(crate) schema: Option<SchemaPath>,
    /// What the function is called in the label `function`.
    pub(crate) function: Option<LitStr>,
    /// Whose methods its metric is about, where it stands on a block.
    pub(crate) block: Option<String>,
    pub(crate) labels: Vec<Label>,
    /// The labels of a metric of a schema.
    pub(crate) label_set: Option<Expr>,
    pub(crate) skip: bool,
    pub(crate) help: Option<LitStr>,
    pub(crate) buckets: Option<Buckets>,
    pub(crate) error_type: Option<Expr>,
    pub(crate) error_if: Option<Expr>,
    pub(crate) skips_cancelled: bool,
    pub(crate) registry: Option<Expr>,
    pub(crate) crate_path: Option<Path>,
    /// The keys that were given, with their places.
    given: Vec<(Key, Span)>,
}

impl Args {
    /// Reads everything that can be read; what cannot is reported and passed over.
    pub(crate) fn parse(kind: AttributeKind, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        let parser = |input: ParseStream<'_>| {
            comma_list("arguments", input, errors, |input, is_first, errors| {
                args.parse_one(kind, input, is_first, errors)
            });
            Ok(())
        };
        // The closure reads to the end whatever it finds, so there is nothing left to fail.
        let _ = parser.parse2(ungrouped(tokens));
        args
    }

    /// Makes them those of a block, whose methods a metric with a name of its own tells apart by a label.
    pub(crate) fn of_block(mut self, title: &str) -> Self {
        self.block = Some(title.to_owned());
        let Some(name) = &self.name else { return self };
        if !self.labels.iter().any(|label| label.name == "function") {
            let key = syn::Ident::new("function", name.span());
            self.labels.push(Label { name: key.to_string(), key, value: LabelValue::Function });
        }
        self
    }

    /// Where an argument was given.
    pub(crate) fn span_of(&self, key: Key) -> Option<Span> {
        self.given.iter().find(|(given, _)| *given == key).map(|(_, span)| *span)
    }

    fn parse_one(
        &mut self,
        kind: AttributeKind,
        input: ParseStream<'_>,
        is_first: bool,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            self.take_name(kind, name, is_first, errors);
            return Ok(());
        }
        if !input.peek(syn::Ident::peek_any) {
            let message =
                Message::new("expected the metric's name or an argument").note(available(kind));
            refuse(input.span(), message, input, errors);
            return Ok(());
        }
        if is_first && input.peek2(Token![!]) {
            let written = expression("the metric's name", input)?;
            match literal(&written) {
                Some(name) => self.take_name(kind, name, is_first, errors),
                None => errors.push_on(&written, name::no_literal(kind, &written)),
            }
            return Ok(());
        }
        if SchemaPath::peek(input) {
            let metric = SchemaPath::parse(input)?;
            self.take_schema(kind, metric, is_first, errors);
            return Ok(());
        }
        let word = input.call(syn::Ident::parse_any)?;
        let written = word.to_string();
        let Some(key) = Key::named(&written) else {
            let is_alone = input.is_empty() || input.peek(Token![,]);
            let message = if is_first && is_alone && is_constant(&written) {
                name::no_literal(kind, &word)
            } else if input.peek(Token![=]) {
                unknown_with_value(kind, &written, self.schema.is_some())
            } else {
                unknown(kind, &written)
            };
            refuse(word.span(), message, input, errors);
            return Ok(());
        };
        if !key.is_on(kind) {
            refuse(word.span(), misplaced(kind, key), input, errors);
            return Ok(());
        }
        if self.span_of(key).is_some() {
            let help = match key.form() {
                Form::List(_) => "write all of them in one list",
                Form::Flag(_) | Form::Value(_) => "keep one of the two",
            };
            let message = Message::new(format!("argument `{written}` is given more than once"));
            refuse(word.span(), message.help(help), input, errors);
            return Ok(());
        }
        self.given.push((key, word.span()));
        self.take_value(key, word.span(), input, errors)
    }

    fn take_name(
        &mut self,
        kind: AttributeKind,
        name: LitStr,
        is_first: bool,
        errors: &mut Errors,
    ) {
        if !is_first {
            let message = if self.name.is_some() {
                Message::new("the metric's name is given more than once")
                    .help("keep one of the two")
            } else {
                Message::new("the metric's name must be the first argument")
                    .help(format!("write `#[{kind}(\"{}\", ...)]`", name.value()))
            };
            errors.push(name.span(), message);
            self.name.get_or_insert(name);
            return;
        }
        if let Some(message) = name::mistake(kind, &name) {
            errors.push(name.span(), message);
        }
        self.name = Some(name);
    }

    fn take_schema(
        &mut self,
        kind: AttributeKind,
        metric: SchemaPath,
        is_first: bool,
        errors: &mut Errors,
    ) {
        let message = if kind == AttributeKind::All {
            Message::new("`#[track]` records four metrics, and this is one")
                .help("give it to `#[track_duration]`, `#[track_errors]`, `#[track_calls]` or `#[track_active]`")
        } else if !is_first {
            Message::new("the metric must be the first argument")
                .help(format!("write `#[{kind}({}, ...)]`", metric.text()))
        } else {
            self.schema = Some(metric);
            return;
        };
        errors.push(metric.span(), message);
    }

    fn take_value(
        &mut self,
        key: Key,
        place: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if matches!(key.form(), Form::Value(_)) && !is_assigned(input) {
            malformed(key, place, input, errors);
            return Ok(());
        }
        match key {
            Key::Skip => self.skip = true,
            Key::Labels if self.schema.is_some() => self.take_label_set(place, input, errors)?,
            Key::Labels => self.take_labels(key, Source::Call, place, input, errors)?,
            Key::ResultLabels => self.take_labels(key, Source::Result, place, input, errors)?,
            Key::Help => {
                let note = "it becomes the `# HELP` line of the exposition as it stands";
                self.help = string(key, note, input, errors)?;
            }
            Key::Function => {
                let note = "it becomes the value of the label `function`";
                self.function = string(key, note, input, errors)?;
            }
            Key::Buckets => self.buckets = buckets::parse(input, errors)?,
            Key::ErrorType => self.error_type = closure(key, input, errors)?,
            Key::ErrorIf => self.error_if = closure(key, input, errors)?,
            Key::OnCancel => self.skips_cancelled = skips_cancelled(input, errors)?,
            Key::Registry => self.registry = Some(expression("`registry`", input)?),
            Key::Crate => self.crate_path = crate_path(input, errors)?,
        }
        Ok(())
    }

    fn take_labels(
        &mut self,
        key: Key,
        source: Source,
        place: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if !input.peek(syn::token::Paren) {
            malformed(key, place, input, errors);
            return Ok(());
        }
        let labels = labels::parse(source, input, errors)?;
        if labels.is_none() {
            let message = Message::new(format!("`{}` is empty", key.name()))
                .help(format!("remove it, or write `{}`", key.form().text()));
            errors.push(place, message);
        }
        self.labels.extend(labels.into_iter().flatten());
        Ok(())
    }

    /// `labels = Labels { .. }`, of a metric of a schema.
    fn take_label_set(
        &mut self,
        place: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if !is_assigned(input) {
            let message =
                Message::new("the labels of a schema's metric are one value of their type")
                    .help("write `labels = YourLabels { ... }`");
            refuse(place, message, input, errors);
            return Ok(());
        }
        self.label_set = Some(expression("`labels`", input)?);
        Ok(())
    }
}

/// Whether a word is written as the names of constants are.
fn is_constant(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The text of a literal.
fn string(
    key: Key,
    note: &str,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<LitStr>> {
    let written = expression(&format!("`{}`", key.name()), input)?;
    let text = literal(&written);
    if text.is_none() {
        let message = Message::new(format!("`{}` must be a string literal", key.name()))
            .help("write the text here, or put it together with `concat!`")
            .note(note);
        errors.push_on(written, message);
    }
    Ok(text)
}

fn malformed(key: Key, place: Span, input: ParseStream<'_>, errors: &mut Errors) {
    let has_value = !input.is_empty() && !input.peek(Token![,]);
    let name = key.name();
    let text = match key.form() {
        Form::List(_) if has_value => format!("`{name}` takes a list in parentheses"),
        Form::Value(_) if has_value => format!("the value of `{name}` stands behind `=`"),
        Form::Flag(_) | Form::List(_) | Form::Value(_) => format!("argument `{name}` has no value"),
    };
    let message = Message::new(text).help(format!("write `{}`", key.form().text()));
    refuse(place, message, input, errors);
}

/// `record` or `skip`.
fn skips_cancelled(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<bool> {
    let value = expression("`on_cancel`", input)?;
    let is = |word| matches!(&value, Expr::Path(path) if path.path.is_ident(word));
    if !is("skip") && !is("record") {
        let message = Message::new("`on_cancel` must be `record` or `skip`")
            .help("write `on_cancel = skip` to leave cancelled calls out")
            .note("they are recorded unless it says otherwise");
        errors.push_on(&value, message);
    }
    Ok(is("skip"))
}

/// A closure, or what can be called like one.
fn closure(key: Key, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Expr>> {
    let expr = expression(&format!("`{}`", key.name()), input)?;
    if may_be_called(&expr) {
        return Ok(Some(expr));
    }
    let message = Message::new(format!("`{}` must be a closure", key.name()))
        .help(format!("write `{}`", key.form().text()))
        .note("it is asked for each value that the function returns");
    errors.push_on(expr, message);
    Ok(None)
}
