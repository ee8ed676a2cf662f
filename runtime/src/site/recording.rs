//! `Recording`: the cells that one call records into, and who keeps them.

use std::sync::Arc;

use super::{
    by_result::ByResultCells,
    call_end::CallEnd,
    foreign::Foreign,
    instrument::{ActiveCells, CallsCells, DurationCells, ErrorsCells, Instrument},
    returned_error::ReturnedError,
};
use crate::{
    base::refusals::{Refusal, refuse},
    labels::{
        LabelValues,
        lookup::{Kept, Lookup, Near, Removable},
    },
    registry::{FamilyCore, SeriesLimit, Tabled},
};

/// The cells of one metric with one set of labels.
#[derive(Debug)]
pub(super) enum SiteCells {
    Duration(DurationCells),
    Errors(ErrorsCells),
    Calls(CallsCells),
    Active(ActiveCells),
    ByResult(ByResultCells),
    /// Of a metric that the registry has refused.
    Nothing,
}

impl SiteCells {
    /// Whether one of the series was removed, and nothing recorded to it since the last gather.
    fn is_removed(&self) -> bool {
        match self {
            Self::Duration(cells) => cells.is_removed(),
            Self::Errors(cells) => cells.is_removed(),
            Self::Calls(cells) => cells.is_removed(),
            Self::Active(cells) => cells.is_removed(),
            Self::ByResult(_) | Self::Nothing => false,
        }
    }

    /// Makes the series exist that are known beforehand.
    pub(super) fn create_known(&self) {
        match self {
            Self::Errors(cells) => cells.create_known(),
            Self::Calls(cells) => cells.create_known(),
            Self::Duration(_) | Self::Active(_) | Self::ByResult(_) | Self::Nothing => {}
        }
    }
}

/// Where a metric's series are: a family and the labels of the call.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) family: Arc<FamilyCore>,
    pub(super) labels: Vec<(&'static str, String)>,
    pub(super) limit: SeriesLimit,
}

impl Origin {
    /// Series that the family may have from label values known only at run time.
    pub(super) fn series_max(&self) -> usize {
        self.family.meta.series_max
    }

    /// The series with these labels and `own`; `None`, counted, when no memory is left.
    pub(super) fn series<S: Tabled>(&self, own: Option<(&str, &str)>) -> Option<Lookup<Arc<S>>> {
        let labels = self.labels.iter().map(|(name, value)| (*name, value.as_str()));
        let labels: Vec<_> = labels.chain(own).collect();
        let found = self.family.series(&labels, self.limit);
        if found.is_none() {
            refuse(Refusal::Memory, 1);
        }
        found
    }
}

/// Cells that were found once for a registry; `None` if it refused them.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) registry: u64,
    pub(super) cells: Option<SiteCells>,
}

impl Slot {
    pub(super) const fn bound(&'static self) -> Recording {
        match &self.cells {
            Some(cells) => Recording::pinned(cells),
            None => Recording::OFF,
        }
    }
}

thread_local! {
    /// What this thread's calls found by label values known only at run time.
    pub(super) static NEAR: Near<Arc<Shared>> = const { Near::new() };
}

/// What a call shares with others.
#[derive(Debug)]
pub(super) enum Shared {
    /// Cells of label values known only at run time.
    Cells(SiteCells),
    /// Handles of another recorder.
    Foreign(Foreign),
}

impl Removable for Arc<Shared> {
    fn is_removed(&self) -> bool {
        match &**self {
            Shared::Cells(cells) => cells.is_removed(),
            Shared::Foreign(_) => false,
        }
    }
}

/// What a call keeps of one metric while it runs.
///
/// Passed by value: as long as its address is not taken it stays in registers.
#[derive(Debug)]
pub struct Recording(To);

#[derive(Debug)]
enum To {
    /// Nothing is recorded.
    Nothing,
    /// Cells of a site.
    Pinned(&'static SiteCells),
    /// What the call holds a reference to.
    Shared(Kept<Arc<Shared>>),
}

impl Recording {
    /// Nothing is recorded.
    pub(super) const OFF: Self = Self(To::Nothing);

    #[inline(always)]
    pub(super) const fn pinned(cells: &'static SiteCells) -> Self {
        Self(To::Pinned(cells))
    }

    #[inline]
    pub(super) const fn held(held: Kept<Arc<Shared>>) -> Self {
        Self(To::Shared(held))
    }

    pub(super) const fn as_pinned(&self) -> Option<&'static SiteCells> {
        match self.0 {
            To::Pinned(cells) => Some(cells),
            To::Nothing | To::Shared(_) => None,
        }
    }

    #[inline(always)]
    pub(super) const fn is_on(&self) -> bool {
        !matches!(self.0, To::Nothing)
    }

    /// Counts the call in.
    #[inline]
    pub(super) fn enter<K: Instrument>(&self) {
        match &self.0 {
            To::Pinned(cells) => K::enter(cells),
            To::Shared(held) => match &***held {
                Shared::Cells(cells) => K::enter(cells),
                Shared::Foreign(foreign) => foreign.enter(),
            },
            To::Nothing => {}
        }
    }

    /// Counts the call out, with the labels that its result gives.
    #[inline(always)]
    pub(super) fn leave<K: Instrument, L: LabelValues>(self, exit: &CallEnd<'_>, returned: &L) {
        match self.0 {
            To::Pinned(cells) => K::leave(cells, exit, returned),
            To::Shared(held) => leave_held::<K, L>(held, exit, returned),
            To::Nothing => {}
        }
    }

    /// Counts out a call that returned a value, with what the value tells.
    #[inline(always)]
    pub(super) fn leave_with<K: Instrument, V: ReturnedError>(
        self,
        ticks: u64,
        returned_error: &V,
    ) {
        if self.is_on() {
            returned_error.read(|error, returned| {
                self.leave::<K, _>(&CallEnd::of_value(ticks, error), returned);
            });
        }
    }

    /// Counts the call out without a result.
    #[inline(always)]
    pub(super) fn abandon<K: Instrument>(self, exit: &CallEnd<'_>) {
        match self.0 {
            To::Pinned(cells) => K::abandon(cells, exit),
            To::Shared(held) => abandon_held::<K>(held, exit),
            To::Nothing => {}
        }
    }
}

#[inline(never)]
#[allow(
    clippy::needless_pass_by_value,
    reason = "so that it is freed here and not by every annotated function"
)]
fn leave_held<K: Instrument, L: LabelValues>(
    held: Kept<Arc<Shared>>,
    exit: &CallEnd<'_>,
    returned: &L,
) {
    match &**held {
        Shared::Cells(cells) => K::leave(cells, exit, returned),
        Shared::Foreign(foreign) => foreign.leave(exit, returned),
    }
}

#[inline(never)]
#[allow(clippy::needless_pass_by_value, reason = "as above")]
fn abandon_held<K: Instrument>(held: Kept<Arc<Shared>>, exit: &CallEnd<'_>) {
    match &**held {
        Shared::Cells(cells) => K::abandon(cells, exit),
        Shared::Foreign(foreign) => foreign.abandon(exit),
    }
}
