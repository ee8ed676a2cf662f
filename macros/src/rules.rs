//! The rules of names as messages: each rule of the model is put into words once, for attributes and derives alike.

use yardstick_model::{
    Kind, NameViolation, Unit, check_label_name, check_metric_name, check_unit_suffix,
    reserved_label, reserved_label_message, reserved_label_note,
};

use crate::errors::Message;

/// What is wrong with a metric's name.
pub(crate) fn metric_name(name: &str) -> Option<Message> {
    check_metric_name(name).err().map(|violation| describe(&violation, name))
}

/// What is wrong with the namespace of a schema.
pub(crate) fn namespace(name: &str) -> Option<Message> {
    metric_name(name).map(|m| m.note("a namespace is the first part of every metric's name"))
}

/// What is wrong with the name of a metric whose values have this unit, or none.
pub(crate) fn metric_name_with_unit(name: &str, unit: Option<Unit>) -> Option<Message> {
    metric_name(name).or_else(|| {
        let violation = check_unit_suffix(name, unit?).err()?;
        let message = Message::new(violation.to_string());
        Some(message.help(violation.help()).note(violation.note()))
    })
}

/// What is wrong with a label's name on a metric of this kind.
pub(crate) fn label_name(name: &str, kind: Kind, help: &str) -> Option<Message> {
    if reserved_label(kind, name) {
        let message = Message::new(reserved_label_message(kind, name)).help(help);
        return Some(message.note(reserved_label_note(kind, name).unwrap_or_default()));
    }
    check_label_name(name).err().map(|violation| describe(&violation, name))
}

fn describe(violation: &NameViolation, name: &str) -> Message {
    Message::new(violation.describe(name)).maybe_help(violation.help(name)).note(violation.note())
}
