//! A test's own instances of schemas, in place of the global ones.
//!
//! Invariant: a registry has one instance of each schema, and all code of the test is given that one.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError},
};

use super::MetricSchema;
use crate::{
    base::{lock::Mutex, reentry::Scope},
    registry::{RegisterError, Registry},
};

/// The instances of one registry.
pub(crate) struct Instances {
    registry: Registry,
    made: Mutex<HashMap<TypeId, &'static (dyn Any + Send + Sync)>>,
}

/// What is asked for the instances of this thread, if it is in a test that has some.
static OF_THREAD: OnceLock<fn() -> Option<Arc<Instances>>> = OnceLock::new();

/// Has `of_thread` asked before the global instance is answered with. There is one for the process.
pub(crate) fn ask_first(of_thread: fn() -> Option<Arc<Instances>>) {
    let _ = OF_THREAD.set(of_thread);
}

/// The instance of a schema in the test that this thread is in.
pub(super) fn of_thread<S: MetricSchema>() -> Option<&'static S> {
    let instances = OF_THREAD.get()?()?;
    Some(instances.get().unwrap_or_else(|error| panic!("a schema in a capture: {error}")))
}

impl Instances {
    /// None yet.
    pub(crate) fn of(registry: Registry) -> Self {
        Self { registry, made: Mutex::default() }
    }

    fn get<S: MetricSchema>(&self) -> Result<&'static S, RegisterError> {
        let _scope = Scope::enter();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.get(&TypeId::of::<S>()).and_then(|known| known.downcast_ref::<S>());
        if let Some(schema) = known {
            return Ok(schema);
        }
        // It is handed out as the global instance is, for ever; a test process has few of them.
        let schema: &'static S = Box::leak(Box::new(S::register(&self.registry)?));
        made.insert(TypeId::of::<S>(), schema);
        Ok(schema)
    }
}
