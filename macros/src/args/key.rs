//! Which arguments exist, where they belong and how they are written.

use yardstick_model::nearest;

use crate::{
    errors::Message,
    kind::{AttributeKind, Measure},
    syntax::Form,
};

/// The name of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Labels,
    Function,
    Help,
    Buckets,
    ErrorType,
    ErrorIf,
    ResultLabels,
    OnCancel,
    Skip,
    Registry,
    Crate,
}

impl Key {
    const ALL: [Self; 11] = [
        Self::Labels,
        Self::Function,
        Self::Help,
        Self::Buckets,
        Self::ErrorType,
        Self::ErrorIf,
        Self::ResultLabels,
        Self::OnCancel,
        Self::Skip,
        Self::Registry,
        Self::Crate,
    ];

    pub(super) fn named(written: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == written)
    }

    /// Those of an attribute.
    fn of(kind: AttributeKind) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |key| key.is_on(kind))
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Function => "function",
            Self::Help => "help",
            Self::Buckets => "buckets",
            Self::ErrorType => "error_type",
            Self::ErrorIf => "error_if",
            Self::ResultLabels => "result_labels",
            Self::OnCancel => "on_cancel",
            Self::Skip => "skip",
            Self::Registry => "registry",
            Self::Crate => "crate",
        }
    }

    pub(super) const fn form(self) -> Form {
        match self {
            Self::Labels => Form::List("labels(key = value)"),
            Self::Function => Form::Value("function = \"...\""),
            Self::Help => Form::Value("help = \"...\""),
            Self::Buckets => Form::Value("buckets = 5ms..10s"),
            Self::ErrorType => Form::Value("error_type = |e| ..."),
            Self::ErrorIf => Form::Value("error_if = |ret| ..."),
            Self::ResultLabels => Form::List("result_labels(key = |ret| ...)"),
            Self::OnCancel => Form::Value("on_cancel = skip"),
            Self::Skip => Form::Flag("skip"),
            Self::Registry => Form::Value("registry = REGISTRY"),
            Self::Crate => Form::Value("crate = path"),
        }
    }

    pub(super) fn is_on(self, kind: AttributeKind) -> bool {
        match self {
            Self::Labels | Self::Function | Self::Registry | Self::Crate => true,
            Self::Help => kind != AttributeKind::All,
            Self::Skip => kind == AttributeKind::All,
            Self::Buckets | Self::OnCancel => kind.has(Measure::Duration),
            Self::ErrorType => kind.has(Measure::Errors),
            Self::ErrorIf => kind.has(Measure::Errors) || kind.has(Measure::Calls),
            Self::ResultLabels => kind != AttributeKind::One(Measure::Active),
        }
    }
}

pub(super) fn misplaced(kind: AttributeKind, key: Key) -> Message {
    let owners: Vec<_> = AttributeKind::ALL.into_iter().filter(|kind| key.is_on(*kind)).collect();
    // The one for all is none of those that a mistake could have meant.
    let is_only = owners.len() == 1;
    let owners = owners.iter().filter(|kind| is_only || **kind != AttributeKind::All);
    let owners = owners.map(|kind| format!("`#[{kind}]`")).collect::<Vec<_>>();
    Message::new(format!("`#[{kind}]` has no argument `{}`", key.name()))
        .help(format!("give it to {}", owners.join(" or ")))
        .note(available(kind))
}

pub(super) fn unknown(kind: AttributeKind, written: &str) -> Message {
    let message = Message::new(format!("unknown argument `{written}`"));
    if written == "name" {
        return message.help(format!("write the name first: `#[{kind}(\"...\")]`"));
    }
    let help = nearest(written, Key::of(kind).map(Key::name));
    message.maybe_help(help.map(|name| format!("did you mean `{name}`?"))).note(available(kind))
}

/// As [`unknown`], where a value follows: what is no argument is probably a label.
pub(super) fn unknown_with_value(
    kind: AttributeKind,
    written: &str,
    is_of_schema: bool,
) -> Message {
    if written == "name" || nearest(written, Key::of(kind).map(Key::name)).is_some() {
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
    let names = Key::of(kind).map(|key| match key.form() {
        Form::List(_) => format!("`{}(...)`", key.name()),
        Form::Flag(_) | Form::Value(_) => format!("`{}`", key.name()),
    });
    let names: Vec<_> = names.collect();
    let (last, others) = names.split_last().expect("every attribute has arguments");
    format!("the arguments are a name, {} and {last}", others.join(", "))
}
