//! The series of infos and state sets, which hold no counters.
//!
//! Invariant: a state set is always in one of its states. They need no words, because nothing is added to them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::series::{Layout, Series};
use crate::{cells::Gathering, data::LabelText};

/// FamilyMeta, as labels.
#[derive(Debug)]
pub(crate) struct InfoSeries {
    labels: LabelText,
    hidden: AtomicBool,
}

impl InfoSeries {
    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }
}

impl Series for InfoSeries {
    fn create(labels: LabelText, _: Layout) -> Option<Self> {
        Some(Self { labels, hidden: AtomicBool::new(false) })
    }

    fn labels(&self) -> &LabelText {
        &self.labels
    }

    fn hide(&self) {
        self.hidden.store(true, Ordering::Relaxed);
    }

    fn hidden(&self) -> &AtomicBool {
        &self.hidden
    }

    fn is_hidden_now(&self, _: &Gathering<'_>) -> bool {
        self.is_hidden()
    }
}

/// One of several states, by its position.
#[derive(Debug)]
pub(crate) struct StateSeries {
    labels: LabelText,
    states: &'static [&'static str],
    state: AtomicUsize,
    hidden: AtomicBool,
}

impl StateSeries {
    /// The position of the current state.
    pub(crate) fn get(&self) -> usize {
        self.state.load(Ordering::Relaxed)
    }

    pub(crate) const fn states(&self) -> &'static [&'static str] {
        self.states
    }

    /// Enters a state; a position outside the list changes nothing.
    pub(crate) fn set(&self, state: usize) {
        if state < self.states.len() {
            self.state.store(state, Ordering::Relaxed);
            self.hidden.store(false, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }
}

impl Series for StateSeries {
    fn create(labels: LabelText, layout: Layout) -> Option<Self> {
        Some(Self {
            labels,
            states: layout.states,
            state: AtomicUsize::new(0),
            hidden: AtomicBool::new(false),
        })
    }

    fn labels(&self) -> &LabelText {
        &self.labels
    }

    fn hide(&self) {
        self.state.store(0, Ordering::Relaxed);
        self.hidden.store(true, Ordering::Relaxed);
    }

    fn hidden(&self) -> &AtomicBool {
        &self.hidden
    }

    fn is_hidden_now(&self, _: &Gathering<'_>) -> bool {
        self.is_hidden()
    }
}
