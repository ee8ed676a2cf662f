//! Recording by name, for code whose metrics are known only when it runs.
//!
//! Invariants: a name means one family of one kind, whatever characters it was written with; two names that only look
//! alike once sanitised are never merged. What cannot be recorded changes nothing, is counted, and is said once.
//! A name and label set that this thread used before cost one look-up in a cache of its own: no lock and no allocation.

mod batch;
mod log;
mod name;
mod resolve;

use std::{
    fmt,
    future::Future,
    sync::{Arc, PoisonError, Weak},
};

use yardstick_model::Kind;

pub use self::batch::Batch;
use self::{batch::Buffer, log::Log, name::Names, resolve::Wanted};
use crate::{
    Counter, Gauge, Histogram, InProgress, RegisterError, Registry, Summary, Timer,
    default_registry,
    handle::{CounterKind, GaugeKind, HistogramKind, SummaryKind},
    locks::{LazyLock, Mutex},
    site::LateId,
};

/// Records by name: for programs, and ports of programs, that make up their metrics while they run. Where names are
/// known beforehand, [schemas](crate::MetricSchema) and attributes are checked by the compiler and cost less.
///
/// # Names and labels
///
/// - A name is sanitised: characters other than letters, digits and `_` become `_` (`api-errors` is `api_errors`), and
///   one that begins with a digit gets a [prefix](Collector::with_digit_prefix) (`1st` is `_1st`). Counters end in
///   `_total`, timings in `_seconds`. Two names that would become one are told apart: the first has it, the other is
///   refused and counted.
/// - The first use of a name decides its kind and its label names. A later use that differs is refused.
/// - A label with an invalid or reserved name is left out, and the rest is recorded.
///
/// # What goes wrong
///
/// Recording never fails and never panics. What is refused or left out is counted, in
/// `yardstick_registrations_refused_total` and `yardstick_labels_skipped_total`; it is said once for each name, as a
/// warning through `tracing` (feature `tracing`) and by [`errors`](Self::errors). The methods that answer with a handle
/// return the error instead. With the feature, every operation is an event at debug level.
///
/// # Examples
///
/// ```
/// use yardstick::{Collector, Registry};
///
/// let collector = Collector::new(Registry::new());
/// collector.increment_counter("api-errors", 1.0, &[("endpoint", "/query")]);
/// collector.record_timing("db.query", 12.5, &[("table", "users")]);
/// {
///     let _active = collector.track_active("jobs", &[]);
///     let _timer = collector.track_duration("job", &[]);
/// }
/// let value = |name, labels| collector.registry().get_sample_value(name, labels);
/// assert_eq!(value("api_errors_total", &[("endpoint", "/query")]), Some(1.0));
/// assert_eq!(value("db_query_seconds_count", &[("table", "users")]), Some(1.0));
/// assert_eq!(value("jobs", &[]), Some(0.0));
///
/// collector.set_gauge("api-errors", 1.0, &[]);
/// collector.increment_counter("api.errors", 1.0, &[("endpoint", "/query")]);
/// assert_eq!(collector.errors().len(), 2);
/// ```
#[derive(Clone)]
pub struct Collector {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    names: Names,
    log: Log,
    /// Identities of this collector's entries in the caches of threads.
    counters: LateId,
    gauges: LateId,
    histograms: LateId,
    summaries: LateId,
    batches: Mutex<Vec<Weak<Buffer>>>,
}

/// Labels of one operation: names and values, in any order.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

impl Collector {
    /// Records into `registry`.
    #[must_use]
    pub fn new(registry: Registry) -> Self {
        Self::with_digit_prefix(registry, "_")
    }

    /// Records into `registry`, with a prefix of one's own for names that begin with a digit: with `m_`, `1st`
    /// becomes `m_1st`.
    #[must_use]
    pub fn with_digit_prefix(registry: Registry, prefix: &str) -> Self {
        let inner = Inner {
            registry,
            names: Names::new(prefix),
            log: Log::default(),
            counters: LateId::next(),
            gauges: LateId::next(),
            histograms: LateId::next(),
            summaries: LateId::next(),
            batches: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The registry that it records into.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// What was refused, once for each name and reason, up to a thousand.
    #[must_use]
    pub fn errors(&self) -> Vec<RegisterError> {
        self.inner.log.errors()
    }

    /// Gives a metric its help text, before or after its first use.
    #[track_caller]
    pub fn describe(&self, name: &str, help: &str) {
        self.inner.names.describe(name, help);
    }

    /// Adds to a counter. Negative amounts, NaN and infinities are refused and counted.
    #[track_caller]
    pub fn increment_counter(&self, name: &str, amount: f64, labels: Labels<'_>) {
        log::operation("increment_counter", name, amount, labels);
        self.with::<CounterKind>(name, labels, Wanted::of(Kind::Counter), |c| {
            c.inc_by_f64(amount);
        });
    }

    /// Sets a gauge.
    #[track_caller]
    pub fn set_gauge(&self, name: &str, value: f64, labels: Labels<'_>) {
        log::operation("set_gauge", name, value, labels);
        self.with::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge), |gauge| gauge.set(value));
    }

    /// Adds to a gauge.
    #[track_caller]
    pub fn increment_gauge(&self, name: &str, amount: f64, labels: Labels<'_>) {
        log::operation("increment_gauge", name, amount, labels);
        self.with::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge), |g| g.inc_by(amount));
    }

    /// Subtracts from a gauge.
    #[track_caller]
    pub fn decrement_gauge(&self, name: &str, amount: f64, labels: Labels<'_>) {
        log::operation("decrement_gauge", name, amount, labels);
        self.with::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge), |g| g.dec_by(amount));
    }

    /// Records an observation in a histogram with the default buckets, or those of its first use.
    #[track_caller]
    pub fn record_histogram(&self, name: &str, value: f64, labels: Labels<'_>) {
        log::operation("record_histogram", name, value, labels);
        let wanted = Wanted::of(Kind::Histogram);
        self.with::<HistogramKind>(name, labels, wanted, |h| h.observe(value));
    }

    /// As [`record_histogram`](Self::record_histogram), with the upper bounds of the buckets. The first use of the name
    /// decides them; later ones are recorded into what it decided.
    #[track_caller]
    pub fn record_histogram_with_buckets(
        &self,
        name: &str,
        value: f64,
        labels: Labels<'_>,
        buckets: &[f64],
    ) {
        log::operation("record_histogram", name, value, labels);
        let wanted = Wanted::of(Kind::Histogram).with_buckets(buckets);
        self.with::<HistogramKind>(name, labels, wanted, |h| h.observe(value));
    }

    /// Records an observation in a summary without quantiles.
    #[track_caller]
    pub fn record_summary(&self, name: &str, value: f64, labels: Labels<'_>) {
        log::operation("record_summary", name, value, labels);
        self.with::<SummaryKind>(name, labels, Wanted::of(Kind::Summary), |s| s.observe(value));
    }

    /// Records a time in milliseconds, in a histogram of seconds: `query`, `query_ms` and `query_seconds` are all
    /// exposed as `query_seconds`, and hence exclude each other.
    #[track_caller]
    pub fn record_timing(&self, name: &str, milliseconds: f64, labels: Labels<'_>) {
        log::operation("record_timing", name, milliseconds, labels);
        self.with::<HistogramKind>(name, labels, Wanted::timing(), |histogram| {
            histogram.observe(milliseconds / 1e3);
        });
    }

    /// Times a block, until the guard is dropped or stopped. Nothing is timed if the name is refused.
    #[track_caller]
    #[must_use = "dropping the guard ends what it times"]
    pub fn track_duration(&self, name: &str, labels: Labels<'_>) -> Option<Timer> {
        log::operation("track_duration", name, 0.0, labels);
        self.find::<HistogramKind>(name, labels, Wanted::timing()).map(|h| h.start_timer())
    }

    /// Counts a block as in flight, until the guard is dropped.
    #[track_caller]
    #[must_use = "dropping the guard ends what it counts"]
    pub fn track_active(&self, name: &str, labels: Labels<'_>) -> Option<InProgress> {
        log::operation("track_active", name, 1.0, labels);
        let gauge = self.find::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge));
        gauge.map(|gauge| gauge.track_in_progress())
    }

    /// Times a future from its first poll until it is ready or dropped.
    #[track_caller]
    pub fn track_duration_of<F: Future>(
        &self,
        name: &str,
        labels: Labels<'_>,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        log::operation("track_duration", name, 0.0, labels);
        let histogram = self.find::<HistogramKind>(name, labels, Wanted::timing());
        async move {
            let _timer = histogram.map(|histogram| histogram.start_timer());
            future.await
        }
    }

    /// Counts a future as in flight from its first poll until it is ready or dropped.
    #[track_caller]
    pub fn track_active_of<F: Future>(
        &self,
        name: &str,
        labels: Labels<'_>,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        log::operation("track_active", name, 1.0, labels);
        let gauge = self.find::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge));
        async move {
            let _active = gauge.map(|gauge| gauge.track_in_progress());
            future.await
        }
    }

    /// The counter of a name and labels, to keep where it is hot.
    ///
    /// # Errors
    ///
    /// When the name is used already with another kind or other labels, or cannot be a name.
    #[track_caller]
    pub fn counter(&self, name: &str, labels: Labels<'_>) -> Result<Counter, RegisterError> {
        self.resolve::<CounterKind>(name, labels, Wanted::of(Kind::Counter))
            .map(|(handle, _)| handle)
    }

    /// The gauge of a name and labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn gauge(&self, name: &str, labels: Labels<'_>) -> Result<Gauge, RegisterError> {
        self.resolve::<GaugeKind>(name, labels, Wanted::of(Kind::Gauge)).map(|(handle, _)| handle)
    }

    /// The histogram of a name and labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn histogram(&self, name: &str, labels: Labels<'_>) -> Result<Histogram, RegisterError> {
        let wanted = Wanted::of(Kind::Histogram);
        self.resolve::<HistogramKind>(name, labels, wanted).map(|(handle, _)| handle)
    }

    /// The summary of a name and labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn summary(&self, name: &str, labels: Labels<'_>) -> Result<Summary, RegisterError> {
        self.resolve::<SummaryKind>(name, labels, Wanted::of(Kind::Summary))
            .map(|(handle, _)| handle)
    }

    /// Collects operations, which are applied together when `work` has ended, also by a panic: no scrape sees some of
    /// them and not the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{Collector, Registry};
    ///
    /// let collector = Collector::new(Registry::new());
    /// collector.batch(|batch| {
    ///     batch.increment_counter("orders", 1.0, &[]);
    ///     batch.record_histogram("order_value", 99.5, &[]);
    ///     assert_eq!(collector.registry().get_sample_value("orders_total", &[]), Some(0.0));
    /// });
    /// assert_eq!(collector.registry().get_sample_value("orders_total", &[]), Some(1.0));
    /// ```
    pub fn batch<R>(&self, work: impl FnOnce(&Batch) -> R) -> R {
        let batch = self.start_batch();
        work(&batch)
    }

    /// Begins a batch, which is applied when the guard is dropped, also while unwinding: what was recorded before a
    /// panic happened.
    #[must_use = "dropping the batch applies it"]
    pub fn start_batch(&self) -> Batch {
        Batch::new(self.clone())
    }

    /// Applies what all open batches have collected so far. What is recorded without a batch is applied at once.
    pub fn flush(&self) {
        let mut batches = self.inner.batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.retain(|batch| batch.strong_count() > 0);
        let open: Vec<_> = batches.iter().filter_map(Weak::upgrade).collect();
        drop(batches);
        open.iter().for_each(|buffer| buffer.apply(&self.inner.registry));
    }
}

/// Records into the default registry, which the exporter serves.
#[must_use]
pub fn collector() -> &'static Collector {
    static COLLECTOR: LazyLock<Collector> =
        LazyLock::new(|| Collector::new(default_registry().clone()));
    &COLLECTOR
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").field("registry", &self.inner.registry).finish_non_exhaustive()
    }
}
