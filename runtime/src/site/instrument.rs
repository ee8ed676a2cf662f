//! What each attribute records.

use std::{
    sync::{Arc, OnceLock, PoisonError, RwLock},
    thread::LocalKey,
};

use yardstick_model::{Kind, Unit};

use super::{
    bound::Held,
    by_result::ByResult,
    exit::{Exit, Outcome, PANIC},
    facts::Facts,
    foreign::ForeignKind,
    labels::LabelValues,
    metric::{Instrument, Origin, SiteMetric},
};
use crate::{
    LabelValue,
    cells::{CounterCell, HistogramCell, InFlightCell},
    diagnostics::{Refusal, refuse},
    lookup::Near,
    reentry::{self, Scope},
    registry::{
        Found, Tabled,
        series::{CounterSeries, GaugeSeries, HistogramSeries},
    },
};

/// `#[track_duration]`: a histogram of seconds.
pub type Duration = SiteMetric<DurationInstrument>;
/// `#[track_duration(on_cancel = skip)]`.
pub type Completed = SiteMetric<DurationInstrument<true>>;
/// `#[track_errors]`: a counter by `error_type`.
pub type Errors = SiteMetric<ErrorsInstrument>;
/// `#[track_calls]`: a counter by `outcome`.
pub type Calls = SiteMetric<CallsInstrument>;
/// `#[track_active]`: a gauge of calls in flight.
pub type Active = SiteMetric<ActiveInstrument>;
/// [`Duration`] with labels that the result gives.
pub type DurationByResult = SiteMetric<ByResult<DurationInstrument>>;
/// [`Completed`] with labels that the result gives.
pub type CompletedByResult = SiteMetric<ByResult<DurationInstrument<true>>>;
/// [`Errors`] with labels that the result gives.
pub type ErrorsByResult = SiteMetric<ByResult<ErrorsInstrument>>;
/// [`Calls`] with labels that the result gives.
pub type CallsByResult = SiteMetric<ByResult<CallsInstrument>>;

impl Origin {
    /// The series with these labels and `own`; the flag says whether it may be kept.
    fn series<S: Tabled>(&self, own: Option<(&str, &str)>) -> Option<(Arc<S>, bool)> {
        let labels = self.labels.iter().map(|(name, value)| (*name, value.as_str()));
        let labels: Vec<_> = labels.chain(own).collect();
        match self.family.series(&labels, self.demand) {
            Some(Found::Series(series)) => Some((series, true)),
            Some(Found::Overflow(series)) => Some((series, false)),
            None => {
                refuse(Refusal::Memory, 1);
                None
            }
        }
    }
}

macro_rules! cache {
    ($cells:ty) => {
        fn cache() -> &'static LocalKey<Near<Held<$cells>>> {
            thread_local! {
                static CACHE: Near<Held<$cells>> = const { Near::new() };
            }
            &CACHE
        }
    };
}
pub(super) use cache;

/// See [`Duration`].
#[derive(Debug)]
pub struct DurationInstrument<const SKIPS_CANCELLED: bool = false>;

/// A histogram and the series that keeps its words.
#[derive(Debug)]
pub struct DurationCells {
    cell: HistogramCell,
    series: Arc<HistogramSeries>,
}

impl<const SKIPS_CANCELLED: bool> Instrument for DurationInstrument<SKIPS_CANCELLED> {
    const KIND: Kind = Kind::Histogram;
    const UNIT: Option<Unit> = Some(Unit::Seconds);
    const DEFAULT_NAME: &'static str = "function_duration";
    const DEFAULT_HELP: &'static str = "Duration of calls of annotated functions.";
    const OWN_LABEL: Option<&'static str> = None;
    const TIMED: bool = true;
    const KNOWN_SERIES: usize = 1;
    const FOREIGN: ForeignKind = ForeignKind::Histogram { skips_cancelled: SKIPS_CANCELLED };
    type Cells = DurationCells;

    fn generated_help(subject: &str) -> String {
        format!("Duration of calls of {subject}.")
    }

    fn resolve(origin: Origin, _: &'static Facts) -> Option<(DurationCells, bool)> {
        let (series, may_keep) = origin.series::<HistogramSeries>(None)?;
        Some((DurationCells { cell: series.cell(), series }, may_keep))
    }

    fn create_known(_: &DurationCells) {}

    #[inline]
    fn enter(_: &DurationCells) {}

    #[inline]
    fn leave<L: LabelValues>(cells: &DurationCells, exit: &Exit<'_>, _: &L) {
        if SKIPS_CANCELLED && exit.outcome == Outcome::Cancelled {
            return;
        }
        cells.cell.record_ticks(exit.ticks);
        cells.series.note_span_ticks(exit.ticks);
    }

    cache!(DurationCells);
}

/// See [`Active`].
#[derive(Debug)]
pub struct ActiveInstrument;

/// A pair of words and the series that keeps them.
#[derive(Debug)]
pub struct ActiveCells {
    cell: InFlightCell,
    _series: Arc<GaugeSeries>,
}

impl Instrument for ActiveInstrument {
    const KIND: Kind = Kind::Gauge;
    const UNIT: Option<Unit> = None;
    const DEFAULT_NAME: &'static str = "function_active";
    const DEFAULT_HELP: &'static str = "Calls of annotated functions that are in flight.";
    const OWN_LABEL: Option<&'static str> = None;
    const TIMED: bool = false;
    const KNOWN_SERIES: usize = 1;
    const FOREIGN: ForeignKind = ForeignKind::Gauge;
    type Cells = ActiveCells;

    fn generated_help(subject: &str) -> String {
        format!("Calls of {subject} that are in flight.")
    }

    fn resolve(origin: Origin, _: &'static Facts) -> Option<(ActiveCells, bool)> {
        let (series, may_keep) = origin.series::<GaugeSeries>(None)?;
        Some((ActiveCells { cell: series.in_flight()?, _series: series }, may_keep))
    }

    fn create_known(_: &ActiveCells) {}

    #[inline]
    fn enter(cells: &ActiveCells) {
        cells.cell.enter();
    }

    #[inline]
    fn leave<L: LabelValues>(cells: &ActiveCells, _: &Exit<'_>, _: &L) {
        cells.cell.leave();
    }

    cache!(ActiveCells);
}

/// See [`Calls`].
#[derive(Debug)]
pub struct CallsInstrument;

/// A counter for each outcome, found when it first happens.
#[derive(Debug)]
pub struct CallsCells {
    origin: Origin,
    outcomes: [OnceLock<(CounterCell, Arc<CounterSeries>)>; Outcome::ALL.len()],
}

impl CallsCells {
    #[inline]
    fn count(&self, outcome: Outcome) {
        match self.outcomes[outcome as usize].get() {
            Some((cell, series)) => {
                cell.add(1);
                series.note_span(1);
            }
            None => self.find(outcome, |series| {
                series.cell().add(1);
                series.note_span(1);
            }),
        }
    }

    #[cold]
    #[inline(never)]
    fn find(&self, outcome: Outcome, record: impl FnOnce(&CounterSeries)) {
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return;
        }
        let _scope = Scope::enter();
        let own = Some(("outcome", outcome.as_str()));
        if let Some((series, may_keep)) = self.origin.series::<CounterSeries>(own) {
            record(&series);
            if may_keep {
                let _ = self.outcomes[outcome as usize].set((series.cell(), series));
            }
        }
    }
}

impl Instrument for CallsInstrument {
    const KIND: Kind = Kind::Counter;
    const UNIT: Option<Unit> = None;
    const DEFAULT_NAME: &'static str = "function_calls";
    const DEFAULT_HELP: &'static str = "Calls of annotated functions that ended, by outcome.";
    const OWN_LABEL: Option<&'static str> = Some("outcome");
    const OWN_VALUES: &'static [&'static str] = Outcome::VALUES;
    const TIMED: bool = false;
    const KNOWN_SERIES: usize = Outcome::ALL.len();
    const FOREIGN: ForeignKind = ForeignKind::Outcomes;
    type Cells = CallsCells;

    fn generated_help(subject: &str) -> String {
        format!("Calls of {subject} that ended, by outcome.")
    }

    fn resolve(origin: Origin, _: &'static Facts) -> Option<(CallsCells, bool)> {
        Some((CallsCells { origin, outcomes: [const { OnceLock::new() }; 4] }, true))
    }

    fn create_known(cells: &CallsCells) {
        for outcome in Outcome::ALL {
            cells.find(outcome, |_| {});
        }
    }

    #[inline]
    fn enter(_: &CallsCells) {}

    #[inline]
    fn leave<L: LabelValues>(cells: &CallsCells, exit: &Exit<'_>, _: &L) {
        cells.count(exit.outcome);
    }

    cache!(CallsCells);
}

/// See [`Errors`].
#[derive(Debug)]
pub struct ErrorsInstrument;

/// A counter for each error, found when it first happens.
#[derive(Debug)]
pub struct ErrorsCells {
    origin: Origin,
    by_type: RwLock<Vec<(Box<str>, Arc<CounterSeries>)>>,
}

impl ErrorsCells {
    #[cold]
    #[inline(never)]
    fn count(&self, error_type: &str, amount: u64) {
        if reentry::is_within() {
            refuse(Refusal::Reentrant, amount);
            return;
        }
        let _scope = Scope::enter();
        {
            let known = self.by_type.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, series)) = known.iter().find(|(name, _)| **name == *error_type) {
                series.cell().add(amount);
                series.note_span(amount);
                return;
            }
        }
        let own = Some(("error_type", error_type));
        if let Some((series, may_keep)) = self.origin.series::<CounterSeries>(own) {
            series.cell().add(amount);
            series.note_span(amount);
            if may_keep {
                let mut known = self.by_type.write().unwrap_or_else(PoisonError::into_inner);
                known.push((error_type.into(), series));
            }
        }
    }
}

impl Instrument for ErrorsInstrument {
    const KIND: Kind = Kind::Counter;
    const UNIT: Option<Unit> = None;
    const DEFAULT_NAME: &'static str = "function_errors";
    const DEFAULT_HELP: &'static str =
        "Calls of annotated functions that ended in an error or a panic, by type.";
    const OWN_LABEL: Option<&'static str> = Some("error_type");
    const TIMED: bool = false;
    const KNOWN_SERIES: usize = 1;
    const FOREIGN: ForeignKind = ForeignKind::ErrorTypes;
    type Cells = ErrorsCells;

    fn generated_help(subject: &str) -> String {
        format!("Calls of {subject} that ended in an error or a panic, by type.")
    }

    fn resolve(origin: Origin, _: &'static Facts) -> Option<(ErrorsCells, bool)> {
        Some((ErrorsCells { origin, by_type: RwLock::default() }, true))
    }

    /// A panic is the one error that any function may have.
    fn create_known(cells: &ErrorsCells) {
        cells.count(PANIC, 0);
    }

    #[inline]
    fn enter(_: &ErrorsCells) {}

    #[inline]
    fn leave<L: LabelValues>(cells: &ErrorsCells, exit: &Exit<'_>, _: &L) {
        if let Some(error_type) = exit.error_type() {
            cells.count(error_type, 1);
        }
    }

    cache!(ErrorsCells);
}
