//! The arguments of one attribute: one table says which exist, where they belong and how they are
//! written; one slot for each remembers that it was given.

mod name;
mod table;

use proc_macro2::{Span, TokenStream};
use syn::{
    Expr, LitStr, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

pub(crate) use self::name::SchemaPath;
use self::table::{Argument, TABLE, available, misplaced, unknown};
use crate::{
    buckets::{self, Buckets},
    errors::{Errors, Message},
    kind::AttributeKind,
    labels::{self, Label, LabelValue, Source, may_be_called},
    syntax::{crate_path, expression, literal, skip_to_comma, ungrouped},
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
    given: Vec<(&'static str, Span)>,
}

impl Args {
    /// Reads everything that can be read; what cannot is reported and passed over.
    pub(crate) fn parse(kind: AttributeKind, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        let parser = |input: ParseStream<'_>| {
            args.parse_all(kind, input, errors);
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
    pub(crate) fn span_of(&self, name: &str) -> Option<Span> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, span)| *span)
    }

    fn parse_all(&mut self, kind: AttributeKind, input: ParseStream<'_>, errors: &mut Errors) {
        let mut is_first = true;
        while !input.is_empty() {
            if let Err(error) = self.parse_one(kind, input, is_first, errors) {
                errors.push_syntax(error);
                skip_to_comma(input);
            }
            is_first = false;
            if input.parse::<Token![,]>().is_err() && !input.is_empty() {
                let message = Message::new("arguments must be separated by `,`");
                errors.push(input.span(), message);
                skip_to_comma(input);
                let _ = input.parse::<Token![,]>();
            }
        }
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
            errors.push(input.span(), message);
            skip_to_comma(input);
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
        let key = input.call(syn::Ident::parse_any)?;
        let written = key.to_string();
        let Some(argument) = TABLE.iter().find(|argument| argument.name == written) else {
            let is_alone = input.is_empty() || input.peek(Token![,]);
            let message = match () {
                () if is_first && is_alone && is_constant(&written) => name::no_literal(kind, &key),
                () if input.peek(Token![=]) => {
                    table::unknown_with_value(kind, &written, self.schema.is_some())
                }
                () => unknown(kind, &written),
            };
            errors.push(key.span(), message);
            skip_to_comma(input);
            return Ok(());
        };
        if !argument.on.contains(&kind) {
            errors.push(key.span(), misplaced(kind, argument));
            skip_to_comma(input);
            return Ok(());
        }
        if self.span_of(argument.name).is_some() {
            let help = match argument.name {
                "labels" | "result_labels" => "write all of them in one list",
                _ => "keep one of the two",
            };
            let message =
                Message::new(format!("argument `{written}` is given more than once")).help(help);
            errors.push(key.span(), message);
            skip_to_comma(input);
            return Ok(());
        }
        self.given.push((argument.name, key.span()));
        self.take_value(argument, key.span(), input, errors)
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
        let message = if kind == AttributeKind::Track {
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
        argument: &Argument,
        key: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if argument.form == argument.name {
            self.skip = true;
            return Ok(());
        }
        if argument.name == "labels" && self.schema.is_some() {
            return self.take_label_set(key, input, errors);
        }
        let source = match argument.name {
            "labels" => Some(Source::Call),
            "result_labels" => Some(Source::Result),
            _ => None,
        };
        if let Some(source) = source {
            if !input.peek(syn::token::Paren) {
                return malformed(argument, key, input, errors);
            }
            let labels = labels::parse(source, input, errors)?;
            if labels.is_none() {
                let message = Message::new(format!("`{}` is empty", argument.name))
                    .help(format!("remove it, or write `{}`", argument.form));
                errors.push(key, message);
            }
            self.labels.extend(labels.into_iter().flatten());
            return Ok(());
        }
        if input.parse::<Token![=]>().is_err() || input.is_empty() || input.peek(Token![,]) {
            return malformed(argument, key, input, errors);
        }
        match argument.name {
            "help" => {
                let note = "it becomes the `# HELP` line of the exposition as it stands";
                self.help = string(argument, note, input, errors)?;
            }
            "function" => {
                let note = "it becomes the value of the label `function`";
                self.function = string(argument, note, input, errors)?;
            }
            "buckets" => self.buckets = buckets::parse(input, errors)?,
            "error_type" => self.error_type = closure(argument, input, errors)?,
            "error_if" => self.error_if = closure(argument, input, errors)?,
            "on_cancel" => self.skips_cancelled = skips_cancelled(input, errors)?,
            "registry" => self.registry = Some(expression("`registry`", input)?),
            _ => self.crate_path = crate_path(input, errors)?,
        }
        Ok(())
    }

    /// `labels = Labels { .. }`, of a metric of a schema.
    fn take_label_set(
        &mut self,
        key: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let is_assigned = input.parse::<Token![=]>().is_ok();
        if !is_assigned || input.is_empty() || input.peek(Token![,]) {
            let message =
                Message::new("the labels of a schema's metric are one value of their type")
                    .help("write `labels = YourLabels { ... }`");
            errors.push(key, message);
            skip_to_comma(input);
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
    argument: &Argument,
    note: &str,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<LitStr>> {
    let written = expression(&format!("`{}`", argument.name), input)?;
    let text = literal(&written);
    if text.is_none() {
        let message = Message::new(format!("`{}` must be a string literal", argument.name))
            .help("write the text here, or put it together with `concat!`")
            .note(note);
        errors.push_on(written, message);
    }
    Ok(text)
}

fn malformed(
    argument: &Argument,
    key: Span,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let is_list = argument.form.ends_with(')');
    let has_value = !input.is_empty() && !input.peek(Token![,]);
    let text = match (has_value, is_list) {
        (false, _) => format!("argument `{}` has no value", argument.name),
        (true, true) => format!("`{}` takes a list in parentheses", argument.name),
        (true, false) => format!("the value of `{}` stands behind `=`", argument.name),
    };
    errors.push(key, Message::new(text).help(format!("write `{}`", argument.form)));
    skip_to_comma(input);
    Ok(())
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
fn closure(
    argument: &Argument,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Expr>> {
    let expr = expression(&format!("`{}`", argument.name), input)?;
    if may_be_called(&expr) {
        return Ok(Some(expr));
    }
    let message = Message::new(format!("`{}` must be a closure", argument.name))
        .help(format!("write `{}`", argument.form))
        .note("it is asked for each value that the function returns");
    errors.push_on(expr, message);
    Ok(None)
}
