//! Families as plain data: what a gather answers with, and what custom collectors give.

use std::time::SystemTime;

use yardstick_model::{Kind, Unit, write_bound, write_value};

use super::{Exemplar, LabelText};

/// A family and its series at one moment.
///
/// # Examples
///
/// ```
/// use yardstick::{gather::{MetricFamily, Value}, Registry};
///
/// let registry = Registry::new();
/// registry.counter("jobs").help("Jobs.").register()?.inc_by(3);
/// let families = registry.gather();
/// let Value::Counter { whole, .. } = families[0].series[0].value else { unreachable!() };
/// assert_eq!((families[0].name.as_str(), whole), ("jobs_total", 3));
///
/// let made = MetricFamily::gauge("queue_depth", "Jobs that wait.")
///     .with_series(&[("queue", "mail")], Value::Gauge(2.0));
/// assert_eq!(made.samples()[0].to_string(), "queue_depth{queue=\"mail\"} 2");
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricFamily {
    /// The name of its `# TYPE` line in the text format: a counter's ends in `_total`, an info's in `_info`.
    pub name: String,
    /// What its series hold.
    pub kind: Kind,
    /// What it means.
    pub help: String,
    /// The unit of its values.
    pub unit: Option<Unit>,
    /// Its series, in the order of their labels.
    pub series: Vec<SeriesData>,
}

/// A series at one moment.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeriesData {
    /// Its labels, in the order of their names.
    pub labels: Vec<(String, String)>,
    /// What it holds.
    pub value: Value,
    /// When a counter, histogram or summary began to count; `None` where it is unknown.
    pub created: Option<SystemTime>,
    /// Observations that say where they come from, of a counter or histogram: each belongs to the bucket of its value.
    pub exemplars: Vec<Exemplar>,
}

/// What a series holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Of a counter: the sum of a whole number, exact up to 2^64, and what was added with fractions.
    Counter {
        /// The whole number.
        whole: u64,
        /// The rest.
        fraction: f64,
    },
    /// Of a gauge.
    Gauge(f64),
    /// Of a histogram.
    Histogram {
        /// The upper bounds of the buckets, strictly increasing, without `+Inf`.
        bounds: Vec<f64>,
        /// Observations in each bucket, not cumulative; one more than bounds.
        counts: Vec<u64>,
        /// The sum of all observations.
        sum: f64,
    },
    /// Of a summary.
    Summary {
        /// Quantiles and their values, NaN where nothing was observed.
        quantiles: Vec<(f64, f64)>,
        /// How many observations there were.
        count: u64,
        /// Their sum.
        sum: f64,
    },
    /// Of an info: its labels say it all.
    Info,
    /// Of a state set.
    StateSet {
        /// The states.
        states: Vec<String>,
        /// The position of the current one.
        current: usize,
    },
}

/// One line of the text format.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sample {
    /// The name, with the suffix of a part such as `_bucket`.
    pub name: String,
    /// The labels, in the order of their names, with those of a part such as `le`.
    pub labels: Vec<(String, String)>,
    /// The value.
    pub value: f64,
}

impl MetricFamily {
    /// A family without series. The name is taken as it is.
    #[must_use]
    pub fn new(kind: Kind, name: impl Into<String>, help: impl Into<String>) -> Self {
        let (name, help) = (name.into(), help.into());
        Self { name, kind, help, unit: None, series: Vec::new() }
    }

    /// A counter without series; its name must end in `_total`.
    #[must_use]
    pub fn counter(name: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Kind::Counter, name, help)
    }

    /// A gauge without series.
    #[must_use]
    pub fn gauge(name: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Kind::Gauge, name, help)
    }

    /// Adds a series.
    #[must_use]
    pub fn with_series(mut self, labels: &[(&str, &str)], value: Value) -> Self {
        let mut labels: Vec<_> =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        labels.sort();
        self.series.push(SeriesData { labels, value, created: None, exemplars: Vec::new() });
        self
    }

    /// The unit of its values.
    #[must_use]
    pub const fn with_unit(mut self, unit: Unit) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Its samples, in the order of the text format.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        for series in &self.series {
            series.add_samples(&self.name, &mut samples);
        }
        samples
    }
}

impl Value {
    /// A whole number of events.
    #[must_use]
    pub const fn count(whole: u64) -> Self {
        Self::Counter { whole, fraction: 0.0 }
    }
}

impl SeriesData {
    fn add_samples(&self, name: &str, samples: &mut Vec<Sample>) {
        let mut add = |suffix: &str, extra: Option<(&str, String)>, value: f64| {
            let mut labels = self.labels.clone();
            labels.extend(extra.map(|(name, value)| (name.to_owned(), value)));
            labels.sort();
            samples.push(Sample { name: format!("{name}{suffix}"), labels, value });
        };
        #[allow(clippy::cast_precision_loss, reason = "a sample's value is a double")]
        let float = |count: u64| count as f64;
        let number = |value: f64| {
            let mut text = String::new();
            write_bound(value, &mut text);
            text
        };
        match &self.value {
            Value::Counter { whole, fraction } => add("", None, float(*whole) + fraction),
            Value::Gauge(value) => add("", None, *value),
            Value::Histogram { bounds, counts, sum } => {
                let mut cumulative = 0_u64;
                for (bound, count) in bounds.iter().copied().chain([f64::INFINITY]).zip(counts) {
                    cumulative = cumulative.wrapping_add(*count);
                    add("_bucket", Some(("le", number(bound))), float(cumulative));
                }
                add("_sum", None, *sum);
                add("_count", None, float(cumulative));
            }
            Value::Summary { quantiles, count, sum } => {
                for (quantile, value) in quantiles {
                    add("", Some(("quantile", number(*quantile))), *value);
                }
                add("_sum", None, *sum);
                add("_count", None, float(*count));
            }
            Value::Info => add("", None, 1.0),
            Value::StateSet { states, current } => {
                for (index, state) in states.iter().enumerate() {
                    add("", Some((name, state.clone())), f64::from(u8::from(index == *current)));
                }
            }
        }
    }
}

/// Writes it as the text format does.
impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels = LabelText::of_owned(&self.labels);
        let mut value = String::new();
        write_value(self.value, &mut value);
        match labels.as_str() {
            "" => write!(f, "{} {value}", self.name),
            labels => write!(f, "{}{{{labels}}} {value}", self.name),
        }
    }
}
