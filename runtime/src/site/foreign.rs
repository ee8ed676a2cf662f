//! Other recorders: the facade's handles, made anew for each call and never cached.

use metrics::{Key, Label, Level, Metadata};

use super::instrument::Exit;
use crate::reentry::Scope;

/// What a call keeps of one metric that another recorder holds. Bound at entry, so that a gauge returns
/// to the recorder it was raised in.
#[derive(Debug)]
pub struct Foreign(Kept);

#[derive(Debug)]
enum Kept {
    Histogram(metrics::Histogram),
    Gauge(metrics::Gauge),
    Calls(Counter),
    Errors(Counter),
}

/// A counter whose last label is known when the call ends.
#[derive(Debug)]
struct Counter {
    name: String,
    labels: Vec<Label>,
    module: &'static str,
}

const fn metadata(module: &'static str) -> Metadata<'static> {
    Metadata::new(module, Level::INFO, Some(module))
}

impl Foreign {
    pub(super) fn histogram(name: String, labels: Vec<Label>, module: &'static str) -> Self {
        let key = Key::from_parts(name, labels);
        let register =
            |recorder: &dyn metrics::Recorder| recorder.register_histogram(&key, &metadata(module));
        Self(Kept::Histogram(metrics::with_recorder(register)))
    }

    pub(super) fn gauge(name: String, labels: Vec<Label>, module: &'static str) -> Self {
        let key = Key::from_parts(name, labels);
        let register =
            |recorder: &dyn metrics::Recorder| recorder.register_gauge(&key, &metadata(module));
        let gauge = metrics::with_recorder(register);
        gauge.increment(1.0);
        Self(Kept::Gauge(gauge))
    }

    pub(super) const fn calls(name: String, labels: Vec<Label>, module: &'static str) -> Self {
        Self(Kept::Calls(Counter { name, labels, module }))
    }

    pub(super) const fn errors(name: String, labels: Vec<Label>, module: &'static str) -> Self {
        Self(Kept::Errors(Counter { name, labels, module }))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn leave(&self, exit: &Exit<'_>) {
        let _scope = Scope::enter();
        match &self.0 {
            Kept::Histogram(histogram) => {
                let seconds = crate::cells::clock::seconds_from_ticks(u128::from(exit.ticks));
                histogram.record(seconds);
            }
            Kept::Gauge(gauge) => gauge.decrement(1.0),
            Kept::Calls(counter) => counter.count("outcome", exit.outcome.as_str()),
            Kept::Errors(counter) => {
                if let Some(error_type) = exit.error_type() {
                    counter.count("error_type", error_type);
                }
            }
        }
    }
}

impl Counter {
    fn count(&self, label: &'static str, value: &str) {
        let mut labels = self.labels.clone();
        labels.push(Label::new(label, value.to_owned()));
        let key = Key::from_parts(self.name.clone(), labels);
        let register = |recorder: &dyn metrics::Recorder| {
            recorder.register_counter(&key, &metadata(self.module)).increment(1);
        };
        metrics::with_recorder(register);
    }
}
