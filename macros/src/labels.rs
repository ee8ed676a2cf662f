//! `labels(key = value, ..)` and `result_labels(key = |ret| value, ..)`.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, Token, Type, ext::IdentExt, parenthesized, parse::ParseStream};

use crate::{
    errors::{Errors, Message},
    syntax::{comma_list, expression, is_assigned, literal, plain_ref, refuse, written_of},
};

/// One label.
pub(crate) struct Label {
    pub(crate) name: String,
    /// The name as it was written.
    pub(crate) key: Ident,
    pub(crate) value: LabelValue,
}

/// Where a label's value comes from.
pub(crate) enum LabelValue {
    /// It is part of the program.
    Fixed(String),
    /// Each call evaluates it when it begins; it is of this type, if one is written.
    Given(Expr, Option<Box<Type>>),
    /// It is asked for with the returned value.
    Returned(Expr),
    /// It is the function's name, as the default families have it.
    Function,
    /// It is the function's module.
    Module,
}

/// When the values of a list are known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// When the call begins.
    Call,
    /// When it has returned.
    Result,
}

/// Reads the list in parentheses; `None` if there is nothing between them.
pub(crate) fn parse(
    source: Source,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Vec<Label>>> {
    let content;
    parenthesized!(content in input);
    if content.is_empty() {
        return Ok(None);
    }
    let mut labels = Vec::new();
    comma_list("labels", &content, errors, |input, _, errors| {
        labels.extend(parse_one(source, input, errors)?);
        Ok(())
    });
    Ok(Some(labels))
}

fn parse_one(
    source: Source,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Label>> {
    if !input.peek(Ident::peek_any) {
        let message = Message::new("a label is written `name = value`")
            .note("a label name matches `[a-zA-Z_][a-zA-Z0-9_]*`");
        refuse(input.span(), message, input, errors);
        return Ok(None);
    }
    let key = input.call(Ident::parse_any)?;
    let name = key.unraw().to_string();
    let ends = input.is_empty() || input.peek(Token![,]);
    let of_site = match name.as_str() {
        "function" => Some(LabelValue::Function),
        "module" => Some(LabelValue::Module),
        _ => None,
    };
    if let (Source::Call, true, Some(value)) = (source, ends, of_site) {
        return Ok(Some(Label { name, key, value }));
    }
    let ty = label_type(source, input);
    if !is_assigned(input) {
        let value = if source == Source::Result { "|ret| ..." } else { "..." };
        let message = Message::new(format!("label `{name}` has no value"))
            .help(format!("write `{name} = {value}`"));
        refuse(key.span(), message, input, errors);
        return Ok(None);
    }
    let value = match (source, expression(&format!("label `{name}`"), input)?) {
        (Source::Result, Expr::Lit(literal)) => {
            let message = Message::new(format!("the result does not decide the label `{name}`"))
                .help(format!("move it to `labels({name} = {})`", literal.to_token_stream()))
                .note("`result_labels` takes closures, which are given the returned value");
            errors.push_on(literal, message);
            return Ok(None);
        }
        (Source::Result, expr) if !may_be_called(&expr) => {
            let written = written_of(&expr);
            let message = Message::new(format!("label `{name}` must be a closure"))
                .help(format!("write `{name} = |ret| {written}`"))
                .note("it is asked for each value that the function returns, by reference");
            errors.push_on(expr, message);
            return Ok(None);
        }
        (Source::Result, expr) => LabelValue::Returned(expr),
        (Source::Call, expr) => match text(&expr).filter(|_| ty.is_none()) {
            Some(text) => LabelValue::Fixed(text),
            None => LabelValue::Given(expr, ty.map(Box::new)),
        },
    };
    Ok(Some(Label { name, key, value }))
}

/// The type in `name: Type = value`.
fn label_type(source: Source, input: ParseStream<'_>) -> Option<Type> {
    let fork = input.fork();
    fork.parse::<Token![:]>().ok()?;
    let is_typed = fork.parse::<Type>().is_ok() && fork.peek(Token![=]);
    if source == Source::Result || !is_typed {
        return None;
    }
    input.parse::<Token![:]>().ok()?;
    input.parse().ok()
}

/// Whether an expression can be a closure, or the name of what can be called like one.
pub(crate) fn may_be_called(expr: &Expr) -> bool {
    match plain_ref(expr) {
        Expr::Closure(_) | Expr::Path(_) | Expr::Block(_) => true,
        Expr::Paren(inner) => may_be_called(&inner.expr),
        _ => false,
    }
}

/// The text of a literal that can be a label value.
fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Char(character) => Some(character.value().to_string()),
            Lit::Bool(value) => Some(value.value.to_string()),
            Lit::Int(integer) => Some(integer.base10_digits().to_owned()),
            _ => None,
        },
        other => literal(other).map(|text| text.value()),
    }
}
