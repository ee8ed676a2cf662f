//! Labels that the returned value gives: a call's series is known when the call ends.
//!
//! Invariant: a [`ByResultCells`] holds what is known at entry, a family and the labels of the call, and an id that is
//! never used again; so an entry of the per-thread cache that bears this id cannot belong to anything else.

use std::{marker::PhantomData, sync::Arc};

use yardstick_model::NONE_VALUE;

use super::{
    behaviour::Behaviour,
    call_end::CallEnd,
    instrument::Instrument,
    recording::{NEAR, Origin, Shared, SiteCells},
    site_spec::SiteSpec,
};
use crate::{
    base::reentry::Scope,
    labels::{
        LabelValues,
        lookup::{self, Common, Kept, Key, LookupId},
    },
    registry::SeriesLimit,
};

/// What `K` records, into series that the result chooses.
#[derive(Debug)]
pub struct ByResult<K>(PhantomData<K>);

/// Where the series of one set of entry labels are.
#[derive(Debug)]
pub(super) struct ByResultCells {
    id: LookupId,
    origin: Origin,
    site_spec: &'static SiteSpec,
    /// What is recorded into them.
    behaviour: &'static Behaviour,
    /// What threads found by the labels of results.
    common: Common<Arc<Shared>>,
}

/// The labels of a call without a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoReturnedValues(pub(super) usize);

impl LabelValues for NoReturnedValues {
    const COMBINATIONS: usize = 0;

    fn dense_index(&self) -> usize {
        0
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        (0..self.0).for_each(|_| read(NONE_VALUE));
    }
}

impl ByResultCells {
    /// Cells that no result has completed yet.
    pub(super) fn of(
        origin: Origin,
        site_spec: &'static SiteSpec,
        behaviour: &'static Behaviour,
    ) -> SiteCells {
        SiteCells::ByResult(Self {
            id: LookupId::next(),
            origin,
            site_spec,
            behaviour,
            common: Common::new(),
        })
    }

    /// The cells with the labels of this result.
    fn completed<L: LabelValues>(&self, returned: &L) -> Option<Kept<Arc<Shared>>> {
        let key = Key::of(self.id.owner(), returned);
        lookup::get(&NEAR, &key, returned).or_else(|| self.find(&key, returned))
    }

    #[cold]
    #[inline(never)]
    fn find<L: LabelValues>(&self, key: &Key, returned: &L) -> Option<Kept<Arc<Shared>>> {
        let _scope = Scope::enter_or_refuse(1)?;
        if let Some(known) = lookup::fetch(&NEAR, &self.common, key, returned) {
            return Some(known);
        }
        let mut origin = Origin { limit: SeriesLimit::Enforced, ..self.origin.clone() };
        let mut names = self.site_spec.returned_names();
        returned.each_text(&mut |text| {
            origin.labels.extend(names.next().map(|name| (name, text.to_owned())));
        });
        let series_max = origin.series_max();
        let found = (self.behaviour.resolve)(origin, self.site_spec)?;
        let found = found.map(|cells| Arc::new(Shared::Cells(cells)));
        Some(lookup::share(&NEAR, &self.common, key, returned, found, series_max))
    }
}

#[allow(private_interfaces, reason = "generated code names the type and calls nothing of it")]
impl<K: Instrument> Instrument for ByResult<K> {
    const TIMED: bool = K::TIMED;

    #[inline(always)]
    fn enter(_: &SiteCells) {}

    #[inline(never)]
    fn leave<L: LabelValues>(cells: &SiteCells, exit: &CallEnd<'_>, returned: &L) {
        if let SiteCells::ByResult(late) = cells
            && let Some(found) = late.completed(returned)
            && let Shared::Cells(found) = &**found
        {
            K::leave(found, exit, &());
        }
    }

    #[cold]
    fn abandon(cells: &SiteCells, exit: &CallEnd<'_>) {
        if let SiteCells::ByResult(late) = cells {
            Self::leave(cells, exit, &NoReturnedValues(late.site_spec.returned_names().count()));
        }
    }
}
