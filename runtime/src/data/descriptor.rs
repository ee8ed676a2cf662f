//! Descriptors: what is known of a metric before anything was recorded.

use yardstick_model::{Kind, Location, Unit, write_bound};

/// What a metric is, known before anything was recorded.
///
/// # Examples
///
/// ```
/// use yardstick::catalog::{Descriptor, Kind, Role};
///
/// let load = Descriptor::new(Kind::Gauge, "machine_load", "Load of the machine.")
///     .with_label("minutes", &["1", "5", "15"])
///     .with_label("host", &[]);
/// assert_eq!((load.role, load.labels.len()), (Role::Collector, 2));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Descriptor {
    /// The name under which it is exposed: that of its `# TYPE` line in the text format.
    pub name: String,
    /// Counter, gauge, histogram, summary, info or state set.
    pub kind: Kind,
    /// What declares it, and hence what it tells.
    pub role: Role,
    /// What it means.
    pub help: String,
    /// The unit of its values.
    pub unit: Option<Unit>,
    /// Its labels, in the order of their names.
    pub labels: Vec<LabelDescriptor>,
    /// The upper bounds of a histogram's buckets, without `+Inf`, in its unit.
    pub buckets: Vec<f64>,
    /// How many series it has.
    pub series: SeriesCount,
    /// Where it was declared; of several places, the first by module, file and line.
    pub location: Location,
}

/// What declares a metric, and hence what it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// An attribute: how long calls take.
    Duration,
    /// An attribute: calls that failed, by error.
    Errors,
    /// An attribute: calls by outcome.
    Calls,
    /// An attribute: calls in flight.
    Active,
    /// A field of a schema.
    Schema,
    /// The builder of a registry.
    Builder,
    /// A layer of this crate, such as that for HTTP requests.
    Layer,
    /// A collector, which makes it when a registry is gathered.
    Collector,
    /// The `metrics` facade, mostly a library.
    Facade,
    /// A name that was made at run time.
    Dynamic,
    /// The toolkit about itself.
    Own,
}

impl Role {
    /// The word of the catalog.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Errors => "errors",
            Self::Calls => "calls",
            Self::Active => "active",
            Self::Schema => "schema",
            Self::Builder => "builder",
            Self::Layer => "layer",
            Self::Collector => "collector",
            Self::Facade => "facade",
            Self::Dynamic => "dynamic",
            Self::Own => "self",
        }
    }
}

/// How many series a metric has, of a histogram each with all its buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesCount {
    /// Those that exist before anything was recorded.
    pub zero: usize,
    /// The most there can be; the limit of its family, where label values are not known beforehand.
    pub max: usize,
}

impl SeriesCount {
    pub(crate) const fn new(zero: usize, max: usize) -> Self {
        Self { zero, max }
    }
}

/// An annotated function.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FunctionDescriptor {
    /// What it is called in the label `function`.
    pub function: String,
    /// Its module.
    pub module: String,
    /// Where its first attribute stands.
    pub location: Location,
    /// The metrics that its attributes record, by what they tell, in the order of the roles and names.
    pub metrics: Vec<(Role, String)>,
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
    /// A metric of a [collector](crate::gather::Collector), without labels.
    #[must_use]
    #[track_caller]
    pub fn new(kind: Kind, name: &str, help: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            role: Role::Collector,
            help: help.to_owned(),
            unit: None,
            labels: Vec::new(),
            buckets: Vec::new(),
            series: SeriesCount::new(0, 1),
            location: Location::from_caller("", std::panic::Location::caller()),
        }
    }

    /// With a label of these values, or, if there are none, of values that are not known beforehand.
    #[must_use]
    pub fn with_label(mut self, name: &str, values: &[&str]) -> Self {
        self.labels.push(LabelDescriptor::new(name, values));
        self.labels.sort_by(|a, b| a.name.cmp(&b.name));
        self.series.max = self.labels.iter().fold(1, |series: usize, label| {
            let values = label.values.as_ref().map_or(usize::MAX, Vec::len);
            series.saturating_mul(values)
        });
        self
    }

    /// The upper bounds of the buckets as a scrape writes them in the label `le`, `+Inf` among them; none of other
    /// kinds.
    #[must_use]
    pub fn bucket_texts(&self) -> Vec<String> {
        if self.kind != Kind::Histogram {
            return Vec::new();
        }
        let bounds = self.buckets.iter().copied().chain([f64::INFINITY]);
        let text = |bound| {
            let mut text = String::new();
            write_bound(bound, &mut text);
            text
        };
        bounds.map(text).collect()
    }

    /// Adds a label, unless there is one of its name.
    pub(crate) fn add_label(&mut self, label: LabelDescriptor) {
        if self.labels.iter().all(|known| known.name != label.name) {
            self.labels.push(label);
            self.labels.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }

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
        let (own, others) = (self.series, other.series);
        let is_open = self.labels.iter().any(|label| label.values.is_none());
        self.series = SeriesCount {
            zero: own.zero.saturating_add(others.zero),
            // The limit is the family's, by whichever code it is declared.
            max: if is_open { own.max.max(others.max) } else { own.max.saturating_add(others.max) },
        };
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
