//! How the names of variants become values.

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase,
    ToUpperCamelCase,
};

/// A style of writing several words as one, by the names that serde gave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    const ALL: [(&'static str, Self); 8] = [
        ("snake_case", Self::Snake),
        ("kebab-case", Self::Kebab),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, case)| *case)
    }

    /// The names of all styles, for a message.
    pub(crate) fn names() -> String {
        let names: Vec<_> = Self::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
        let (last, others) = names.split_last().expect("there are some");
        format!("{} and {last}", others.join(", "))
    }

    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Pascal => name.to_upper_camel_case(),
            Self::Camel => name.to_lower_camel_case(),
            Self::Snake => name.to_snake_case(),
            Self::ScreamingSnake => name.to_shouty_snake_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::ScreamingKebab => name.to_shouty_kebab_case(),
        }
    }
}

#[test]
fn names_are_written_in_every_style() {
    let styles = |name: &str| Case::ALL.map(|(_, case)| case.apply(name));
    assert_eq!(
        styles("NotFound"),
        [
            "not_found",
            "not-found",
            "notfound",
            "NOTFOUND",
            "NOT_FOUND",
            "NOT-FOUND",
            "notFound",
            "NotFound"
        ]
    );
    for (name, snake) in [("HTTPServer", "http_server"), ("V2Beta", "v2_beta"), ("Get", "get")] {
        assert_eq!(Case::Snake.apply(name), snake);
    }
    for (name, case) in Case::ALL {
        assert_eq!(Case::from_name(name), Some(case));
    }
}
