//! Registering the metrics of a schema, under the namespaces and labels of what encloses them.

use std::cell::RefCell;

use yardstick_model::Kind;

use super::declared::{Descriptors, Field, SchemaFacts, joined};
use crate::{
    Counter, Gauge, Histogram, LabelSet, RegisterError, Registry,
    handle::{CounterKind, GaugeKind, HistogramKind, MetricKind},
    registry::{FamilySpec, HelpSpec, NamePolicy, SERIES_MAX_DEFAULT},
};

/// Where a schema's metrics go, and under what.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Registrar<'r> {
    registry: &'r Registry,
    prefix: String,
    labels: Vec<(&'static str, &'static str)>,
    fields: &'static [Field],
    /// Where refusals are noted, if they are not to stop the registration.
    refused: Option<&'r RefCell<Vec<RegisterError>>>,
}

impl<'r> Registrar<'r> {
    /// Stops at the first refusal.
    pub(super) fn strict(registry: &'r Registry) -> Self {
        Self { registry, prefix: String::new(), labels: Vec::new(), fields: &[], refused: None }
    }

    /// Notes refusals; a metric that is refused records into what is not shown.
    pub(super) fn lenient(
        registry: &'r Registry,
        refused: &'r RefCell<Vec<RegisterError>>,
    ) -> Self {
        Self { refused: Some(refused), ..Self::strict(registry) }
    }

    /// For the fields of a schema.
    #[must_use]
    pub fn within(&self, schema: &Descriptors) -> Self {
        Self {
            prefix: joined(&self.prefix, schema.namespace),
            labels: [&self.labels, schema.labels].concat(),
            fields: schema.fields,
            ..self.clone()
        }
    }

    /// Registers the metric of a field.
    fn register<K: MetricKind, L: LabelSet>(
        &self,
        field: usize,
        kind: Kind,
    ) -> Result<L::Store<K>, RegisterError> {
        let Some(Field::Metric(declared)) = self.fields.get(field) else {
            unreachable!("the derive counts the fields");
        };
        let facts = &declared.facts;
        match (self.store::<K, L>(self.registry, facts, kind), self.refused) {
            (Err(error), Some(refused)) => {
                refused.borrow_mut().push(error);
                self.store::<K, L>(&Registry::new(), facts, kind)
            }
            (stored, _) => stored,
        }
    }

    fn store<K: MetricKind, L: LabelSet>(
        &self,
        registry: &Registry,
        facts: &SchemaFacts,
        kind: Kind,
    ) -> Result<L::Store<K>, RegisterError> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        let name = joined(&self.prefix, facts.name);
        let constant = [&self.labels, facts.labels].concat();
        let spec = FamilySpec {
            base: &name,
            written: &name,
            policy: NamePolicy::Checked,
            kind,
            unit: facts.unit,
            help: HelpSpec::Explicit(facts.help),
            labels: Some(&names),
            constant: &constant,
            bounds: facts.buckets,
            location: facts.location,
            series_max: facts.series_max.unwrap_or(SERIES_MAX_DEFAULT),
        };
        registry.store_of::<K, L>(&spec)
    }
}

/// A field of a schema.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "not a metric",
    note = "a schema's fields are `Counter`, `Gauge` and `Histogram`, or schemas with `#[metrics(flatten)]`"
)]
pub trait SchemaMetric: Sized {
    const KIND: Kind;
    /// Calls `add` with the name and the known values of each label.
    fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str]));
    /// Registers the metric of this field.
    fn register(registrar: &Registrar<'_>, field: usize) -> Result<Self, RegisterError>;
}

macro_rules! schema_metrics {
    ($($handle:ident of $kind:ident = $model_kind:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<L: LabelSet> SchemaMetric for $handle<L> {
            const KIND: Kind = Kind::$model_kind;

            fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
                let (mut names, mut values) = (Vec::new(), Vec::new());
                L::each_name(&mut |name| names.push(name));
                L::each_values(&mut |list| values.push(list));
                names.into_iter().zip(values).for_each(|(name, values)| add(name, values));
            }

            fn register(registrar: &Registrar<'_>, field: usize) -> Result<Self, RegisterError> {
                registrar.register::<$kind, L>(field, Self::KIND).map(Self::of_store)
            }
        }
    )*};
}

schema_metrics! {
    Counter of CounterKind = Counter;
    Gauge of GaugeKind = Gauge;
    Histogram of HistogramKind = Histogram;
}
