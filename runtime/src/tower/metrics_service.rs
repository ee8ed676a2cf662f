//! `/metrics` as a service.

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper::{
    Request, Response,
    body::{Body, Bytes, Frame, SizeHint},
};
use tower_service::Service;

use crate::{
    exporter::{
        InstallError, Limits,
        http::{CATALOG, ScrapeBody, Scrapes, catalog, is_read, scrape_or_refuse, scrapes},
        recorder,
    },
    registry::{Registry, default_registry},
};

/// Answers scrapes of the default registry, or of another, whatever the path: the same answers as the exporter's own endpoint gives,
/// in the format that is asked for, zipped if wanted, 405 for what is neither GET nor HEAD, and 503 when too many
/// scrapes are under way.
///
/// It shares the fate of the application's runtime: while all its threads are busy, scrapes are not answered. The
/// [exporter](fn@crate::exporter) has a thread of its own for that.
///
/// # Examples
///
/// ```
/// use yardstick::tower::MetricsService;
///
/// // Wherever a service can be mounted; in axum: `.route_service("/internal/metrics", service)`.
/// let service = MetricsService::new();
/// # let _ = service;
/// ```
#[derive(Clone, Debug)]
pub struct MetricsService {
    scrapes: Arc<Scrapes>,
}

impl MetricsService {
    /// Serves the default registry, and [installs](crate::install) it, so that what annotated functions record is there to
    /// be served. Where that fails, because another recorder is installed or annotated functions contradict each
    /// other, what there is will be served; what is missing, and why, is logged once, counted in
    /// `yardstick_recorder_conflicts_total`, and the first line of the text exposition. [`try_new`](Self::try_new) answers
    /// with the error instead.
    ///
    /// All clones share [`Limits::scrapes_max`].
    #[must_use]
    pub fn new() -> Self {
        recorder::install_for_service();
        Self::of(default_registry())
    }

    /// As [`new`](Self::new), for those who want to know.
    ///
    /// # Errors
    ///
    /// As [`install`](crate::install). Nothing is installed then.
    pub fn try_new() -> Result<Self, InstallError> {
        recorder::install()?;
        Ok(Self::of(default_registry()))
    }

    /// Serves a registry of one's own. Nothing is installed.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// let service = yardstick::tower::MetricsService::of(&registry);
    /// # let _ = service;
    /// ```
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        Self { scrapes: Arc::new(scrapes(&Limits::default(), registry)) }
    }
}

impl Default for MetricsService {
    fn default() -> Self {
        Self::new()
    }
}

impl<B> Service<Request<B>> for MetricsService {
    type Response = Response<ExpositionBody>;
    type Error = Infallible;
    type Future = ExpositionFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ExpositionFuture {
        let scrapes = Arc::clone(&self.scrapes);
        let (request, _) = request.into_parts();
        let answer = async move {
            let response = if request.uri.path().ends_with(CATALOG) && is_read(&request.method) {
                catalog(&request.headers, &scrapes).await
            } else {
                scrape_or_refuse(&request.method, &request.headers, &scrapes, None).await
            };
            Ok(response.map(|pieces| ExpositionBody { pieces }))
        };
        ExpositionFuture { answer: Box::pin(answer) }
    }
}

type Answer = dyn Future<Output = Result<Response<ExpositionBody>, Infallible>> + Send;

/// The answer of a [`MetricsService`].
pub struct ExpositionFuture {
    answer: Pin<Box<Answer>>,
}

impl fmt::Debug for ExpositionFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExpositionFuture").finish_non_exhaustive()
    }
}

impl Future for ExpositionFuture {
    type Output = Result<Response<ExpositionBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.answer.as_mut().poll(context)
    }
}

/// The body of an answer of a [`MetricsService`].
#[derive(Debug)]
pub struct ExpositionBody {
    pieces: ScrapeBody,
}

impl Body for ExpositionBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.pieces).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.pieces.size_hint()
    }
}
