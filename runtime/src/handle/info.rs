//! `Info`: constant facts, exposed as the labels of a metric with the value 1.

use std::{fmt, marker::PhantomData, sync::Arc};

use yardstick_model::{Location, check_label_name, reserved_label};

use super::FamilyRef;
use crate::{
    base::reentry::Scope,
    handle::label_set::LabelSet,
    registry::{FamilyCore, InfoSeries, RegisterError, Tabled},
};

/// Constant facts about a process, such as its version or its configuration. Exposed as `name_info` with the value 1,
/// and the facts as labels. Nothing is shown until it is [set](Self::set).
///
/// # Examples
///
/// ```
/// use yardstick::{Info, LabelSet, Registry};
///
/// #[derive(LabelSet)]
/// struct Build {
///     version: &'static str,
///     commit: &'static str,
/// }
///
/// let registry = Registry::new();
/// let build: Info<Build> = registry.info("build").help("What runs here.").label_set().register()?;
/// build.set(&Build { version: "1.2.0", commit: "4e87335" });
/// assert!(registry.render().ends_with("build_info{commit=\"4e87335\",version=\"1.2.0\"} 1\n"));
///
/// // FamilyMeta whose names are known when the program runs.
/// let target = registry.info("target").help("What it runs on.").register()?;
/// target.set_labels(&[("os", "linux")])?;
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
pub struct Info<L = ()> {
    core: Arc<FamilyCore>,
    labels: PhantomData<fn(&L)>,
}

impl<L> Info<L> {
    pub(crate) const fn of_core(core: Arc<FamilyCore>) -> Self {
        Self { core, labels: PhantomData }
    }

    pub(crate) fn family(&self) -> FamilyRef {
        FamilyRef(Arc::clone(&self.core))
    }

    /// Shows nothing any more.
    pub fn clear(&self) {
        if let Some(table) = InfoSeries::table(&self.core.tables) {
            table.clear();
        }
    }

    fn set_text(&self, pairs: &[(&str, &str)]) {
        let _scope = Scope::enter();
        let text = self.core.label_text(pairs.iter().copied());
        if let Some(table) = InfoSeries::table(&self.core.tables) {
            // A series of facts needs no words, so there is room.
            let _ = table.set_only(&text, self.core.meta.layout);
        }
    }
}

impl<L: LabelSet> Info<L> {
    /// Replaces the facts.
    pub fn set(&self, facts: &L) {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        L::each_name(&mut |name| names.push(name));
        facts.each_text(&mut |value| values.push(value.to_owned()));
        let pairs: Vec<_> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
        self.set_text(&pairs);
    }
}

impl Info {
    /// Replaces the facts by pairs of names and values.
    ///
    /// # Errors
    ///
    /// When a name is invalid or reserved, or there twice. The facts are then what they were.
    #[track_caller]
    pub fn set_labels(&self, facts: &[(&str, &str)]) -> Result<(), RegisterError> {
        let location = Location::from_caller("", std::panic::Location::caller());
        let facts_of = &self.core.meta;
        for (index, (label, _)) in facts.iter().enumerate() {
            let (metric, label) = (facts_of.name.clone(), (*label).to_owned());
            if let Err(violation) = check_label_name(&label) {
                let violation = Some(violation);
                return Err(RegisterError::LabelName { metric, label, violation, location });
            }
            if reserved_label(facts_of.kind, &label) {
                return Err(RegisterError::LabelName { metric, label, violation: None, location });
            }
            let constant = facts_of.constant.iter().map(|(name, _)| name.as_str());
            let mut before = facts[..index].iter().map(|(name, _)| *name).chain(constant);
            if before.any(|name| name == label) {
                return Err(RegisterError::DuplicateLabel { metric, label, location });
            }
        }
        self.set_text(facts);
        Ok(())
    }
}

impl<L> Clone for Info<L> {
    fn clone(&self) -> Self {
        Self::of_core(Arc::clone(&self.core))
    }
}

impl<L> fmt::Debug for Info<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Info").field("family", &self.core.meta.name).finish_non_exhaustive()
    }
}
