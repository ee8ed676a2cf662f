//! `TokioMetrics`: runtime metrics of tokio (feature `tokio`).

use tokio::runtime::{Handle, RuntimeMetrics};

use crate::{
    data::{Descriptor, MetricFamily, Value},
    registry::Collector,
};
use yardstick_model::{Kind, Unit};

/// Gives what tokio counts of its runtimes, read when a registry is gathered: nothing is added to what a task costs.
///
/// | metric | labels | |
/// |---|---|---|
/// | `tokio_workers` | `runtime` | threads that run tasks |
/// | `tokio_alive_tasks` | `runtime` | tasks that have not ended |
/// | `tokio_global_queue_tasks` | `runtime` | tasks that wait for any worker |
/// | `tokio_worker_busy_seconds_total` | `runtime`, `worker` | time that a worker was not asleep; its rate is how busy it is |
/// | `tokio_worker_parks_total` | `runtime`, `worker` | times that a worker went to sleep |
///
/// These are what tokio promises to keep; the last two are left out on machines without atomic integers of 64 bits,
/// where tokio does not count them.
///
/// # Examples
///
/// ```
/// use yardstick::{collectors::TokioMetrics, Registry};
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
/// let registry = Registry::new();
/// registry.register_collector(TokioMetrics::new().runtime("main", runtime.handle()));
/// assert_eq!(registry.sample_value("tokio_workers", &[("runtime", "main")]), Some(1.0));
/// ```
#[derive(Clone, Debug, Default)]
pub struct TokioMetrics {
    runtimes: Vec<(String, Handle)>,
}

impl TokioMetrics {
    /// Of no runtime.
    #[must_use]
    pub const fn new() -> Self {
        Self { runtimes: Vec::new() }
    }

    /// Of this runtime too, under this name. One that has that name already is replaced.
    #[must_use]
    pub fn runtime(mut self, name: impl Into<String>, handle: &Handle) -> Self {
        let name = name.into();
        self.runtimes.retain(|(other, _)| *other != name);
        self.runtimes.push((name, handle.clone()));
        self
    }

    /// A gauge with one series for each runtime.
    fn gauge(
        &self,
        (name, help): (&str, &str),
        read: impl Fn(&RuntimeMetrics) -> usize,
    ) -> MetricFamily {
        self.runtimes.iter().fold(MetricFamily::gauge(name, help), |family, (runtime, handle)| {
            #[allow(clippy::cast_precision_loss, reason = "tasks and threads stay below 2^53")]
            let value = read(&handle.metrics()) as f64;
            family.with_series(&[("runtime", runtime)], Value::Gauge(value))
        })
    }

    /// A counter with one series for each worker.
    #[cfg(target_has_atomic = "64")]
    fn counter(
        &self,
        (name, help): (&str, &str),
        read: impl Fn(&RuntimeMetrics, usize) -> Value,
    ) -> MetricFamily {
        let mut family = MetricFamily::counter(name, help);
        for (runtime, handle) in &self.runtimes {
            let metrics = handle.metrics();
            for worker in 0..metrics.num_workers() {
                let labels = [("runtime", runtime.as_str()), ("worker", &worker.to_string())];
                family = family.with_series(&labels, read(&metrics, worker));
            }
        }
        family
    }
}

const WORKERS: (&str, &str) = ("tokio_workers", "Threads of the runtime that run tasks.");
const ALIVE_TASKS: (&str, &str) =
    ("tokio_alive_tasks", "Tasks of the runtime that have not ended.");
const GLOBAL_QUEUE: (&str, &str) =
    ("tokio_global_queue_tasks", "Tasks of the runtime that wait for any of its workers.");
#[cfg(target_has_atomic = "64")]
const BUSY: (&str, &str) =
    ("tokio_worker_busy_seconds_total", "Time that a worker of the runtime was not asleep.");
#[cfg(target_has_atomic = "64")]
const PARKS: (&str, &str) =
    ("tokio_worker_parks_total", "Times that a worker of the runtime went to sleep.");

impl Collector for TokioMetrics {
    fn collect(&self) -> Vec<MetricFamily> {
        vec![
            self.gauge(WORKERS, RuntimeMetrics::num_workers),
            self.gauge(ALIVE_TASKS, RuntimeMetrics::num_alive_tasks),
            self.gauge(GLOBAL_QUEUE, RuntimeMetrics::global_queue_depth),
            #[cfg(target_has_atomic = "64")]
            self.counter(BUSY, |metrics, worker| Value::Counter {
                whole: 0,
                fraction: metrics.worker_total_busy_duration(worker).as_secs_f64(),
            })
            .with_unit(Unit::Seconds),
            #[cfg(target_has_atomic = "64")]
            self.counter(PARKS, |metrics, worker| Value::Counter {
                whole: metrics.worker_park_count(worker),
                fraction: 0.0,
            }),
        ]
    }

    fn describe(&self) -> Vec<Descriptor> {
        let described = [
            (WORKERS, Kind::Gauge),
            (ALIVE_TASKS, Kind::Gauge),
            (GLOBAL_QUEUE, Kind::Gauge),
            #[cfg(target_has_atomic = "64")]
            (BUSY, Kind::Counter),
            #[cfg(target_has_atomic = "64")]
            (PARKS, Kind::Counter),
        ];
        let runtimes: Vec<_> = self.runtimes.iter().map(|(name, _)| name.as_str()).collect();
        let of_workers = [BUSY.0, PARKS.0];
        let describe = |((name, help), kind): ((&str, &str), Kind)| {
            let descriptor = Descriptor::new(kind, name, help).with_label("runtime", &runtimes);
            if of_workers.contains(&name) {
                descriptor.with_label("worker", &[])
            } else {
                descriptor
            }
        };
        described.into_iter().map(describe).collect()
    }
}
