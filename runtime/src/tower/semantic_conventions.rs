//! OpenTelemetry's HTTP server metrics as a schema.

use yardstick_macros::{LabelSet, MetricSchema};

use super::{Method, RequestInfo, RequestMetrics, ResponseInfo, Route};
use crate::{
    handle::{Gauge, Histogram, InProgress},
    labels::{LabelValue, Outcome},
};

/// Requests of an HTTP server by the names that `OpenTelemetry` gives them, as they read in Prometheus:
/// <https://opentelemetry.io/docs/specs/semconv/http/http-metrics/> (version 1.27 and later; the buckets of the duration
/// are advised there, those of sizes are ours).
///
/// | metric | labels |
/// |---|---|
/// | `http_server_request_duration_seconds` | `error_type`, `http_request_method`, `http_response_status_code`, `http_route`, `network_protocol_version`, `url_scheme` |
/// | `http_server_request_body_size_bytes` | the same |
/// | `http_server_response_body_size_bytes` | the same |
/// | `http_server_active_requests` | `http_request_method`, `url_scheme` |
///
/// A label that does not apply is empty, which Prometheus takes for absent. `error_type` is the status code from 500
/// on, `panic`, `cancelled`, or `_OTHER` where a service failed without an answer.
///
/// [`global()`](crate::MetricSchema::global) records into the default registry;
/// [`register`](crate::MetricSchema::register) into another.
#[derive(Debug, MetricSchema)]
#[metrics(namespace = "http_server", unlisted, crate = crate)]
pub struct SemanticConventions {
    /// Duration of HTTP server requests.
    #[metric(unit = Seconds, buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10])]
    request_duration: Histogram<RequestLabels>,
    /// Size of HTTP server request bodies.
    #[metric(unit = Bytes, buckets = exponential(64, 4, 10))]
    request_body_size: Histogram<RequestLabels>,
    /// Size of HTTP server response bodies.
    #[metric(unit = Bytes, buckets = exponential(64, 4, 10))]
    response_body_size: Histogram<RequestLabels>,
    /// Number of active HTTP server requests.
    active_requests: Gauge<ActiveLabels>,
}

#[derive(Debug, LabelSet)]
#[label_set(crate = crate)]
struct RequestLabels {
    error_type: ErrorType,
    http_request_method: Method,
    http_response_status_code: StatusCode,
    http_route: HttpRoute,
    network_protocol_version: &'static str,
    url_scheme: &'static str,
}

#[derive(Debug, LabelSet)]
#[label_set(crate = crate)]
struct ActiveLabels {
    http_request_method: Method,
    url_scheme: &'static str,
}

/// A status code, or nothing.
#[derive(Clone, Copy, Debug)]
struct StatusCode(Option<hyper::StatusCode>);

/// A route, or nothing.
#[derive(Debug)]
struct HttpRoute(Option<Route>);

/// Why a request failed, or nothing.
#[derive(Debug)]
struct ErrorType {
    outcome: Outcome,
    status: StatusCode,
}

#[diagnostic::do_not_recommend]
impl LabelValue for StatusCode {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.0.as_ref().map_or("", hyper::StatusCode::as_str))
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for HttpRoute {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.0.as_ref().map_or("", Route::as_str))
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for ErrorType {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match self.outcome {
            Outcome::Ok if self.status.0.is_some_and(|status| status.is_server_error()) => {
                self.status.with_text(read)
            }
            Outcome::Ok => read(""),
            Outcome::Error => read("_OTHER"),
            Outcome::Panic => read("panic"),
            Outcome::Cancelled => read("cancelled"),
        }
    }
}

impl RequestMetrics for SemanticConventions {
    type InFlight = InProgress;

    fn begin(&self, request: &RequestInfo) -> InProgress {
        let labels = ActiveLabels {
            http_request_method: request.method(),
            url_scheme: request.url_scheme(),
        };
        self.active_requests.with(&labels).track_in_progress()
    }

    fn end(&self, request: &RequestInfo, response: &ResponseInfo) {
        let status = StatusCode(response.status());
        let labels = RequestLabels {
            error_type: ErrorType { outcome: response.outcome(), status },
            http_request_method: request.method(),
            http_response_status_code: status,
            http_route: HttpRoute(request.route().cloned()),
            network_protocol_version: request.protocol_version(),
            url_scheme: request.url_scheme(),
        };
        self.request_duration.with(&labels).observe_duration(response.duration());
        #[allow(clippy::cast_precision_loss, reason = "a body stays below 2^53 bytes")]
        let [request_bytes, response_bytes] =
            [response.request_body_bytes(), response.response_body_bytes()]
                .map(|bytes| bytes as f64);
        self.request_body_size.with(&labels).observe(request_bytes);
        self.response_body_size.with(&labels).observe(response_bytes);
    }
}
