//! The attribute macros and derives of Yardstick. Use them through the crate `yardstick`, which documents them.
//!
//! A macro here is a small compiler whose phases are its files: `args` reads an attribute's arguments,
//! `function` the item below it, `block` the methods of one and `owner` what they belong to, `returns` what its result
//! can be, `docs` and `text` what is written, `inert` which attributes of others change nothing, `stack` the further
//! attributes on that item, `check` the rules that concern more than one argument, with `control_flow` for what their
//! expressions do, and `expand` writes the result. Data flows one way; each phase reports into one list of `errors`, so a
//! user sees all mistakes in one compile, and the item itself is always emitted. The derives are below `derive`.

mod args;
mod attribute;
mod block;
mod buckets;
mod check;
mod control_flow;
mod derive;
mod docs;
mod errors;
mod expand;
mod function;
mod inert;
mod instrument;
mod kind;
mod krate;
mod labels;
mod owner;
mod returns;
mod rules;
mod shape;
mod stack;
mod syntax;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::{
    errors::Errors,
    kind::{AttributeKind, Measure},
};

/// Records how long each call takes; see `yardstick::track_duration`.
#[proc_macro_attribute]
pub fn track_duration(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    run(AttributeKind::One(Measure::Duration), args, item)
}

/// Counts calls that end in an error; see `yardstick::track_errors`.
#[proc_macro_attribute]
pub fn track_errors(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    run(AttributeKind::One(Measure::Errors), args, item)
}

/// Counts calls by outcome; see `yardstick::track_calls`.
#[proc_macro_attribute]
pub fn track_calls(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    run(AttributeKind::One(Measure::Calls), args, item)
}

/// Shows how many calls are in flight; see `yardstick::track_active`.
#[proc_macro_attribute]
pub fn track_active(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    run(AttributeKind::One(Measure::Active), args, item)
}

/// All of these with one guard; see `yardstick::track`.
#[proc_macro_attribute]
pub fn track(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    run(AttributeKind::All, args, item)
}

/// Makes each variant of an enum a label value; see `yardstick::LabelValue`.
#[proc_macro_derive(LabelValue, attributes(label_value))]
pub fn label_value(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(derive::Derive::LabelValue, input.into()).into()
}

/// Makes a struct a set of labels; see `yardstick::LabelSet`.
#[proc_macro_derive(LabelSet, attributes(label, label_set))]
pub fn label_set(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(derive::Derive::LabelSet, input.into()).into()
}

/// Declares the metrics of a component; see `yardstick::MetricSchema`.
#[proc_macro_derive(MetricSchema, attributes(metric, metrics))]
pub fn metric_schema(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(derive::Derive::MetricSchema, input.into()).into()
}

/// Names errors by their variants; see `yardstick::ErrorType`.
#[proc_macro_derive(ErrorType, attributes(error_type))]
pub fn error_type(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(derive::Derive::ErrorType, input.into()).into()
}

/// Keeps the item even if the macro itself has a bug: an editor must never lose the user's function.
fn run(
    kind: AttributeKind,
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let (args, kept) = (TokenStream::from(args), item.clone());
    let expand = std::panic::AssertUnwindSafe(|| attribute::expand(kind, args, &item.into()));
    std::panic::catch_unwind(expand).map_or_else(
        |_| {
            let mut errors = Errors::default();
            errors.bug(&kind);
            let mut tokens = proc_macro::TokenStream::from(errors.into_tokens());
            tokens.extend(kept);
            tokens
        },
        Into::into,
    )
}
