//! For services of [tower](https://docs.rs/tower): `/metrics` as a service, and a layer that tracks HTTP requests
//! (feature `tower`).
//!
//! # Examples
//!
//! Requests by OpenTelemetry's semantic names, in any stack of tower:
//!
//! ```
//! use tower_layer::Layer as _;
//! use yardstick::{MetricSchema as _, tower::{SemanticConventions, track_requests}};
//!
//! # struct Application;
//! let service = track_requests(SemanticConventions::global()).layer(Application);
//! # let _ = service;
//! ```
//!
//! With axum, `Router::layer` gives the layer the route that matched, so that a label is `/orders/{id}` and never the
//! path that was asked for. Elsewhere, [`TrackRequestsLayer::route`] says where to find it.

mod layer;
mod metrics_service;
mod request;
mod request_body;
mod response_body;
mod semantic_conventions;
mod tracking;

pub use self::{
    layer::{ResponseFuture, TrackRequests, TrackRequestsLayer, track_requests},
    metrics_service::{ExpositionBody, ExpositionFuture, MetricsService},
    request::{Method, RequestInfo, ResponseInfo, Route, StatusClass},
    request_body::RequestBody,
    response_body::ResponseBody,
    semantic_conventions::SemanticConventions,
};

use std::sync::Arc;

/// What is recorded of HTTP requests; [`track_requests`] makes a layer of it.
///
/// [`SemanticConventions`] is one. Implement it on a schema of your own to choose names, labels and buckets.
///
/// Both methods are called on the hot path, from any thread, and must not panic.
///
/// # Examples
///
/// ```
/// use yardstick::{
///     handle::InProgress, tower::{Method, RequestInfo, RequestMetrics, ResponseInfo, Route, StatusClass},
///     Counter, Gauge, Histogram, LabelSet, MetricSchema,
/// };
///
/// #[derive(LabelSet)]
/// struct Labels {
///     method: Method,
///     route: Option<Route>,
///     status: Option<StatusClass>,
/// }
///
/// #[derive(MetricSchema)]
/// #[metrics(namespace = "shop_http")]
/// struct ShopHttp {
///     /// Time to answer a request.
///     #[metric(unit = Seconds, buckets = 5ms..10s)]
///     request_duration: Histogram<Labels>,
///     /// Requests under way.
///     requests_active: Gauge,
/// }
///
/// impl RequestMetrics for ShopHttp {
///     type InFlight = InProgress;
///
///     fn begin(&self, _: &RequestInfo) -> InProgress {
///         self.requests_active.track_in_progress()
///     }
///
///     fn end(&self, request: &RequestInfo, response: &ResponseInfo) {
///         let labels = Labels {
///             method: request.method(),
///             route: request.route().cloned(),
///             status: response.status_class(),
///         };
///         self.request_duration.with(&labels).observe_duration(response.duration());
///     }
/// }
///
/// let layer = yardstick::tower::track_requests(ShopHttp::global());
/// # let _ = layer;
/// ```
pub trait RequestMetrics {
    /// What lives while a request is under way: such as an [`InProgress`](crate::handle::InProgress), or `()`.
    type InFlight: Send + 'static;

    /// A request arrives.
    fn begin(&self, request: &RequestInfo) -> Self::InFlight;

    /// It has ended, however it did: with the last byte of its answer, or before. Called once.
    fn end(&self, request: &RequestInfo, response: &ResponseInfo);
}

impl<M: RequestMetrics + ?Sized> RequestMetrics for &M {
    type InFlight = M::InFlight;

    fn begin(&self, request: &RequestInfo) -> Self::InFlight {
        (**self).begin(request)
    }

    fn end(&self, request: &RequestInfo, response: &ResponseInfo) {
        (**self).end(request, response);
    }
}

impl<M: RequestMetrics + ?Sized> RequestMetrics for Arc<M> {
    type InFlight = M::InFlight;

    fn begin(&self, request: &RequestInfo) -> Self::InFlight {
        (**self).begin(request)
    }

    fn end(&self, request: &RequestInfo, response: &ResponseInfo) {
        (**self).end(request, response);
    }
}
