//! `StateSet`: which one of several states is current.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{FamilyRef, typed::metric_kind};
use crate::{
    base::refusals::{Refusal, refuse},
    handle::label_set::LabelSet,
    labels::LabelValue,
    registry::{FamilyCore, StateSeries, ZERO_SERIES_MAX},
};

/// Which of several states something is in: always exactly one, the first variant of the enum `S` to begin with.
/// Exposed as one sample for each state, 1 for the current one and 0 for the others, with the state in a label that
/// is called as the metric is.
///
/// # Examples
///
/// ```
/// use yardstick::{LabelValue, Registry, StateSet};
///
/// #[derive(Clone, Copy, LabelValue)]
/// enum Mode {
///     Starting,
///     Serving,
///     Draining,
/// }
///
/// let registry = Registry::new();
/// let mode: StateSet<Mode> = registry.state_set("mode").help("What it does.").register()?;
/// mode.set(Mode::Serving);
/// assert!(mode.is(Mode::Serving) && mode.get() == "serving");
/// assert!(registry.render().contains("mode{mode=\"serving\"} 1\n"));
/// assert!(registry.render().contains("mode{mode=\"draining\"} 0\n"));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
pub struct StateSet<S, L: LabelSet = ()> {
    state: State<L>,
    states: PhantomData<fn(S)>,
}

/// A state set, whatever its states are.
#[doc(hidden)]
pub struct State<L: LabelSet = ()> {
    store: L::Store<StateKind>,
}

/// What a state set without labels keeps.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct StateOne {
    series: Arc<StateSeries>,
    family: Option<Arc<FamilyCore>>,
}

metric_kind!(State, StateKind, StateOne, StateSeries, ZERO_SERIES_MAX);

impl State {
    pub(crate) const fn of_series(series: Arc<StateSeries>) -> Self {
        Self { store: StateOne { series, family: None } }
    }
}

impl<S, L: LabelSet> StateSet<S, L> {
    pub(crate) const fn of(state: State<L>) -> Self {
        Self { state, states: PhantomData }
    }

    pub(crate) fn family(&self) -> Option<FamilyRef> {
        self.state.family()
    }
}

/// In place of an enum, for a [`StateSet`] whose states are known when the program runs:
/// [`Registry::state_set_of`](crate::Registry::state_set_of).
#[derive(Clone, Copy, Debug)]
pub enum NamedStates {}

impl StateSet<NamedStates> {
    /// Enters a state, and leaves the one before. Of several threads, the last one wins.
    ///
    /// A text that is none of the states changes nothing, is counted in
    /// `yardstick_observations_refused_total{reason="state"}`, and answered with `false`.
    pub fn set(&self, state: &str) -> bool {
        let series = &self.state.store.series;
        let position = series.states().iter().position(|known| *known == state);
        match position {
            Some(position) => series.set(position),
            None => refuse(Refusal::State, 1),
        }
        position.is_some()
    }

    /// Whether that is the current state.
    #[must_use]
    pub fn is(&self, state: &str) -> bool {
        self.get() == state
    }

    /// All states, in the order in which they were declared.
    #[must_use]
    pub fn states(&self) -> &'static [&'static str] {
        self.state.store.series.states()
    }
}

impl<S> StateSet<S> {
    /// The current state, as it is exposed.
    #[must_use]
    pub fn get(&self) -> &'static str {
        let series = &self.state.store.series;
        series.states().get(series.get()).copied().unwrap_or_default()
    }
}

impl<S: LabelValue> StateSet<S> {
    /// Enters a state, and leaves the one before. Of several threads, the last one wins.
    #[allow(clippy::needless_pass_by_value, reason = "states are enums without fields")]
    pub fn set(&self, state: S) {
        self.state.store.series.set(state.index());
    }

    /// Whether that is the current state.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "states are enums without fields")]
    pub fn is(&self, state: S) -> bool {
        self.state.store.series.get() == state.index()
    }
}

impl<S, L> StateSet<S, L>
where
    L: LabelSet<Store<StateKind> = super::Typed<StateKind, L>>,
{
    /// The state set with these labels; see [`Counter::with`](crate::Counter::with).
    pub fn with(&self, labels: &L) -> StateSet<S> {
        StateSet::of((*self.state.with(labels)).clone())
    }

    /// Leaves a state set out of the exposition; `false` if there is none with these labels. It comes back, in
    /// the first state, when it is set.
    pub fn remove(&self, labels: &L) -> bool {
        self.state.remove(labels)
    }

    /// Leaves all state sets out, as [`remove`](Self::remove) does with one.
    pub fn clear(&self) {
        self.state.clear();
    }
}

impl<S, L: LabelSet> Clone for StateSet<S, L> {
    fn clone(&self) -> Self {
        Self::of(self.state.clone())
    }
}

impl<S, L: LabelSet> fmt::Debug for StateSet<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateSet").field(&self.state).finish()
    }
}
