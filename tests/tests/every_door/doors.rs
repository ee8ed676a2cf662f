//! The doors: each way in which a program records, as a function from one step to what became of it.

use metrics::{Key, Label, Level, Metadata, Recorder};
use yardstick::{
    Counter, Gauge, Histogram, RegisterError, Registry, Summary, Unit,
    dynamic::Dynamic,
    error::Difference,
    gather::{CollectError, Kind, MetricFamily, Value},
};
use yardstick_model::{
    check_label_name, check_metric_name, check_unit_suffix, exposed_name, reserved_label,
};

/// One event: a metric that is asked for and recorded once.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) unit: Option<Unit>,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) help: Option<&'static str>,
    pub(crate) buckets: Option<&'static [f64]>,
}

/// The rule by which something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Buckets,
    /// Samples that belong to another family.
    Clash,
    DuplicateLabel,
    Help,
    Kind,
    LabelName,
    Labels,
    /// Two names that only look alike.
    LookAlike,
    Name,
    Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Attribute,
    Builder,
    ByName,
    AtGather,
    Facade,
    Schema,
}

impl Door {
    pub(crate) const ALL: [Self; 6] =
        [Self::Builder, Self::Schema, Self::Attribute, Self::Facade, Self::ByName, Self::AtGather];

    /// Whether a step can be said through this door at all.
    pub(crate) fn offers(self, step: &Step) -> bool {
        let Step { kind, unit, help, buckets, .. } = step;
        match self {
            Self::Builder | Self::Schema => true,
            Self::Attribute => match kind {
                Kind::Counter | Kind::Gauge => unit.is_none(),
                Kind::Histogram => *unit == Some(Unit::Seconds),
                _ => false,
            },
            // A library says no buckets; the latest of its descriptions holds.
            Self::Facade => *kind != Kind::Summary && buckets.is_none() && help.is_none(),
            Self::ByName => {
                let is_timing = *kind == Kind::Histogram && *unit == Some(Unit::Seconds);
                help.is_none() && (unit.is_none() || is_timing)
            }
            // It gives values of its own, so a later step would be another collector's.
            Self::AtGather => help.is_none() && buckets.is_none(),
        }
    }

    /// Whether this door tells by which rule it refuses.
    pub(crate) const fn tells(self) -> bool {
        !matches!(self, Self::Facade | Self::AtGather)
    }

    /// Does the step; the rule by which it is refused. What does not tell the rule answers with `expected`, if it
    /// refuses.
    pub(crate) fn take(self, registry: &Registry, step: &Step, expected: Rule) -> Result<(), Rule> {
        match self {
            Self::Builder => build(registry, step),
            Self::Schema => schema_rules(step).and_then(|()| build(registry, step)),
            Self::Attribute => attribute_rules(step).and_then(|()| build(registry, step)),
            Self::Facade => facade(registry, step).ok_or(expected),
            Self::ByName => by_name(registry, step),
            Self::AtGather => collect(registry, step).map_err(|_| expected),
        }
    }
}

fn rule(error: &RegisterError) -> Rule {
    match error {
        RegisterError::MetricName { .. } => Rule::Name,
        RegisterError::LabelName { .. } => Rule::LabelName,
        RegisterError::DuplicateLabel { .. } => Rule::DuplicateLabel,
        RegisterError::LookAlikeLabels { .. } => Rule::LookAlike,
        RegisterError::Suffix { .. } => Rule::Unit,
        RegisterError::SampleName { .. } => Rule::Clash,
        RegisterError::Bounds { .. } => Rule::Buckets,
        RegisterError::Conflict { difference, .. } => match difference {
            Difference::Kind(_) => Rule::Kind,
            Difference::Labels(_) | Difference::ConstantLabels(_) => Rule::Labels,
            Difference::Unit(_) => Rule::Unit,
            Difference::Help(_) => Rule::Help,
            Difference::WrittenName(_) => Rule::LookAlike,
            _ => Rule::Buckets,
        },
        other => panic!("no case is about {other}"),
    }
}

fn build(registry: &Registry, step: &Step) -> Result<(), Rule> {
    macro_rules! register {
        ($builder:expr, $record:expr) => {{
            let mut builder = $builder;
            if let Some(unit) = step.unit {
                builder = builder.unit(unit);
            }
            if let Some(help) = step.help {
                builder = builder.help(help);
            }
            let name = |at: usize| step.labels[at].0.as_str();
            let value = |at: usize| step.labels[at].1.as_str();
            let handle = match step.labels.len() {
                0 => builder.register(),
                1 => builder.labels([name(0)]).register().and_then(|f| f.get_or_create([value(0)])),
                2 => builder
                    .labels([name(0), name(1)])
                    .register()
                    .and_then(|f| f.get_or_create([value(0), value(1)])),
                _ => builder
                    .labels([name(0), name(1), name(2)])
                    .register()
                    .and_then(|f| f.get_or_create([value(0), value(1), value(2)])),
            };
            handle.map($record)
        }};
    }
    let done = match step.kind {
        Kind::Counter => register!(registry.counter(&step.name), |c: Counter| c.inc()),
        Kind::Gauge => register!(registry.gauge(&step.name), |g: Gauge| g.inc()),
        Kind::Summary => register!(registry.summary(&step.name), |s: Summary| s.observe(1.0)),
        _ => {
            let builder = registry.histogram(&step.name);
            let builder = match step.buckets {
                Some(buckets) => builder.buckets(buckets),
                None => builder,
            };
            register!(builder, |h: Histogram| h.observe(1.0))
        }
    };
    done.map_err(|error| rule(&error))
}

/// What `#[derive(MetricSchema)]` and `#[derive(LabelSet)]` check: the same functions, with the same arguments.
fn schema_rules(step: &Step) -> Result<(), Rule> {
    check_metric_name(&step.name).map_err(|_| Rule::Name)?;
    if let Some(unit) = step.unit {
        check_unit_suffix(&step.name, unit).map_err(|_| Rule::Unit)?;
    }
    label_rules(step, Kind::Histogram)
}

/// What an attribute checks.
fn attribute_rules(step: &Step) -> Result<(), Rule> {
    check_metric_name(&step.name).map_err(|_| Rule::Name)?;
    let unit = if step.kind == Kind::Histogram { Unit::Seconds } else { Unit::Count };
    check_unit_suffix(&step.name, unit).map_err(|_| Rule::Unit)?;
    label_rules(step, step.kind)
}

fn label_rules(step: &Step, kind: Kind) -> Result<(), Rule> {
    for (index, (label, _)) in step.labels.iter().enumerate() {
        if check_label_name(label).is_err() || reserved_label(kind, label) {
            return Err(Rule::LabelName);
        }
        if step.labels[..index].iter().any(|(before, _)| before == label) {
            return Err(Rule::DuplicateLabel);
        }
    }
    Ok(())
}

/// Through the facade; `None` if nothing came of it.
fn facade(registry: &Registry, step: &Step) -> Option<()> {
    let labels: Vec<Label> =
        step.labels.iter().map(|(n, v)| Label::new(n.clone(), v.clone())).collect();
    let key = Key::from_parts(step.name.clone(), labels);
    let metadata = Metadata::new("every_door", Level::INFO, None);
    let unit = step.unit.map(|unit| metrics::Unit::from_string(unit.as_str()).expect("a unit"));
    let before = registry.render();
    let name = || step.name.clone().into();
    match step.kind {
        Kind::Counter => {
            unit.inspect(|unit| registry.describe_counter(name(), Some(*unit), "".into()));
            registry.register_counter(&key, &metadata).increment(1);
        }
        Kind::Gauge => {
            unit.inspect(|unit| registry.describe_gauge(name(), Some(*unit), "".into()));
            registry.register_gauge(&key, &metadata).increment(1.0);
        }
        _ => {
            unit.inspect(|unit| registry.describe_histogram(name(), Some(*unit), "".into()));
            registry.register_histogram(&key, &metadata).record(1.0);
        }
    }
    (registry.render() != before).then_some(())
}

fn by_name(registry: &Registry, step: &Step) -> Result<(), Rule> {
    // A collector says each refusal once, so each step has one of its own.
    let collector = Dynamic::new(registry.clone());
    let name = step.name.as_str();
    match step.kind {
        Kind::Counter => collector.increment_counter(name, 1.0, &step.labels),
        Kind::Gauge => collector.increment_gauge(name, 1.0, &step.labels),
        Kind::Summary => collector.record_summary(name, 1.0, &step.labels),
        _ => match (step.unit, step.buckets) {
            (Some(_), None) => collector.record_timing(name, 1_000.0, &step.labels),
            (_, Some(buckets)) => {
                collector.record_histogram_with_buckets(name, 1.0, &step.labels, buckets);
            }
            (None, None) => collector.record_histogram(name, 1.0, &step.labels),
        },
    }
    collector.errors().first().map_or(Ok(()), |error| Err(rule(error)))
}

fn collect(registry: &Registry, step: &Step) -> Result<(), CollectError> {
    let name = exposed_name(&step.name, step.unit, step.kind);
    let value = match step.kind {
        Kind::Counter => Value::count(1),
        Kind::Gauge => Value::Gauge(1.0),
        Kind::Summary => Value::Summary { quantiles: Vec::new(), count: 1, sum: 1.0 },
        _ => Value::Histogram { bounds: vec![1.0], counts: vec![1, 0], sum: 1.0 },
    };
    let labels: Vec<_> = step.labels.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let family = MetricFamily::new(step.kind, &name, "CollectorId.").with_series(&labels, value);
    let before = registry.check_collectors().err().unwrap_or_default().len();
    let collected = registry.register_collector(move || vec![family.clone()]);
    let errors = registry.check_collectors().err().unwrap_or_default();
    match errors.into_iter().nth(before) {
        None => Ok(()),
        Some(error) => {
            registry.unregister_collector(collected);
            Err(error)
        }
    }
}
