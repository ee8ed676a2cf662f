//! `OpenMetrics` 1.0.
//!
//! The rules are those of the specification (prometheus/OpenMetrics, version 1.0.0): families by their names without
//! suffix, `# TYPE`, `# UNIT` and `# HELP` in this order, no comments or blank lines, and `# EOF` last. What the format
//! has no form for is left out: the sum and count of a histogram of values that may be negative.

use yardstick_model::{Kind, Unit, escape_label_value, family_name};

use super::lines::Lines;
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
    registry.gather_into(&mut Writer(Lines::new(out)));
    out.push_str("# EOF\n");
}

struct Writer<'a>(Lines<'a>);

impl Writer<'_> {
    /// `_count` and `_sum`, if there may be a sum: it must never fall.
    fn totals(&mut self, labels: &str, totals: &HistogramTotals, may_be_negative: bool) {
        let sum = totals.sum();
        if may_be_negative || sum < 0.0 || sum.is_nan() {
            return;
        }
        self.0.whole("_count", labels, None, totals.count());
        self.0.float("_sum", labels, None, sum);
    }
}

impl Sink for Writer<'_> {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, unit } = *family;
        let name = family_name(name, kind);
        name.clone_into(&mut self.0.name);
        self.0.text(&["# TYPE ", name, " ", kind.as_str(), "\n"]);
        let has_unit = !matches!(kind, Kind::Info | Kind::StateSet);
        let unit = unit.and_then(Unit::suffix).filter(|_| has_unit);
        // A name that came before its unit was known does not have it.
        if let Some(unit) = unit.filter(|unit| name.ends_with(&format!("_{unit}"))) {
            self.0.text(&["# UNIT ", name, " ", unit, "\n"]);
        }
        self.0.text(&["# HELP ", name, " "]);
        // The rule for help texts is that of label values: quotes are escaped too.
        escape_label_value(help, self.0.out);
        self.0.text(&["\n"]);
    }

    fn counter(&mut self, labels: &str, value: CounterValue) {
        if value.fraction == 0.0 {
            self.0.whole("_total", labels, None, value.integer);
        } else {
            self.0.float("_total", labels, None, value.to_f64());
        }
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.0.float("", labels, None, value);
    }

    fn histogram(&mut self, labels: &str, bounds: &[f64], totals: &HistogramTotals) {
        self.0.buckets(labels, bounds, &totals.buckets);
        let may_be_negative = bounds.first().is_some_and(|bound| *bound < 0.0);
        self.totals(labels, totals, may_be_negative);
    }

    fn summary(&mut self, labels: &str, quantiles: &[(f64, f64)], totals: &HistogramTotals) {
        self.0.quantiles(labels, quantiles);
        self.totals(labels, totals, false);
    }

    fn info(&mut self, labels: &str) {
        self.0.whole("_info", labels, None, 1);
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        self.0.states(labels, states, current);
    }
}
