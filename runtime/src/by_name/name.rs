//! What names become, and what they mean.

use std::{collections::HashMap, sync::PoisonError};

use yardstick_model::{Unit, sanitise_metric_name, with_base_unit};

use crate::locks::RwLock;

/// Names that may be described; further ones keep their generated help text.
const DESCRIPTIONS_MAX: usize = 10_000;

pub(super) struct Names {
    digit_prefix: String,
    help: RwLock<HashMap<String, String>>,
}

impl Names {
    pub(super) fn new(digit_prefix: &str) -> Self {
        Self { digit_prefix: digit_prefix.to_owned(), help: RwLock::default() }
    }

    /// The name without what a metric's name cannot have, and without another unit than the one of its values.
    pub(super) fn sanitise(&self, name: &str, unit: Option<Unit>) -> String {
        let begins_with_digit = name.starts_with(|first: char| first.is_ascii_digit());
        let prefix = if begins_with_digit { self.digit_prefix.as_str() } else { "" };
        let name = sanitise_metric_name(&format!("{prefix}{name}"));
        match unit {
            Some(unit) => with_base_unit(&name, unit),
            None => name,
        }
    }

    pub(super) fn describe(&self, name: &str, help: &str) {
        let mut known = self.help.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < DESCRIPTIONS_MAX || known.contains_key(name) {
            known.insert(name.to_owned(), help.to_owned());
        }
    }

    pub(super) fn help(&self, name: &str) -> Option<String> {
        self.help.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}
