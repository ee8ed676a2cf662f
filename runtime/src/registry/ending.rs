//! The result of a declaration: a family of a registry, new or known, or one that no registry shows.

use std::sync::Arc;

use yardstick_model::{Location, nearest};

use super::{FamilyCore, FamilySpec, RegisterError, Registry};
use crate::base::reentry::Scope;

/// The end of a declaration.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// The family that the registry has, made if it is missing.
    Register,
    /// The family that the registry has.
    Find,
    /// A family that no registry has.
    Build,
}

impl Registry {
    /// The family that a declaration leads to. What is refused is counted, but not what is only not there.
    pub(crate) fn family_by(
        &self,
        spec: &FamilySpec<'_>,
        end: End,
    ) -> Result<Arc<FamilyCore>, RegisterError> {
        let _scope = Scope::enter();
        let name = || spec.exposed_name();
        match end {
            End::Register => self.family(spec),
            End::Find => match self.family_named(&name()) {
                None => Err(self.unknown_family(name(), spec.location)),
                Some(family) => spec
                    .check()
                    .and_then(|()| spec.agree(&family))
                    .map(|()| family)
                    .inspect_err(|error| self.count_refusal(error)),
            },
            End::Build => spec
                .check()
                .map(|()| Arc::new(spec.create(name())))
                .inspect_err(|error| self.count_refusal(error)),
        }
    }

    /// That there is no such family, and which one was probably meant.
    pub(crate) fn unknown_family(&self, family: String, location: Location) -> RegisterError {
        let families = self.families();
        let names = families.iter().map(|family| family.meta.name.as_str());
        let nearest = nearest(&family, names).map(str::to_owned);
        RegisterError::UnknownFamily { family, nearest, location }
    }

    /// That no words are left for a series of this family; counted.
    pub(crate) fn out_of_memory(&self, family: String) -> RegisterError {
        let error = RegisterError::OutOfMemory { family };
        self.count_refusal(&error);
        error
    }
}
