//! The Prometheus text format 0.0.4.
//!
//! The rules are those of the format's documentation ("Exposition formats", text-based format): LF line
//! ends, one HELP and one TYPE before a family's first sample, no trailing blanks, buckets cumulative
//! and ascending with `+Inf` last.

use yardstick_model::{
    escape_help, parse_label_set, render_label_set, write_bound, write_integer, write_value,
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
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Appends the exposition of all families to `out`.
pub(crate) fn write(registry: &Registry, out: &mut String) {
    registry.gather_into(&mut Writer { out, name: String::new() });
}

struct Writer<'a> {
    out: &'a mut String,
    /// The name of the family that began last.
    name: String,
}

impl Writer<'_> {
    /// `name suffix {labels, le or quantile} `, up to the value.
    fn start(&mut self, suffix: &str, labels: &str, number: Option<(&str, f64)>) {
        self.out.push_str(&self.name);
        self.out.push_str(suffix);
        if labels.is_empty() && number.is_none() {
            self.out.push(' ');
            return;
        }
        self.out.push('{');
        self.out.push_str(labels);
        if let Some((label, value)) = number {
            for part in [if labels.is_empty() { "" } else { "," }, label, "=\""] {
                self.out.push_str(part);
            }
            write_bound(value, self.out);
            self.out.push('"');
        }
        self.out.push_str("} ");
    }

    /// `_sum` and `_count`.
    fn totals(&mut self, labels: &str, totals: &HistogramTotals) {
        self.start("_sum", labels, None);
        write_value(totals.sum(), self.out);
        self.end();
        self.start("_count", labels, None);
        write_integer(totals.count(), self.out);
        self.end();
    }

    fn end(&mut self) {
        self.out.push('\n');
    }
}

impl Sink for Writer<'_> {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, .. } = *family;
        name.clone_into(&mut self.name);
        for part in ["# HELP ", name, " "] {
            self.out.push_str(part);
        }
        escape_help(help, self.out);
        for part in ["\n# TYPE ", name, " ", kind.as_text_format_str(), "\n"] {
            self.out.push_str(part);
        }
    }

    fn counter(&mut self, labels: &str, value: CounterValue) {
        self.start("", labels, None);
        if value.fraction == 0.0 {
            write_integer(value.integer, self.out);
        } else {
            write_value(value.to_f64(), self.out);
        }
        self.end();
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.start("", labels, None);
        write_value(value, self.out);
        self.end();
    }

    fn histogram(&mut self, labels: &str, bounds: &[f64], totals: &HistogramTotals) {
        let mut cumulative = 0_u64;
        let bounds = bounds.iter().copied().chain([f64::INFINITY]);
        for (bound, bucket) in bounds.zip(&totals.buckets) {
            cumulative = cumulative.wrapping_add(*bucket);
            self.start("_bucket", labels, Some(("le", bound)));
            write_integer(cumulative, self.out);
            self.end();
        }
        self.totals(labels, totals);
    }

    fn summary(&mut self, labels: &str, quantiles: &[(f64, f64)], totals: &HistogramTotals) {
        for (quantile, value) in quantiles {
            self.start("", labels, Some(("quantile", *quantile)));
            write_value(*value, self.out);
            self.end();
        }
        self.totals(labels, totals);
    }

    fn info(&mut self, labels: &str) {
        self.gauge(labels, 1.0);
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        let pairs = parse_label_set(labels).unwrap_or_default();
        for (index, state) in states.iter().enumerate() {
            let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let labels = render_label_set(pairs.chain([(self.name.as_str(), *state)]));
            self.start("", &labels, None);
            write_integer(u64::from(index == current), self.out);
            self.end();
        }
    }
}
