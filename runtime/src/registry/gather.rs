//! From registered families to whoever wants to see them.
//!
//! Invariant: families come in the order of their names, series in the order of their labels, labels
//! in the order of their names. The same state gives the same calls.

use yardstick_model::Kind;

use crate::{
    cells::HistogramTotals,
    registry::{Registry, series::CounterValue},
};

/// Receives what a registry holds. Called under the gather lock: it must not read metrics itself.
pub(crate) trait Sink {
    /// A family begins; its series follow.
    fn family(&mut self, name: &str, kind: Kind, help: &str);

    /// A counter of the family that began last. `labels` is the canonical text of the label set.
    fn counter(&mut self, labels: &str, value: CounterValue);

    /// A gauge of the family that began last.
    fn gauge(&mut self, labels: &str, value: f64);

    /// A histogram of the family that began last, its buckets not cumulative.
    fn histogram(&mut self, labels: &str, bounds: &[f64], totals: &HistogramTotals);
}

impl Registry {
    /// Asks every family once.
    pub(crate) fn gather_into(&self, sink: &mut dyn Sink) {
        for family in self.families() {
            family.gather(sink);
        }
    }
}
