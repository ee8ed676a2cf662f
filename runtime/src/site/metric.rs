//! One attribute of one function: an element of the link-time list.
//!
//! Invariant: `ours` and what is in `rare` are set once and hold their series for ever. `ours` belongs to the default
//! registry; all else remembers the registry it belongs to and is passed over for any other.
//!
//! No field has a type parameter, and a constructor takes its arguments by position: each annotated function has such a
//! static, which the compiler evaluates and checks, and that is most of what an attribute costs it.

use std::{
    fmt,
    panic::Location,
    sync::{Arc, OnceLock},
};

use super::{
    behaviour::{self, Behaviour},
    dense::Dense,
    facts::Facts,
    held::{Held, SiteCells, Slot},
    pinned::Pinned,
};
use crate::lookup::{Common, Kept};

/// An attribute's metric, with the cells it found.
pub struct Metric {
    pub(super) site: &'static SiteInfo,
    /// What the attribute says; a default family needs nothing.
    facts: Option<&'static Facts>,
    pub(super) behaviour: &'static Behaviour,
    /// The cells in the default registry, of a metric whose labels are literals.
    pub(super) ours: Pinned<SiteCells>,
    rare: Pinned<Rare>,
}

/// The function that an attribute stands on, and where.
#[derive(Clone, Copy, Debug)]
pub struct SiteInfo {
    pub(super) function: &'static str,
    pub(super) module: &'static str,
    pub(super) caller: &'static Location<'static>,
}

/// What most metrics never need.
#[derive(Debug)]
pub(super) struct Rare {
    /// What was found first, of a metric whose labels are literals.
    pub(super) first: OnceLock<Slot>,
    /// What threads found in the default registry, by label values known only at run time.
    pub(super) common: Common<Arc<Held>>,
    /// The table, of one whose label values are all known beforehand.
    pub(super) dense: Pinned<Dense>,
    /// The metric in the remembered recorder.
    pub(super) remembered: OnceLock<Kept<Arc<Held>>>,
}

impl SiteInfo {
    /// A function, at the caller's place.
    #[must_use]
    #[track_caller]
    pub const fn new(function: &'static str, module: &'static str) -> Self {
        Self { function, module, caller: Location::caller() }
    }
}

macro_rules! constructors {
    ($($name:ident = $behaviour:ident;)*) => {
        impl Metric {$(
            /// A metric that found no cells yet.
            #[must_use]
            pub const fn $name(site: &'static SiteInfo, facts: Option<&'static Facts>) -> Self {
                Self::new(site, facts, &behaviour::$behaviour)
            }
        )*}
    };
}

constructors! {
    duration = DURATION;
    completed = COMPLETED;
    errors = ERRORS;
    calls = CALLS;
    active = ACTIVE;
    duration_by_result = DURATION_BY_RESULT;
    completed_by_result = COMPLETED_BY_RESULT;
    errors_by_result = ERRORS_BY_RESULT;
    calls_by_result = CALLS_BY_RESULT;
}

impl Metric {
    const fn new(
        site: &'static SiteInfo,
        facts: Option<&'static Facts>,
        behaviour: &'static Behaviour,
    ) -> Self {
        Self { site, facts, behaviour, ours: Pinned::empty(), rare: Pinned::empty() }
    }

    /// The four default metrics of `#[track]`.
    #[must_use]
    pub const fn track(site: &'static SiteInfo) -> [Self; 4] {
        [
            Self::duration(site, None),
            Self::errors(site, None),
            Self::calls(site, None),
            Self::active(site, None),
        ]
    }

    pub(super) const fn facts(&self) -> &'static Facts {
        match self.facts {
            Some(facts) => facts,
            None => &Facts::DEFAULT,
        }
    }

    pub(super) fn rare(&self) -> &'static Rare {
        self.rare.get_or_make(|| Rare {
            first: OnceLock::new(),
            common: Common::new(),
            dense: Pinned::empty(),
            remembered: OnceLock::new(),
        })
    }

    /// As [`rare`](Self::rare), if it was needed before.
    #[inline(always)]
    pub(super) fn rare_if_any(&self) -> Option<&'static Rare> {
        self.rare.get()
    }
}

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.facts().name.unwrap_or(self.behaviour.default_name);
        f.debug_struct("Metric").field("name", &name).finish_non_exhaustive()
    }
}
