//! Registering the metrics of a schema, under the namespaces and labels of what encloses them.

use std::{cell::RefCell, time::Duration};

use yardstick_model::Kind;

use super::declared::{Descriptors, Field, FieldSpec, joined};
use crate::{
    handle::{
        Counter, CounterKind, FamilyRef, Gauge, GaugeKind, Histogram, HistogramKind, Info,
        MetricKind, State, StateKind, StateSet, Summary, SummaryKind, kinds::each_kind,
        label_set::LabelSet,
    },
    labels::LabelValue,
    registry::{
        FamilySpec, HelpSpec, Quantiles, RegisterError, Registry, SERIES_MAX_DEFAULT, native,
    },
};

/// What the registry refuses of a schema.
///
/// It is noted here and not returned by each metric's registration, because a function that may return after each of
/// thirty fields drops those before it in thirty places, which is most of what a schema costs the compiler.
#[derive(Debug, Default)]
struct Refusals {
    /// Whether the first one ends the registration.
    stops: bool,
    noted: RefCell<Vec<RegisterError>>,
}

/// Has a schema registered by `register`, up to the first refusal, which is the answer.
pub(super) fn strictly(
    registry: &Registry,
    register: &mut dyn FnMut(&Registrar<'_>),
) -> Option<RegisterError> {
    let refusals = Refusals { stops: true, ..Refusals::default() };
    register(&Registrar::new(registry, &refusals));
    refusals.noted.into_inner().into_iter().next()
}

/// Has a schema registered by `register`. A metric that is refused records into what is not shown. The answer is all
/// refusals, in the order of the fields; they are kept for ever, as the global instance is.
pub(super) fn leniently(
    registry: &Registry,
    register: &mut dyn FnMut(&Registrar<'_>),
) -> &'static [RegisterError] {
    let refusals = Refusals::default();
    register(&Registrar::new(registry, &refusals));
    refusals.noted.into_inner().leak()
}

impl Refusals {
    fn has_stopped(&self) -> bool {
        self.stops && !self.noted.borrow().is_empty()
    }
}

/// Where a schema's metrics go, and under what.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Registrar<'r> {
    registry: &'r Registry,
    prefix: String,
    labels: Vec<(&'static str, &'static str)>,
    fields: &'static [Field],
    refusals: &'r Refusals,
}

impl<'r> Registrar<'r> {
    fn new(registry: &'r Registry, refusals: &'r Refusals) -> Self {
        Self { registry, prefix: String::new(), labels: Vec::new(), fields: &[], refusals }
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

    /// Registers the metric of a field; `None` if it was refused, which is noted.
    fn register<K: MetricKind, L: LabelSet>(
        &self,
        field: usize,
        kind: Kind,
        states: &'static [&'static str],
    ) -> Option<L::Store<K>> {
        self.register_spec::<L, _>(field, kind, states, |registry, spec| {
            let family = registry.family(spec)?;
            let name = family.meta.name.clone();
            L::store::<K>(FamilyRef(family)).ok_or_else(|| registry.out_of_memory(name))
        })
    }

    fn register_spec<L: LabelSet, T>(
        &self,
        field: usize,
        kind: Kind,
        states: &'static [&'static str],
        register: impl Fn(&Registry, &FamilySpec<'_>) -> Result<T, RegisterError>,
    ) -> Option<T> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        let mut registered = None;
        self.try_register(field, kind, &names, states, &mut |registry, spec| {
            registered = Some(register(registry, spec)?);
            Ok(())
        });
        registered
    }

    /// Calls `register` with what the field says, and notes what it is refused; if that is not to end the registration,
    /// once more with a registry that is not exposed. Not generic, so that users' crates do not compile it.
    fn try_register(
        &self,
        field: usize,
        kind: Kind,
        names: &[&'static str],
        states: &'static [&'static str],
        register: &mut dyn FnMut(&Registry, &FamilySpec<'_>) -> Result<(), RegisterError>,
    ) {
        if self.refusals.has_stopped() {
            return;
        }
        let Some(Field::Metric(declared)) = self.fields.get(field) else {
            unreachable!("the derive counts the fields");
        };
        let of_field = &declared.spec;
        let name = joined(&self.prefix, of_field.name);
        let constant = [&self.labels, of_field.labels].concat();
        let spec = FamilySpec {
            unit: of_field.unit,
            help: HelpSpec::Explicit(of_field.help),
            labels: Some(names),
            constant: &constant,
            bounds: of_field.native.map(native::bounds).or(of_field.buckets),
            native: of_field.native,
            quantiles: quantiles(of_field),
            states,
            series_max: of_field.series_max.unwrap_or(SERIES_MAX_DEFAULT),
            ..FamilySpec::new(&name, kind, of_field.location)
        };
        let spec = FamilySpec { role: declared.role(), ..spec };
        let Err(error) = register(self.registry, &spec) else {
            if let Some(family) = self.registry.family_named(&spec.exposed_name()) {
                family.note_descriptor(spec.location, || {
                    declared.descriptor(&self.prefix, &self.labels)
                });
            }
            return;
        };
        self.refusals.noted.borrow_mut().push(error);
        if !self.refusals.stops {
            // The second refusal could only be the same.
            let _ = register(&Registry::new(), &spec);
        }
    }
}

/// The quantiles of a summary; with a window alone, none is shown and all can be asked for.
fn quantiles(of_field: &FieldSpec) -> Option<Quantiles<'static>> {
    let are_shown = of_field.quantiles.is_some();
    (are_shown || of_field.window_seconds.is_some()).then(|| Quantiles {
        of: of_field.quantiles.unwrap_or_default(),
        window: window(of_field),
        are_shown,
    })
}

/// The time that quantiles cover unless the schema says otherwise, as in the clients for Java and Go.
const WINDOW_DEFAULT_SECONDS: f64 = 600.0;

fn window(of_field: &FieldSpec) -> Duration {
    let seconds = of_field.window_seconds.unwrap_or(WINDOW_DEFAULT_SECONDS);
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
    /// Registers the metric of this field; `None` if it was refused, which the registrar notes.
    fn register(registrar: &Registrar<'_>, field: usize) -> Option<Self>;
}

macro_rules! schema_metrics {
    ($($handle:ident, $kind:ident, $model_kind:ident, $series:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<L: LabelSet> SchemaMetric for $handle<L> {
            const KIND: Kind = Kind::$model_kind;

            fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
                each_label::<L>(add);
            }

            // Once for all fields of one type, wherever a schema has them.
            #[inline(never)]
            fn register(registrar: &Registrar<'_>, field: usize) -> Option<Self> {
                registrar.register::<$kind, L>(field, Self::KIND, &[]).map(Self::of_store)
            }
        }
    )*};
}

each_kind!(schema_metrics);

#[diagnostic::do_not_recommend]
impl<L: LabelSet> SchemaMetric for Info<L> {
    const KIND: Kind = Kind::Info;

    fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
        each_label::<L>(add);
    }

    fn register(registrar: &Registrar<'_>, field: usize) -> Option<Self> {
        registrar.register_spec::<L, _>(field, Self::KIND, &[], |registry, spec| {
            // Without labels of its own, an info is given pairs.
            let is_open = spec.labels.is_some_and(<[_]>::is_empty);
            let labels = if is_open { None } else { spec.labels };
            registry.family(&FamilySpec { labels, ..spec.clone() }).map(Self::of_core)
        })
    }
}

#[diagnostic::do_not_recommend]
impl<S: LabelValue, L: LabelSet> SchemaMetric for StateSet<S, L> {
    const KIND: Kind = Kind::StateSet;

    fn each_label(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
        each_label::<L>(add);
    }

    fn register(registrar: &Registrar<'_>, field: usize) -> Option<Self> {
        let store = registrar.register::<StateKind, L>(field, Self::KIND, S::VALUES)?;
        Some(Self::of(State::of_store(store)))
    }
}

fn each_label<L: LabelSet>(add: &mut dyn FnMut(&'static str, &'static [&'static str])) {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    L::each_name(&mut |name| names.push(name));
    L::each_values(&mut |list| values.push(list));
    names.into_iter().zip(values).for_each(|(name, values)| add(name, values));
}
