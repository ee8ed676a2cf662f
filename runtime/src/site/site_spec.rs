//! What an attribute says about its metric, as constants of the program.

use yardstick_model::NativeBuckets;

use crate::labels::LabelValue;

/// A label of a site.
#[derive(Clone, Copy, Debug)]
pub struct LabelSpec {
    pub(super) name: &'static str,
    pub(super) source: LabelSource,
}

/// Where a label's value comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum LabelSource {
    /// It is part of the program.
    Fixed(&'static str),
    /// Each call gives it when it begins; one of these, if they are known beforehand.
    Given(&'static [&'static str]),
    /// The returned value gives it.
    Returned,
}

/// A label whose value is a literal.
#[must_use]
pub const fn fixed(name: &'static str, value: &'static str) -> LabelSpec {
    LabelSpec { name, source: LabelSource::Fixed(value) }
}

/// A label whose value each call gives.
#[must_use]
pub const fn given(name: &'static str) -> LabelSpec {
    LabelSpec { name, source: LabelSource::Given(&[]) }
}

/// A label whose value each call gives, of a type that the attribute names.
#[must_use]
pub const fn given_as<V: LabelValue>(name: &'static str) -> LabelSpec {
    LabelSpec { name, source: LabelSource::Given(V::VALUES) }
}

/// A label whose value the result gives.
#[must_use]
pub const fn returned(name: &'static str) -> LabelSpec {
    LabelSpec { name, source: LabelSource::Returned }
}

/// What an attribute says about its metric.
#[derive(Clone, Copy, Debug)]
pub struct SiteSpec {
    pub(super) name: Option<&'static str>,
    pub(super) help: Option<&'static str>,
    pub(super) doc: Option<&'static str>,
    /// What it is about, if not one function.
    pub(super) subject: Option<&'static str>,
    pub(super) buckets: Option<&'static [f64]>,
    pub(super) native: Option<NativeBuckets>,
    pub(super) labels: &'static [LabelSpec],
    /// The attribute names a registry, so the default one does not get its family.
    pub(super) directed: bool,
}

/// The facts of an attribute that says nothing.
#[must_use]
pub const fn site_spec() -> SiteSpec {
    SiteSpec::DEFAULT
}

impl SiteSpec {
    /// The attribute says nothing.
    pub(super) const DEFAULT: Self = Self {
        name: None,
        help: None,
        doc: None,
        subject: None,
        buckets: None,
        native: None,
        labels: &[],
        directed: false,
    };

    /// Names the metric.
    #[must_use]
    pub const fn name(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Gives the help text.
    #[must_use]
    pub const fn help(self, help: &'static str) -> Self {
        Self { help: Some(help), ..self }
    }

    /// Gives the function's doc comment.
    #[must_use]
    pub const fn doc(self, doc: &'static str) -> Self {
        Self { doc: Some(doc), ..self }
    }

    /// Says what the metric is about, where that is more than one function.
    #[must_use]
    pub const fn subject(self, subject: &'static str) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// Gives the bucket bounds in seconds.
    #[must_use]
    pub const fn buckets(self, bounds: &'static [f64]) -> Self {
        Self { buckets: Some(bounds), ..self }
    }

    /// Gives the native buckets, in seconds.
    #[must_use]
    pub const fn native(self, buckets: NativeBuckets) -> Self {
        Self { native: Some(buckets), ..self }
    }

    /// Gives the labels.
    #[must_use]
    pub const fn labels(self, labels: &'static [LabelSpec]) -> Self {
        Self { labels, ..self }
    }

    /// Says that calls name the registry.
    #[must_use]
    pub const fn directed(self) -> Self {
        Self { directed: true, ..self }
    }

    /// The lists of values of the labels that each call gives, if all values of all labels are known beforehand.
    pub(super) fn known_values(&self) -> Option<Vec<&'static [&'static str]>> {
        let mut lists = Vec::new();
        for label in self.labels {
            match label.source {
                LabelSource::Fixed(_) => {}
                LabelSource::Given(values) if !values.is_empty() => lists.push(values),
                LabelSource::Given(_) | LabelSource::Returned => return None,
            }
        }
        Some(lists)
    }

    /// The names of the labels that the result gives.
    pub(super) fn returned_names(&self) -> impl Iterator<Item = &'static str> {
        let returned = |label: &&LabelSpec| matches!(label.source, LabelSource::Returned);
        self.labels.iter().filter(returned).map(|label| label.name)
    }
}
