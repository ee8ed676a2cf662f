//! What recording turned away, counted for the whole process, and what the log is told.

use std::{
    collections::BTreeSet,
    sync::{
        PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    causes::{Cause, Counted, causes},
    lock::Mutex,
};

/// Warns the operator of the program: as a warning of `tracing` where a subscriber listens, else on the standard error.
pub(crate) fn warn(message: &str) {
    #[cfg(feature = "tracing")]
    if tracing::event_enabled!(tracing::Level::WARN) {
        tracing::warn!("{message}");
        return;
    }
    eprintln!("yardstick: {message}");
}

/// Messages that are remembered as told; what is new beyond them is counted, as all of them are, and not told.
const TOLD_MAX: usize = 1_000;

/// As [`warn`], each message once: for errors of calls that cannot return one.
#[cold]
pub(crate) fn warn_once(message: &str) {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    {
        let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= TOLD_MAX || told.contains(message) {
            return;
        }
        told.insert(message.to_owned());
    }
    warn(message);
}

causes! {
    /// Why an amount was not recorded.
    pub(crate) enum Refusal {
        /// An infinity, or an amount that would make a sum infinite.
        Infinite = "infinite",
        /// No words are left for the cell that would hold it.
        Memory = "memory",
        /// Not a number.
        Nan = "nan",
        /// A negative increment of a counter, or a negative duration.
        Negative = "negative",
        /// More observations at once than a histogram counts.
        Overflow = "overflow",
        /// A call site inside the toolkit's own slow path: a global allocator with an attribute.
        Reentrant = "reentrant",
        /// A state that a state set does not have.
        State = "state",
        /// A duration for a metric whose unit is another.
        Unit = "unit",
    }
}

impl Refusal {
    /// Why `value` cannot enter a sum.
    pub(crate) const fn of_observation(value: f64) -> Option<Self> {
        if value.is_nan() {
            Some(Self::Nan)
        } else if value.is_infinite() {
            Some(Self::Infinite)
        } else {
            None
        }
    }

    /// Why `amount` cannot be added to a counter.
    pub(crate) const fn of_increment(amount: f64) -> Option<Self> {
        match Self::of_observation(amount) {
            None if amount < 0.0 => Some(Self::Negative),
            refusal => refusal,
        }
    }
}

/// Observations of the whole process that were not recorded.
pub(crate) static REFUSED: Counted<Refusal, { Refusal::ALL.len() }> = Counted::new();

/// Counts observations that were not recorded.
#[cold]
pub(crate) fn refuse(refusal: Refusal, count: u64) {
    REFUSED.add(refusal, count);
}

static LABELS_SKIPPED: AtomicU64 = AtomicU64::new(0);

/// Counts a label that was left out because its name cannot be one.
#[cold]
pub(crate) fn skip_label() {
    LABELS_SKIPPED.fetch_add(1, Ordering::Relaxed);
}

static DESCRIPTIONS_DROPPED: AtomicU64 = AtomicU64::new(0);

/// Counts a help text of a name beyond those that may be described.
#[cold]
pub(crate) fn drop_description() {
    DESCRIPTIONS_DROPPED.fetch_add(1, Ordering::Relaxed);
}

/// Help texts of the whole process that were not kept.
pub(crate) fn descriptions_dropped() -> u64 {
    DESCRIPTIONS_DROPPED.load(Ordering::Relaxed)
}

static LABEL_VALUES_CUT: AtomicU64 = AtomicU64::new(0);

/// Counts a label value that was longer than one may be.
#[cold]
pub(crate) fn cut_label_value() {
    LABEL_VALUES_CUT.fetch_add(1, Ordering::Relaxed);
}

/// Label values of the whole process that were cut.
pub(crate) fn label_values_cut() -> u64 {
    LABEL_VALUES_CUT.load(Ordering::Relaxed)
}

/// Labels of the whole process that were left out.
pub(crate) fn labels_skipped() -> u64 {
    LABELS_SKIPPED.load(Ordering::Relaxed)
}
