//! The Prometheus text format 0.0.4.
//!
//! The rules are those of the format's documentation ("Exposition formats", text-based format): LF line
//! ends, one HELP and one TYPE before a family's first sample, no trailing blanks, buckets cumulative
//! and ascending with `+Inf` last.

use yardstick_model::escape_help;

use super::lines::Lines;
use crate::{
    cells::HistogramTotals,
    data::LabelText,
    registry::{
        Registry,
        gather::{Head, Notes, Point, Sink},
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

    fn series(&mut self, labels: &LabelText, point: &Point<'_>, _: &Notes<'_>) {
        let (lines, text) = (&mut self.0, labels.as_str());
        match *point {
            Point::Counter(value) if value.fraction == 0.0 => {
                lines.whole("", text, None, value.integer);
            }
            Point::Counter(value) => lines.float("", text, None, value.to_f64()),
            Point::Gauge(value) => lines.float("", text, None, value),
            Point::Histogram { bounds, totals } => {
                lines.buckets(text, bounds, &totals.buckets, &[]);
                self.totals(text, totals);
            }
            Point::Summary { quantiles, totals } => {
                lines.quantiles(text, quantiles);
                self.totals(text, totals);
            }
            Point::Info => lines.whole("", text, None, 1),
            Point::StateSet { states, current } => lines.states(labels, states, current),
        }
    }
}
