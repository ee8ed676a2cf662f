//! One sample by its name and labels.

use super::{Registry, gather::Gathered, long_value::cut};

pub(super) fn value(registry: &Registry, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let mut labels: Vec<_> =
        labels.iter().map(|(name, value)| ((*name).to_owned(), cut(value).into_owned())).collect();
    labels.sort();
    let mut gathered = Gathered::default();
    // The name of a family begins that of each of its samples.
    for family in registry.families().iter().filter(|f| name.starts_with(&f.facts.name)) {
        family.gather(&mut gathered);
    }
    let collected = registry.collect().0.into_iter().filter(|f| name.starts_with(&f.name));
    let mut samples = gathered.families.into_iter().chain(collected).flat_map(|f| f.samples());
    samples.find(|sample| sample.name == name && sample.labels == labels).map(|s| s.value)
}
