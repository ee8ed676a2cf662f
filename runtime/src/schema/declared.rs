//! What a schema declares, as constants.

use std::any::TypeId;

use yardstick_model::{Kind, Location, NativeBuckets, Unit, exposed_name};

use super::MetricSchema;
use crate::{
    data::{Descriptor, LabelDescriptor, Role, SeriesCount},
    registry::{SERIES_MAX_DEFAULT, native, zero_series_max},
};

/// The metrics of a schema: a constant, from which descriptors are read.
///
/// # Examples
///
/// ```
/// use yardstick::{gather::Kind, Counter, MetricSchema};
///
/// #[derive(MetricSchema)]
/// #[metrics(namespace = "shop")]
/// struct ShopMetrics {
///     /// Orders that were placed.
///     orders: Counter,
/// }
///
/// const METRICS: yardstick::catalog::Descriptors = ShopMetrics::DESCRIPTORS;
/// let orders = &METRICS.to_vec()[0];
/// assert_eq!((orders.name.as_str(), orders.kind), ("shop_orders_total", Kind::Counter));
/// assert_eq!(orders.location.file, file!());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Descriptors {
    pub(super) namespace: &'static str,
    pub(super) labels: &'static [(&'static str, &'static str)],
    pub(super) fields: &'static [Field],
    schema: fn() -> TypeId,
}

/// A field of a schema.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Field {
    Metric(Declared),
    /// A schema, by the field's name.
    Schema(&'static str, Descriptors),
}

/// A metric of a schema.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub(super) spec: FieldSpec,
    kind: Kind,
    each_label: fn(&mut dyn FnMut(&'static str, &'static [&'static str])),
}

/// What a field of a schema says about its metric.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// The field's name, which may be another than the metric's.
    pub field: &'static str,
    pub name: &'static str,
    pub help: &'static str,
    pub unit: Option<Unit>,
    pub buckets: Option<&'static [f64]>,
    pub native: Option<NativeBuckets>,
    pub quantiles: Option<&'static [f64]>,
    pub window_seconds: Option<f64>,
    pub series_max: Option<usize>,
    pub labels: &'static [(&'static str, &'static str)],
    pub location: Location,
}

/// A field that is a metric.
#[doc(hidden)]
#[must_use]
pub const fn metric(
    spec: FieldSpec,
    kind: Kind,
    each_label: fn(&mut dyn FnMut(&'static str, &'static [&'static str])),
) -> Field {
    Field::Metric(Declared { spec, kind, each_label })
}

impl Descriptors {
    /// The fields of the schema `S`.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<S: MetricSchema>(
        namespace: &'static str,
        labels: &'static [(&'static str, &'static str)],
        fields: &'static [Field],
    ) -> Self {
        Self { namespace, labels, fields, schema: TypeId::of::<S> }
    }

    /// A descriptor of each metric, those of flattened schemas in their place.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Descriptor> {
        let mut descriptors = Vec::new();
        self.add_to(&mut descriptors, "", &[]);
        descriptors
    }

    /// The unit of the metric that these fields lead to; `None` also where they lead to nothing.
    pub(crate) const fn unit_at(&self, path: &[&str]) -> Option<Unit> {
        let [first, rest @ ..] = path else { return None };
        let mut index = 0;
        while index < self.fields.len() {
            match &self.fields[index] {
                Field::Metric(metric) if rest.is_empty() && equal(metric.spec.field, first) => {
                    return metric.spec.unit;
                }
                Field::Schema(field, schema) if equal(field, first) => return schema.unit_at(rest),
                _ => index += 1,
            }
        }
        None
    }

    pub(crate) fn schema(&self) -> TypeId {
        (self.schema)()
    }

    /// The schemas that are fields of this one, and of those.
    pub(crate) fn each_flattened(&self, add: &mut dyn FnMut(TypeId)) {
        for field in self.fields {
            if let Field::Schema(_, schema) = field {
                add(schema.schema());
                schema.each_flattened(add);
            }
        }
    }

    fn add_to(
        &self,
        descriptors: &mut Vec<Descriptor>,
        prefix: &str,
        labels: &[(&'static str, &'static str)],
    ) {
        let prefix = joined(prefix, self.namespace);
        let labels = [labels, self.labels].concat();
        for field in self.fields {
            match field {
                Field::Metric(metric) => descriptors.push(metric.descriptor(&prefix, &labels)),
                Field::Schema(_, schema) => schema.add_to(descriptors, &prefix, &labels),
            }
        }
    }
}

impl Declared {
    /// A field of one of our own layers is not a schema of the user's.
    pub(super) fn role(&self) -> Role {
        let is_ours = self.spec.location.module.starts_with("yardstick::");
        if is_ours { Role::Layer } else { Role::Schema }
    }

    pub(super) fn descriptor(
        &self,
        prefix: &str,
        labels: &[(&'static str, &'static str)],
    ) -> Descriptor {
        let spec = &self.spec;
        let name = exposed_name(&joined(prefix, spec.name), spec.unit, self.kind);
        let mut described = Vec::new();
        (self.each_label)(&mut |name, values| {
            described.push(LabelDescriptor::new(name, values));
        });
        let constant = labels.iter().chain(spec.labels);
        described.extend(constant.map(|(name, value)| LabelDescriptor::new(name, &[value])));
        described.sort_by(|a, b| a.name.cmp(&b.name));
        let known = described.iter().try_fold(1_usize, |known, label| {
            Some(known.saturating_mul(label.values.as_ref()?.len()))
        });
        let series = match known {
            Some(known) if self.kind == Kind::Info => SeriesCount::new(0, known.max(1)),
            Some(known) if known <= zero_series_max(self.kind) => SeriesCount::new(known, known),
            Some(known) => SeriesCount::new(0, known),
            // One more: that of label sets beyond the limit.
            None => SeriesCount::new(0, spec.series_max.unwrap_or(SERIES_MAX_DEFAULT) + 1),
        };
        let buckets = match (self.kind, spec.native) {
            (Kind::Histogram, Some(native)) => {
                native::doubling_bounds(native, native::bounds(native))
            }
            (Kind::Histogram, None) => {
                spec.buckets.unwrap_or(yardstick_model::default_bounds(spec.unit)).to_vec()
            }
            _ => Vec::new(),
        };
        Descriptor {
            name,
            kind: self.kind,
            role: self.role(),
            help: spec.help.to_owned(),
            unit: spec.unit,
            labels: described,
            buckets,
            series,
            location: spec.location,
        }
    }
}

/// Whether two texts are the same, at compile time.
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

/// A prefix and a name, either of which may be empty.
pub(super) fn joined(prefix: &str, name: &str) -> String {
    let separator = if prefix.is_empty() || name.is_empty() { "" } else { "_" };
    format!("{prefix}{separator}{name}")
}
