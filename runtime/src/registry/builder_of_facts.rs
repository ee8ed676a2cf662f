//! Declaring infos and state sets in code.

use std::{fmt, marker::PhantomData};

use yardstick_model::Kind;

use super::{FamilySpec, HelpSpec, RegisterError, Registry};
use crate::{
    LabelSet, LabelValue,
    handle::{Info, State, StateKind, StateSet},
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
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        // Without labels of its own, an info is given pairs.
        let labels = if names.is_empty() { None } else { Some(&*names) };
        self.registry.family(&FamilySpec { labels, ..self.spec }).map(Info::new)
    }
}

impl<'a, S: LabelValue> FactsBuilder<'a, StateSet<S>> {
    /// Gives each state set the labels of a [`LabelSet`].
    pub fn label_set<L: LabelSet>(self) -> FactsBuilder<'a, StateSet<S, L>> {
        self.of()
    }
}

impl<S: LabelValue, L: LabelSet> FactsBuilder<'_, StateSet<S, L>> {
    /// Registers the state set, which is in its first state from now on, or answers with the one that exists.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, there are no states, or the registry has a family that differs.
    pub fn register(self) -> Result<StateSet<S, L>, RegisterError> {
        let mut names = Vec::new();
        L::each_name(&mut |name| names.push(name));
        let spec = FamilySpec { labels: Some(&names), ..self.spec };
        let store = self.registry.store_of::<StateKind, L>(&spec)?;
        Ok(StateSet::of(State::of_store(store)))
    }
}

impl<H> fmt::Debug for FactsBuilder<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spec.fmt(f)
    }
}
