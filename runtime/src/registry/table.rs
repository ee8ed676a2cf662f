//! The series of one family, by label set, up to a limit.
//!
//! Invariants: a label set has one series, shown or removed. The limit is about the series that are shown: one that was
//! removed gives its place back at once, even while a handle to it is held. Nothing that is counted into a removed series is lost:
//! it is shown again by the next gather, and one that comes back to a full family is counted. Label sets beyond the
//! limit share the overflow series, so the family's totals stay right; how often that happened is counted.

use std::{
    borrow::Borrow,
    cmp::Ordering as Order,
    collections::BTreeSet,
    mem,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use yardstick_model::Kind;

use super::series::{Layout, Series};
use crate::{
    base::lock::{OnceLock, RwLock},
    cells::gathering,
    data::LabelText,
    labels::lookup::Lookup,
};

/// Series of a family that come from label values known only at run time, unless the program says
/// otherwise; the same limit as `OpenTelemetry`'s SDK specification has for a metric stream.
pub(crate) const SERIES_MAX_DEFAULT: usize = 2_000;

/// Series that a counter or gauge family may have before their first event; with more than that known
/// beforehand, none is made.
pub(crate) const ZERO_SERIES_MAX: usize = 100;

/// The same for a histogram, whose series are many lines each.
pub(crate) const ZERO_SERIES_MAX_HISTOGRAM: usize = 20;

/// Series that a family of this kind may have before their first event.
pub(crate) const fn zero_series_max(kind: Kind) -> usize {
    match kind {
        Kind::Histogram => ZERO_SERIES_MAX_HISTOGRAM,
        _ => ZERO_SERIES_MAX,
    }
}

/// Whether the limit of a family holds for who asks for a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeriesLimit {
    /// A call site whose label values are part of the program: never turned away.
    Exempt,
    /// Everybody else.
    Enforced,
}

pub(crate) struct Table<S> {
    /// How many series may be shown, unless call sites bring more.
    series_max: usize,
    shelves: RwLock<Shelves<S>>,
    overflow: OnceLock<Arc<S>>,
    overflowed: AtomicU64,
    beyond_limit: AtomicU64,
}

/// Removed series that are kept before those that no handle holds any more are swept.
const SWEEP_MIN: usize = 64;

struct Shelves<S> {
    /// What the limit is about, and the overflow series.
    shown: BTreeSet<ByLabels<S>>,
    /// What is shown, in order, as the last scrape saw it; none since a series came or went.
    copy: Option<Arc<[Arc<S>]>>,
    /// Series that were removed while a handle held them.
    removed: BTreeSet<ByLabels<S>>,
    /// How many removed ones there are when they are swept next.
    sweep_at: usize,
}

impl<S: Series> Table<S> {
    pub(crate) const fn new(series_max: usize) -> Self {
        Self {
            series_max,
            shelves: RwLock::new(Shelves {
                shown: BTreeSet::new(),
                copy: None,
                removed: BTreeSet::new(),
                sweep_at: SWEEP_MIN,
            }),
            overflow: OnceLock::new(),
            overflowed: AtomicU64::new(0),
            beyond_limit: AtomicU64::new(0),
        }
    }

    /// The series with these labels, made if it is missing; the overflow series beyond the limit;
    /// `None` when no words are left.
    pub(crate) fn get_or_create(
        &self,
        labels: &LabelText,
        layout: Layout,
        limit: SeriesLimit,
        overflow_labels: impl FnOnce() -> LabelText,
    ) -> Option<Lookup<Arc<S>>> {
        if let Some(series) = self.get(labels) {
            return Some(Lookup::Own(series));
        }
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = shelves.shown.get(labels) {
            return Some(Lookup::Own(Arc::clone(&found.0)));
        }
        if limit == SeriesLimit::Enforced && self.places(&shelves) >= self.series_max {
            self.overflowed.fetch_add(1, Ordering::Relaxed);
            if self.overflow.get().is_none() {
                let series = shelves.any(overflow_labels(), layout)?;
                let _ = self.overflow.set(series);
            }
            return self.overflow().map(Lookup::Overflow);
        }
        let Some(series) = shelves.any(labels.clone(), layout) else {
            let overflow = self.overflow().map(Lookup::Overflow);
            self.overflowed.fetch_add(u64::from(overflow.is_some()), Ordering::Relaxed);
            return overflow;
        };
        Some(Lookup::Own(series))
    }

    /// Series that have a place. The overflow series is none of those that the limit is about.
    fn places(&self, shelves: &Shelves<S>) -> usize {
        shelves.shown.len().saturating_sub(usize::from(self.overflow.get().is_some()))
    }

    /// Makes the overflow series beforehand, unseen until it is used, so that later a label set can always be
    /// answered; `false` when no words are left.
    pub(crate) fn reserve_overflow(
        &self,
        labels: impl FnOnce() -> LabelText,
        layout: Layout,
    ) -> bool {
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        if self.overflow.get().is_some() {
            return true;
        }
        let labels = labels();
        let is_known = shelves.shown.contains(&labels);
        let Some(series) = shelves.any(labels, layout) else { return false };
        if !is_known {
            series.hide();
        }
        self.overflow.set(series).is_ok()
    }

    /// The overflow series, if there is one.
    pub(crate) fn overflow(&self) -> Option<Arc<S>> {
        self.overflow.get().cloned()
    }

    /// The series with these labels, if it is shown.
    pub(crate) fn get(&self, labels: &LabelText) -> Option<Arc<S>> {
        let shelves = self.shelves.read().unwrap_or_else(PoisonError::into_inner);
        shelves.shown.get(labels).map(|found| Arc::clone(&found.0))
    }

    /// Leaves the series out of the exposition, and gives its place to the next label set. One that no handle holds
    /// is gone; one that a handle or a call site holds reads zero and comes back when it counts again.
    pub(crate) fn remove(&self, labels: &LabelText) -> bool {
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        let Some(ByLabels(series)) = shelves.shown_mut().take(labels) else { return false };
        self.put_away(&mut shelves, series);
        self.sweep_if_due(&mut shelves);
        true
    }

    fn put_away(&self, shelves: &mut Shelves<S>, mut series: Arc<S>) {
        // Not by a count alone: it must also be seen what the last holder did.
        if Arc::get_mut(&mut series).is_some() {
            return;
        }
        series.hide();
        let is_overflow = self.overflow.get().is_some_and(|known| Arc::ptr_eq(known, &series));
        let shelf = if is_overflow { shelves.shown_mut() } else { &mut shelves.removed };
        shelf.insert(ByLabels(series));
    }

    /// Makes this the only series; `None` when no words are left.
    pub(crate) fn set_only(&self, labels: &LabelText, layout: Layout) -> Option<()> {
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        let only = shelves.any(labels.clone(), layout)?;
        *shelves.shown_mut() = BTreeSet::from([ByLabels(only)]);
        shelves.removed.clear();
        Some(())
    }

    /// Leaves all series out, by the rule of [`remove`](Self::remove).
    pub(crate) fn clear(&self) {
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        for ByLabels(series) in mem::take(shelves.shown_mut()) {
            self.put_away(&mut shelves, series);
        }
        self.sweep_if_due(&mut shelves);
    }

    /// All series in the order of their labels, with those that were removed and have counted since. A copy, so that a
    /// scrape blocks no registration; the next scrape has the same one, unless a series came or went.
    pub(crate) fn snapshot(&self) -> Arc<[Arc<S>]> {
        {
            let shelves = self.shelves.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(copy) = shelves.copy.as_ref().filter(|_| shelves.removed.is_empty()) {
                return Arc::clone(copy);
            }
        }
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        if !shelves.removed.is_empty() {
            self.sweep(&mut shelves);
        }
        let Shelves { shown, copy, .. } = &mut *shelves;
        let all = || shown.iter().map(|found| Arc::clone(&found.0)).collect();
        Arc::clone(copy.get_or_insert_with(all))
    }

    fn sweep_if_due(&self, shelves: &mut Shelves<S>) {
        if shelves.removed.len() >= shelves.sweep_at {
            self.sweep(shelves);
            shelves.sweep_at = SWEEP_MIN.max(2 * shelves.removed.len());
        }
    }

    /// Shows the removed series that have counted since, and drops those that have not and that no handle holds.
    fn sweep(&self, shelves: &mut Shelves<S>) {
        let removed = mem::take(&mut shelves.removed);
        let mut dropped = Vec::new();
        let gathering = gathering();
        for ByLabels(mut series) in removed {
            // Looked at first, so that what the last holder counted is seen.
            let is_held = Arc::get_mut(&mut series).is_none();
            if !series.is_hidden_now(&gathering) {
                let is_beyond = self.places(shelves) >= self.series_max;
                self.beyond_limit.fetch_add(u64::from(is_beyond), Ordering::Relaxed);
                series.show();
                shelves.shown_mut().insert(ByLabels(series));
            } else if is_held {
                shelves.removed.insert(ByLabels(series));
            } else {
                dropped.push(series);
            }
        }
        // The release of words takes the lock itself.
        drop(gathering);
        drop(dropped);
    }

    pub(crate) fn limits_met(&self) -> LimitsMet {
        LimitsMet {
            overflowed: self.overflowed.load(Ordering::Relaxed),
            beyond_limit: self.beyond_limit.load(Ordering::Relaxed),
        }
    }
}

/// What happened at the limit of a family.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LimitsMet {
    /// How often a label set was turned to the overflow series.
    pub(crate) overflowed: u64,
    /// Removed series that counted again while the family was full.
    pub(crate) beyond_limit: u64,
}

impl<S: Series> Shelves<S> {
    /// To be changed: the copy, which holds the series too, goes first.
    fn shown_mut(&mut self) -> &mut BTreeSet<ByLabels<S>> {
        self.copy = None;
        &mut self.shown
    }

    /// The series with these labels, wherever it is, or a new one; shown from now on. `None` when no words are left.
    fn any(&mut self, labels: LabelText, layout: Layout) -> Option<Arc<S>> {
        if let Some(ByLabels(known)) = self.shown.get(&labels) {
            return Some(Arc::clone(known));
        }
        let series = match self.removed.take(&labels) {
            Some(ByLabels(known)) => {
                known.show();
                known
            }
            None => Arc::new(S::create(labels, layout)?),
        };
        self.shown_mut().insert(ByLabels(Arc::clone(&series)));
        Some(series)
    }
}

/// Orders series by their labels, so that the text is kept once.
struct ByLabels<S>(Arc<S>);

impl<S: Series> Borrow<LabelText> for ByLabels<S> {
    fn borrow(&self) -> &LabelText {
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
