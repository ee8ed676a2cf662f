//! What every process should expose (feature `process`): the metrics whose names and help texts Prometheus' page for
//! authors of client libraries fixes.

use crate::{
    data::{Descriptor, MetricFamily, Value},
    registry::Collector,
};
use yardstick_model::{Kind, Unit};

/// Gives the standard `process_*` metrics of this process, read when a registry is gathered.
///
/// What the platform cannot tell is left out: off Linux all of it, on Linux `process_heap_bytes`, which only an
/// allocator knows, and limits that there are not.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// registry.register_collector(yardstick::collectors::ProcessMetrics);
/// # #[cfg(target_os = "linux")]
/// assert!(registry.render().contains("# TYPE process_cpu_seconds_total counter\n"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessMetrics;

/// A metric's name without its unit, its kind, unit and help text, as they are fixed.
type Standard = (&'static str, Kind, Option<Unit>, &'static str);

const CPU: Standard = (
    "process_cpu_seconds_total",
    Kind::Counter,
    Some(Unit::Seconds),
    "Total user and system CPU time spent in seconds.",
);
const OPEN_FDS: Standard =
    ("process_open_fds", Kind::Gauge, None, "Number of open file descriptors.");
const MAX_FDS: Standard =
    ("process_max_fds", Kind::Gauge, None, "Maximum number of open file descriptors.");
const VIRTUAL_MEMORY: Standard = (
    "process_virtual_memory_bytes",
    Kind::Gauge,
    Some(Unit::Bytes),
    "Virtual memory size in bytes.",
);
const VIRTUAL_MEMORY_MAX: Standard = (
    "process_virtual_memory_max_bytes",
    Kind::Gauge,
    Some(Unit::Bytes),
    "Maximum amount of virtual memory available in bytes.",
);
const RESIDENT_MEMORY: Standard = (
    "process_resident_memory_bytes",
    Kind::Gauge,
    Some(Unit::Bytes),
    "Resident memory size in bytes.",
);
const START_TIME: Standard = (
    "process_start_time_seconds",
    Kind::Gauge,
    Some(Unit::Seconds),
    "Start time of the process since unix epoch in seconds.",
);
const THREADS: Standard =
    ("process_threads", Kind::Gauge, None, "Number of OS threads in the process.");

const ALL: [Standard; 8] = [
    CPU,
    OPEN_FDS,
    MAX_FDS,
    VIRTUAL_MEMORY,
    VIRTUAL_MEMORY_MAX,
    RESIDENT_MEMORY,
    START_TIME,
    THREADS,
];

impl Collector for ProcessMetrics {
    fn collect(&self) -> Vec<MetricFamily> {
        let values = platform::values();
        values.into_iter().map(|(standard, value)| family(standard, value)).collect()
    }

    fn describe(&self) -> Vec<Descriptor> {
        ALL.map(|(name, kind, unit, help)| {
            let mut descriptor = Descriptor::new(kind, name, help);
            descriptor.unit = unit;
            descriptor
        })
        .into()
    }
}

fn family((name, kind, unit, help): Standard, value: f64) -> MetricFamily {
    let value = match kind {
        Kind::Counter => Value::Counter { whole: 0, fraction: value },
        _ => Value::Gauge(value),
    };
    let family = MetricFamily::new(kind, name, help).with_series(&[], value);
    match unit {
        Some(unit) => family.with_unit(unit),
        None => family,
    }
}

#[cfg(target_os = "linux")]
mod platform {
    use procfs::{
        WithCurrentSystemInfo as _, boot_time_secs,
        process::{LimitValue, Process},
    };

    use super::{
        CPU, MAX_FDS, OPEN_FDS, RESIDENT_MEMORY, START_TIME, Standard, THREADS, VIRTUAL_MEMORY,
        VIRTUAL_MEMORY_MAX,
    };

    #[allow(clippy::cast_precision_loss, reason = "a sample's value is a double")]
    pub(super) fn values() -> Vec<(Standard, f64)> {
        let Ok(process) = Process::myself() else { return Vec::new() };
        let mut values = Vec::new();
        let mut add = |standard: Standard, value: Option<f64>| {
            values.extend(value.map(|value| (standard, value)));
        };
        let stat = process.stat().ok();
        let ticks_per_second = procfs::ticks_per_second() as f64;
        let cpu =
            |stat: &procfs::process::Stat| (stat.utime + stat.stime) as f64 / ticks_per_second;
        add(CPU, stat.as_ref().map(cpu));
        add(VIRTUAL_MEMORY, stat.as_ref().map(|stat| stat.vsize as f64));
        add(RESIDENT_MEMORY, stat.as_ref().map(|stat| stat.rss_bytes().get() as f64));
        add(THREADS, stat.as_ref().map(|stat| stat.num_threads as f64));
        let since_boot = stat.as_ref().map(|stat| stat.starttime as f64 / ticks_per_second);
        let boot = boot_time_secs().ok().map(|seconds| seconds as f64);
        add(START_TIME, boot.zip(since_boot).map(|(boot, since)| boot + since));
        add(OPEN_FDS, process.fd_count().ok().map(|count| count as f64));
        let limit = |value: LimitValue| match value {
            LimitValue::Value(limit) => Some(limit as f64),
            LimitValue::Unlimited => None,
        };
        let limits = process.limits().ok();
        add(MAX_FDS, limits.as_ref().and_then(|limits| limit(limits.max_open_files.soft_limit)));
        let memory = limits.as_ref().map(|limits| limits.max_address_space.soft_limit);
        add(VIRTUAL_MEMORY_MAX, memory.and_then(limit));
        values
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub(super) const fn values() -> Vec<(super::Standard, f64)> {
        Vec::new()
    }
}
