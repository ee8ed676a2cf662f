//! The Prometheus text format 0.0.4.
//!
//! The rules are those of the format's documentation ("Exposition formats", text-based format): LF line
//! ends, one HELP and one TYPE before a family's first sample, no trailing blanks, buckets cumulative
//! and ascending with `+Inf` last.

use yardstick_model::escape_help;

use super::lines::Lines;
use crate::{
    cells::HistogramTotals,
    registry::{
        Registry,
        gather::{Head, Notes, Sink},
        series::CounterValue,
    },
};

/// What the format is called in HTTP.
#[cfg(feature = "http")]
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Appends the exposition of all families to `out`.
pub(crate) fn write(registry: &Registry, out: &mut String) {
    registry.gather_into(&mut Writer(Lines::new(out)));
}

struct Writer<'a>(Lines<'a>);

impl Writer<'_> {
    /// `_sum` and `_count`.
    fn totals(&mut self, labels: &str, totals: &HistogramTotals) {
        self.0.float("_sum", labels, None, totals.sum());
        self.0.whole("_count", labels, None, totals.count());
    }
}

impl Sink for Writer<'_> {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, .. } = *family;
        self.0.begin(name);
        self.0.text(&["# HELP ", name, " "]);
        escape_help(help, self.0.out);
        self.0.text(&["\n# TYPE ", name, " ", kind.as_text_format_str(), "\n"]);
    }

    fn counter(&mut self, labels: &str, value: CounterValue, _: &Notes<'_>) {
        if value.fraction == 0.0 {
            self.0.whole("", labels, None, value.integer);
        } else {
            self.0.float("", labels, None, value.to_f64());
        }
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.0.float("", labels, None, value);
    }

    fn histogram(&mut self, labels: &str, bounds: &[f64], totals: &HistogramTotals, _: &Notes<'_>) {
        self.0.buckets(labels, bounds, &totals.buckets, &[]);
        self.totals(labels, totals);
    }

    fn summary(
        &mut self,
        labels: &str,
        quantiles: &[(f64, f64)],
        totals: &HistogramTotals,
        _: &Notes<'_>,
    ) {
        self.0.quantiles(labels, quantiles);
        self.totals(labels, totals);
    }

    fn info(&mut self, labels: &str) {
        self.0.whole("", labels, None, 1);
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        self.0.states(labels, states, current);
    }
}
