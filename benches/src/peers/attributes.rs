//! The libraries that instrument functions by attribute, and the same written by hand.

use std::sync::LazyLock;

use autometrics::autometrics;
use metered::{HitCount, ResponseTime, metered};
use prometheus::{Histogram, HistogramOpts, IntCounter};

use crate::{
    rows::{Rows, Work},
    workloads::{self, BOUNDS},
};

/// Adds the rows of programs that record.
pub fn rows(rows: &mut Rows) {
    super::exporter::rows(rows);
    let by_hand = workloads::calls(counted::<0>, counted::<1>, counted::<2>, counted::<3>);
    rows.peer(Work::Call, "prometheus", "by hand", by_hand);
    rows.peer(Work::Duration, "prometheus", "by hand", workloads::call(timed));
    static SERVICES: LazyLock<[Service; 4]> = LazyLock::new(Default::default);
    LazyLock::force(&SERVICES);
    let hits = workloads::calls(
        || SERVICES[0].counted(),
        || SERVICES[1].counted(),
        || SERVICES[2].counted(),
        || SERVICES[3].counted(),
    );
    rows.peer(Work::Call, "metered", "HitCount", hits);
    rows.peer(Work::AsyncCall, "metered", "HitCount", workloads::polls(|| SERVICES[0].polled()));
    rows.peer(Work::Duration, "metered", "ResponseTime", workloads::call(|| SERVICES[0].timed()));
    rows.peer(Work::All, "autometrics", "sync", workloads::call(tracked));
    rows.peer(Work::All, "autometrics", "async", workloads::polls(tracked_async));
}

/// Adds the rows of programs that install nothing.
pub fn rows_off(rows: &mut Rows) {
    rows.peer(Work::Off, "tracing", "", workloads::calls(span, span, span, span));
    rows.peer(Work::Off, "fastrace", "", workloads::calls(trace, trace, trace, trace));
    rows.peer(Work::Off, "metrics", "counter!", workloads::calls(facade, facade, facade, facade));
    rows.peer(Work::OffAsync, "tracing", "", workloads::polls(span_async));
    rows.peer(Work::OffAsync, "fastrace", "", workloads::polls(trace_async));
}

#[inline(never)]
fn counted<const I: usize>() {
    static COUNTERS: LazyLock<[IntCounter; 4]> = LazyLock::new(|| {
        std::array::from_fn(|_| IntCounter::new("calls", "help").expect("a valid name"))
    });
    COUNTERS[I].inc();
}

#[inline(never)]
fn timed() {
    static DURATION: LazyLock<Histogram> = LazyLock::new(|| {
        let options = HistogramOpts::new("duration_seconds", "help").buckets(BOUNDS.into());
        Histogram::with_opts(options).expect("valid bounds")
    });
    let _timer = DURATION.start_timer();
}

#[derive(Default, Debug)]
struct Service {
    metrics: ServiceMetrics,
}

#[metered(registry = ServiceMetrics)]
impl Service {
    #[measure(HitCount)]
    #[inline(never)]
    fn counted(&self) {}

    #[measure(HitCount)]
    #[inline(never)]
    async fn polled(&self) {}

    #[measure(ResponseTime)]
    #[inline(never)]
    fn timed(&self) {}
}

#[autometrics]
#[inline(never)]
fn tracked() {}

#[autometrics]
#[inline(never)]
async fn tracked_async() {}

#[tracing::instrument(skip_all)]
#[inline(never)]
fn span() {}

#[tracing::instrument(skip_all)]
#[inline(never)]
async fn span_async() {}

#[fastrace::trace]
#[inline(never)]
fn trace() {}

#[fastrace::trace]
#[inline(never)]
async fn trace_async() {}

#[inline(never)]
fn facade() {
    metrics::counter!("calls").increment(1);
}
