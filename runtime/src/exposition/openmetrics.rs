//! `OpenMetrics` 1.0.
//!
//! The rules are those of the specification (prometheus/OpenMetrics, version 1.0.0): families by their names without
//! suffix, `# TYPE`, `# UNIT` and `# HELP` in this order, no comments or blank lines, and `# EOF` last. What the format
//! has no form for is left out: the sum and count of a histogram of values that may be negative.

use yardstick_model::{
    Kind, family_name, parse_label_set, render_label_set, write_bound, write_integer, write_value,
};

use crate::{
    cells::HistogramTotals,
    registry::{
        Registry,
        gather::{Head, Sink},
        series::CounterValue,
    },
};

/// What the format is called in HTTP.
#[cfg(feature = "http")]
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Appends the exposition of all families to `out`.
pub(crate) fn write(registry: &Registry, out: &mut String) {
    registry.gather_into(&mut Writer { out, name: String::new() });
    out.push_str("# EOF\n");
}

struct Writer<'a> {
    out: &'a mut String,
    /// The name of the family that began last, without suffix.
    name: String,
}

impl Writer<'_> {
    /// `name suffix {labels, le or quantile} `, up to the value.
    fn start(&mut self, suffix: &str, labels: &str, number: Option<(&str, f64)>) {
        self.out.push_str(&self.name);
        self.out.push_str(suffix);
        if !labels.is_empty() || number.is_some() {
            self.out.push('{');
            self.out.push_str(labels);
            if let Some((label, value)) = number {
                for part in [if labels.is_empty() { "" } else { "," }, label, "=\""] {
                    self.out.push_str(part);
                }
                write_bound(value, self.out);
                self.out.push('"');
            }
            self.out.push('}');
        }
        self.out.push(' ');
    }

    fn whole(&mut self, value: u64) {
        write_integer(value, self.out);
        self.out.push('\n');
    }

    fn float(&mut self, value: f64) {
        write_value(value, self.out);
        self.out.push('\n');
    }

    /// `_count` and `_sum`, if there may be a sum: it must never fall.
    fn totals(&mut self, labels: &str, totals: &HistogramTotals, may_be_negative: bool) {
        let sum = totals.sum();
        if may_be_negative || sum < 0.0 || sum.is_nan() {
            return;
        }
        self.start("_count", labels, None);
        self.whole(totals.count());
        self.start("_sum", labels, None);
        self.float(sum);
    }

    fn line(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.out.push_str(part));
        self.out.push('\n');
    }
}

impl Sink for Writer<'_> {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, unit } = *family;
        family_name(name, kind).clone_into(&mut self.name);
        let name = self.name.clone();
        self.line(&["# TYPE ", &name, " ", kind.as_str()]);
        let has_unit = !matches!(kind, Kind::Info | Kind::StateSet);
        let unit = unit.and_then(yardstick_model::Unit::suffix).filter(|_| has_unit);
        // A name that came before its unit was known does not have it.
        if let Some(unit) = unit.filter(|unit| name.ends_with(&format!("_{unit}"))) {
            self.line(&["# UNIT ", &name, " ", unit]);
        }
        self.line(&["# HELP ", &name, " ", &escaped(help)]);
    }

    fn counter(&mut self, labels: &str, value: CounterValue) {
        self.start("_total", labels, None);
        if value.fraction == 0.0 {
            self.whole(value.integer);
        } else {
            self.float(value.to_f64());
        }
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.start("", labels, None);
        self.float(value);
    }

    fn histogram(&mut self, labels: &str, bounds: &[f64], totals: &HistogramTotals) {
        let mut cumulative = 0_u64;
        let all = bounds.iter().copied().chain([f64::INFINITY]);
        for (bound, bucket) in all.zip(&totals.buckets) {
            cumulative = cumulative.wrapping_add(*bucket);
            self.start("_bucket", labels, Some(("le", bound)));
            self.whole(cumulative);
        }
        let may_be_negative = bounds.first().is_some_and(|bound| *bound < 0.0);
        self.totals(labels, totals, may_be_negative);
    }

    fn summary(&mut self, labels: &str, quantiles: &[(f64, f64)], totals: &HistogramTotals) {
        for (quantile, value) in quantiles {
            self.start("", labels, Some(("quantile", *quantile)));
            self.float(*value);
        }
        self.totals(labels, totals, false);
    }

    fn info(&mut self, labels: &str) {
        self.start("_info", labels, None);
        self.whole(1);
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        let pairs = parse_label_set(labels).unwrap_or_default();
        for (index, state) in states.iter().enumerate() {
            let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let labels = render_label_set(pairs.chain([(self.name.as_str(), *state)]));
            self.start("", &labels, None);
            self.whole(u64::from(index == current));
        }
    }
}

/// A help text: backslashes, quotes and line feeds are escaped.
fn escaped(help: &str) -> String {
    let mut escaped = String::with_capacity(help.len());
    yardstick_model::escape_label_value(help, &mut escaped);
    escaped
}
