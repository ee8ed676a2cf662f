//! `/metrics` inside an application of axum (feature `axum`).

use axum::Router;

use crate::tower::MetricsService;

/// A router with `/metrics` of the default registry, to be merged or nested anywhere: the same answers as the
/// exporter's own endpoint gives, in the format that is asked for, zipped if wanted, and 503 when too many scrapes are
/// under way.
///
/// It shares the fate of the application's runtime: where all its threads are busy, nobody is scraped. The
/// [exporter](crate::exporter) has a thread of its own for that.
///
/// # Examples
///
/// ```
/// let app: axum::Router = axum::Router::new()
///     .route("/", axum::routing::get(|| async { "hello" }))
///     .merge(yardstick::axum::router());
/// # let _ = app;
/// ```
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route_service("/metrics", MetricsService::new())
}
