//! Metrics in another recorder, through the handles of the `metrics` facade.
//!
//! Invariant: a [`Foreign`] that outlives its call holds handles of the remembered recorder only, the one that
//! [`current`] can tell from all others. Any other recorder's are made anew for each call.

mod find;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    thread::LocalKey,
};

use metrics::{Key, Label, Level, Metadata, Recorder};

use super::{by_result::NoReturnedValues, call_end::CallEnd, site_spec::SiteSpec};
use crate::{
    base::reentry::Scope,
    labels::{
        LabelValues, Outcome,
        lookup::{self, Kept, LookupId, Near},
    },
    registry::{
        Claim,
        current::{self, CurrentRecorder},
    },
};

/// What is asked of another recorder.
#[derive(Clone, Copy, Debug)]
pub(super) enum ForeignKind {
    /// A histogram of seconds.
    Histogram {
        /// Cancelled calls are left out.
        skips_cancelled: bool,
    },
    /// A gauge of calls in flight.
    Gauge,
    /// A counter by `outcome`.
    Outcomes,
    /// A counter by `error_type`.
    ErrorTypes,
}

/// A metric's name and the labels that are known.
#[derive(Clone, Debug)]
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) labels: Vec<Label>,
    pub(super) module: &'static str,
    /// Whose metric it is, of a default family.
    pub(super) claim: Option<Claim>,
}

/// What a call keeps of one metric that another recorder holds. Recording at entry, so that a gauge returns
/// to the recorder it was raised in.
pub(super) struct Foreign {
    key: ForeignKey,
    handles: Handles,
}

enum Handles {
    Histogram {
        histogram: metrics::Histogram,
        skips_cancelled: bool,
    },
    Gauge(metrics::Gauge),
    Outcomes(Counters),
    ErrorTypes(Counters),
    /// The result gives further labels of a metric of this kind.
    ByResult {
        id: LookupId,
        kind: ForeignKind,
        site_spec: &'static SiteSpec,
    },
}

/// Counters by the value of a label that is known when the call ends.
struct Counters {
    label: &'static str,
    known: RwLock<Vec<(Box<str>, metrics::Counter)>>,
}

impl Counters {
    fn by(label: &'static str) -> Self {
        Self { label, known: RwLock::default() }
    }

    fn count(&self, key: &ForeignKey, value: &str, amount: u64) {
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, counter)) = known.iter().find(|(name, _)| **name == *value) {
                counter.increment(amount);
                return;
            }
        }
        let key = key.with(self.label, value);
        let counter =
            key.register(|recorder, key, metadata| recorder.register_counter(key, metadata));
        counter.increment(amount);
        // A call that began under one recorder may end under another.
        if current::recorder_within() == CurrentRecorder::Remembered {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.push((value.into(), counter));
        }
    }
}

impl ForeignKey {
    fn with(&self, label: &'static str, value: &str) -> Self {
        let mut key = self.clone();
        key.labels.push(Label::new(label, value.to_owned()));
        key
    }

    /// The handle that the current recorder makes of this key.
    fn register<H>(&self, make: impl Fn(&dyn Recorder, &Key, &Metadata<'_>) -> H) -> H {
        let key = Key::from_parts(self.name.clone(), self.labels.clone());
        let metadata = Metadata::new(self.module, Level::INFO, Some(self.module));
        Claim::within(self.claim, || {
            metrics::with_recorder(|recorder| make(recorder, &key, &metadata))
        })
    }
}

impl Foreign {
    /// The metric in the current recorder. `by_result` are the facts of a metric whose labels the result completes.
    pub(super) fn new(
        kind: ForeignKind,
        key: ForeignKey,
        by_result: Option<&'static SiteSpec>,
    ) -> Self {
        let handles = match (by_result, kind) {
            (Some(site_spec), _) => Handles::ByResult { id: LookupId::next(), kind, site_spec },
            (None, ForeignKind::Histogram { skips_cancelled }) => Handles::Histogram {
                histogram: key
                    .register(|recorder, key, metadata| recorder.register_histogram(key, metadata)),
                skips_cancelled,
            },
            (None, ForeignKind::Gauge) => Handles::Gauge(
                key.register(|recorder, key, metadata| recorder.register_gauge(key, metadata)),
            ),
            (None, ForeignKind::Outcomes) => Handles::Outcomes(Counters::by("outcome")),
            (None, ForeignKind::ErrorTypes) => Handles::ErrorTypes(Counters::by("error_type")),
        };
        Self { key, handles }
    }

    /// This thread's metrics of the remembered recorder.
    pub(super) fn cache() -> &'static LocalKey<Near<Arc<Self>>> {
        thread_local! {
            static CACHE: Near<Arc<Foreign>> = const { Near::new() };
        }
        &CACHE
    }

    /// Makes the series exist that are known before the first call.
    #[cfg(feature = "stock")]
    pub(super) fn create_known(&self) {
        match &self.handles {
            Handles::Histogram { .. } | Handles::Gauge(_) | Handles::ByResult { .. } => {}
            Handles::Outcomes(counters) => {
                Outcome::ALL.iter().for_each(|o| counters.count(&self.key, o.as_str(), 0));
            }
            Handles::ErrorTypes(counters) => {
                counters.count(&self.key, super::call_end::PANIC, 0);
            }
        }
    }

    /// Counts a call in.
    pub(super) fn enter(&self) {
        let _scope = Scope::enter();
        if let Handles::Gauge(gauge) = &self.handles {
            gauge.increment(1.0);
        }
    }

    /// Counts a call out.
    #[cold]
    #[inline(never)]
    pub(super) fn leave<L: LabelValues>(&self, exit: &CallEnd<'_>, returned: &L) {
        let _scope = Scope::enter();
        match &self.handles {
            Handles::ByResult { id, kind, site_spec } => {
                self.completed(*id, *kind, site_spec, returned).record(exit);
            }
            _ => self.record(exit),
        }
    }

    /// Counts a call out that has no result.
    #[cold]
    pub(super) fn abandon(&self, exit: &CallEnd<'_>) {
        match &self.handles {
            Handles::ByResult { site_spec, .. } => {
                self.leave(exit, &NoReturnedValues(site_spec.returned_names().count()));
            }
            _ => self.leave(exit, &()),
        }
    }

    /// The metric with the labels of this result.
    fn completed<L: LabelValues>(
        &self,
        id: LookupId,
        kind: ForeignKind,
        site_spec: &SiteSpec,
        returned: &L,
    ) -> Kept<Arc<Self>> {
        let may_keep = current::recorder_within() == CurrentRecorder::Remembered;
        let looked_up = lookup::Key::of(id.owner(), returned);
        if let Some(known) = lookup::get(Self::cache(), &looked_up, returned) {
            return known;
        }
        let mut key = self.key.clone();
        let mut names = site_spec.returned_names();
        returned.each_text(&mut |text| {
            key.labels.extend(names.next().map(|name| Label::new(name, text.to_owned())));
        });
        let made = Arc::new(Self::new(kind, key, None));
        if may_keep {
            lookup::keep(Self::cache(), &looked_up, returned, made)
        } else {
            Kept::alone(made)
        }
    }

    fn record(&self, exit: &CallEnd<'_>) {
        match &self.handles {
            Handles::Histogram { histogram, skips_cancelled } => {
                if !(*skips_cancelled && exit.outcome == Outcome::Cancelled) {
                    let ticks = u128::from(exit.ticks);
                    histogram.record(crate::cells::clock::seconds_from_ticks(ticks));
                }
            }
            Handles::Gauge(gauge) => gauge.decrement(1.0),
            Handles::Outcomes(counters) => counters.count(&self.key, exit.outcome.as_str(), 1),
            Handles::ErrorTypes(counters) => {
                if let Some(error_type) = exit.error_type() {
                    counters.count(&self.key, error_type, 1);
                }
            }
            // Whoever leaves one has completed it.
            Handles::ByResult { .. } => {}
        }
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign").field("key", &self.key).finish_non_exhaustive()
    }
}
