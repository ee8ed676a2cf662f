//! `RequestInfo` and `ResponseInfo`: what a request tells its labels.

use std::{borrow::Cow, time::Duration};

use hyper::{StatusCode, Version, http::request};
use yardstick_macros::LabelValue;

use crate::labels::{LabelValue, Outcome};

/// A request's method: one of those that HTTP knows, or `_OTHER`, because a client may send any word.
///
/// The methods and the value for others are `OpenTelemetry`'s:
/// <https://opentelemetry.io/docs/specs/semconv/http/http-metrics/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label_value(rename_all = "UPPERCASE", crate = crate)]
#[allow(missing_docs, reason = "they are the names of the methods")]
pub enum Method {
    Connect,
    Delete,
    Get,
    Head,
    Options,
    Patch,
    Post,
    Put,
    Trace,
    /// Any other word.
    #[label_value(rename = "_OTHER")]
    Other,
}

impl From<&hyper::Method> for Method {
    fn from(method: &hyper::Method) -> Self {
        match *method {
            hyper::Method::CONNECT => Self::Connect,
            hyper::Method::DELETE => Self::Delete,
            hyper::Method::GET => Self::Get,
            hyper::Method::HEAD => Self::Head,
            hyper::Method::OPTIONS => Self::Options,
            hyper::Method::PATCH => Self::Patch,
            hyper::Method::POST => Self::Post,
            hyper::Method::PUT => Self::Put,
            hyper::Method::TRACE => Self::Trace,
            _ => Self::Other,
        }
    }
}

/// The first digit of a status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label_value(crate = crate)]
pub enum StatusClass {
    /// 100 to 199.
    #[label_value(rename = "1xx")]
    Informational,
    /// 200 to 299.
    #[label_value(rename = "2xx")]
    Success,
    /// 300 to 399.
    #[label_value(rename = "3xx")]
    Redirection,
    /// 400 to 499.
    #[label_value(rename = "4xx")]
    ClientError,
    /// 500 to 599.
    #[label_value(rename = "5xx")]
    ServerError,
    /// What HTTP does not define.
    #[label_value(rename = "other")]
    Other,
}

impl From<StatusCode> for StatusClass {
    fn from(status: StatusCode) -> Self {
        match status.as_u16() {
            100..=199 => Self::Informational,
            200..=299 => Self::Success,
            300..=399 => Self::Redirection,
            400..=499 => Self::ClientError,
            500..=599 => Self::ServerError,
            _ => Self::Other,
        }
    }
}

/// What is known of a request when it arrives.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    method: Method,
    route: Option<Route>,
    url_scheme: &'static str,
    version: Version,
}

/// The template of a request's path, such as `/orders/{id}`: a label value that is cheap to clone.
#[derive(Clone, Debug)]
pub struct Route(Template);

#[derive(Clone, Debug)]
enum Template {
    Text(Cow<'static, str>),
    #[cfg(feature = "axum")]
    Matched(axum::extract::MatchedPath),
}

impl Route {
    /// The template.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Template::Text(route) => route,
            #[cfg(feature = "axum")]
            Template::Matched(route) => route.as_str(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl LabelValue for Route {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.as_str())
    }
}

impl RequestInfo {
    pub(super) fn new(
        request: &request::Parts,
        route: Option<Cow<'static, str>>,
        url_scheme: &'static str,
    ) -> Self {
        let route = route.map(|route| Route(Template::Text(route)));
        #[cfg(feature = "axum")]
        let matched =
            || request.extensions.get().cloned().map(|route| Route(Template::Matched(route)));
        #[cfg(feature = "axum")]
        let route = route.or_else(matched);
        Self { method: Method::from(&request.method), route, url_scheme, version: request.version }
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The template of the path, such as `/orders/{id}`; `None` if no route matched. It is never the path itself, of
    /// which there are as many as clients like.
    #[must_use]
    pub const fn route(&self) -> Option<&Route> {
        self.route.as_ref()
    }

    /// `http` or `https`, as the layer was told.
    #[must_use]
    pub const fn url_scheme(&self) -> &'static str {
        self.url_scheme
    }

    /// The version of HTTP: `1.1`, `2`.
    #[must_use]
    pub fn protocol_version(&self) -> &'static str {
        match self.version {
            Version::HTTP_09 => "0.9",
            Version::HTTP_10 => "1.0",
            Version::HTTP_11 => "1.1",
            Version::HTTP_2 => "2",
            Version::HTTP_3 => "3",
            _ => "_other",
        }
    }
}

/// What is known of a request when it has ended.
#[derive(Clone, Debug)]
pub struct ResponseInfo {
    pub(super) status: Option<StatusCode>,
    pub(super) outcome: Outcome,
    pub(super) duration: Duration,
    pub(super) request_body_bytes: u64,
    pub(super) response_body_bytes: u64,
}

impl ResponseInfo {
    /// The status code; `None` if there was no answer.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The first digit of the status code; `None` if there was no answer.
    #[must_use]
    pub fn status_class(&self) -> Option<StatusClass> {
        self.status.map(StatusClass::from)
    }

    /// [`Ok`](Outcome::Ok) if all of an answer was taken, whatever its status; [`Error`](Outcome::Error) if the service
    /// or the body of its answer failed; [`Panic`](Outcome::Panic); and [`Cancelled`](Outcome::Cancelled) if the client
    /// went away, or the server stopped, before all was taken.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// From the call of the service until the end of the answer's body.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }

    /// The size of the request's body as its head declares it, or what the service read of it.
    #[must_use]
    pub const fn request_body_bytes(&self) -> u64 {
        self.request_body_bytes
    }

    /// What was taken of the answer's body.
    #[must_use]
    pub const fn response_body_bytes(&self) -> u64 {
        self.response_body_bytes
    }
}
