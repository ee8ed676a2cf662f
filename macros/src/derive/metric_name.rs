//! What the words of a metric's field say: the name about the unit, the type about the kind and the labels.

use proc_macro2::Span;
use syn::{GenericArgument, PathArguments, Type};
use yardstick_model::{Kind, Unit, foreign_unit_suffix};

use super::options::Options;
use crate::errors::{Errors, Message};

/// Default buckets are for the unit that is written, and for seconds if none is.
pub(super) fn buckets_of_another_unit(
    options: &Options,
    name: &str,
    ty: &Type,
    place: Span,
    errors: &mut Errors,
) {
    let is_left_open = options.unit.is_none() && options.buckets.is_none();
    if kind_of(ty) != Some(Kind::Histogram) || !is_left_open {
        return;
    }
    if let Some(suffix) = foreign_unit_suffix(name, Unit::Seconds) {
        let unit = Unit::from_suffix(suffix.trim_start_matches('_'));
        let message =
            Message::new(format!("`{name}` ends in `{suffix}`, and its buckets are for seconds"));
        let message = message.help(match unit {
            Some(unit) => format!("write its unit, `#[metric(unit = {unit:?})]`, or its buckets"),
            None => "write its unit, `#[metric(unit = ...)]`, or its buckets".to_owned(),
        });
        errors.push(place, message.note("a histogram without `buckets` has those for its unit"));
    }
}

/// The kind of a metric, by the word that its type is usually called.
pub(super) fn kind_of(ty: &Type) -> Option<Kind> {
    let Type::Path(path) = ty else { return None };
    match path.path.segments.last()?.ident.to_string().as_str() {
        "Counter" => Some(Kind::Counter),
        "Gauge" => Some(Kind::Gauge),
        "Histogram" => Some(Kind::Histogram),
        "Summary" => Some(Kind::Summary),
        "Info" => Some(Kind::Info),
        "StateSet" => Some(Kind::StateSet),
        _ => None,
    }
}

/// Types that are often taken for labels, and are values of one label.
const LABEL_VALUES: &[&str] = &[
    "String", "str", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16",
    "i32", "i64", "i128", "isize", "Cow", "Option",
];

/// Whether a metric's labels are of a type that is no label set, as its words say.
pub(super) fn has_no_label_set(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    let Some(GenericArgument::Type(labels)) = arguments.args.last() else { return false };
    let is_state = kind_of(ty) == Some(Kind::StateSet) && arguments.args.len() == 1;
    kind_of(ty).is_some()
        && !is_state
        && match labels {
            Type::Reference(_) | Type::Array(_) | Type::Slice(_) => true,
            Type::Tuple(tuple) => !tuple.elems.is_empty(),
            Type::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| LABEL_VALUES.iter().any(|value| name == value)),
            _ => false,
        }
}
