//! One sample by its name and labels.

use yardstick_model::{Kind, render_label_set, write_bound};

use super::{Registry, gather::Sink, series::CounterValue};
use crate::cells::HistogramTotals;

pub(super) fn value(registry: &Registry, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let rest = labels.iter().copied().filter(|(label, _)| *label != "le");
    let mut search = Search {
        name,
        labels: render_label_set(labels.iter().copied()),
        labels_without_bound: render_label_set(rest),
        bound: labels.iter().find(|(label, _)| *label == "le").map(|(_, bound)| *bound),
        family: String::new(),
        found: None,
    };
    // The name of a family begins that of each of its samples.
    for family in registry.families().iter().filter(|f| name.starts_with(&f.facts.name)) {
        family.gather(&mut search);
    }
    search.found
}

/// Compares every sample with the one that is asked for.
struct Search<'a> {
    name: &'a str,
    labels: String,
    labels_without_bound: String,
    bound: Option<&'a str>,
    /// The family that began last.
    family: String,
    found: Option<f64>,
}

impl Search<'_> {
    /// What the asked name has beyond the family's.
    fn suffix(&self) -> Option<&str> {
        self.name.strip_prefix(self.family.as_str())
    }
}

impl Sink for Search<'_> {
    fn family(&mut self, name: &str, _: Kind, _: &str) {
        name.clone_into(&mut self.family);
    }

    fn counter(&mut self, labels: &str, value: CounterValue) {
        self.gauge(labels, value.to_f64());
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        if self.suffix() == Some("") && self.labels == labels {
            self.found = Some(value);
        }
    }

    fn histogram(&mut self, labels: &str, bounds: &[f64], totals: &HistogramTotals) {
        #[allow(clippy::cast_precision_loss, reason = "a sample's value is a double")]
        let count = |count: u64| count as f64;
        match self.suffix() {
            Some("_sum") if self.labels == labels => self.found = Some(totals.sum()),
            Some("_count") if self.labels == labels => self.found = Some(count(totals.count())),
            Some("_bucket") if self.labels_without_bound == labels => {
                let mut cumulative = 0_u64;
                let bounds = bounds.iter().copied().chain([f64::INFINITY]);
                for (bound, bucket) in bounds.zip(&totals.buckets) {
                    cumulative = cumulative.wrapping_add(*bucket);
                    let mut text = String::new();
                    write_bound(bound, &mut text);
                    if self.bound == Some(text.as_str()) {
                        self.found = Some(count(cumulative));
                    }
                }
            }
            _ => {}
        }
    }
}
