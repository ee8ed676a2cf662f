//! Recording by name, for code whose metrics are known only when it runs.
//!
//! Invariants: a name means one family of one kind, whatever characters it was written with; two names that only look
//! alike once cleaned are never merged. What cannot be recorded changes nothing, is counted, and is said once.
//! A name and label set that this thread used before cost one look-up in a cache of its own: no lock and no allocation.

mod batch;
pub(crate) mod default;
mod future;
mod labels;
mod log;
mod name;
mod operation;
mod resolve;

use std::{
    fmt,
    future::Future,
    sync::{Arc, PoisonError, Weak},
};

use yardstick_model::{Kind, Location, Unit};

pub use self::{batch::Batch, future::TrackedFuture, labels::LabelPairs};
use self::{
    batch::Buffer,
    future::Begin,
    labels::with_texts,
    log::Log,
    name::Names,
    operation::Recorded,
    resolve::{Known, Wanted},
};
use crate::{
    base::lock::Mutex,
    handle::{
        Counter, CounterKind, Gauge, GaugeKind, Histogram, HistogramKind, InProgress, Summary,
        SummaryKind, Timer,
    },
    labels::lookup::Kept,
    registry::{RegisterError, Registry},
};

/// Records by name: for programs, and ports of programs, that make up their metrics while they run. Where names are
/// known beforehand, [schemas](crate::MetricSchema) and attributes are checked by the compiler and cost less.
///
/// # Names and labels
///
/// - A name is cleaned: characters other than letters, digits and `_` become `_` (`api-errors` is `api_errors`), and
///   one that begins with a digit gets a [prefix](Dynamic::with_digit_prefix) (`1st` is `_1st`). One without letters
///   and digits is refused.
/// - Counters end in `_total`, timings in `_seconds`, and so do histograms whose name ends in `duration`, `latency`,
///   `time` or `elapsed`: their values are seconds. So `record_histogram("request_duration", 0.5, ..)` and
///   `track_duration("request_duration", ..)` record into one family, `request_duration_seconds`.
/// - These suffixes may be written or left out: `requests`, `requests_total` and `requests.total` are one counter. All
///   other names that would become one are told apart: the first has it, the other is refused and counted.
/// - The first use of a name decides its kind and its label names. A later use that differs is refused.
/// - Label values are whatever can be displayed; see [`LabelPairs`].
/// - A label's name is cleaned likewise (`user-id` is `user_id`) and must begin with a letter. A label whose name does
///   not, or is reserved (`le` of a histogram, `quantile`), is left out and counted, and the rest is recorded. Two labels
///   of one name are refused, also when they only look alike once cleaned.
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
/// use yardstick::{dynamic::Dynamic, Registry};
///
/// let metrics = Dynamic::new(Registry::new());
/// metrics.increment_counter("api-errors", 1.0, &[("endpoint", "/query")]);
/// metrics.record_timing("db.query", 12.5, &[("table", "users")]);
/// {
///     let _active = metrics.track_active("jobs", &[]);
///     let _timer = metrics.track_duration("job", &[]);
/// }
/// let value = |name, labels| metrics.registry().sample_value(name, labels);
/// assert_eq!(value("api_errors_total", &[("endpoint", "/query")]), Some(1.0));
/// assert_eq!(value("db_query_seconds_count", &[("table", "users")]), Some(1.0));
/// assert_eq!(value("jobs", &[]), Some(0.0));
///
/// metrics.set_gauge("api-errors", 1.0, &[]);
/// metrics.increment_counter("api.errors", 1.0, &[("endpoint", "/query")]);
/// assert_eq!(metrics.errors().len(), 2);
/// ```
#[derive(Clone)]
pub struct Dynamic {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    names: Names,
    log: Log,
    counters: Known<CounterKind>,
    gauges: Known<GaugeKind>,
    histograms: Known<HistogramKind>,
    summaries: Known<SummaryKind>,
    batches: Mutex<Vec<Weak<Buffer>>>,
}

/// What a name that is described may have been used for.
const DESCRIBED: [(Kind, Option<Unit>); 5] = [
    (Kind::Counter, None),
    (Kind::Gauge, None),
    (Kind::Histogram, None),
    (Kind::Histogram, Some(Unit::Seconds)),
    (Kind::Summary, None),
];

/// Labels of one operation: names and values, in any order.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

impl Dynamic {
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
            counters: Known::new(),
            gauges: Known::new(),
            histograms: Known::new(),
            summaries: Known::new(),
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

    /// Gives a metric its help text, before or after its first use; the latest holds. A metric that is declared
    /// elsewhere keeps the text of its declaration.
    #[track_caller]
    pub fn describe(&self, name: &str, help: &str) {
        let Inner { registry, names, log, .. } = &*self.inner;
        if let Err(violation) = names.describe(name, help) {
            let location = Location::from_caller("", std::panic::Location::caller());
            let error = RegisterError::MetricName { name: name.to_owned(), violation, location };
            registry.count_refusal(&error);
            log.refused(name, error);
            return;
        }
        for (kind, unit) in DESCRIBED {
            let Ok(meant) = names.meant(name, kind, unit) else { continue };
            let family = registry.family_named(&meant.exposed_name());
            if let Some(family) = family.filter(|family| family.meta.kind == kind) {
                family.describe(meant.written, help);
            }
        }
    }

    /// Adds to a counter. Negative amounts, NaN and infinities are refused and counted.
    #[track_caller]
    pub fn increment_counter(&self, name: &str, amount: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::count(amount));
    }

    /// Sets a gauge.
    #[track_caller]
    pub fn set_gauge(&self, name: &str, value: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::set(value));
    }

    /// Adds to a gauge.
    #[track_caller]
    pub fn increment_gauge(&self, name: &str, amount: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::add(amount));
    }

    /// Subtracts from a gauge.
    #[track_caller]
    pub fn decrement_gauge(&self, name: &str, amount: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::subtract(amount));
    }

    /// Records an observation in a histogram with the default buckets, or those of its first use. If the name says that
    /// it is a duration, the value is in seconds.
    #[track_caller]
    pub fn record_histogram(&self, name: &str, value: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::observe(value));
    }

    /// As [`record_histogram`](Self::record_histogram), with the upper bounds of the buckets. The first use of the name
    /// decides them; later ones are recorded into what it decided.
    #[track_caller]
    pub fn record_histogram_with_buckets(
        &self,
        name: &str,
        value: f64,
        labels: impl LabelPairs,
        buckets: &[f64],
    ) {
        self.record(name, &labels, Recorded::observe(value).with_buckets(buckets));
    }

    /// Records an observation in a summary without quantiles.
    #[track_caller]
    pub fn record_summary(&self, name: &str, value: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::summarise(value));
    }

    /// Records a time in milliseconds, in a histogram of seconds: `query`, `query_ms` and `query_seconds` are all
    /// exposed as `query_seconds`. The first and the last are one metric; `query_ms` is another, and hence excludes them.
    #[track_caller]
    pub fn record_timing(&self, name: &str, milliseconds: f64, labels: impl LabelPairs) {
        self.record(name, &labels, Recorded::time(milliseconds));
    }

    /// Times a block, until the guard is dropped or stopped. Nothing is timed if the name is refused.
    #[track_caller]
    #[must_use = "dropping the guard ends what it times"]
    pub fn track_duration(&self, name: &str, labels: impl LabelPairs) -> Option<Timer> {
        self.timed(name, &labels).map(|histogram| histogram.start_timer())
    }

    /// Counts a block as in flight, until the guard is dropped.
    #[track_caller]
    #[must_use = "dropping the guard ends what it counts"]
    pub fn track_active(&self, name: &str, labels: impl LabelPairs) -> Option<InProgress> {
        self.active(name, &labels).map(|gauge| gauge.track_in_progress())
    }

    /// Times a future from its first poll until it is ready or dropped.
    #[track_caller]
    pub fn track_duration_of<F: Future>(
        &self,
        name: &str,
        labels: impl LabelPairs,
        future: F,
    ) -> TrackedFuture<F> {
        TrackedFuture::new(self.timed(name, &labels).map(Begin::Timing), future)
    }

    /// Counts a future as in flight from its first poll until it is ready or dropped.
    #[track_caller]
    pub fn track_active_of<F: Future>(
        &self,
        name: &str,
        labels: impl LabelPairs,
        future: F,
    ) -> TrackedFuture<F> {
        TrackedFuture::new(self.active(name, &labels).map(Begin::Flight), future)
    }

    #[track_caller]
    fn timed(&self, name: &str, labels: &impl LabelPairs) -> Option<Kept<Histogram>> {
        let wanted = Wanted::of(Kind::Histogram).in_unit(Unit::Seconds);
        with_texts(labels, |labels| {
            log::operation("track_duration", name, 0.0, labels);
            self.find::<HistogramKind>(name, labels, wanted)
        })
    }

    #[track_caller]
    fn active(&self, name: &str, labels: &impl LabelPairs) -> Option<Kept<Gauge>> {
        let wanted = Wanted::of(Kind::Gauge);
        with_texts(labels, |labels| {
            log::operation("track_active", name, 1.0, labels);
            self.find::<GaugeKind>(name, labels, wanted)
        })
    }

    /// The counter of a name and labels, to keep where it is hot.
    ///
    /// # Errors
    ///
    /// When the name is used already with another kind or other labels, or cannot be a name.
    #[track_caller]
    pub fn counter(&self, name: &str, labels: impl LabelPairs) -> Result<Counter, RegisterError> {
        self.handle_of::<CounterKind>(name, &labels, Wanted::of(Kind::Counter))
    }

    /// The gauge of a name and labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn gauge(&self, name: &str, labels: impl LabelPairs) -> Result<Gauge, RegisterError> {
        self.handle_of::<GaugeKind>(name, &labels, Wanted::of(Kind::Gauge))
    }

    /// The histogram of a name and labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn histogram(
        &self,
        name: &str,
        labels: impl LabelPairs,
    ) -> Result<Histogram, RegisterError> {
        self.handle_of::<HistogramKind>(name, &labels, Wanted::of(Kind::Histogram))
    }

    /// The summary of a name and labels.
    ///
    /// # Errors
    ///
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn summary(&self, name: &str, labels: impl LabelPairs) -> Result<Summary, RegisterError> {
        self.handle_of::<SummaryKind>(name, &labels, Wanted::of(Kind::Summary))
    }

    /// Collects operations, which are applied together when `work` has ended, also by a panic: no scrape sees some of
    /// them and not the others. What this thread records through the `Dynamic` meanwhile belongs to the batch, and a
    /// batch within the batch is part of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{dynamic::Dynamic, Registry};
    ///
    /// let metrics = Dynamic::new(Registry::new());
    /// metrics.batch(|batch| {
    ///     batch.increment_counter("orders", 1.0, &[]);
    ///     metrics.record_histogram("order_value", 99.5, &[]);
    ///     assert_eq!(metrics.registry().sample_value("orders_total", &[]), Some(0.0));
    /// });
    /// assert_eq!(metrics.registry().sample_value("orders_total", &[]), Some(1.0));
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
        open.iter().for_each(|buffer| buffer.apply());
    }
}

impl fmt::Debug for Dynamic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dynamic").field("registry", &self.inner.registry).finish_non_exhaustive()
    }
}
