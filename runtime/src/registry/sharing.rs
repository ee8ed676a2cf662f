//! One family shown by several registries.
//!
//! Invariant: it is the same family in all of them; a registry shows it under its name, beside no other one with samples
//! of the same names.

use std::sync::Arc;

use yardstick_model::Location;

use super::{FamilyCore, RegisterError, Registry};
use crate::base::reentry::Scope;

impl Registry {
    /// Shows a family of this registry in `other` too, by the name of its `# TYPE` line: see
    /// [`register`](Self::register), for those who have no handle of it.
    ///
    /// # Errors
    ///
    /// When this registry has no such family, or `other` has another one whose samples have the same names.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::Registry;
    ///
    /// let (own, all) = (Registry::new(), Registry::new());
    /// let jobs = own.counter("jobs").help("Jobs.").register()?;
    /// own.share_family("jobs_total", &all)?;
    /// jobs.inc();
    /// assert_eq!(all.sample_value("jobs_total", &[]), Some(1.0));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[track_caller]
    pub fn share_family(&self, name: &str, other: &Self) -> Result<(), RegisterError> {
        let _scope = Scope::enter();
        let location = Location::from_caller("", std::panic::Location::caller());
        let family =
            self.family_named(name).ok_or_else(|| self.unknown_family(name.to_owned(), location));
        let shown = family.and_then(|family| other.show(&family, location));
        shown.inspect_err(|error| other.count_refusal(error))
    }

    /// Shows a family, by its name, beside its own.
    ///
    /// # Errors
    ///
    /// When there is another one whose samples have the same names.
    pub(crate) fn show(
        &self,
        family: &Arc<FamilyCore>,
        location: Location,
    ) -> Result<(), RegisterError> {
        let name = &family.meta.name;
        let mut index = self.write_index();
        if index.by_name.get(name).is_some_and(|known| Arc::ptr_eq(known, family)) {
            return Ok(());
        }
        index.check_samples(name, family.meta.kind, location)?;
        index.insert(name.clone(), family);
        Ok(())
    }
}
