//! Other recorders: the facade's handles.
//!
//! Invariant: a [`Foreign`] that outlives its call holds handles of the remembered recorder only, the one that
//! [`current`] can tell from all others. Any other recorder's are made anew for each call.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    thread::LocalKey,
};

use metrics::{Key, Label, Level, Metadata, Recorder};

use super::{by_result::NoneValues, call_end::CallEnd, site_spec::Facts};
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
    kind: ForeignKind,
    handles: Handles,
}

enum Handles {
    Histogram(metrics::Histogram),
    Gauge(metrics::Gauge),
    /// Counters by the value of the label that is known when the call ends.
    Counters {
        label: &'static str,
        known: RwLock<Vec<(Box<str>, metrics::Counter)>>,
    },
    /// The result gives further labels.
    Late(LookupId, &'static Facts),
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
    /// The metric in the current recorder. `late` are the facts of a metric whose labels the result completes.
    pub(super) fn new(kind: ForeignKind, key: ForeignKey, late: Option<&'static Facts>) -> Self {
        let counters = |label| Handles::Counters { label, known: RwLock::default() };
        let handles = match (late, kind) {
            (Some(facts), _) => Handles::Late(LookupId::next(), facts),
            (None, ForeignKind::Histogram { .. }) => Handles::Histogram(
                key.register(|recorder, key, metadata| recorder.register_histogram(key, metadata)),
            ),
            (None, ForeignKind::Gauge) => Handles::Gauge(
                key.register(|recorder, key, metadata| recorder.register_gauge(key, metadata)),
            ),
            (None, ForeignKind::Outcomes) => counters("outcome"),
            (None, ForeignKind::ErrorTypes) => counters("error_type"),
        };
        Self { key, kind, handles }
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
        match self.kind {
            ForeignKind::Histogram { .. } | ForeignKind::Gauge => {}
            ForeignKind::Outcomes => Outcome::ALL.iter().for_each(|o| self.count(o.as_str(), 0)),
            ForeignKind::ErrorTypes => self.count(super::call_end::PANIC, 0),
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
            Handles::Late(id, facts) => self.completed(*id, facts, returned).record(exit),
            _ => self.record(exit),
        }
    }

    /// Counts a call out that has no result.
    #[cold]
    pub(super) fn abandon(&self, exit: &CallEnd<'_>) {
        match &self.handles {
            Handles::Late(_, facts) => {
                self.leave(exit, &NoneValues(facts.returned_names().count()));
            }
            _ => self.leave(exit, &()),
        }
    }

    /// The metric with the labels of this result.
    fn completed<L: LabelValues>(
        &self,
        id: LookupId,
        facts: &Facts,
        returned: &L,
    ) -> Kept<Arc<Self>> {
        let may_keep = current::sink_within() == CurrentRecorder::Remembered;
        let looked_up = lookup::Key::of(id.owner(), returned);
        if let Some(known) = lookup::get(Self::cache(), &looked_up, returned) {
            return known;
        }
        let mut key = self.key.clone();
        let mut names = facts.returned_names();
        returned.each_text(&mut |text| {
            key.labels.extend(names.next().map(|name| Label::new(name, text.to_owned())));
        });
        let made = Arc::new(Self::new(self.kind, key, None));
        if may_keep {
            lookup::keep(Self::cache(), &looked_up, returned, made)
        } else {
            Kept::alone(made)
        }
    }

    fn record(&self, exit: &CallEnd<'_>) {
        match (&self.handles, self.kind) {
            (Handles::Histogram(histogram), ForeignKind::Histogram { skips_cancelled }) => {
                if !(skips_cancelled && exit.outcome == Outcome::Cancelled) {
                    let ticks = u128::from(exit.ticks);
                    histogram.record(crate::cells::clock::seconds_from_ticks(ticks));
                }
            }
            (Handles::Gauge(gauge), _) => gauge.decrement(1.0),
            (_, ForeignKind::Outcomes) => self.count(exit.outcome.as_str(), 1),
            (_, ForeignKind::ErrorTypes) => {
                if let Some(error_type) = exit.error_type() {
                    self.count(error_type, 1);
                }
            }
            (_, ForeignKind::Histogram { .. } | ForeignKind::Gauge) => {}
        }
    }

    fn count(&self, value: &str, amount: u64) {
        let Handles::Counters { label, known } = &self.handles else { return };
        {
            let known = known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, counter)) = known.iter().find(|(name, _)| **name == *value) {
                counter.increment(amount);
                return;
            }
        }
        let key = self.key.with(label, value);
        let counter =
            key.register(|recorder, key, metadata| recorder.register_counter(key, metadata));
        counter.increment(amount);
        // A call that began under one recorder may end under another.
        if current::sink_within() == CurrentRecorder::Remembered {
            known.write().unwrap_or_else(PoisonError::into_inner).push((value.into(), counter));
        }
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign")
            .field("key", &self.key)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
