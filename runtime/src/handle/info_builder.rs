//! Declaring infos and state sets in code.

use std::{fmt, marker::PhantomData};

use yardstick_model::Kind;

use crate::{
    handle::{Info, NamedStates, State, StateKind, StateSet, label_set::LabelSet},
    labels::LabelValue,
    registry::{FamilySpec, HelpSpec, RegisterError, Registry, ending::End, spec::interned_states},
};

impl Registry {
    /// Declares an info; it is exposed as `name_info`.
    #[track_caller]
    pub fn info<'a>(&'a self, name: &'a str) -> FactsBuilder<'a, Info> {
        FactsBuilder::new(self, FamilySpec::declared(name, Kind::Info))
    }

    /// Declares a state set, whose states are the variants of an enum.
    #[track_caller]
    pub fn state_set<'a, S: LabelValue>(&'a self, name: &'a str) -> FactsBuilder<'a, StateSet<S>> {
        let states = S::VALUES;
        FactsBuilder::new(self, FamilySpec { states, ..FamilySpec::declared(name, Kind::StateSet) })
    }

    /// Declares a state set whose states are known when the program runs: the first is the one to begin with. Where
    /// they are known before, prefer an [enum](Self::state_set), whose states cannot be misspelt.
    ///
    /// Each list of states is kept for as long as the process lives, once, however many state sets have it.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let states = ["follower", "leader"];
    /// let role = registry.state_set_of("role", &states).help("Its part in the cluster.").register()?;
    /// assert!(role.set("leader") && role.is("leader"));
    /// assert!(!role.set("laeder"), "refused and counted");
    /// assert_eq!(registry.sample_value("role", &[("role", "leader")]), Some(1.0));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[track_caller]
    pub fn state_set_of<'a>(
        &'a self,
        name: &'a str,
        states: &[&str],
    ) -> FactsBuilder<'a, StateSet<NamedStates>> {
        let states = interned_states(states);
        FactsBuilder::new(self, FamilySpec { states, ..FamilySpec::declared(name, Kind::StateSet) })
    }
}

/// An [`Info`] or a [`StateSet`] that is being declared.
#[must_use = "a metric exists once it is registered"]
pub struct FactsBuilder<'a, H> {
    registry: &'a Registry,
    spec: FamilySpec<'a>,
    handle: PhantomData<fn() -> H>,
}

impl<'a, H> FactsBuilder<'a, H> {
    const fn new(registry: &'a Registry, spec: FamilySpec<'a>) -> Self {
        Self { registry, spec, handle: PhantomData }
    }

    /// What the metric means, in one sentence: the `# HELP` of its exposition.
    pub fn help(mut self, help: &'a str) -> Self {
        self.spec.help = HelpSpec::Explicit(help);
        self
    }

    /// Gives all series these labels, with these values: what a program knows about itself.
    pub fn constant_labels(mut self, labels: &'a [(&'a str, &'a str)]) -> Self {
        self.spec.constant = labels;
        self
    }

    fn of<T>(self) -> FactsBuilder<'a, T> {
        FactsBuilder::new(self.registry, self.spec)
    }
}

impl<'a> FactsBuilder<'a, Info> {
    /// Takes the facts from a [`LabelSet`].
    pub fn label_set<L: LabelSet>(self) -> FactsBuilder<'a, Info<L>> {
        self.of()
    }
}

impl<L: LabelSet> FactsBuilder<'_, Info<L>> {
    /// Registers the info, or answers with the one that exists.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, or the registry has a family that differs.
    pub fn register(self) -> Result<Info<L>, RegisterError> {
        self.end(End::Register)
    }

    /// Answers with the info that exists, and makes none: see [`MetricBuilder::find`](super::MetricBuilder::find).
    ///
    /// # Errors
    ///
    /// When the registry has no such family, or one that differs.
    pub fn find(self) -> Result<Info<L>, RegisterError> {
        self.end(End::Find)
    }

    /// Makes the info, for registries to show: see [`MetricBuilder::build`](super::MetricBuilder::build).
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved.
    pub fn build(self) -> Result<Info<L>, RegisterError> {
        self.end(End::Build)
    }

    fn end(self, end: End) -> Result<Info<L>, RegisterError> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        // Without labels of its own, an info is given pairs.
        let labels = if names.is_empty() { None } else { Some(&*names) };
        self.registry.family_by(&FamilySpec { labels, ..self.spec }, end).map(Info::of_family)
    }
}

impl<'a, S> FactsBuilder<'a, StateSet<S>> {
    /// Gives each state set the labels of a [`LabelSet`].
    pub fn label_set<L: LabelSet>(self) -> FactsBuilder<'a, StateSet<S, L>> {
        self.of()
    }
}

impl<S, L: LabelSet> FactsBuilder<'_, StateSet<S, L>> {
    /// Registers the state set, which is in its first state from now on, or answers with the one that exists.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, there are no states, or the registry has a family that differs.
    pub fn register(self) -> Result<StateSet<S, L>, RegisterError> {
        self.end(End::Register)
    }

    /// Answers with the state set that exists, and makes none: see
    /// [`MetricBuilder::find`](super::MetricBuilder::find).
    ///
    /// # Errors
    ///
    /// When the registry has no such family, or one that differs.
    pub fn find(self) -> Result<StateSet<S, L>, RegisterError> {
        self.end(End::Find)
    }

    /// Makes the state set, for registries to show: see [`MetricBuilder::build`](super::MetricBuilder::build).
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, or there are no states.
    pub fn build(self) -> Result<StateSet<S, L>, RegisterError> {
        self.end(End::Build)
    }

    fn end(self, end: End) -> Result<StateSet<S, L>, RegisterError> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        let spec = FamilySpec { labels: Some(&names), ..self.spec };
        let store = self.registry.store_by::<StateKind, L>(&spec, end)?;
        Ok(StateSet::of(State::of_store(store)))
    }
}

impl<H> fmt::Debug for FactsBuilder<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spec.fmt(f)
    }
}
