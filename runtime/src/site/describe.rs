//! A site's descriptor and family spec, for the catalog and the registry.

use std::sync::Arc;

use yardstick_model::{Kind, Location, Unit};

use super::{metric::Metric, site_spec::LabelSource};
use crate::{
    data::{Descriptor, FunctionDescriptor, LabelDescriptor, SeriesCount},
    labels::LabelValues,
    registry::{Claim, FamilyCore, FamilySpec, HelpSpec, RegisterError, Registry, native},
};

impl Metric {
    pub(super) fn is_directed(&self) -> bool {
        self.site_spec().directed
    }

    /// What it records, for the catalog.
    pub(super) fn descriptor(&self) -> Descriptor {
        let spec = self.spec(None);
        let mut labels = Vec::new();
        if self.site_spec().name.is_none() {
            labels.push(LabelDescriptor::new("function", &[self.site.function]));
            labels.push(LabelDescriptor::new("module", &[self.site.module]));
        }
        labels.extend(self.site_spec().labels.iter().map(|label| match label.source {
            LabelSource::Fixed(value) => LabelDescriptor::new(label.name, &[value]),
            LabelSource::Given(values) => LabelDescriptor::new(label.name, values),
            LabelSource::Returned => LabelDescriptor::new(label.name, &[]),
        }));
        labels.extend(
            self.behaviour
                .own_label
                .map(|name| LabelDescriptor::new(name, self.behaviour.own_values)),
        );
        labels.sort_by(|a, b| a.name.cmp(&b.name));
        let (known, is_open) =
            (self.known_series(), labels.iter().any(|label| label.values.is_none()));
        Descriptor {
            name: spec.exposed_name(),
            kind: spec.kind,
            role: spec.role,
            // One more: that of label sets beyond the limit.
            series: SeriesCount::new(known, if is_open { spec.series_max + 1 } else { known }),
            help: spec.help_text().to_owned(),
            unit: spec.unit.filter(|unit| *unit != Unit::Count),
            labels,
            buckets: spec.shown_bounds(),
            location: spec.location,
        }
    }

    /// The function that it stands on, with this metric.
    pub(super) fn function(&self) -> FunctionDescriptor {
        let spec = self.spec(None);
        FunctionDescriptor {
            function: self.site.function.to_owned(),
            module: self.site.module.to_owned(),
            location: spec.location,
            metrics: vec![(self.behaviour.role, spec.exposed_name())],
        }
    }

    /// How many series are known before the first call.
    pub(super) fn known_series(&self) -> usize {
        let known = self.behaviour.known_series;
        let lists = self.site_spec().known_values();
        lists.map_or(0, |lists| lists.iter().fold(known, |n, list| n * list.len()))
    }

    /// The family, with this site's place in it: of a default family, one function has one.
    ///
    /// # Errors
    ///
    /// What the registry has against the family, or that another function has the same labels.
    pub(super) fn register(&self, registry: &Registry) -> Result<Arc<FamilyCore>, RegisterError> {
        let names = self.label_names();
        let spec = self.spec(names.as_deref());
        let family = registry.family(&spec)?;
        family.note_descriptor(spec.location, || self.descriptor());
        if self.site_spec().name.is_none() {
            let claimed = family.claim(self.claim());
            claimed.inspect_err(|error| registry.count_refusal(error))?;
        }
        Ok(family)
    }

    /// Whose calls it records.
    pub(super) fn claim(&self) -> Claim {
        Claim { function: self.site.function, module: self.site.module, caller: self.site.caller }
    }

    /// The labels of one call that are known when it begins.
    pub(super) fn call_labels(&self, labels: &impl LabelValues) -> Vec<(&'static str, String)> {
        let mut given = Vec::new();
        labels.each_text(&mut |text| given.push(text.to_owned()));
        let mut given = given.into_iter();
        let mut pairs = Vec::with_capacity(self.site_spec().labels.len() + 2);
        if self.site_spec().name.is_none() {
            pairs.push(("function", self.site.function.to_owned()));
            pairs.push(("module", self.site.module.to_owned()));
        }
        pairs.extend(self.site_spec().labels.iter().filter_map(|label| {
            let value = match label.source {
                LabelSource::Fixed(value) => value.to_owned(),
                LabelSource::Given(_) => given.next().unwrap_or_default(),
                LabelSource::Returned => return None,
            };
            Some((label.name, value))
        }));
        pairs
    }

    /// All label names of a named metric; `None` for the default families, whose sites differ.
    pub(super) fn label_names(&self) -> Option<Vec<&'static str>> {
        self.site_spec().name?;
        let names = self.site_spec().labels.iter().map(|label| label.name);
        Some(names.chain(self.behaviour.own_label).collect())
    }

    /// The family that this metric's series belong to.
    pub(super) fn spec<'a>(&self, labels: Option<&'a [&'static str]>) -> FamilySpec<'a> {
        let name = self.site_spec().name.unwrap_or(self.behaviour.default_name);
        let help = match (self.site_spec().name, self.site_spec().help, self.site_spec().doc) {
            (None, ..) => HelpSpec::Explicit(self.behaviour.default_help),
            (_, Some(help), _) => HelpSpec::Explicit(help),
            (_, None, Some(doc)) => HelpSpec::Doc(doc),
            (_, None, None) => HelpSpec::Generated(match self.site_spec().subject {
                Some(subject) => self.behaviour.help_about(subject),
                None => self.behaviour.help_about(&format!("`{}`", self.site.function)),
            }),
        };
        let location = Location::from_caller(self.site.module, self.site.caller);
        FamilySpec {
            role: self.behaviour.role,
            unit: self.behaviour.unit,
            help,
            labels,
            bounds: match (self.behaviour.kind, self.site_spec().native) {
                (Kind::Histogram, Some(native)) => Some(native::bounds(native)),
                (Kind::Histogram, None) => {
                    Some(self.site_spec().buckets.unwrap_or(&yardstick_model::DEFAULT_SECONDS))
                }
                _ => None,
            },
            native: self.site_spec().native,
            ..FamilySpec::new(name, self.behaviour.kind, location)
        }
    }
}
