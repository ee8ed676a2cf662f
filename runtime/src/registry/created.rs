//! The creation moment of a series.
//!
//! Invariant: the moment is read from the wall clock once, when the series is made, and again when it is reset; a clock
//! that jumps later moves nothing.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use super::Registry;
use crate::base::lock::LazyLock;

/// What turns `_created` samples off for a program that cannot be changed, as the client for Python has it.
const DISABLING_VARIABLE: &str = "PROMETHEUS_DISABLE_CREATED_SERIES";

/// The moment from which a series counts, to the millisecond.
#[derive(Debug)]
pub(crate) struct Created {
    unix_milliseconds: AtomicU64,
}

impl Created {
    /// This moment.
    pub(crate) fn now() -> Self {
        Self { unix_milliseconds: AtomicU64::new(unix_milliseconds_now()) }
    }

    /// Moves it to this moment.
    pub(crate) fn renew(&self) {
        self.unix_milliseconds.store(unix_milliseconds_now(), Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> SystemTime {
        let milliseconds = self.unix_milliseconds.load(Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
    }
}

fn unix_milliseconds_now() -> u64 {
    // A clock that is set to before 1970 knows nothing about now.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl Registry {
    /// Whether `OpenMetrics` expositions tell when each series began to count, in samples that end in `_created`: they do
    /// unless this, or the variable `PROMETHEUS_DISABLE_CREATED_SERIES`, says otherwise. A Prometheus server that does
    /// not read them as what they are stores a series more for each.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// registry.counter("jobs").help("Jobs.").register()?.inc();
    /// assert!(registry.render_openmetrics().contains("\njobs_created 1"));
    /// registry.expose_created(false);
    /// assert!(!registry.render_openmetrics().contains("_created"));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn expose_created(&self, is_exposed: bool) {
        self.inner.exposes_created.store(is_exposed, Ordering::Relaxed);
    }

    pub(crate) fn exposes_created(&self) -> bool {
        static IS_DISABLED: LazyLock<bool> =
            LazyLock::new(|| disables(&std::env::var(DISABLING_VARIABLE).unwrap_or_default()));
        self.inner.exposes_created.load(Ordering::Relaxed) && !*IS_DISABLED
    }
}

/// Whether a variable's value means yes; the words are those of the client for Python.
fn disables(value: &str) -> bool {
    ["true", "1", "t"].contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::disables;

    #[test]
    fn the_variable_is_read_as_the_client_for_python_reads_it() {
        assert!(["True", "true", "1", "t", "T"].into_iter().all(disables));
        assert!(!["", "0", "false", "no", "yes"].into_iter().any(disables));
    }
}
