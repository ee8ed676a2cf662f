//! Batches: operations that a scrape sees together or not at all.
//!
//! Invariants: an operation is in the buffer or applied, never both and never neither, whatever unwinds. A thread has at
//! most one open buffer for a `Dynamic`: batches within a batch share that of the outermost. Buffers are applied under
//! the registry's lock for batches, which scrapes share and a batch has alone: a scrape sees all of a batch or nothing.

use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, PoisonError, Weak},
};

use super::{Dynamic, LabelPairs, TrackedFuture, operation::Operation};
use crate::{
    base::lock::Mutex,
    dynamic::operation::Recorded,
    handle::{Counter, Gauge, Histogram, InProgress, Summary, Timer},
    registry::{RegisterError, Registry},
};

/// Operations that a batch keeps; with more, it is applied in parts. At 24 bytes each, a megabyte and a half.
const OPERATIONS_MAX: usize = 65_536;

thread_local! {
    /// The buffers of the batches that this thread began, and what `Dynamic` each is of.
    static OPEN: RefCell<Vec<(usize, Weak<Buffer>)>> = const { RefCell::new(Vec::new()) };
}

/// Operations that are collected, and applied together when this is dropped; see [`Dynamic::batch`].
///
/// What the thread that began it records through the `Dynamic` meanwhile belongs to it too, and a batch that is begun
/// within it is part of it. Handles and guards record at once, as they do everywhere.
///
/// Up to 65,536 operations are kept; with more, the batch is applied in parts. Applying waits for scrapes that are
/// under way, and scrapes that begin meanwhile wait for it. A batch may be shared between threads, and be dropped by
/// another one than began it. A task that may change its thread at an `.await` should record through the batch itself.
pub struct Batch {
    dynamic: Dynamic,
    buffer: Arc<Buffer>,
}

/// What a batch has collected; applied when the last batch that shares it is dropped.
pub(super) struct Buffer {
    registry: Registry,
    operations: Mutex<Vec<Operation>>,
}

impl Buffer {
    pub(super) fn keep(&self, operation: Operation) {
        let is_full = {
            let mut kept = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(operation);
            kept.len() >= OPERATIONS_MAX
        };
        if is_full {
            self.apply();
        }
    }

    pub(super) fn apply(&self) {
        let operations = {
            let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *operations)
        };
        if !operations.is_empty() {
            self.registry.atomically(|| operations.into_iter().for_each(Operation::apply));
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.apply();
    }
}

impl Dynamic {
    /// The buffer of the batch that this thread is in.
    #[inline]
    pub(super) fn open_buffer(&self) -> Option<Arc<Buffer>> {
        let own = self.address();
        let open = |open: &RefCell<Vec<(usize, Weak<Buffer>)>>| {
            let open = open.try_borrow().ok()?;
            let mut of_this = open.iter().filter(|(address, _)| *address == own);
            of_this.find_map(|(_, buffer)| buffer.upgrade())
        };
        OPEN.try_with(open).ok().flatten()
    }

    /// What tells this `Dynamic` from all others, as long as a batch of it is open.
    fn address(&self) -> usize {
        Arc::as_ptr(&self.inner).addr()
    }
}

impl Batch {
    pub(super) fn new(dynamic: Dynamic) -> Self {
        let buffer = dynamic.open_buffer().unwrap_or_else(|| Self::open(&dynamic));
        Self { dynamic, buffer }
    }

    fn open(dynamic: &Dynamic) -> Arc<Buffer> {
        let registry = dynamic.inner.registry.clone();
        let buffer = Arc::new(Buffer { registry, operations: Mutex::default() });
        let mut batches = dynamic.inner.batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.retain(|batch| batch.strong_count() > 0);
        batches.push(Arc::downgrade(&buffer));
        drop(batches);
        // Fails only while the thread ends; then only the batch's own methods reach it.
        let _ = OPEN.try_with(|open| {
            if let Ok(mut open) = open.try_borrow_mut() {
                open.retain(|(_, buffer)| buffer.strong_count() > 0);
                open.push((dynamic.address(), Arc::downgrade(&buffer)));
            }
        });
        buffer
    }

    /// Applies what was collected so far.
    pub fn flush(&self) {
        self.buffer.apply();
    }

    /// See [`Dynamic::describe`].
    #[track_caller]
    pub fn describe(&self, name: &str, help: &str) {
        self.dynamic.describe(name, help);
    }

    /// See [`Dynamic::increment_counter`].
    #[track_caller]
    pub fn increment_counter(&self, name: &str, amount: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::count(amount));
    }

    /// See [`Dynamic::set_gauge`].
    #[track_caller]
    pub fn set_gauge(&self, name: &str, value: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::set(value));
    }

    /// See [`Dynamic::increment_gauge`].
    #[track_caller]
    pub fn increment_gauge(&self, name: &str, amount: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::add(amount));
    }

    /// See [`Dynamic::decrement_gauge`].
    #[track_caller]
    pub fn decrement_gauge(&self, name: &str, amount: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::subtract(amount));
    }

    /// See [`Dynamic::record_histogram`].
    #[track_caller]
    pub fn record_histogram(&self, name: &str, value: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::observe(value));
    }

    /// See [`Dynamic::record_histogram_with_buckets`].
    #[track_caller]
    pub fn record_histogram_with_buckets(
        &self,
        name: &str,
        value: f64,
        labels: impl LabelPairs,
        buckets: &[f64],
    ) {
        self.keep(name, &labels, Recorded::observe(value).with_buckets(buckets));
    }

    /// See [`Dynamic::record_summary`].
    #[track_caller]
    pub fn record_summary(&self, name: &str, value: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::summarise(value));
    }

    /// See [`Dynamic::record_timing`].
    #[track_caller]
    pub fn record_timing(&self, name: &str, milliseconds: f64, labels: impl LabelPairs) {
        self.keep(name, &labels, Recorded::time(milliseconds));
    }

    /// See [`Dynamic::track_duration`]: recorded when the guard is dropped, in the batch or after it.
    #[track_caller]
    #[must_use = "dropping the guard ends what it times"]
    pub fn track_duration(&self, name: &str, labels: impl LabelPairs) -> Option<Timer> {
        self.dynamic.track_duration(name, labels)
    }

    /// See [`Dynamic::track_active`]: recorded at once, as what is in flight.
    #[track_caller]
    #[must_use = "dropping the guard ends what it counts"]
    pub fn track_active(&self, name: &str, labels: impl LabelPairs) -> Option<InProgress> {
        self.dynamic.track_active(name, labels)
    }

    /// See [`Dynamic::track_duration_of`].
    #[track_caller]
    pub fn track_duration_of<F: Future>(
        &self,
        name: &str,
        labels: impl LabelPairs,
        future: F,
    ) -> TrackedFuture<F> {
        self.dynamic.track_duration_of(name, labels, future)
    }

    /// See [`Dynamic::track_active_of`].
    #[track_caller]
    pub fn track_active_of<F: Future>(
        &self,
        name: &str,
        labels: impl LabelPairs,
        future: F,
    ) -> TrackedFuture<F> {
        self.dynamic.track_active_of(name, labels, future)
    }

    /// See [`Dynamic::counter`].
    ///
    /// # Errors
    ///
    /// As [`Dynamic::counter`].
    #[track_caller]
    pub fn counter(&self, name: &str, labels: impl LabelPairs) -> Result<Counter, RegisterError> {
        self.dynamic.counter(name, labels)
    }

    /// See [`Dynamic::gauge`].
    ///
    /// # Errors
    ///
    /// As [`Dynamic::counter`].
    #[track_caller]
    pub fn gauge(&self, name: &str, labels: impl LabelPairs) -> Result<Gauge, RegisterError> {
        self.dynamic.gauge(name, labels)
    }

    /// See [`Dynamic::histogram`].
    ///
    /// # Errors
    ///
    /// As [`Dynamic::counter`].
    #[track_caller]
    pub fn histogram(
        &self,
        name: &str,
        labels: impl LabelPairs,
    ) -> Result<Histogram, RegisterError> {
        self.dynamic.histogram(name, labels)
    }

    /// See [`Dynamic::summary`].
    ///
    /// # Errors
    ///
    /// As [`Dynamic::counter`].
    #[track_caller]
    pub fn summary(&self, name: &str, labels: impl LabelPairs) -> Result<Summary, RegisterError> {
        self.dynamic.summary(name, labels)
    }

    fn keep(&self, name: &str, labels: &impl LabelPairs, recorded: Recorded<'_>) {
        if let Some(operation) = self.dynamic.operation(name, labels, recorded) {
            self.buffer.keep(operation);
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("dynamic", &self.dynamic).finish_non_exhaustive()
    }
}
