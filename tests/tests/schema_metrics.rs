//! Attributes that record into metrics of schemas. The schemas' global instances belong to the whole process, so
//! each test has its own.

use std::{
    future::{Future, pending},
    panic::catch_unwind,
    pin::pin,
    task::{Context, Poll, Waker},
};

use yardstick::{
    ByErrorType, ByOutcome, Counter, ErrorType, Gauge, Histogram, LabelSet, LabelValue,
    MetricSchema, Outcome, default_registry, track_active, track_calls, track_duration,
    track_errors,
};

#[derive(Clone, Copy, Debug, LabelValue, PartialEq)]
enum Method {
    Get,
    Post,
}

#[derive(Clone, Copy, LabelValue)]
enum Status {
    Success,
    Failure,
}

#[derive(Clone, Copy, LabelSet)]
struct RequestLabels {
    endpoint: &'static str,
    method: Method,
}

#[derive(LabelSet)]
struct ResponseLabels {
    #[label(flatten)]
    request: RequestLabels,
    status: Option<Status>,
}

#[derive(Debug, ErrorType)]
enum QueryError {
    Empty,
}

/// Polls once.
fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

fn sample(name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    default_registry().sample_value(name, labels)
}

mod every_kind {
    use super::*;

    #[derive(MetricSchema)]
    #[metrics(namespace = "kinds")]
    pub(crate) struct Kinds {
        /// Time to answer.
        #[metric(unit = Seconds, buckets = 5ms..10s)]
        pub(crate) duration: Histogram<RequestLabels>,
        /// Answers by outcome.
        answers: Counter<ByOutcome<RequestLabels>>,
        /// Errors by type.
        errors: Counter<ByErrorType<RequestLabels>>,
        /// Answers in flight.
        active: Gauge,
    }

    #[track_duration(Kinds::duration, labels = RequestLabels { endpoint: "/query", method })]
    #[track_calls(Kinds::answers, labels = RequestLabels { endpoint: "/query", method })]
    #[track_errors(Kinds::errors, labels = RequestLabels { endpoint: "/query", method })]
    #[track_active(Kinds::active)]
    fn answer(method: Method, query: &str) -> Result<usize, QueryError> {
        assert_eq!(sample("kinds_active", &[]), Some(1.0));
        assert!(query != "panic", "a bug");
        if query.is_empty() {
            return Err(QueryError::Empty);
        }
        Ok(query.len())
    }

    #[test]
    fn each_exit_counts_once() {
        let get = [("endpoint", "/query"), ("method", "get")];
        assert!(answer(Method::Get, "open").is_ok());
        assert!(answer(Method::Get, "").is_err());
        assert!(catch_unwind(|| answer(Method::Get, "panic")).is_err());
        assert!(answer(Method::Post, "source").is_ok());
        assert_eq!(sample("kinds_duration_seconds_count", &get), Some(3.0));
        let outcome =
            |outcome| sample("kinds_answers_total", &[get[0], get[1], ("outcome", outcome)]);
        assert_eq!(
            (outcome("ok"), outcome("error"), outcome("panic")),
            (Some(1.0), Some(1.0), Some(1.0))
        );
        let error = |error| sample("kinds_errors_total", &[get[0], get[1], ("error_type", error)]);
        assert_eq!((error("empty"), error("panic")), (Some(1.0), Some(1.0)));
        assert_eq!(sample("kinds_active", &[]), Some(0.0));
        let labels = RequestLabels { endpoint: "/query", method: Method::Post };
        let ok = ByOutcome { labels, outcome: Outcome::Ok };
        assert_eq!(Kinds::global().answers.with(&ok).get(), 1);
    }
}

mod futures {
    use super::*;

    #[derive(MetricSchema)]
    #[metrics(namespace = "futures")]
    struct Futures {
        /// Time to answer.
        #[metric(unit = Seconds)]
        duration: Histogram,
        /// Time to answer, of those that were.
        #[metric(unit = Seconds)]
        completed: Histogram,
        /// Answers by outcome.
        answers: Counter<ByOutcome>,
        /// Answers in flight.
        active: Gauge,
    }

    #[track_duration(Futures::duration)]
    #[track_duration(Futures::completed, on_cancel = skip)]
    #[track_calls(Futures::answers)]
    #[track_active(Futures::active)]
    async fn answer(ready: bool) {
        if !ready {
            pending::<()>().await;
        }
    }

    #[track_calls(Futures::answers)]
    fn boxed() -> std::pin::Pin<Box<dyn Future<Output = u8> + Send>> {
        Box::pin(async { 1 })
    }

    #[test]
    fn a_future_is_measured_to_its_end() {
        assert_eq!(poll(answer(true)), Poll::Ready(()));
        let unpolled = answer(false);
        assert_eq!(sample("futures_active", &[]), Some(0.0));
        drop(unpolled);
        {
            let mut pending = pin!(answer(false));
            assert!(pending.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(sample("futures_active", &[]), Some(1.0));
        }
        assert_eq!(poll(boxed()), Poll::Ready(1));
        assert_eq!(sample("futures_active", &[]), Some(0.0));
        assert_eq!(sample("futures_duration_seconds_count", &[]), Some(2.0));
        assert_eq!(sample("futures_completed_seconds_count", &[]), Some(1.0));
        let outcome = |outcome| sample("futures_answers_total", &[("outcome", outcome)]);
        assert_eq!((outcome("ok"), outcome("cancelled")), (Some(2.0), Some(1.0)));
    }

    #[test]
    fn a_measured_future_can_be_sent() {
        fn is_send<T: Send>(_: &T) {}
        is_send(&answer(true));
        is_send(&boxed());
    }
}

mod results {
    use super::*;

    #[derive(MetricSchema)]
    #[metrics(namespace = "results")]
    struct Results {
        /// Time to answer.
        #[metric(unit = Seconds)]
        duration: Histogram<ResponseLabels>,
    }

    #[track_duration(
        Results::duration,
        labels = ResponseLabels {
            request: RequestLabels { endpoint: "/query", method: Method::Get },
            status: None,
        },
        result_labels(status = |answer: &Option<u8>| Some(if answer.is_some() { Status::Success } else { Status::Failure }))
    )]
    fn answer(key: u8) -> Option<u8> {
        assert!(key != 9, "a bug");
        (key > 0).then_some(key)
    }

    #[test]
    fn the_result_changes_labels() {
        let _ = (answer(0), answer(1), answer(2));
        let _ = catch_unwind(|| answer(9));
        let count = |status| {
            let labels = [("endpoint", "/query"), ("method", "get"), ("status", status)];
            sample("results_duration_seconds_count", &labels)
        };
        assert_eq!(
            (count("success"), count("failure"), count("_none")),
            (Some(2.0), Some(1.0), Some(1.0))
        );
    }
}

mod flattened {
    use super::*;

    #[derive(MetricSchema)]
    #[metrics(namespace = "pool")]
    struct Pool {
        /// Time to wait for a connection.
        #[metric(unit = Seconds)]
        wait: Histogram,
    }

    #[derive(MetricSchema)]
    #[metrics(namespace = "outer", labels(service = "shop"))]
    struct Outer {
        #[metrics(flatten)]
        pool: Pool,
        /// Statements by kind.
        #[metric(labels(database = "orders"))]
        statements: Counter<RequestLabels>,
    }

    #[track_duration(Outer::pool.wait)]
    fn connect() {}

    #[test]
    fn a_metric_of_a_schema_within_a_schema() {
        connect();
        assert_eq!(sample("outer_pool_wait_seconds_count", &[("service", "shop")]), Some(1.0));
        assert_eq!(sample("pool_wait_seconds_count", &[]), None);
        let labels = RequestLabels { endpoint: "/", method: Method::Post };
        Outer::statements().with(&labels).inc();
        let labels =
            [("database", "orders"), ("endpoint", "/"), ("method", "post"), ("service", "shop")];
        assert_eq!(sample("outer_statements_total", &labels), Some(1.0));
        assert!(Outer::statements().remove(&RequestLabels { endpoint: "/", method: Method::Post }));
    }
}

/// Labels are evaluated when the call begins, so that the body may move what they were read from.
mod moved {
    use super::*;

    #[derive(LabelSet)]
    struct Tenant {
        tenant: String,
    }

    #[derive(MetricSchema)]
    #[metrics(namespace = "moved")]
    struct Moved {
        /// Jobs by outcome.
        jobs: Counter<ByOutcome<Tenant>>,
    }

    #[track_calls(Moved::jobs, labels = Tenant { tenant: tenant.clone() })]
    async fn work(tenant: String) -> usize {
        let moved = tenant;
        moved.len()
    }

    #[test]
    fn the_body_may_move_them() {
        assert_eq!(poll(work("acme".to_owned())), Poll::Ready(4));
        let labels = [("outcome", "ok"), ("tenant", "acme")];
        assert_eq!(sample("moved_jobs_total", &labels), Some(1.0));
    }
}

/// The first of two schemas that contradict each other is shown; the other records into nothing that is.
mod contradiction {
    use super::*;

    #[derive(MetricSchema)]
    #[metrics(namespace = "contradiction", unlisted)]
    struct First {
        /// Jobs.
        jobs: Counter,
    }

    #[derive(MetricSchema)]
    #[metrics(namespace = "contradiction", unlisted)]
    struct Second {
        /// Jobs by endpoint.
        jobs: Counter<RequestLabels>,
        /// Other jobs.
        others: Counter,
    }

    #[test]
    fn the_first_wins() {
        First::jobs().inc();
        let refused = || {
            sample("yardstick_registrations_refused_total", &[("reason", "labels")])
                .unwrap_or_default()
        };
        let before = refused();
        Second::jobs().with(&RequestLabels { endpoint: "/", method: Method::Get }).inc();
        Second::others().inc();
        assert!(refused() > before);
        assert_eq!(sample("contradiction_jobs_total", &[]), Some(1.0));
        assert_eq!(sample("contradiction_others_total", &[]), Some(1.0));
    }
}

#[test]
fn descriptors_are_constants() {
    const DESCRIPTORS: yardstick::catalog::Descriptors = every_kind::Kinds::DESCRIPTORS;
    let all = DESCRIPTORS.to_vec();
    let names: Vec<_> = all.iter().map(|descriptor| descriptor.name.as_str()).collect();
    assert_eq!(
        names,
        ["kinds_duration_seconds", "kinds_answers_total", "kinds_errors_total", "kinds_active"]
    );
    let answers = &all[1];
    let labels: Vec<_> = answers.labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(labels, ["endpoint", "method", "outcome"]);
    assert_eq!(
        answers.labels[1].values.as_deref(),
        Some(&["get".to_owned(), "post".to_owned()][..])
    );
    assert_eq!(answers.labels[0].values, None);
    assert_eq!(answers.location.file, file!());
}
