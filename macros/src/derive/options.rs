//! `#[label_value(..)]`, `#[label(..)]` and `#[error_type(..)]`: one table says which options exist and where they belong.

use proc_macro2::{Ident, Span};
use syn::{
    Attribute, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};
use yardstick_model::{Unit, nearest};

use super::{Derive, case::Case};
use crate::{
    errors::{Errors, Message},
    labels::{LabelValue, Source},
    syntax::{plain_ref, skip_to_comma},
};

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Enum,
    Struct,
    Variant,
    Field,
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Self::Enum => "an enum",
            Self::Struct => "a struct",
            Self::Variant => "a variant",
            Self::Field => "a field",
        }
    }
}

struct OptionRow {
    name: &'static str,
    form: &'static str,
    of: &'static [Derive],
    on: &'static [Place],
}

const TABLE: &[OptionRow] = &[
    OptionRow {
        name: "rename_all",
        form: "rename_all = \"snake_case\"",
        of: &[Derive::LabelValue, Derive::ErrorType],
        on: &[Place::Enum],
    },
    OptionRow {
        name: "rename",
        form: "rename = \"...\"",
        of: &[Derive::LabelValue],
        on: &[Place::Variant],
    },
    OptionRow {
        name: "rename",
        form: "rename = \"...\"",
        of: &[Derive::ErrorType],
        on: &[Place::Variant, Place::Struct],
    },
    OptionRow {
        name: "rename",
        form: "rename = \"...\"",
        of: &[Derive::LabelSet],
        on: &[Place::Field],
    },
    OptionRow { name: "flatten", form: "flatten", of: &[Derive::LabelSet], on: &[Place::Field] },
    OptionRow { name: "skip", form: "skip", of: &[Derive::LabelSet], on: &[Place::Field] },
    OptionRow {
        name: "transparent",
        form: "transparent",
        of: &[Derive::ErrorType],
        on: &[Place::Variant, Place::Struct],
    },
    OptionRow {
        name: "namespace",
        form: "namespace = \"...\"",
        of: &[Derive::MetricSchema],
        on: &[Place::Struct],
    },
    OptionRow {
        name: "flatten",
        form: "flatten",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "name",
        form: "name = \"...\"",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "help",
        form: "help = \"...\"",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "unit",
        form: "unit = Seconds",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "buckets",
        form: "buckets = 5ms..10s",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "quantiles",
        form: "quantiles = [0.5, 0.99]",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "window",
        form: "window = 10m",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "series_max",
        form: "series_max = 100",
        of: &[Derive::MetricSchema],
        on: &[Place::Field],
    },
    OptionRow {
        name: "labels",
        form: "labels(key = \"...\")",
        of: &[Derive::MetricSchema],
        on: &[Place::Struct, Place::Field],
    },
    OptionRow {
        name: "unlisted",
        form: "unlisted",
        of: &[Derive::MetricSchema],
        on: &[Place::Struct],
    },
    OptionRow {
        name: "crate",
        form: "crate = path",
        of: &[Derive::LabelValue, Derive::LabelSet, Derive::ErrorType, Derive::MetricSchema],
        on: &[Place::Enum, Place::Struct],
    },
];

/// What the attributes at one place say.
#[derive(Default)]
pub(super) struct Options {
    pub(super) rename_all: Option<Case>,
    pub(super) rename: Option<LitStr>,
    pub(super) namespace: Option<LitStr>,
    pub(super) help: Option<LitStr>,
    pub(super) unit: Option<(Unit, Ident)>,
    pub(super) buckets: Option<crate::buckets::Buckets>,
    pub(super) quantiles: Option<Vec<f64>>,
    pub(super) window_seconds: Option<f64>,
    pub(super) series_max: Option<LitInt>,
    /// Labels with the values that all series have.
    pub(super) labels: Vec<(Ident, String)>,
    pub(super) crate_path: Option<Path>,
    given: Vec<(&'static str, Span)>,
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
                let message = message.help(format!("write `#[{name}({})]`", forms(derive, place)));
                errors.push(attribute.path().span(), message);
                continue;
            };
            let read = |input: ParseStream<'_>| {
                options.read_all(derive, place, input, errors);
                Ok(())
            };
            // The closure reads to the end whatever it finds, so there is nothing left to fail.
            let _ = read.parse2(crate::syntax::ungrouped(list.tokens.clone()));
        }
        options
    }

    /// Where an option was given.
    pub(super) fn span_of(&self, name: &str) -> Option<Span> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, span)| *span)
    }

    fn read_all(
        &mut self,
        derive: Derive,
        place: Place,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) {
        while !input.is_empty() {
            if let Err(error) = self.read_one(derive, place, input, errors) {
                errors.push_syntax(error);
                skip_to_comma(input);
            }
            if input.parse::<Token![,]>().is_err() && !input.is_empty() {
                errors.push(input.span(), Message::new("options must be separated by `,`"));
                skip_to_comma(input);
                let _ = input.parse::<Token![,]>();
            }
        }
    }

    fn read_one(
        &mut self,
        derive: Derive,
        place: Place,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            let message = Message::new(format!("expected an option of `{}`", derive.name()))
                .help(format!("write `{}`", forms(derive, place)));
            errors.push(input.span(), message);
            skip_to_comma(input);
            return Ok(());
        }
        let key = input.call(Ident::parse_any)?;
        let written = key.to_string();
        let mut rows =
            TABLE.iter().filter(|row| row.name == written && row.of.contains(&derive)).peekable();
        let Some(row) = rows.peek() else {
            errors.push(key.span(), unknown(derive, place, &written));
            skip_to_comma(input);
            return Ok(());
        };
        if !row.on.contains(&place) {
            let places: Vec<_> = row.on.iter().map(|place| place.name()).collect();
            let message = Message::new(format!("`{written}` cannot stand on {}", place.name()))
                .help(format!("it belongs on {}", places.join(" or ")));
            errors.push(key.span(), message);
            skip_to_comma(input);
            return Ok(());
        }
        if self.span_of(row.name).is_some() {
            let message = Message::new(format!("`{written}` is given more than once"))
                .help("keep one of the two");
            errors.push(key.span(), message);
            skip_to_comma(input);
            return Ok(());
        }
        self.given.push((row.name, key.span()));
        if row.form == row.name {
            return Ok(());
        }
        if row.name == "labels" && input.peek(syn::token::Paren) {
            self.labels = constant_labels(key.span(), input, errors)?;
            return Ok(());
        }
        if row.name == "labels"
            || input.parse::<Token![=]>().is_err()
            || input.is_empty()
            || input.peek(Token![,])
        {
            let message = Message::new(format!("`{written}` has no value"))
                .help(format!("write `{}`", row.form));
            errors.push(key.span(), message);
            skip_to_comma(input);
            return Ok(());
        }
        match row.name {
            "crate" => self.crate_path = crate::syntax::generated_crate_path(input, errors)?,
            "buckets" => self.buckets = crate::buckets::parse(input, errors)?,
            "quantiles" => self.quantiles = quantiles(input, errors)?,
            "window" => self.window_seconds = window(input, errors)?,
            "unit" => self.unit = unit(input, errors)?,
            "series_max" => self.series_max = series_max(input, errors)?,
            _ => {
                let Some(text) = text(row, input, errors)? else { return Ok(()) };
                match row.name {
                    "rename_all" => self.rename_all = case(&text, errors),
                    "namespace" => self.namespace = Some(text),
                    "help" => self.help = Some(text),
                    _ => self.rename = Some(text),
                }
            }
        }
        Ok(())
    }
}

fn text(
    row: &OptionRow,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<LitStr>> {
    let written = crate::syntax::expression(&format!("`{}`", row.name), input)?;
    let text = crate::syntax::literal(&written);
    if text.is_none() {
        let message = Message::new(format!("`{}` must be a string literal", row.name));
        errors.push_on(written, message.help(format!("write `{}`", row.form)));
    }
    Ok(text)
}

/// Labels whose values are part of the program.
fn constant_labels(
    place: Span,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Vec<(Ident, String)>> {
    let labels = crate::labels::parse(Source::Call, input, errors)?;
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

fn unit(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<(Unit, Ident)>> {
    let expr = crate::syntax::expression("`unit`", input)?;
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
fn quantiles(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Vec<f64>>> {
    let expr = crate::syntax::expression("`quantiles`", input)?;
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

fn window(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<f64>> {
    let expr = crate::syntax::expression("`window`", input)?;
    // What is wrong with it is said in our words below.
    let seconds = crate::buckets::seconds(&expr, &mut Errors::default());
    let seconds =
        seconds.filter(|seconds| seconds.is_finite() && *seconds >= 1e-3 && *seconds < 1e9);
    if seconds.is_none() {
        let message = Message::new("`window` must be a duration").help("write `window = 10m`");
        errors.push_on(expr, message);
    }
    Ok(seconds)
}

fn series_max(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<LitInt>> {
    match crate::syntax::expression("`series_max`", input)? {
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

fn case(text: &LitStr, errors: &mut Errors) -> Option<Case> {
    let case = Case::from_name(&text.value());
    if case.is_none() {
        let message = Message::new(format!("unknown style `{}`", text.value()))
            .note(format!("the styles are {}", Case::names()));
        errors.push(text.span(), message);
    }
    case
}

fn forms(derive: Derive, place: Place) -> String {
    let rows = TABLE.iter().filter(|row| row.of.contains(&derive) && row.on.contains(&place));
    rows.map(|row| row.form).collect::<Vec<_>>().join(", ")
}

fn unknown(derive: Derive, place: Place, written: &str) -> Message {
    let rows = || TABLE.iter().filter(|row| row.of.contains(&derive) && row.on.contains(&place));
    let message = Message::new(format!("unknown option `{written}`"));
    let help = nearest(written, rows().map(|row| row.name));
    let message = message.maybe_help(help.map(|name| format!("did you mean `{name}`?")));
    let names: Vec<_> = rows().map(|row| format!("`{}`", row.name)).collect();
    message.note(match names.split_last() {
        None => format!("there are no options on {}", place.name()),
        Some((only, [])) => format!("on {} there is {only}", place.name()),
        Some((last, others)) => {
            format!("on {} there are {} and {last}", place.name(), others.join(", "))
        }
    })
}
