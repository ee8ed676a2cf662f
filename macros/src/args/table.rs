//! Which arguments exist, where they belong and how they are written.

use yardstick_model::nearest;

use crate::{errors::Message, kind::AttributeKind};

/// An argument's row in the table.
pub(super) struct Argument {
    pub(super) name: &'static str,
    /// How it is written, for messages.
    pub(super) form: &'static str,
    pub(super) on: &'static [AttributeKind],
}

pub(super) const TABLE: &[Argument] = &[
    Argument { name: "labels", form: "labels(key = value)", on: &AttributeKind::ALL },
    Argument { name: "function", form: "function = \"...\"", on: &AttributeKind::ALL },
    Argument { name: "help", form: "help = \"...\"", on: &AttributeKind::EACH },
    Argument {
        name: "buckets",
        form: "buckets = 5ms..10s",
        on: &[AttributeKind::Duration, AttributeKind::Track],
    },
    Argument {
        name: "error_type",
        form: "error_type = |e| ...",
        on: &[AttributeKind::Errors, AttributeKind::Track],
    },
    Argument {
        name: "error_if",
        form: "error_if = |ret| ...",
        on: &[AttributeKind::Errors, AttributeKind::Calls, AttributeKind::Track],
    },
    Argument {
        name: "result_labels",
        form: "result_labels(key = |ret| ...)",
        on: &[
            AttributeKind::Duration,
            AttributeKind::Errors,
            AttributeKind::Calls,
            AttributeKind::Track,
        ],
    },
    Argument {
        name: "on_cancel",
        form: "on_cancel = skip",
        on: &[AttributeKind::Duration, AttributeKind::Track],
    },
    Argument { name: "skip", form: "skip", on: &[AttributeKind::Track] },
    Argument { name: "registry", form: "registry = REGISTRY", on: &AttributeKind::ALL },
    Argument { name: "crate", form: "crate = path", on: &AttributeKind::ALL },
];

pub(super) fn misplaced(kind: AttributeKind, argument: &Argument) -> Message {
    // The one for all is none of those that a mistake could have meant.
    let owners =
        argument.on.iter().filter(|kind| **kind != AttributeKind::Track || argument.on.len() == 1);
    let owners = owners.map(|kind| format!("`#[{kind}]`")).collect::<Vec<_>>();
    Message::new(format!("`#[{kind}]` has no argument `{}`", argument.name))
        .help(format!("give it to {}", owners.join(" or ")))
        .note(available(kind))
}

pub(super) fn unknown(kind: AttributeKind, written: &str) -> Message {
    let message = Message::new(format!("unknown argument `{written}`"));
    if written == "name" {
        return message.help(format!("write the name first: `#[{kind}(\"...\")]`"));
    }
    let names = TABLE.iter().filter(|a| a.on.contains(&kind)).map(|a| a.name);
    let help = nearest(written, names).map(|name| format!("did you mean `{name}`?"));
    message.maybe_help(help).note(available(kind))
}

/// As [`unknown`], where a value follows: what is no argument is probably a label.
pub(super) fn unknown_with_value(
    kind: AttributeKind,
    written: &str,
    is_of_schema: bool,
) -> Message {
    let names = TABLE.iter().filter(|a| a.on.contains(&kind)).map(|a| a.name);
    if written == "name" || nearest(written, names).is_some() {
        return unknown(kind, written);
    }
    let list = if is_of_schema {
        format!("labels = YourLabels {{ {written}: ... }}")
    } else {
        format!("labels({written} = ...)")
    };
    Message::new(format!("unknown argument `{written}`"))
        .help(format!("if it is a label, write `{list}`"))
        .note(available(kind))
}

pub(super) fn available(kind: AttributeKind) -> String {
    let names: Vec<_> = TABLE
        .iter()
        .filter(|argument| argument.on.contains(&kind))
        .map(|argument| match argument.name {
            name @ ("labels" | "result_labels") => format!("`{name}(...)`"),
            name => format!("`{name}`"),
        })
        .collect();
    let (last, others) = names.split_last().expect("every attribute has arguments");
    format!("the arguments are a name, {} and {last}", others.join(", "))
}
