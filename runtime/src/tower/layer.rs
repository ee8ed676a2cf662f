//! The layer that tracks HTTP requests.

use std::{
    borrow::Cow,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use hyper::{Request, Response, StatusCode, body::Body, http::request};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{RequestBody, RequestInfo, RequestMetrics, ResponseBody, tracking::Tracking};
use crate::labels::Outcome;

type FindRoute = dyn Fn(&request::Parts) -> Option<Cow<'static, str>> + Send + Sync;

/// A layer that records HTTP requests in `metrics`: by
/// [`SemanticConventions::global()`](super::SemanticConventions), or by [your own](RequestMetrics).
pub fn track_requests<M: RequestMetrics + Clone>(metrics: M) -> TrackRequestsLayer<M> {
    TrackRequestsLayer { metrics, find_route: None, url_scheme: "http" }
}

/// See [`track_requests`].
#[derive(Clone)]
#[must_use = "a layer does nothing until it is put around a service"]
pub struct TrackRequestsLayer<M> {
    metrics: M,
    find_route: Option<Arc<FindRoute>>,
    url_scheme: &'static str,
}

impl<M> TrackRequestsLayer<M> {
    /// How to find the template of a request's path, such as `/orders/{id}`: it must be one of few. Without this, or
    /// where it answers `None`, it is the route that axum matched (feature `axum`), or unknown.
    pub fn route(
        mut self,
        find: impl Fn(&request::Parts) -> Option<Cow<'static, str>> + Send + Sync + 'static,
    ) -> Self {
        self.find_route = Some(Arc::new(find));
        self
    }

    /// `http` unless set to `https`: a request does not tell.
    pub const fn url_scheme(mut self, scheme: &'static str) -> Self {
        self.url_scheme = scheme;
        self
    }
}

impl<M> fmt::Debug for TrackRequestsLayer<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrackRequestsLayer")
            .field("url_scheme", &self.url_scheme)
            .finish_non_exhaustive()
    }
}

impl<S, M: Clone> Layer<S> for TrackRequestsLayer<M> {
    type Service = TrackRequests<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        TrackRequests { inner, layer: self.clone() }
    }
}

/// A service whose requests are tracked.
#[derive(Clone, Debug)]
pub struct TrackRequests<S, M> {
    inner: S,
    layer: TrackRequestsLayer<M>,
}

impl<S, M, RequestInner, ResponseInner> Service<Request<RequestInner>> for TrackRequests<S, M>
where
    S: Service<Request<RequestBody<RequestInner>>, Response = Response<ResponseInner>>,
    M: RequestMetrics + Clone,
    RequestInner: Body,
    ResponseInner: Body,
{
    type Response = Response<ResponseBody<ResponseInner, M>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, M>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestInner>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let route = self.layer.find_route.as_ref().and_then(|find| find(&parts));
        let facts = RequestInfo::new(&parts, route, self.layer.url_scheme);
        let is_head = parts.method == hyper::Method::HEAD;
        let (body, size) = RequestBody::new(body);
        let tracking = Tracking::begin(self.layer.metrics.clone(), facts, size);
        // From here on a panic ends the tracking.
        let inner = self.inner.call(Request::from_parts(parts, body));
        ResponseFuture { inner, tracking: Some(tracking), is_head }
    }
}

pin_project! {
    /// The answer to a request that is tracked.
    #[derive(Debug)]
    pub struct ResponseFuture<F, M: RequestMetrics> {
        #[pin]
        inner: F,
        // `None` when the body has it.
        tracking: Option<Tracking<M>>,
        is_head: bool,
    }
}

impl<F, M, B, E> Future for ResponseFuture<F, M>
where
    F: Future<Output = Result<Response<B>, E>>,
    M: RequestMetrics,
    B: Body,
{
    type Output = Result<Response<ResponseBody<B, M>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answered = ready!(this.inner.poll(context));
        let mut tracking = this.tracking.take().expect("a future is not polled after its end");
        Poll::Ready(match answered {
            Ok(response) => {
                tracking.answered(response.status());
                let is_taken = !*this.is_head && has_body(response.status());
                Ok(response.map(|body| ResponseBody::new(body, tracking, is_taken)))
            }
            Err(error) => {
                tracking.end(Outcome::Error);
                Err(error)
            }
        })
    }
}

/// Whether a server sends the body of an answer with this status: RFC 9110, section 6.4.1.
fn has_body(status: StatusCode) -> bool {
    !status.is_informational()
        && !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}
