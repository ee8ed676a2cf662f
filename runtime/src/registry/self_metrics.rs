//! The toolkit's own metrics: what it refused, dropped, or did the slow way.
//!
//! All causes exist at zero from the first scrape, so that a rate over them works.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicU64, Ordering},
};

use yardstick_model::{Kind, Location, Unit};

use super::{
    Registry, current,
    family::{Compute, Family, FamilyMeta, Help, HelpWeight, LabelNames},
    gather::{Notes, Point, Sink},
    series::{CounterValue, Layout},
    table::LimitsMet,
};
use crate::{
    base::refusals::{REFUSED, descriptions_dropped, label_values_cut, labels_skipped},
    cells::{self, Bounds, clock},
    data::{LabelText, Role, exemplar},
    labels::lookup,
};

/// How often a service or router could not install all that it serves.
static CONFLICTS: AtomicU64 = AtomicU64::new(0);

/// Counts a service that could not install all that it serves.
#[cfg(feature = "tower")]
pub(crate) fn count_conflict() {
    CONFLICTS.fetch_add(1, Ordering::Relaxed);
}

/// Registers the families of the process and of this registry.
pub(super) fn register(registry: &Registry) {
    let mut families = of_process();
    families.extend(of_lanes());
    families.push(of_lookups());
    families.extend(of_recorder());
    families.extend(of_registry(registry));
    for (name, kind, help, compute) in families {
        registry.insert(family(name, kind, help, compute));
    }
}

type Row = (&'static str, Kind, &'static str, Compute);

fn of_lookups() -> Row {
    (
        "yardstick_lookup_memory_bytes",
        Kind::Gauge,
        "Memory in which threads keep what label values known only at run time led to.",
        Box::new(|sink| gauge(sink, float(lookup::occupied_bytes()))),
    )
}

fn of_process() -> Vec<Row> {
    vec![
        (
            "yardstick_clock_backward_total",
            Kind::Counter,
            "Durations that came out negative and were recorded as zero.",
            Box::new(|sink| count(sink, &[], clock::backward())),
        ),
        (
            "yardstick_clock_drift_ratio",
            Kind::Gauge,
            "By how much the clock of durations runs fast (or, negative, slow); zero below a thousandth.",
            Box::new(|sink| gauge(sink, noticeable(clock::drift_ratio()))),
        ),
        (
            "yardstick_descriptions_dropped_total",
            Kind::Counter,
            "Help texts given by name beyond 10,000 names, which were not kept.",
            Box::new(|sink| count(sink, &[], descriptions_dropped())),
        ),
        (
            "yardstick_exemplars_refused_total",
            Kind::Counter,
            "Exemplars that could not be kept, by reason; what they belong to was recorded.",
            Box::new(|sink| {
                counts(sink, "reason", exemplar::REFUSED.each());
            }),
        ),
        (
            "yardstick_label_values_cut_total",
            Kind::Counter,
            "Label values longer than 1,024 bytes that were cut when their series was looked up.",
            Box::new(|sink| count(sink, &[], label_values_cut())),
        ),
        (
            "yardstick_labels_skipped_total",
            Kind::Counter,
            "Labels recorded by name that were left out because of their names.",
            Box::new(|sink| count(sink, &[], labels_skipped())),
        ),
        (
            "yardstick_observations_refused_total",
            Kind::Counter,
            "Amounts that could not be recorded, by reason.",
            Box::new(|sink| {
                counts(sink, "reason", REFUSED.each());
            }),
        ),
    ]
}

fn of_lanes() -> [Row; 4] {
    [
        (
            "yardstick_unsettled_reads_total",
            Kind::Counter,
            "Reads of a histogram that gave up waiting for a writer.",
            Box::new(|sink| count(sink, &[], cells::unsettled_reads())),
        ),
        (
            "yardstick_lane_memory_bytes",
            Kind::Gauge,
            "Memory of all per-thread lanes.",
            Box::new(|sink| gauge(sink, float(cells::lane_memory_bytes()))),
        ),
        (
            "yardstick_lanes",
            Kind::Gauge,
            "Per-thread lanes ever made: the peak number of threads that recorded at once.",
            Box::new(|sink| gauge(sink, float(cells::lanes()))),
        ),
        (
            "yardstick_shared_lane_records_total",
            Kind::Counter,
            "Records that went to the shared lane, exact but slower, by cause.",
            Box::new(|sink| {
                counts(sink, "cause", cells::SHARED_RECORDS.each());
            }),
        ),
    ]
}

fn of_recorder() -> [Row; 2] {
    [
        (
            "yardstick_recorder_conflicts_total",
            Kind::Counter,
            "Times that a service could not install all that it serves: another recorder was there, or annotated \
             functions contradicted each other.",
            Box::new(|sink| count(sink, &[], CONFLICTS.load(Ordering::Relaxed))),
        ),
        (
            "yardstick_recorder_installed",
            Kind::Gauge,
            "Whether this is what annotated functions and the metrics facade record into; if 0, no recorder or another \
             recorder has what they record.",
            Box::new(|sink| gauge(sink, f64::from(u8::from(current::is_ours_installed())))),
        ),
    ]
}

fn of_registry(registry: &Registry) -> [Row; 4] {
    // The registry holds the families, so they must not hold the registry.
    let inner = Arc::downgrade(&registry.inner);
    [
        (
            "yardstick_collected_families_dropped_total",
            Kind::Counter,
            "Families of collectors that were left out of a scrape, by reason.",
            with_registry(inner.clone(), |registry, sink| {
                counts(sink, "reason", registry.inner.dropped.each());
            }),
        ),
        (
            "yardstick_registrations_refused_total",
            Kind::Counter,
            "Families and series that could not be registered, by reason.",
            with_registry(inner.clone(), |registry, sink| {
                counts(sink, "reason", registry.inner.refused.each());
            }),
        ),
        (
            "yardstick_series_beyond_limit_total",
            Kind::Counter,
            "Removed series that counted again while their family was full, and are shown beyond its limit.",
            with_registry(inner.clone(), |registry, sink| {
                limits(registry, sink, |met| met.beyond_limit);
            }),
        ),
        (
            "yardstick_series_overflow_total",
            Kind::Counter,
            "Look-ups of a label set that found its family full and went to the overflow series.",
            with_registry(inner, |registry, sink| {
                limits(registry, sink, |met| met.overflowed);
            }),
        ),
    ]
}

/// What happened at the limits of all families that can meet one.
fn limits(registry: &Registry, sink: &mut dyn Sink, number: impl Fn(LimitsMet) -> u64) {
    let families = registry.families();
    let limited = families.iter().filter(|family| family.meta.can_overflow());
    let met = limited.map(|family| (family.meta.name.as_str(), number(family.limits_met())));
    counts(sink, "metric", met);
}

/// Drift below a thousandth is what two readings of a clock may differ by; it is shown as none, so that
/// an unchanged program has an unchanged exposition.
fn noticeable(drift_ratio: f64) -> f64 {
    const NOTICEABLE: f64 = 0.001;
    if drift_ratio.abs() < NOTICEABLE { 0.0 } else { drift_ratio }
}

fn with_registry(
    inner: Weak<super::Inner>,
    compute: impl Fn(&Registry, &mut dyn Sink) + Send + Sync + 'static,
) -> Compute {
    Box::new(move |sink| {
        if let Some(inner) = inner.upgrade() {
            compute(&Registry { inner }, sink);
        }
    })
}

fn count(sink: &mut dyn Sink, labels: &[(&str, &str)], integer: u64) {
    let point = Point::Counter(CounterValue { integer, fraction: 0.0 });
    sink.series(&LabelText::of(labels.iter().copied()), &point, &Notes::default());
}

/// One counter for each value of a label.
fn counts<'v>(sink: &mut dyn Sink, label: &str, values: impl IntoIterator<Item = (&'v str, u64)>) {
    values.into_iter().for_each(|(value, number)| count(sink, &[(label, value)], number));
}

fn gauge(sink: &mut dyn Sink, value: f64) {
    sink.series(&LabelText::default(), &Point::Gauge(value), &Notes::default());
}

fn float(value: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "numbers of lanes and bytes stay below 2^53")]
    let value = value as f64;
    value
}

fn family(name: &str, kind: Kind, help: &str, compute: Compute) -> Family {
    let meta = FamilyMeta {
        name: name.to_owned(),
        written: name.to_owned(),
        kind,
        role: Role::Own,
        unit: name.ends_with("_bytes").then_some(Unit::Bytes),
        labels: LabelNames::Open,
        constant: Vec::new(),
        location: Location {
            module: module_path!(),
            file: file!(),
            line: line!(),
            column: column!(),
        },
        bounds: Vec::new(),
        native: None,
        quantiles: Vec::new(),
        layout: Layout {
            bounds: Bounds::of_values(&[]),
            refuses_durations: false,
            refuses_negative: false,
            window: None,
            states: &[],
        },
        series_max: 0,
    };
    Family::computed(meta, Help { text: help.to_owned(), weight: HelpWeight::Explicit }, compute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_that_can_overflow_counts_from_zero() {
        let registry = Registry::new();
        register(&registry);
        let jobs = registry.counter("jobs").labels(["queue"]).series_max(1).register();
        let jobs = jobs.expect("a new name");
        registry.gauge("depth").register().expect("a new name").set(1.0);
        let overflow = |metric: &str| {
            registry.sample_value("yardstick_series_overflow_total", &[("metric", metric)])
        };
        assert_eq!(overflow("jobs_total"), Some(0.0));
        jobs.get_or_create(["a"]).expect("room").inc();
        jobs.get_or_create(["b"]).expect("the overflow series").inc();
        assert_eq!(overflow("jobs_total"), Some(1.0));
        for without_labels in ["depth", "yardstick_lanes"] {
            assert_eq!(overflow(without_labels), None);
        }
    }

    #[test]
    fn what_is_computed_at_gather_time_may_record() {
        let registry = Registry::new();
        let asked = registry.counter("asked").register().expect("a new name");
        let wait = registry.histogram("wait").unit(Unit::Seconds).register().expect("a new name");
        let (inner, seen) = (asked.clone(), wait.clone());
        registry.insert(family(
            "computed",
            Kind::Gauge,
            "Records while it is gathered.",
            Box::new(move |sink| {
                inner.inc();
                seen.observe(0.5);
                // Reading takes the gather lock, which is free here.
                #[allow(clippy::cast_precision_loss, reason = "a small count")]
                gauge(sink, inner.get() as f64);
            }),
        ));
        assert!(registry.render().contains("\ncomputed 1\n"));
        assert!(registry.render().contains("\ncomputed 2\n"));
        assert_eq!((asked.get(), wait.count()), (2, 2));
    }
}
