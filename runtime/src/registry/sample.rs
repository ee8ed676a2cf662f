//! `Registry::sample_value`: the value of one sample.

use super::{Registry, gather::Gathered};
use crate::labels::long_value::cut;

pub(super) fn value(registry: &Registry, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let labels: Vec<(&str, std::borrow::Cow<'_, str>)> =
        labels.iter().map(|(name, value)| (*name, cut(value))).collect();
    let is_wanted = |found: &[(String, String)]| {
        let is_there = |(wanted, value): &(&str, std::borrow::Cow<'_, str>)| {
            found.iter().any(|(name, found)| is_same_label((name, found), (wanted, value)))
        };
        found.len() == labels.len() && labels.iter().all(is_there)
    };
    let mut gathered = Gathered::default();
    // The name of a family begins that of each of its samples.
    for family in registry.families().iter().filter(|f| name.starts_with(&f.meta.name)) {
        family.gather(&mut gathered);
    }
    let collected = registry.collect().families.into_iter().filter(|f| name.starts_with(&f.name));
    let mut samples = gathered.families.into_iter().chain(collected).flat_map(|f| f.samples());
    samples.find(|sample| sample.name == name && is_wanted(&sample.labels)).map(|s| s.value)
}

/// Whether a sample's label is the one that is asked for: bounds and quantiles are numbers, and compared as such.
pub(crate) fn is_same_label(label: (&str, &str), wanted: (&str, &str)) -> bool {
    let is_number = |name| matches!(name, "le" | "quantile");
    let number = |text: &str| text.parse::<f64>().ok();
    label.0 == wanted.0
        && (label.1 == wanted.1
            || is_number(label.0)
                && number(label.1).is_some_and(|bound| Some(bound) == number(wanted.1)))
}
