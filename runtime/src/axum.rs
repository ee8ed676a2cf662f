//! `/metrics` inside an application of axum (feature `axum`).

use std::sync::Arc;

use axum::{Router, body::Body, routing::get};
use hyper::{HeaderMap, Method};

use crate::{
    Limits, default_registry,
    exporter::http::{Scrapes, scrape},
};

/// A router with `GET /metrics` of the default registry, to be merged or nested anywhere: the same answers as the
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
    let scrapes = Arc::new(Scrapes::new(Limits::default().scrapes_max, default_registry()));
    let serve = move |method: Method, headers: HeaderMap| {
        let scrapes = Arc::clone(&scrapes);
        async move { scrape(&method, &headers, &scrapes).await.map(Body::new) }
    };
    Router::new().route("/metrics", get(serve))
}
