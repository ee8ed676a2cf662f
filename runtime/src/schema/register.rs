//! Registering the metrics of a schema, under the namespaces and labels of what encloses them.

use std::{cell::RefCell, time::Duration};

use yardstick_model::Kind;

use super::declared::{Descriptors, Field, SchemaFacts, joined};
use crate::{
    Counter, Gauge, Histogram, Info, LabelSet, LabelValue, RegisterError, Registry, StateSet,
    Summary,
    handle::{CounterKind, GaugeKind, HistogramKind, MetricKind, State, StateKind, SummaryKind},
    registry::{FamilySpec, HelpSpec, NamePolicy, Quantiles, SERIES_MAX_DEFAULT, native},
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
        states: &'static [&'static str],
    ) -> Result<L::Store<K>, RegisterError> {
        self.register_spec::<L, _>(field, kind, states, |registry, spec| {
            registry.store_of::<K, L>(spec)
        })
    }

    fn register_spec<L: LabelSet, T>(
        &self,
        field: usize,
        kind: Kind,
        states: &'static [&'static str],
        register: impl Fn(&Registry, &FamilySpec<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let Some(Field::Metric(declared)) = self.fields.get(field) else {
            unreachable!("the derive counts the fields");
        };
        let facts = &declared.facts;
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
            bounds: facts.native.map(native::bounds).or(facts.buckets),
            native: facts.native,
            quantiles: quantiles(facts),
            states,
            location: facts.location,
            series_max: facts.series_max.unwrap_or(SERIES_MAX_DEFAULT),
        };
        match (register(self.registry, &spec), self.refused) {
            (Err(error), Some(refused)) => {
                refused.borrow_mut().push(error);
                register(&Registry::new(), &spec)
            }
            (registered, _) => registered,
        }
    }
}

/// The quantiles of a summary; with a window alone, none is shown and all can be asked for.
fn quantiles(facts: &SchemaFacts) -> Option<Quantiles<'static>> {
    let are_shown = facts.quantiles.is_some();
    (are_shown || facts.window_seconds.is_some()).then(|| Quantiles {
        of: facts.quantiles.unwrap_or_default(),
        window: window(facts),
        are_shown,
    })
}

/// The time that quantiles cover unless the schema says otherwise, as in the clients for Java and Go.
const WINDOW_DEFAULT_SECONDS: f64 = 600.0;

fn window(facts: &SchemaFacts) -> Duration {
    let seconds = facts.window_seconds.unwrap_or(WINDOW_DEFAULT_SECONDS);
    // The derive lets no other through than what a duration can be.
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// A field of a schema.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "not a metric",
    note = "a schema's fields are `Counter`, `Gauge`, `Histogram`, `Summary`, `Info` and `StateSet`, or schemas with `#[metrics(flatten)]`"
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
                each_label::<L>(add);
            }

            fn register(registrar: &Registrar<'_>, field: usize) -> Result<Self, RegisterError> {
                registrar.register::<$kind, L>(field, Self::KIND, &[]).map(Self::of_store)
            }
        }
    )*};
}

schema_metrics! {
    Counter of CounterKind = Counter;
    Gauge of GaugeKind = Gauge;
    Histogram of HistogramKind = Histogram;
    Summary of SummaryKind = Summary;
}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> SchemaMetric for Info<L> {
    const KIND: Kind = Kind::Info;

    fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
        each_label::<L>(add);
    }

    fn register(registrar: &Registrar<'_>, field: usize) -> Result<Self, RegisterError> {
        registrar.register_spec::<L, _>(field, Self::KIND, &[], |registry, spec| {
            // Without labels of its own, an info is given pairs.
            let is_open = spec.labels.is_some_and(<[_]>::is_empty);
            let labels = if is_open { None } else { spec.labels };
            registry.family(&FamilySpec { labels, ..spec.clone() }).map(Self::of_family)
        })
    }
}

#[diagnostic::do_not_recommend]
impl<S: LabelValue, L: LabelSet> SchemaMetric for StateSet<S, L> {
    const KIND: Kind = Kind::StateSet;

    fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
        each_label::<L>(add);
    }

    fn register(registrar: &Registrar<'_>, field: usize) -> Result<Self, RegisterError> {
        let store = registrar.register::<StateKind, L>(field, Self::KIND, S::VALUES)?;
        Ok(Self::of(State::of_store(store)))
    }
}

fn each_label<L: LabelSet>(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    L::each_name(&mut |name| names.push(name));
    L::each_values(&mut |list| values.push(list));
    names.into_iter().zip(values).for_each(|(name, values)| add(name, values));
}
