//! The series of one family, by label set, up to a limit.
//!
//! Invariant: a label set has one series. Label sets beyond the limit share the overflow series, so
//! the family's totals stay right; how often that happened is counted.

use std::{
    borrow::Borrow,
    cmp::Ordering as Order,
    collections::BTreeSet,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::series::{Layout, Series};

/// Series of a family that come from label values known only at run time, unless the program says
/// otherwise; the same limit as `OpenTelemetry`'s SDK specification has for a metric stream.
pub(crate) const SERIES_MAX_DEFAULT: usize = 2_000;

/// Who asks for a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// A call site whose label values are part of the program: never turned away.
    Fixed,
    /// Anybody else: subject to the limit.
    Open,
}

pub(crate) struct Table<S> {
    series: RwLock<BTreeSet<ByLabels<S>>>,
    overflow: OnceLock<Arc<S>>,
    overflowed: AtomicU64,
}

impl<S: Series> Table<S> {
    pub(crate) const fn new() -> Self {
        Self {
            series: RwLock::new(BTreeSet::new()),
            overflow: OnceLock::new(),
            overflowed: AtomicU64::new(0),
        }
    }

    /// The series with these labels, made if it is missing; the overflow series beyond `series_max`;
    /// `None` when no words are left.
    pub(crate) fn get_or_create(
        &self,
        labels: &str,
        layout: Layout,
        limit: (Demand, usize),
        overflow_labels: impl FnOnce() -> String,
    ) -> Option<Found<S>> {
        if let Some(series) = self.get(labels) {
            return Some(Found::Series(series));
        }
        let mut all = self.series.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = all.get(labels) {
            return Some(Found::Series(Arc::clone(&found.0)));
        }
        // The overflow series is none of those that the limit is about.
        let series = all.len() - usize::from(self.overflow.get().is_some());
        if limit.0 == Demand::Open && series >= limit.1 {
            self.overflowed.fetch_add(1, Ordering::Relaxed);
            if self.overflow.get().is_none() {
                let series = Arc::new(S::create(overflow_labels().into(), layout)?);
                all.insert(ByLabels(Arc::clone(&series)));
                let _ = self.overflow.set(series);
            }
            return self.overflow.get().map(|series| Found::Overflow(Arc::clone(series)));
        }
        let Some(series) = S::create(labels.into(), layout) else {
            let overflow = self.overflow.get().map(|series| Found::Overflow(Arc::clone(series)));
            self.overflowed.fetch_add(u64::from(overflow.is_some()), Ordering::Relaxed);
            return overflow;
        };
        let series = Arc::new(series);
        all.insert(ByLabels(Arc::clone(&series)));
        Some(Found::Series(series))
    }

    /// Makes the overflow series beforehand, unseen until it is used, so that later a label set can always be
    /// answered; `false` when no words are left.
    pub(crate) fn reserve_overflow(&self, labels: impl FnOnce() -> String, layout: Layout) -> bool {
        let mut all = self.series.write().unwrap_or_else(PoisonError::into_inner);
        if self.overflow.get().is_some() {
            return true;
        }
        let Some(series) = S::create(labels().into(), layout) else { return false };
        series.hide();
        let series = Arc::new(series);
        all.insert(ByLabels(Arc::clone(&series)));
        self.overflow.set(series).is_ok()
    }

    /// The overflow series, if there is one.
    pub(crate) fn overflow(&self) -> Option<Arc<S>> {
        self.overflow.get().cloned()
    }

    pub(crate) fn get(&self, labels: &str) -> Option<Arc<S>> {
        let all = self.series.read().unwrap_or_else(PoisonError::into_inner);
        all.get(labels).map(|found| Arc::clone(&found.0))
    }

    /// Leaves the series out of the exposition. One that nobody else holds is gone; one that a handle
    /// or a call site holds reads zero and comes back when it counts again.
    pub(crate) fn remove(&self, labels: &str) -> bool {
        let mut all = self.series.write().unwrap_or_else(PoisonError::into_inner);
        let Some(ByLabels(series)) = all.take(labels) else { return false };
        if Arc::strong_count(&series) > 1 {
            series.hide();
            all.insert(ByLabels(series));
        }
        true
    }

    /// Makes this the only series; `None` when no words are left.
    pub(crate) fn set_only(&self, labels: &str, layout: Layout) -> Option<()> {
        let mut all = self.series.write().unwrap_or_else(PoisonError::into_inner);
        let only = match all.take(labels) {
            Some(known) => known,
            None => ByLabels(Arc::new(S::create(labels.into(), layout)?)),
        };
        *all = BTreeSet::from([only]);
        Some(())
    }

    /// Leaves all series out, by the rule of [`remove`](Self::remove).
    pub(crate) fn clear(&self) {
        let mut all = self.series.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|ByLabels(series)| {
            let is_held = Arc::strong_count(series) > 1;
            if is_held {
                series.hide();
            }
            is_held
        });
    }

    /// All series in the order of their labels. A copy, so that a scrape blocks no registration.
    pub(crate) fn snapshot(&self) -> Vec<Arc<S>> {
        let all = self.series.read().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|found| Arc::clone(&found.0)).collect()
    }

    /// How often a label set was turned to the overflow series.
    pub(crate) fn overflowed(&self) -> u64 {
        self.overflowed.load(Ordering::Relaxed)
    }
}

/// What a look-up found.
pub(crate) enum Found<S> {
    /// The label set's own series.
    Series(Arc<S>),
    /// The family is full.
    Overflow(Arc<S>),
}

impl<S> Found<S> {
    pub(crate) fn into_series(self) -> Arc<S> {
        match self {
            Self::Series(series) | Self::Overflow(series) => series,
        }
    }
}

/// Orders series by their labels, so that the text is kept once.
struct ByLabels<S>(Arc<S>);

impl<S: Series> Borrow<str> for ByLabels<S> {
    fn borrow(&self) -> &str {
        self.0.labels()
    }
}

impl<S: Series> PartialEq for ByLabels<S> {
    fn eq(&self, other: &Self) -> bool {
        self.0.labels() == other.0.labels()
    }
}

impl<S: Series> Eq for ByLabels<S> {}

impl<S: Series> PartialOrd for ByLabels<S> {
    fn partial_cmp(&self, other: &Self) -> Option<Order> {
        Some(self.cmp(other))
    }
}

impl<S: Series> Ord for ByLabels<S> {
    fn cmp(&self, other: &Self) -> Order {
        self.0.labels().cmp(other.0.labels())
    }
}
