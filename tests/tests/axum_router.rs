//! `/metrics` inside an application of axum.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::CONTENT_TYPE},
    routing::get,
};
use tower::ServiceExt as _;
use yardstick::default_registry;
use yardstick_tests::judges;

async fn answer(
    app: &Router,
    method: &str,
    path: &str,
    accept: &str,
) -> (StatusCode, String, String) {
    let request = Request::builder().method(method).uri(path).header("accept", accept);
    let request = request.body(Body::empty()).expect("a request");
    let response = app.clone().oneshot(request).await.expect("a router answers");
    let status = response.status();
    let content_type =
        response.headers().get(CONTENT_TYPE).map(|value| value.to_str().expect("text").to_owned());
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, content_type.unwrap_or_default(), String::from_utf8(body.into()).expect("text"))
}

#[yardstick::track_calls("orders", labels(kind = "read"))]
fn order() {}

#[tokio::test]
async fn what_annotated_functions_record_is_served_without_another_word() {
    let app: Router = Router::new().merge(yardstick::axum::router());
    let before =
        default_registry().sample_value("orders_total", &[("kind", "read"), ("outcome", "ok")]);
    assert_eq!(before, Some(0.0), "the router makes it exist at zero");
    order();
    let (_, _, body) = answer(&app, "GET", "/metrics", "*/*").await;
    assert!(body.contains("\norders_total{kind=\"read\",outcome=\"ok\"} 1\n"), "{body}");
    let _ = yardstick::axum::try_router::<()>().expect("it is ours already");
}

#[tokio::test]
async fn a_registry_of_ones_own_is_served_alone() {
    let registry = yardstick::Registry::new();
    registry.counter("jobs").help("Jobs.").register().expect("a new name").inc();
    let app: Router = Router::new().merge(yardstick::axum::router_of(&registry));
    let (_, _, body) = answer(&app, "GET", "/metrics", "*/*").await;
    assert!(body.contains("\njobs_total 1\n"), "{body}");
    assert!(!body.contains("orders_total"), "{body}");
    let scrapes = registry.sample_value("yardstick_scrapes_total", &[("outcome", "answered")]);
    assert_eq!(scrapes, Some(1.0), "they are counted where they are of");
}

#[tokio::test]
async fn a_router_serves_what_the_endpoint_does() {
    default_registry().counter("visits").help("Visits.").register().expect("a new name").inc();
    let app: Router = Router::new()
        .route("/", get(|| async { "hello" }))
        .merge(yardstick::axum::router())
        .nest("/internal", yardstick::axum::router());
    for path in ["/metrics", "/internal/metrics"] {
        let (status, content_type, body) = answer(&app, "GET", path, "*/*").await;
        assert_eq!(
            (status, content_type.as_str()),
            (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8")
        );
        assert!(body.contains("visits_total 1\n"), "{body}");
        judges::promtool(&body);
        let accept = "application/openmetrics-text;version=1.0.0";
        let (_, content_type, body) = answer(&app, "GET", path, accept).await;
        assert!(content_type.starts_with("application/openmetrics-text"), "{content_type}");
        assert!(!judges::python_openmetrics(&body).is_empty());
    }
    assert_eq!(answer(&app, "POST", "/metrics", "*/*").await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer(&app, "HEAD", "/metrics", "*/*").await.2, "");
    assert_eq!(answer(&app, "GET", "/", "*/*").await.2, "hello");
}
