//! What each attribute records when a call begins and ends.

use std::sync::{Arc, OnceLock, PoisonError, RwLock, atomic::Ordering};

use super::{
    call_end::{CallEnd, PANIC},
    pinned::CounterPlace,
    recording::{Origin, SiteCells},
    site_spec::SiteSpec,
};
use crate::{
    base::reentry::Scope,
    cells::{HistogramCell, InFlightCell},
    labels::{LabelValues, Outcome, lookup::Lookup},
    registry::exemplar::follows_spans,
    registry::series::{CounterSeries, GaugeSeries, HistogramSeries, Series},
};

/// How calls are recorded. The types below are known where a function is compiled, so that nothing is asked at run time.
pub trait Instrument: 'static {
    /// Whether it needs the clock.
    const TIMED: bool;
    /// Counts a call in.
    #[doc(hidden)]
    #[allow(
        private_interfaces,
        reason = "generated code names the types and calls nothing of them"
    )]
    fn enter(cells: &SiteCells);
    /// Counts a call out, with the labels that its result gives.
    #[doc(hidden)]
    #[allow(private_interfaces, reason = "as above")]
    fn leave<L: LabelValues>(cells: &SiteCells, exit: &CallEnd<'_>, returned: &L);
    /// Counts a call out that has no result.
    #[doc(hidden)]
    #[allow(private_interfaces, reason = "as above")]
    #[inline(always)]
    fn abandon(cells: &SiteCells, exit: &CallEnd<'_>) {
        Self::leave(cells, exit, &());
    }
}

/// `#[track_duration]`: a histogram of seconds.
#[derive(Debug)]
pub struct Timed<const SKIPS_CANCELLED: bool>;
/// `#[track_duration]`.
pub type Duration = Timed<false>;
/// `#[track_duration(on_cancel = skip)]`.
pub type Completed = Timed<true>;
/// `#[track_errors]`: a counter by `error_type`.
#[derive(Debug)]
pub struct Errors;
/// `#[track_calls]`: a counter by `outcome`.
#[derive(Debug)]
pub struct Calls;
/// `#[track_active]`: a gauge of calls in flight.
#[derive(Debug)]
pub struct Active;

fn is_removed(series: &impl Series) -> bool {
    series.hidden().load(Ordering::Relaxed)
}

/// A histogram and the series that keeps its words.
#[derive(Debug)]
pub(super) struct DurationCells {
    cell: HistogramCell,
    series: Arc<HistogramSeries>,
}

impl DurationCells {
    #[allow(clippy::needless_pass_by_value, reason = "others keep it")]
    pub(super) fn resolve(origin: Origin, _: &'static SiteSpec) -> Option<Lookup<SiteCells>> {
        let found = origin.series::<HistogramSeries>(None)?;
        Some(found.map(|series| SiteCells::Duration(Self { cell: series.cell(), series })))
    }

    pub(super) fn is_removed(&self) -> bool {
        is_removed(&*self.series)
    }
}

#[allow(private_interfaces, reason = "see the trait")]
impl<const SKIPS_CANCELLED: bool> Instrument for Timed<SKIPS_CANCELLED> {
    const TIMED: bool = true;

    #[inline(always)]
    fn enter(_: &SiteCells) {}

    #[inline(always)]
    fn leave<L: LabelValues>(cells: &SiteCells, exit: &CallEnd<'_>, _: &L) {
        if SKIPS_CANCELLED && exit.outcome == Outcome::Cancelled {
            return;
        }
        if let SiteCells::Duration(cells) = cells {
            cells.cell.record_ticks(exit.ticks);
            cells.series.note_span_ticks(exit.ticks);
        }
    }
}

/// A pair of words and the series that keeps them.
#[derive(Debug)]
pub(super) struct ActiveCells {
    cell: InFlightCell,
    series: Arc<GaugeSeries>,
}

impl ActiveCells {
    #[allow(clippy::needless_pass_by_value, reason = "others keep it")]
    pub(super) fn resolve(origin: Origin, _: &'static SiteSpec) -> Option<Lookup<SiteCells>> {
        let found = origin.series::<GaugeSeries>(None)?;
        let cells = |series: Arc<GaugeSeries>| {
            Some(SiteCells::Active(Self { cell: series.in_flight()?, series }))
        };
        found.map(cells).transpose()
    }

    pub(super) fn is_removed(&self) -> bool {
        is_removed(&*self.series)
    }
}

#[allow(private_interfaces, reason = "see the trait")]
impl Instrument for Active {
    const TIMED: bool = false;

    #[inline(always)]
    fn enter(cells: &SiteCells) {
        if let SiteCells::Active(cells) = cells {
            cells.cell.enter();
        }
    }

    #[inline(always)]
    fn leave<L: LabelValues>(cells: &SiteCells, _: &CallEnd<'_>, _: &L) {
        if let SiteCells::Active(cells) = cells {
            cells.cell.leave();
        }
    }
}

/// A counter for each outcome, found when it first happens.
#[derive(Debug)]
pub(super) struct CallsCells {
    /// The cells of `series`, where they are read with one load.
    places: [CounterPlace; Outcome::ALL.len()],
    series: [OnceLock<Arc<CounterSeries>>; Outcome::ALL.len()],
    origin: Origin,
}

impl CallsCells {
    pub(super) fn resolve(origin: Origin, _: &'static SiteSpec) -> Option<Lookup<SiteCells>> {
        let cells = Self {
            places: [const { CounterPlace::empty() }; Outcome::ALL.len()],
            series: [const { OnceLock::new() }; Outcome::ALL.len()],
            origin,
        };
        Some(Lookup::Own(SiteCells::Calls(cells)))
    }

    pub(super) fn create_known(&self) {
        for outcome in Outcome::ALL {
            self.find(outcome, |_| {});
        }
    }

    pub(super) fn is_removed(&self) -> bool {
        self.series.iter().filter_map(OnceLock::get).any(|series| is_removed(&**series))
    }

    #[inline(always)]
    fn count(&self, outcome: Outcome) {
        if !self.places[outcome as usize].try_add(1) {
            self.count_slowly(outcome);
        } else if follows_spans()
            && let Some(series) = self.series[outcome as usize].get()
        {
            series.note_span(1);
        }
    }

    #[cold]
    #[inline(never)]
    fn count_slowly(&self, outcome: Outcome) {
        self.find(outcome, |series| {
            series.cell().add(1);
            series.note_span(1);
        });
    }

    fn find(&self, outcome: Outcome, record: impl FnOnce(&CounterSeries)) {
        let Some(_scope) = Scope::enter_or_refuse(1) else { return };
        let own = Some(("outcome", outcome.as_str()));
        if let Some(found) = self.origin.series::<CounterSeries>(own) {
            record(found.get());
            if let Lookup::Own(series) = found {
                let cell = self.series[outcome as usize].get_or_init(|| series).cell();
                self.places[outcome as usize].set(cell);
            }
        }
    }
}

#[allow(private_interfaces, reason = "see the trait")]
impl Instrument for Calls {
    const TIMED: bool = false;

    #[inline(always)]
    fn enter(_: &SiteCells) {}

    #[inline(always)]
    fn leave<L: LabelValues>(cells: &SiteCells, exit: &CallEnd<'_>, _: &L) {
        if let SiteCells::Calls(cells) = cells {
            cells.count(exit.outcome);
        }
    }
}

/// A counter for each error, found when it first happens.
#[derive(Debug)]
pub(super) struct ErrorsCells {
    by_type: RwLock<Vec<(Box<str>, Arc<CounterSeries>)>>,
    origin: Origin,
}

impl ErrorsCells {
    pub(super) fn resolve(origin: Origin, _: &'static SiteSpec) -> Option<Lookup<SiteCells>> {
        Some(Lookup::Own(SiteCells::Errors(Self { by_type: RwLock::default(), origin })))
    }

    pub(super) fn is_removed(&self) -> bool {
        let known = self.by_type.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|(_, series)| is_removed(&**series))
    }

    /// A panic is the one error that any function may have.
    pub(super) fn create_known(&self) {
        self.count(PANIC, 0);
    }

    #[cold]
    #[inline(never)]
    fn count(&self, error_type: &str, amount: u64) {
        let Some(_scope) = Scope::enter_or_refuse(amount) else { return };
        {
            let known = self.by_type.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, series)) = known.iter().find(|(name, _)| **name == *error_type) {
                series.cell().add(amount);
                series.note_span(amount);
                return;
            }
        }
        let own = Some(("error_type", error_type));
        if let Some(found) = self.origin.series::<CounterSeries>(own) {
            found.get().cell().add(amount);
            found.get().note_span(amount);
            if let Lookup::Own(series) = found {
                let mut known = self.by_type.write().unwrap_or_else(PoisonError::into_inner);
                known.push((error_type.into(), series));
            }
        }
    }
}

#[allow(private_interfaces, reason = "see the trait")]
impl Instrument for Errors {
    const TIMED: bool = false;

    #[inline(always)]
    fn enter(_: &SiteCells) {}

    /// Nothing happens to a call without an error.
    #[inline(always)]
    fn leave<L: LabelValues>(cells: &SiteCells, exit: &CallEnd<'_>, _: &L) {
        if let Some(error_type) = exit.error_type()
            && let SiteCells::Errors(cells) = cells
        {
            cells.count(error_type, 1);
        }
    }
}
