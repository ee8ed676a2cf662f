//! Descriptors: what is known of a metric before anything was recorded.

use yardstick_model::{Kind, Location, Unit};

/// What a metric is, known before anything was recorded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Descriptor {
    /// The name under which it is exposed: that of its `# TYPE` line in the text format.
    pub name: String,
    /// Counter, gauge, histogram, summary, info or state set.
    pub kind: Kind,
    /// What it means.
    pub help: String,
    /// The unit of its values.
    pub unit: Option<Unit>,
    /// Its labels, in the order of their names.
    pub labels: Vec<LabelDescriptor>,
    /// The upper bounds of a histogram's buckets, without `+Inf`, in its unit.
    pub buckets: Vec<f64>,
    /// Where it was declared; of several places, the first by module, file and line.
    pub location: Location,
}

/// A label of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LabelDescriptor {
    /// Its name.
    pub name: String,
    /// The values that it can have, if they are known beforehand.
    pub values: Option<Vec<String>>,
}

impl LabelDescriptor {
    /// A label with these values, or with any if there are none.
    pub(crate) fn new(name: &str, values: &[&str]) -> Self {
        let known = values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        Self { name: name.to_owned(), values: (!known.is_empty()).then_some(known) }
    }
}

impl Descriptor {
    /// Adds what another declaration of the same metric says.
    pub(crate) fn merge(&mut self, other: Self) {
        self.location = self.location.min(other.location);
        for label in other.labels {
            match self.labels.iter_mut().find(|known| known.name == label.name) {
                Some(known) => known.merge(label),
                None => self.labels.push(label),
            }
        }
        self.labels.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

impl LabelDescriptor {
    fn merge(&mut self, other: Self) {
        self.values = self.values.take().zip(other.values).map(|(mut values, others)| {
            for value in others {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            values
        });
    }
}
