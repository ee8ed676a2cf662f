//! What recording turned away, counted for the whole process, and what the log is told.

use std::sync::atomic::{AtomicU64, Ordering};

/// Tells whoever runs the program: as a warning of `tracing` where a subscriber listens, else on the standard error.
pub(crate) fn warn(message: &str) {
    #[cfg(feature = "tracing")]
    if tracing::event_enabled!(tracing::Level::WARN) {
        tracing::warn!("{message}");
        return;
    }
    eprintln!("yardstick: {message}");
}

/// Why an amount was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// An infinity.
    Infinite,
    /// No words are left for the cell that would hold it.
    Memory,
    /// Not a number.
    Nan,
    /// A call site inside the toolkit's own slow path: a global allocator with an attribute.
    Reentrant,
    /// A negative increment of a counter, or a negative duration.
    Negative,
    /// A state that a state set does not have.
    State,
    /// A duration for a metric whose unit is another.
    Unit,
}

impl Refusal {
    pub(crate) const ALL: [Self; 7] = [
        Self::Infinite,
        Self::Memory,
        Self::Nan,
        Self::Negative,
        Self::Reentrant,
        Self::State,
        Self::Unit,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Infinite => "infinite",
            Self::Memory => "memory",
            Self::Nan => "nan",
            Self::Negative => "negative",
            Self::Reentrant => "reentrant",
            Self::State => "state",
            Self::Unit => "unit",
        }
    }

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

static REFUSED: [AtomicU64; Refusal::ALL.len()] = [const { AtomicU64::new(0) }; Refusal::ALL.len()];

/// Counts observations that were not recorded.
#[cold]
pub(crate) fn refuse(refusal: Refusal, count: u64) {
    REFUSED[refusal as usize].fetch_add(count, Ordering::Relaxed);
}

/// Observations of the whole process that were not recorded, for this reason.
pub(crate) fn refused(refusal: Refusal) -> u64 {
    REFUSED[refusal as usize].load(Ordering::Relaxed)
}

static LABELS_SKIPPED: AtomicU64 = AtomicU64::new(0);

/// Counts a label that was left out because its name cannot be one.
#[cold]
pub(crate) fn skip_label() {
    LABELS_SKIPPED.fetch_add(1, Ordering::Relaxed);
}

/// Labels of the whole process that were left out.
pub(crate) fn labels_skipped() -> u64 {
    LABELS_SKIPPED.load(Ordering::Relaxed)
}
