//! `/metrics` inside an application of axum (feature `axum`).

use axum::Router;

use crate::{exporter::InstallError, registry::Registry, tower::MetricsService};

/// A router with `/metrics` of the default registry, and its [catalog](mod@crate::catalog) at `/-/catalog`, to be merged or nested anywhere: the same answers as the
/// exporter's own endpoint gives, in the format that is asked for, zipped if wanted, and 503 when too many scrapes are
/// under way. It makes the default registry the recorder of annotated functions, unless another recorder is there: see
/// [`MetricsService::new`].
///
/// It shares the fate of the application's runtime: while all its threads are busy, scrapes are not answered. The
/// [exporter](fn@crate::exporter) has a thread of its own for that.
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
    of_service(MetricsService::new())
}

/// As [`router`], for those who want to know.
///
/// # Errors
///
/// As [`install`](crate::install): when another recorder is installed, or annotated functions contradict each other.
pub fn try_router<S: Clone + Send + Sync + 'static>() -> Result<Router<S>, InstallError> {
    Ok(of_service(MetricsService::try_new()?))
}

/// As [`router`], with `/metrics` of a registry of one's own. Nothing is installed.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let app: axum::Router = yardstick::axum::router_of(&registry);
/// # let _ = app;
/// ```
pub fn router_of<S: Clone + Send + Sync + 'static>(registry: &Registry) -> Router<S> {
    of_service(MetricsService::of(registry))
}

fn of_service<S: Clone + Send + Sync + 'static>(service: MetricsService) -> Router<S> {
    Router::new().route_service("/metrics", service.clone()).route_service("/-/catalog", service)
}
