//! What the name of a schema's metric says, and whether it is so.

use proc_macro2::Span;
use syn::Type;
use yardstick_model::{Kind, Unit, check_metric_name, check_unit_suffix, foreign_unit_suffix};

use super::options::Options;
use crate::errors::{Errors, Message};

/// Buckets that nobody chose are for the unit that is written, and for seconds if none is.
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

/// What is wrong with a name for a metric of this unit.
pub(super) fn unit_mistake(name: &str, unit: Unit) -> Option<Message> {
    check_metric_name(name).ok()?;
    let violation = check_unit_suffix(name, unit).err()?;
    let message = Message::new(violation.to_string());
    Some(message.help(violation.help()).note(violation.note()))
}
