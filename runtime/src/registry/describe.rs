//! Descriptors of all that a registry shows: what its declarations noted, else what its families are.

use std::collections::BTreeSet;

use yardstick_model::Kind;

use super::{FamilyCore, LabelNames, Registry, collect::Collection, gather::Gathered, native};
use crate::data::{Descriptor, LabelDescriptor, MetricFamily, Role, SeriesCount, Value};

/// The names of the toolkit's own metrics begin so.
const OWN_PREFIX: &str = "yardstick_";

impl Registry {
    /// A descriptor of each family, and of what collectors announce or show, in the order of their names.
    pub(crate) fn descriptors(&self) -> Vec<Descriptor> {
        let Collection { families: collected, announced, .. } = self.collect();
        let mut gathered = Gathered::default();
        self.gather_with(Vec::new(), &mut gathered);
        let shown = gathered.families;
        let of_name = |name: &str| shown.iter().find(|family| family.name == name);
        let families = self.families();
        let own = families.iter().map(|family| family.descriptor(of_name(&family.meta.name)));
        let mut all: Vec<_> = own.collect();
        for descriptor in announced.into_iter().chain(collected.iter().map(of_shown)) {
            if all.iter().all(|known| known.name != descriptor.name) {
                all.push(descriptor);
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// What can be told from what a collector shows.
fn of_shown(family: &MetricFamily) -> Descriptor {
    let mut descriptor = Descriptor::new(family.kind, &family.name, &family.help);
    descriptor.unit = family.unit;
    for name in label_names(family) {
        descriptor = descriptor.with_label(name, &[]);
    }
    if let Some(Value::Histogram { bounds, .. }) = family.series.first().map(|one| &one.value) {
        descriptor.buckets.clone_from(bounds);
    }
    descriptor
}

fn label_names(family: &MetricFamily) -> BTreeSet<&str> {
    let labels = family.series.iter().flat_map(|series| &series.labels);
    labels.map(|(name, _)| name.as_str()).collect()
}

impl FamilyCore {
    fn descriptor(&self, shown: Option<&MetricFamily>) -> Descriptor {
        let noted = self.noted_descriptor();
        let mut descriptor = noted.unwrap_or_else(|| self.own_descriptor());
        descriptor.help = self.help().text.clone();
        if self.meta.labels == LabelNames::Open {
            // What no declaration says, the series show.
            for name in shown.map(label_names).into_iter().flatten() {
                descriptor.add_label(LabelDescriptor::new(name, &[]));
            }
            if self.meta.series_max > 0 && descriptor.labels.iter().any(|l| l.values.is_none()) {
                descriptor.series.max = descriptor.series.max.max(self.meta.series_max + 1);
            }
        }
        if self.meta.kind == Kind::StateSet {
            // The label of its samples is called as it is.
            let states = LabelDescriptor::new(&self.meta.name, self.meta.layout.states);
            descriptor.add_label(states);
        }
        descriptor
    }

    /// What is known where no declaration says more.
    fn own_descriptor(&self) -> Descriptor {
        let meta = &self.meta;
        let mut names: Vec<&str> = match &meta.labels {
            LabelNames::Declared(names) => names.iter().map(String::as_str).collect(),
            LabelNames::Open => Vec::new(),
        };
        names.retain(|name| meta.constant.iter().all(|(constant, _)| constant != name));
        let is_open = !names.is_empty();
        let mut labels: Vec<_> = names.iter().map(|n| LabelDescriptor::new(n, &[])).collect();
        let constant = meta.constant.iter();
        labels.extend(constant.map(|(name, value)| LabelDescriptor::new(name, &[value])));
        labels.sort_by(|a, b| a.name.cmp(&b.name));
        let is_own = meta.name.starts_with(OWN_PREFIX);
        let zero = usize::from(!is_open && meta.kind != Kind::Info);
        Descriptor {
            name: meta.name.clone(),
            kind: meta.kind,
            role: if is_own { Role::Own } else { meta.role },
            help: String::new(),
            unit: meta.unit,
            labels,
            buckets: match meta.native {
                Some(native) => native::doubling_bounds(native, &meta.bounds),
                None => meta.bounds.clone(),
            },
            // One more: that of label sets beyond the limit.
            series: SeriesCount::new(zero, if is_open { meta.series_max + 1 } else { 1 }),
            location: meta.location,
        }
    }
}
