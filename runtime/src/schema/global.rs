//! A schema's instance in the default registry.

use std::{fmt, marker::PhantomData, sync::OnceLock};

use super::{Descriptors, MetricSchema, Registrar, register::leniently};
use crate::{
    base::reentry::Scope,
    registry::{RegisterError, default_registry},
};

/// The static behind `global()`.
#[doc(hidden)]
pub struct Global<S> {
    made: OnceLock<Made<S>>,
}

struct Made<S> {
    schema: S,
    refused: &'static [RegisterError],
}

impl<S: MetricSchema> Global<S> {
    #[must_use]
    pub const fn new() -> Self {
        Self { made: OnceLock::new() }
    }

    /// The schema, registered when it is first asked for.
    #[inline]
    pub fn get(&'static self) -> &'static S {
        #[cfg(feature = "testing")]
        if let Some(schema) = super::instances::of_thread() {
            return schema;
        }
        &self.made().schema
    }

    #[inline]
    fn made(&'static self) -> &'static Made<S> {
        match self.made.get() {
            Some(made) => made,
            None => self.make(),
        }
    }

    #[cold]
    #[inline(never)]
    fn make(&'static self) -> &'static Made<S> {
        let _scope = Scope::enter();
        self.made.get_or_init(|| {
            let mut schema = None;
            let register = &mut |registrar: &Registrar<'_>| schema = S::register_in(registrar);
            let refused = leniently(default_registry(), register);
            match schema {
                Some(schema) => Made { schema, refused },
                None => panic!("a schema has no room: {refused:?}"),
            }
        })
    }
}

impl<S: MetricSchema> Default for Global<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Global<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Global").finish_non_exhaustive()
    }
}

/// A schema in the link-time list.
#[doc(hidden)]
pub struct SchemaEntry<S: 'static> {
    global: &'static Global<S>,
    schema: PhantomData<fn() -> S>,
}

impl<S: MetricSchema> SchemaEntry<S> {
    #[must_use]
    pub const fn new(global: &'static Global<S>) -> Self {
        Self { global, schema: PhantomData }
    }
}

/// A schema in the link-time list, whatever its metrics are.
#[doc(hidden)]
pub trait CataloguedSchema: Sync {
    /// What it declares.
    fn descriptors(&self) -> Descriptors;
    /// Registers it in the default registry, and answers with what was refused.
    fn register(&self) -> &'static [RegisterError];
}

impl<S: MetricSchema> CataloguedSchema for SchemaEntry<S> {
    fn descriptors(&self) -> Descriptors {
        S::DESCRIPTORS
    }

    fn register(&self) -> &'static [RegisterError] {
        self.global.made().refused
    }
}

impl<S> fmt::Debug for SchemaEntry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaEntry").finish_non_exhaustive()
    }
}
