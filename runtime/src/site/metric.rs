//! `Metric`: one attribute of one function, an element of the link-time list.
//!
//! Invariant: `ours` and what is in `rare` are set once and hold their series for ever. `ours` belongs to the default
//! registry; all else remembers the registry it belongs to and is passed over for any other.
//!
//! No field has a type parameter, and a constructor takes its arguments by position: each annotated function has such a
//! static, which the compiler evaluates and checks, and that is most of what an attribute costs it.

use std::{
    fmt,
    ops::Deref,
    panic::Location,
    sync::{Arc, OnceLock},
};

use super::{
    behaviour::{self, Behaviour},
    dense::Dense,
    pinned::{Pinned, Proven},
    recording::{Shared, SiteCells, Slot},
    site_spec::SiteSpec,
};
use crate::labels::lookup::{Common, Kept};

/// An attribute's metric, with the cells it found.
pub struct Metric(Proven<Fields>);

/// What a metric is made of.
#[derive(Debug)]
pub struct Fields {
    pub(super) site: SiteInfo,
    /// What the attribute says; a default family needs nothing.
    site_spec: Option<&'static SiteSpec>,
    pub(super) behaviour: &'static Behaviour,
    /// The cells in the default registry, of a metric whose labels are literals.
    pub(super) ours: Pinned<SiteCells>,
    rare: Pinned<Rare>,
}

/// The metrics of a function with one of them. A length that is part of a type's name is none that the compiler computes
/// for each static.
pub type OneMetric = [Metric; 1];
/// Of one with two.
pub type TwoMetrics = [Metric; 2];
/// Of one with three.
pub type ThreeMetrics = [Metric; 3];
/// Of one with four.
pub type FourMetrics = [Metric; 4];

/// The function that an attribute stands on, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct SiteInfo {
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
    pub(super) common: Common<Arc<Shared>>,
    /// The table, of one whose label values are all known beforehand.
    pub(super) dense: Pinned<Dense>,
    /// The metric in the remembered recorder.
    pub(super) remembered: OnceLock<Kept<Arc<Shared>>>,
}

impl Deref for Metric {
    type Target = Fields;

    #[inline(always)]
    fn deref(&self) -> &Fields {
        &self.0
    }
}

macro_rules! constructors {
    ($($name:ident, $with:ident = $behaviour:ident;)*) => {
        impl Metric {$(
            /// A metric of a function, at the caller's place, that found no cells yet.
            #[must_use]
            #[track_caller]
            pub const fn $name(function: &'static str, module: &'static str) -> Self {
                Self::new(function, module, None, &behaviour::$behaviour)
            }

            /// The same, with what the attribute says of it.
            #[must_use]
            #[track_caller]
            pub const fn $with(
                function: &'static str,
                module: &'static str,
                site_spec: &'static SiteSpec,
            ) -> Self {
                Self::new(function, module, Some(site_spec), &behaviour::$behaviour)
            }
        )*}
    };
}

constructors! {
    duration, duration_with = DURATION;
    completed, completed_with = COMPLETED;
    errors, errors_with = ERRORS;
    calls, calls_with = CALLS;
    active, active_with = ACTIVE;
    duration_by_result, duration_by_result_with = DURATION_BY_RESULT;
    completed_by_result, completed_by_result_with = COMPLETED_BY_RESULT;
    errors_by_result, errors_by_result_with = ERRORS_BY_RESULT;
    calls_by_result, calls_by_result_with = CALLS_BY_RESULT;
}

impl Metric {
    #[track_caller]
    const fn new(
        function: &'static str,
        module: &'static str,
        site_spec: Option<&'static SiteSpec>,
        behaviour: &'static Behaviour,
    ) -> Self {
        let site = SiteInfo { function, module, caller: Location::caller() };
        let (ours, rare) = (Pinned::empty(), Pinned::empty());
        Self(Proven::new(Fields { site, site_spec, behaviour, ours, rare }))
    }

    /// The four default metrics of `#[track]`.
    #[must_use]
    #[track_caller]
    pub const fn track(function: &'static str, module: &'static str) -> [Self; 4] {
        [
            Self::duration(function, module),
            Self::errors(function, module),
            Self::calls(function, module),
            Self::active(function, module),
        ]
    }

    pub(super) fn site_spec(&self) -> &'static SiteSpec {
        match self.site_spec {
            Some(site_spec) => site_spec,
            None => &SiteSpec::DEFAULT,
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
        let name = self.site_spec().name.unwrap_or(self.behaviour.default_name);
        f.debug_struct("Metric").field("name", &name).finish_non_exhaustive()
    }
}
