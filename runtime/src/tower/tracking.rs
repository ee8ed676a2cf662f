//! One request under way: its guards and sizes.
//!
//! Invariant: `begin` and `end` are called once each for every request, and what `begin` gave lives until `end` was
//! called. Whoever holds the tracking ends it, and if it is dropped before, that is the end.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use hyper::StatusCode;

use super::{RequestInfo, RequestMetrics, ResponseInfo};
use crate::{cells::clock, labels::Outcome};

/// The size of a request's body.
#[derive(Debug)]
pub(super) enum RequestSize {
    /// As its head declares it; the HTTP implementation enforces it.
    Declared(u64),
    /// As it is read.
    Counted(Arc<AtomicU64>),
}

pub(super) struct Tracking<M: RequestMetrics> {
    /// `None` when it has ended.
    running: Option<Running<M>>,
}

struct Running<M: RequestMetrics> {
    metrics: M,
    request: RequestInfo,
    _in_flight: M::InFlight,
    start_ticks: u64,
    request_size: RequestSize,
    status: Option<StatusCode>,
    response_body_bytes: u64,
}

impl<M: RequestMetrics> Tracking<M> {
    pub(super) fn begin(metrics: M, request: RequestInfo, request_size: RequestSize) -> Self {
        let start_ticks = clock::now();
        let in_flight = metrics.begin(&request);
        Self {
            running: Some(Running {
                metrics,
                request,
                _in_flight: in_flight,
                start_ticks,
                request_size,
                status: None,
                response_body_bytes: 0,
            }),
        }
    }

    /// There is an answer.
    pub(super) fn answered(&mut self, status: StatusCode) {
        if let Some(running) = &mut self.running {
            running.status = Some(status);
        }
    }

    /// Some of its body was taken; answers with how much that makes.
    pub(super) fn taken(&mut self, bytes: usize) -> u64 {
        self.running.as_mut().map_or(0, |running| {
            running.response_body_bytes += bytes as u64;
            running.response_body_bytes
        })
    }

    pub(super) fn end(&mut self, outcome: Outcome) {
        let Some(running) = self.running.take() else { return };
        let ticks = clock::elapsed(running.start_ticks, clock::now());
        let response = ResponseInfo {
            status: running.status,
            outcome,
            duration: Duration::from_secs_f64(clock::seconds_from_ticks(u128::from(ticks))),
            request_body_bytes: match &running.request_size {
                RequestSize::Declared(bytes) => *bytes,
                RequestSize::Counted(bytes) => bytes.load(Ordering::Relaxed),
            },
            response_body_bytes: running.response_body_bytes,
        };
        running.metrics.end(&running.request, &response);
    }
}

impl<M: RequestMetrics> fmt::Debug for Tracking<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracking").field("is_running", &self.running.is_some()).finish()
    }
}

impl<M: RequestMetrics> Drop for Tracking<M> {
    fn drop(&mut self) {
        self.end(if thread::panicking() { Outcome::Panic } else { Outcome::Cancelled });
    }
}
