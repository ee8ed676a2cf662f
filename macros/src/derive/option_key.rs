//! Which options exist, at which place of which derive, in which attribute, and how they are written.

use yardstick_model::nearest;

use super::Derive;
use crate::{errors::Message, syntax::Form};

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Enum,
    Struct,
    Variant,
    Field,
}

impl Place {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Enum => "an enum",
            Self::Struct => "a struct",
            Self::Variant => "a variant",
            Self::Field => "a field",
        }
    }
}

/// The name of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OptionKey {
    RenameAll,
    Rename,
    Flatten,
    Skip,
    Transparent,
    Namespace,
    Name,
    Help,
    Unit,
    Buckets,
    Quantiles,
    Window,
    SeriesMax,
    Labels,
    Unlisted,
    Crate,
}

impl OptionKey {
    const ALL: [Self; 16] = [
        Self::RenameAll,
        Self::Rename,
        Self::Flatten,
        Self::Skip,
        Self::Transparent,
        Self::Namespace,
        Self::Name,
        Self::Help,
        Self::Unit,
        Self::Buckets,
        Self::Quantiles,
        Self::Window,
        Self::SeriesMax,
        Self::Labels,
        Self::Unlisted,
        Self::Crate,
    ];

    /// The option of a derive that is written so.
    pub(super) fn named(derive: Derive, written: &str) -> Option<Self> {
        let is_it = |key: &Self| key.name() == written && !key.places(derive).is_empty();
        Self::ALL.into_iter().find(is_it)
    }

    /// Those of one attribute of a derive.
    fn of(derive: Derive, place: Place, attribute: &str) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |key| {
            key.places(derive).contains(&place) && key.attribute(derive, place) == attribute
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::RenameAll => "rename_all",
            Self::Rename => "rename",
            Self::Flatten => "flatten",
            Self::Skip => "skip",
            Self::Transparent => "transparent",
            Self::Namespace => "namespace",
            Self::Name => "name",
            Self::Help => "help",
            Self::Unit => "unit",
            Self::Buckets => "buckets",
            Self::Quantiles => "quantiles",
            Self::Window => "window",
            Self::SeriesMax => "series_max",
            Self::Labels => "labels",
            Self::Unlisted => "unlisted",
            Self::Crate => "crate",
        }
    }

    pub(super) const fn form(self) -> Form {
        match self {
            Self::RenameAll => Form::Value("rename_all = \"snake_case\""),
            Self::Rename => Form::Value("rename = \"...\""),
            Self::Flatten => Form::Flag("flatten"),
            Self::Skip => Form::Flag("skip"),
            Self::Transparent => Form::Flag("transparent"),
            Self::Namespace => Form::Value("namespace = \"...\""),
            Self::Name => Form::Value("name = \"...\""),
            Self::Help => Form::Value("help = \"...\""),
            Self::Unit => Form::Value("unit = Seconds"),
            Self::Buckets => Form::Value("buckets = 5ms..10s"),
            Self::Quantiles => Form::Value("quantiles = [0.5, 0.99]"),
            Self::Window => Form::Value("window = 10m"),
            Self::SeriesMax => Form::Value("series_max = 100"),
            Self::Labels => Form::List("labels(key = \"...\")"),
            Self::Unlisted => Form::Flag("unlisted"),
            Self::Crate => Form::Value("crate = path"),
        }
    }

    /// Where it may stand.
    pub(super) const fn places(self, derive: Derive) -> &'static [Place] {
        match (derive, self) {
            (_, Self::Crate) => &[Place::Enum, Place::Struct],
            (Derive::LabelValue | Derive::ErrorType, Self::RenameAll) => &[Place::Enum],
            (Derive::LabelValue, Self::Rename) => &[Place::Variant],
            (Derive::ErrorType, Self::Rename | Self::Transparent) => {
                &[Place::Variant, Place::Struct]
            }
            (Derive::LabelSet, Self::Rename | Self::Flatten | Self::Skip) => &[Place::Field],
            (Derive::MetricSchema, Self::Namespace | Self::Unlisted) => &[Place::Struct],
            (Derive::MetricSchema, Self::Labels) => &[Place::Struct, Place::Field],
            (
                Derive::MetricSchema,
                Self::Flatten
                | Self::Name
                | Self::Help
                | Self::Unit
                | Self::Buckets
                | Self::Quantiles
                | Self::Window
                | Self::SeriesMax,
            ) => &[Place::Field],
            (
                Derive::LabelValue | Derive::LabelSet | Derive::MetricSchema | Derive::ErrorType,
                _,
            ) => &[],
        }
    }

    /// The attribute that it belongs to, at a place where it may stand.
    pub(super) const fn attribute(self, derive: Derive, place: Place) -> &'static str {
        match (derive, place, self) {
            (Derive::MetricSchema, Place::Field, Self::Flatten) => "metrics",
            _ => derive.attributes(place)[0],
        }
    }
}

/// What can be written in an attribute.
pub(super) fn forms(derive: Derive, place: Place, attribute: &str) -> String {
    let forms = OptionKey::of(derive, place, attribute).map(|key| key.form().text());
    forms.collect::<Vec<_>>().join(", ")
}

pub(super) fn misplaced(derive: Derive, place: Place, key: OptionKey) -> Message {
    let places: Vec<_> = key.places(derive).iter().map(|place| place.name()).collect();
    Message::new(format!("`{}` cannot stand on {}", key.name(), place.name()))
        .help(format!("it belongs on {}", places.join(" or ")))
}

/// Of an option that belongs to the derive's other attribute at this place.
pub(super) fn in_another_attribute(derive: Derive, place: Place, key: OptionKey) -> Message {
    let attribute = key.attribute(derive, place);
    Message::new(format!("`{}` is an option of `#[{attribute}]`", key.name()))
        .help(format!("write `#[{attribute}({})]`", key.form().text()))
}

pub(super) fn unknown(derive: Derive, place: Place, attribute: &str, written: &str) -> Message {
    let names: Vec<_> = OptionKey::of(derive, place, attribute).map(OptionKey::name).collect();
    let help = nearest(written, names.iter().copied());
    let message = Message::new(format!("unknown option `{written}`"))
        .maybe_help(help.map(|name| format!("did you mean `{name}`?")));
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    message.note(match names.split_last() {
        None => format!("there are no options on {}", place.name()),
        Some((only, [])) => format!("on {} there is {only}", place.name()),
        Some((last, others)) => {
            format!("on {} there are {} and {last}", place.name(), others.join(", "))
        }
    })
}
