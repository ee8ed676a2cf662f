//! The values of options: texts, units, numbers and labels, each read and checked.

use proc_macro2::{Ident, Span};
use syn::{Expr, ExprLit, Lit, LitInt, LitStr, parse::ParseStream};
use yardstick_model::Unit;

use super::{case::Case, option_key::OptionKey};
use crate::{
    buckets,
    errors::{Errors, Message},
    labels::{self, LabelValue, Source},
    syntax::{expression, literal, plain_ref},
};

pub(super) fn text(
    key: OptionKey,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<LitStr>> {
    let written = expression(&format!("`{}`", key.name()), input)?;
    let text = literal(&written);
    if text.is_none() {
        let message = Message::new(format!("`{}` must be a string literal", key.name()));
        errors.push_on(written, message.help(format!("write `{}`", key.form().text())));
    }
    Ok(text)
}

/// Labels whose values are part of the program.
pub(super) fn constant_labels(
    place: Span,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Vec<(Ident, String)>> {
    let labels = labels::parse(Source::Call, input, errors)?;
    if labels.is_none() {
        let message =
            Message::new("`labels` is empty").help("remove it, or write `labels(key = \"...\")`");
        errors.push(place, message);
    }
    let mut constant = Vec::new();
    for label in labels.into_iter().flatten() {
        match label.value {
            LabelValue::Fixed(value) => constant.push((label.key, value)),
            LabelValue::Function | LabelValue::Module => {
                let message = Message::new(format!("label `{}` has no value", label.name))
                    .help(format!("write `{} = \"...\"`", label.name));
                errors.push(label.key.span(), message);
            }
            LabelValue::Given(value, _) | LabelValue::Returned(value) => {
                let message = Message::new(format!(
                    "the value of label `{}` must be a literal",
                    label.name
                ))
                .help("declare a label that differs between series in the metric's `LabelSet`")
                .note("all series of the metric have it");
                errors.push_on(value, message);
            }
        }
    }
    Ok(constant)
}

pub(super) fn unit(
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<(Unit, Ident)>> {
    let expr = expression("`unit`", input)?;
    let ident = match &expr {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.clone()),
        _ => None,
    };
    let known = |ident: &Ident| {
        Unit::ALL
            .iter()
            .find(|unit| *ident == format!("{unit:?}"))
            .map(|unit| (*unit, ident.clone()))
    };
    let found = ident.as_ref().and_then(known);
    if found.is_none() {
        let units: Vec<_> = Unit::ALL.iter().map(|unit| format!("`{unit:?}`")).collect();
        let message = Message::new("`unit` must be a unit")
            .help("write `unit = Seconds`")
            .note(format!("the units are {}", units.join(", ")));
        errors.push_on(expr, message);
    }
    Ok(found)
}

/// Numbers from 0 to 1, each larger than the one before.
pub(super) fn quantiles(
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Vec<f64>>> {
    let expr = expression("`quantiles`", input)?;
    let numbers = match &expr {
        Expr::Array(array) => {
            array.elems.iter().map(plain_ref).map(number).collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    let is_valid = |numbers: &Vec<f64>| {
        let are_in_range = numbers.iter().all(|number| (0.0..=1.0).contains(number));
        !numbers.is_empty() && are_in_range && numbers.is_sorted_by(|a, b| a < b)
    };
    let numbers = numbers.filter(is_valid);
    if numbers.is_none() {
        let message = Message::new("`quantiles` must be numbers from 0 to 1, strictly increasing")
            .help("write `quantiles = [0.5, 0.9, 0.99]`");
        errors.push_on(expr, message);
    }
    Ok(numbers)
}

fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        _ => None,
    }
}

pub(super) fn window(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<f64>> {
    let expr = expression("`window`", input)?;
    // What is wrong with it is said in our words below.
    let seconds = buckets::seconds(&expr, &mut Errors::default());
    let seconds =
        seconds.filter(|seconds| seconds.is_finite() && *seconds >= 1e-3 && *seconds < 1e9);
    if seconds.is_none() {
        let message = Message::new("`window` must be a duration").help("write `window = 10m`");
        errors.push_on(expr, message);
    }
    Ok(seconds)
}

pub(super) fn series_max(
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<LitInt>> {
    match expression("`series_max`", input)? {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. })
            if number.base10_parse::<usize>().is_ok_and(|number| number > 0) =>
        {
            Ok(Some(number))
        }
        other => {
            let message = Message::new("`series_max` must be a whole number above zero")
                .help("write `series_max = 100`");
            errors.push_on(other, message);
            Ok(None)
        }
    }
}

pub(super) fn case(text: &LitStr, errors: &mut Errors) -> Option<Case> {
    let case = Case::from_name(&text.value());
    if case.is_none() {
        let message = Message::new(format!("unknown style `{}`", text.value()))
            .note(format!("the styles are {}", Case::names()));
        errors.push(text.span(), message);
    }
    case
}
