//! What stands for a metric of the wrong kind, so that it costs one error.

use super::{
    super::{Enter, Leave, Outcome, SiteInfo, States, current::Sink, metric::Instrument},
    SchemaSite,
};

/// What stands for a metric of the wrong kind.
#[derive(Clone, Copy, Debug)]
pub struct NoMetric;

impl<K: Instrument, T: Enter<J>, J> Enter<(NoMetric, J)> for (SchemaSite<K>, T) {
    type States = (NoMetric, T::States);
    const FOLLOWS: bool = T::FOLLOWS;

    fn enter(
        &'static self,
        info: &'static SiteInfo,
        sink: Sink,
        (_, others): (NoMetric, J),
    ) -> Self::States {
        (NoMetric, self.1.enter(info, sink, others))
    }
}

impl<K, T, S: States<T>> States<(SchemaSite<K>, T)> for (NoMetric, S) {
    fn is_on(&self) -> bool {
        self.1.is_on()
    }

    fn is_owner(&self) -> bool {
        self.1.is_owner()
    }

    fn abandon(&mut self, metrics: &'static (SchemaSite<K>, T), ticks: u64, outcome: Outcome) {
        self.1.abandon(&metrics.1, ticks, outcome);
    }
}

impl<K, T, S: Leave<T, W>, V, W> Leave<(SchemaSite<K>, T), (V, W)> for (NoMetric, S) {
    fn leave(&mut self, metrics: &'static (SchemaSite<K>, T), ticks: u64, verdicts: (V, W)) {
        self.1.leave(&metrics.1, ticks, verdicts.1);
    }
}
