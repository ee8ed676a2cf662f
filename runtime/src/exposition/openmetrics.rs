//! `OpenMetrics` 1.0.
//!
//! The rules are those of the specification (prometheus/OpenMetrics, version 1.0.0): families by their names without
//! suffix, `# TYPE`, `# UNIT` and `# HELP` in this order, no comments or blank lines, and `# EOF` last. What the format
//! has no form for is left out: the sum and count of a histogram of values that may be negative.

use yardstick_model::{Kind, Unit, escape_label_value, family_name, write_value};

use super::lines::Lines;
use crate::{
    cells::HistogramTotals,
    data::LabelText,
    registry::{
        Registry,
        gather::{Head, Notes, Point, Sink},
        series::CounterValue,
    },
};

/// What the format is called in HTTP.
#[cfg(feature = "http")]
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Appends the exposition of all families to `out`.
pub(crate) fn write(registry: &Registry, out: &mut String) {
    let exposes_created = registry.exposes_created();
    registry.gather_into(&mut Writer { lines: Lines::new(out), exposes_created });
    out.push_str("# EOF\n");
}

struct Writer<'a> {
    lines: Lines<'a>,
    exposes_created: bool,
}

impl Writer<'_> {
    /// `_count` and `_sum`, if there may be a sum: it must never fall.
    fn totals(&mut self, labels: &str, totals: &HistogramTotals, may_be_negative: bool) {
        let sum = totals.sum();
        if may_be_negative || sum < 0.0 || sum.is_nan() {
            return;
        }
        self.lines.whole("_count", labels, None, totals.count());
        self.lines.float("_sum", labels, None, sum);
    }

    /// `_total`, with its latest exemplar.
    fn counter(&mut self, labels: &str, value: CounterValue, notes: &Notes<'_>) {
        self.lines.start("_total", labels, None);
        if value.fraction == 0.0 {
            self.lines.integer(value.integer);
        } else {
            write_value(value.to_f64(), self.lines.out);
        }
        if let Some(exemplar) = notes.exemplars.last() {
            self.lines.exemplar(exemplar);
        }
        self.lines.text(&["\n"]);
    }

    /// `_created`, where it is known and wanted.
    fn created(&mut self, labels: &str, notes: &Notes<'_>) {
        if let Some(created) = notes.created.filter(|_| self.exposes_created) {
            self.lines.start("_created", labels, None);
            self.lines.moment(created);
            self.lines.text(&["\n"]);
        }
    }
}

impl Sink for Writer<'_> {
    fn family(&mut self, family: &Head<'_>) {
        let Head { name, kind, help, unit, .. } = *family;
        let name = family_name(name, kind);
        self.lines.begin(name);
        self.lines.text(&["# TYPE ", name, " ", kind.as_str(), "\n"]);
        let has_unit = !matches!(kind, Kind::Info | Kind::StateSet);
        let unit = unit.and_then(Unit::suffix).filter(|_| has_unit);
        // A name that came before its unit was known does not have it.
        if let Some(unit) = unit.filter(|unit| name.ends_with(&format!("_{unit}"))) {
            self.lines.text(&["# UNIT ", name, " ", unit, "\n"]);
        }
        self.lines.text(&["# HELP ", name, " "]);
        // The rule for help texts is that of label values: quotes are escaped too.
        escape_label_value(help, self.lines.out);
        self.lines.text(&["\n"]);
    }

    fn series(&mut self, labels: &LabelText, point: &Point<'_>, notes: &Notes<'_>) {
        let (lines, text) = (&mut self.lines, labels.as_str());
        match *point {
            Point::Counter(value) => {
                self.counter(text, value, notes);
                self.created(text, notes);
            }
            Point::Gauge(value) => lines.float("", text, None, value),
            Point::Histogram { bounds, totals } => {
                lines.buckets(text, bounds, &totals.buckets, notes.exemplars);
                let may_be_negative = bounds.first().is_some_and(|bound| *bound < 0.0);
                self.totals(text, totals, may_be_negative);
                self.created(text, notes);
            }
            Point::Summary { quantiles, totals } => {
                lines.quantiles(text, quantiles);
                self.totals(text, totals, false);
                self.created(text, notes);
            }
            Point::Info => lines.whole("_info", text, None, 1),
            Point::StateSet { states, current } => lines.states(labels, states, current),
        }
    }
}
