//! A family: the facts that its series share, and the series.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use yardstick_model::{Kind, Location, NativeBuckets, OVERFLOW_VALUE, Unit, is_one_metric};

use super::{
    difference::Difference,
    error::RegisterError,
    function_claim::Claim,
    gather::{Head, Notes, Point, Sink},
    info_series::{InfoSeries, StateSeries},
    native,
    series::{CounterSeries, GaugeSeries, HistogramSeries, Layout, Series},
    spelling::Spellings,
    summary::SummarySeries,
    table::{LimitsMet, SeriesLimit, Table},
};
use crate::{
    base::{
        lock::{Mutex, MutexGuard, OnceLock},
        reentry::Scope,
        refusals::cut_label_value,
    },
    cells::{HistogramTotals, gathering_on},
    data::{Descriptor, LabelText, Role},
    labels::{
        long_value::{cut, is_long},
        lookup::Lookup,
    },
};

/// How much a help text weighs: a heavier one replaces a lighter one, and only two that were both
/// given explicitly can conflict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HelpWeight {
    /// Made from the family's facts, because HELP must not be empty.
    Generated,
    /// The doc comment of a call site. Of several, the first by module and line holds.
    Doc(std::cmp::Reverse<Location>),
    /// Given through the facade's `describe_*`; the latest holds.
    Described,
    /// Given as `help`.
    Explicit,
}

/// A help text and its weight.
#[derive(Clone, Debug)]
pub(crate) struct Help {
    pub(crate) text: String,
    pub(crate) weight: HelpWeight,
}

/// The label names of a family.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LabelNames {
    /// These and no others, sorted.
    Declared(Vec<String>),
    /// Each series brings its own: the default families of call sites, and the facade.
    Open,
}

/// What a family is, however it came to be.
#[derive(Clone, Debug)]
pub(crate) struct FamilyMeta {
    /// The name of its `# TYPE` line in the text format.
    pub(crate) name: String,
    /// The name as the first registration wrote it.
    pub(crate) written: String,
    pub(crate) kind: Kind,
    /// What declares it.
    pub(crate) role: Role,
    pub(crate) unit: Option<Unit>,
    pub(crate) labels: LabelNames,
    /// The labels that all its series have.
    pub(crate) constant: Vec<(String, String)>,
    pub(crate) location: Location,
    /// The bounds in the family's unit; empty for other kinds.
    pub(crate) bounds: Vec<f64>,
    /// Which native buckets the bounds are, if they are.
    pub(crate) native: Option<NativeBuckets>,
    /// The quantiles that a summary shows.
    pub(crate) quantiles: Vec<f64>,
    pub(crate) layout: Layout,
    pub(crate) series_max: usize,
}

impl FamilyMeta {
    /// Whether there may be more label sets than series.
    pub(crate) fn can_overflow(&self) -> bool {
        let has_labels = self.labels != LabelNames::Declared(Vec::new());
        // What is computed when it is gathered has no limit; an info has one label set at a time.
        has_labels && self.series_max > 0 && self.kind != Kind::Info
    }
}

/// Series that are read under one hold of the gather lock: of histograms that a hundred lanes have, some fifty
/// microseconds, during which no other thread reads, resets, removes or forks.
const PART_SERIES: usize = 32;

/// Sends the series of a family that is computed when it is gathered.
pub(crate) type Compute = Box<dyn Fn(&mut dyn Sink) + Send + Sync>;

/// The series of a family, by kind.
pub(crate) enum Tables {
    Counters(Table<CounterSeries>),
    Gauges(Table<GaugeSeries>),
    Histograms(Table<HistogramSeries>),
    Summaries(Table<SummarySeries>),
    Infos(Table<InfoSeries>),
    StateSets(Table<StateSeries>),
    /// Computed when gathered; see `self_metrics`.
    Computed(Compute),
}

/// All series that share name, kind, help and unit.
pub(crate) struct Family {
    pub(crate) meta: FamilyMeta,
    help: Mutex<Help>,
    /// Where it was declared first, with its labels written out; unset if it was only ever recorded by name.
    pub(super) declared: OnceLock<Location>,
    pub(crate) tables: Arc<Tables>,
    /// Where the function of each name and module is whose calls are recorded here.
    functions: Mutex<BTreeMap<(&'static str, &'static str), Location>>,
    pub(super) spellings: Spellings,
    /// What its declarations say for the catalog, each once.
    described: Mutex<BTreeMap<Location, Descriptor>>,
}

impl std::fmt::Debug for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Family").field("meta", &self.meta).finish_non_exhaustive()
    }
}

/// Picks a family's table by the type of its series.
pub(crate) trait Tabled: Series {
    fn table(tables: &Tables) -> Option<&Table<Self>>;
}

macro_rules! tabled {
    ($($series:ty = $tables:ident;)*) => {$(
        impl Tabled for $series {
            fn table(tables: &Tables) -> Option<&Table<Self>> {
                if let Tables::$tables(table) = tables { Some(table) } else { None }
            }
        }
    )*};
}

tabled! {
    CounterSeries = Counters;
    GaugeSeries = Gauges;
    HistogramSeries = Histograms;
    SummarySeries = Summaries;
    InfoSeries = Infos;
    StateSeries = StateSets;
}

impl Family {
    pub(crate) fn new(meta: FamilyMeta, help: Help) -> Self {
        let series_max = meta.series_max;
        let tables = match meta.kind {
            Kind::Gauge => Tables::Gauges(Table::new(series_max)),
            Kind::Histogram => Tables::Histograms(Table::new(series_max)),
            Kind::Summary => Tables::Summaries(Table::new(series_max)),
            Kind::Info => Tables::Infos(Table::new(series_max)),
            Kind::StateSet => Tables::StateSets(Table::new(series_max)),
            _ => Tables::Counters(Table::new(series_max)),
        };
        Self::with_tables(meta, help, Arc::new(tables))
    }

    pub(crate) fn computed(meta: FamilyMeta, help: Help, compute: Compute) -> Self {
        Self::with_tables(meta, help, Arc::new(Tables::Computed(compute)))
    }

    fn with_tables(meta: FamilyMeta, help: Help, tables: Arc<Tables>) -> Self {
        Self {
            meta,
            help: Mutex::new(help),
            declared: OnceLock::new(),
            tables,
            functions: Mutex::new(BTreeMap::new()),
            spellings: Spellings::default(),
            described: Mutex::default(),
        }
    }

    /// The same series under another name; their bounds stay as they were scaled.
    pub(crate) fn renamed(&self, name: String, unit: Option<Unit>, help: Help) -> Self {
        let meta = FamilyMeta { name, unit, ..self.meta.clone() };
        let functions = self.functions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self {
            meta,
            help: Mutex::new(help),
            declared: self.declared.clone(),
            tables: Arc::clone(&self.tables),
            functions: Mutex::new(functions),
            spellings: self.spellings.clone(),
            described: Mutex::default(),
        }
    }

    /// Notes what the declaration at a place says for the catalog, once: it is asked at each look-up that comes this far.
    pub(crate) fn note_descriptor(&self, at: Location, make: impl FnOnce() -> Descriptor) {
        let mut described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        described.entry(at).or_insert_with(make);
    }

    /// What the declarations of the family said together, if one said anything.
    pub(super) fn noted_descriptor(&self) -> Option<Descriptor> {
        let described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        described.values().cloned().reduce(|mut all, one| {
            all.merge(one);
            all
        })
    }

    /// Gives a function its series in a family that tells functions apart by name and module alone.
    ///
    /// # Errors
    ///
    /// That they are those of a function elsewhere, whose calls would be added up with these.
    pub(crate) fn claim(&self, claim: Claim) -> Result<(), RegisterError> {
        let (Claim { function, module, .. }, location) = (claim, claim.location());
        let mut functions = self.functions.lock().unwrap_or_else(PoisonError::into_inner);
        let first = *functions.entry((function, module)).or_insert(location);
        if first == location {
            return Ok(());
        }
        Err(RegisterError::Conflict {
            family: self.meta.name.clone(),
            difference: Difference::Function { name: function, module },
            first,
            second: location,
        })
    }

    pub(crate) fn help(&self) -> MutexGuard<'_, Help> {
        self.help.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a help text that was given by name, unless `written` only looks like this family's name, or a weightier text
    /// is there.
    pub(crate) fn describe(&self, written: &str, text: &str) {
        let FamilyMeta { written: first, unit, kind, .. } = &self.meta;
        let mut help = self.help();
        if is_one_metric(first, written, *unit, *kind) && help.weight <= HelpWeight::Described {
            *help = Help { text: text.to_owned(), weight: HelpWeight::Described };
        }
    }

    /// The series with these labels, made if it is missing; `None` if the family is of another kind or
    /// no words are left.
    pub(crate) fn series<S: Tabled>(
        &self,
        labels: &[(&str, &str)],
        limit: SeriesLimit,
    ) -> Option<Lookup<Arc<S>>> {
        let _scope = Scope::enter();
        let text = self.label_text(labels.iter().copied());
        S::table(&self.tables)?.get_or_create(&text, self.meta.layout, limit, || {
            self.label_text(labels.iter().map(|(name, _)| (*name, OVERFLOW_VALUE)))
        })
    }

    /// The canonical text of a series' labels, the constant ones among them. Long values are cut, and counted.
    pub(crate) fn label_text<'l>(
        &'l self,
        labels: impl IntoIterator<Item = (&'l str, &'l str)>,
    ) -> LabelText {
        let constant = self.meta.constant.iter().map(|(name, value)| (&**name, &**value));
        let shown = |(name, value): (&'l str, &'l str)| {
            if is_long(value) {
                cut_label_value();
            }
            (name, cut(value))
        };
        let pairs: Vec<(&str, Cow<'_, str>)> =
            labels.into_iter().chain(constant).map(shown).collect();
        LabelText::of(pairs.iter().map(|(name, value)| (*name, &**value)))
    }

    /// Makes the overflow series beforehand; `None` when no words are left.
    pub(crate) fn reserve_overflow<S: Tabled>(&self, names: &[&str]) -> Option<Arc<S>> {
        let _scope = Scope::enter();
        let table = S::table(&self.tables)?;
        let labels = || self.label_text(names.iter().map(|name| (*name, OVERFLOW_VALUE)));
        table.reserve_overflow(labels, self.meta.layout).then(|| table.overflow())?
    }

    /// How often a label set was turned to the overflow series, and how often a removed series counted again while the
    /// family was full.
    pub(crate) fn limits_met(&self) -> LimitsMet {
        match &*self.tables {
            Tables::Counters(table) => table.limits_met(),
            Tables::Gauges(table) => table.limits_met(),
            Tables::Histograms(table) => table.limits_met(),
            Tables::Summaries(table) => table.limits_met(),
            Tables::Infos(table) => table.limits_met(),
            Tables::StateSets(table) => table.limits_met(),
            Tables::Computed(_) => LimitsMet::default(),
        }
    }

    /// Sends the family to `sink`: its head if there is anything to show, then its series in order.
    pub(crate) fn gather(&self, sink: &mut dyn Sink) {
        match &*self.tables {
            Tables::Counters(table) => {
                self.send(table, sink, |series, gathering, sink| {
                    let value = series.value(gathering);
                    if !series.is_hidden(value) {
                        let exemplars = series.exemplars();
                        let created = Some(series.created());
                        let notes = Notes { created, exemplars: &exemplars };
                        sink.series(series.labels(), &Point::Counter(value), &notes);
                    }
                });
            }
            Tables::Gauges(table) => self.send(table, sink, |series, gathering, sink| {
                let value = series.value(gathering);
                if !series.is_hidden(value) {
                    sink.series(series.labels(), &Point::Gauge(value), &Notes::default());
                }
            }),
            Tables::Histograms(table) => self.send_histograms(table, sink),
            Tables::Summaries(table) => {
                let mut totals = HistogramTotals::default();
                self.send(table, sink, |series, gathering, sink| {
                    series.totals(gathering, &mut totals);
                    if !series.is_hidden(&totals) {
                        let quantiles = series.quantiles(&self.meta.quantiles);
                        let notes = Notes { created: Some(series.created()), ..Notes::default() };
                        let point = Point::Summary { quantiles: &quantiles, totals: &totals };
                        sink.series(series.labels(), &point, &notes);
                    }
                });
            }
            Tables::Infos(table) => self.send(table, sink, |series, _, sink| {
                if !series.is_hidden() {
                    sink.series(series.labels(), &Point::Info, &Notes::default());
                }
            }),
            Tables::StateSets(table) => self.send(table, sink, |series, _, sink| {
                if !series.is_hidden() {
                    let (states, current) = (self.meta.layout.states, series.get());
                    let point = Point::StateSet { states, current };
                    sink.series(series.labels(), &point, &Notes::default());
                }
            }),
            Tables::Computed(compute) => {
                self.head(sink);
                compute(sink);
            }
        }
    }

    fn send_histograms(&self, table: &Table<HistogramSeries>, sink: &mut dyn Sink) {
        let mut totals = HistogramTotals::default();
        let all_bounds = &self.meta.bounds;
        let reduced = self.meta.native.filter(|_| !sink.wants_native());
        let reduced = reduced.map(|native| (native, native::doubling_bounds(native, all_bounds)));
        self.send(table, sink, |series, gathering, sink| {
            series.totals(gathering, &mut totals);
            if series.is_hidden(&totals) {
                return;
            }
            let exemplars = series.exemplars();
            let created = Some(series.created());
            let notes = Notes { created, exemplars: &exemplars };
            if let Some((native, bounds)) = &reduced {
                let totals = native::doubling_totals(*native, &totals);
                let point = Point::Histogram { bounds, totals: &totals };
                sink.series(series.labels(), &point, &notes);
            } else {
                let point = Point::Histogram { bounds: all_bounds, totals: &totals };
                sink.series(series.labels(), &point, &notes);
            }
        });
    }

    fn head(&self, sink: &mut dyn Sink) {
        let FamilyMeta { name, kind, unit, native, .. } = &self.meta;
        let native = native.filter(|_| sink.wants_native());
        sink.family(&Head { name, kind: *kind, help: &self.help().text, unit: *unit, native });
    }

    fn send<S: Series>(
        &self,
        table: &Table<S>,
        sink: &mut dyn Sink,
        mut one: impl FnMut(&S, &crate::cells::Gathering<'_>, &mut dyn Sink),
    ) {
        let all = table.snapshot();
        if all.is_empty() {
            return;
        }
        self.head(sink);
        for part in all.chunks(PART_SERIES) {
            let gathering = gathering_on();
            for series in part {
                one(series, &gathering, sink);
            }
        }
    }
}
