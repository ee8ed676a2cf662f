//! A crate of which a program uses nothing but its statics.

use yardstick::{Counter, LabelSet, LabelValue, MetricSchema, track, track_calls};

/// Of what a label tells.
#[derive(Clone, Copy, LabelValue)]
pub enum Operation {
    /// Reading.
    Read,
    /// Writing.
    Write,
}

#[derive(LabelSet)]
struct Labels {
    operation: Operation,
}

#[derive(MetricSchema)]
#[metrics(namespace = "statics")]
struct StaticMetrics {
    /// Jobs by operation.
    jobs: Counter<Labels>,
}

/// Works.
#[track_calls("statics_calls", labels(operation: Operation = operation))]
pub fn work(operation: Operation) {
    StaticMetrics::jobs().with(&Labels { operation }).inc();
}

/// A store.
pub struct Store;

#[track("statics_store")]
impl Store {
    /// Is never called, by nobody.
    pub fn get(&self) {}
}

/// Modules of their own, which the compiler may put into units of their own.
pub mod one {
    /// Works.
    #[yardstick::track_calls("statics_one")]
    pub fn work() {}
}

/// As above.
pub mod two {
    #[yardstick::track_active("statics_two")]
    fn work() {}

    /// A function that is not measured.
    pub fn unused() {
        work();
    }
}
