//! A router in a program whose annotated functions contradict each other.

use axum::{Router, body::to_bytes, http::Request};
use tower::ServiceExt as _;
use tracing::Level;
use yardstick::{exporter::InstallError, track_calls};
use yardstick_tests::events::Kept;

#[track_calls("orders", labels(kind = "read"))]
fn first() {}

#[track_calls("orders", labels(sort = "write"))]
fn second() {}

#[tokio::test]
async fn a_router_serves_the_first_of_two_that_contradict_each_other_and_says_so() {
    let error = yardstick::axum::try_router::<()>().expect_err("they contradict each other");
    assert!(
        matches!(&error, InstallError::Conflicts(conflicts) if conflicts.len() == 1),
        "{error}"
    );

    let kept = Kept::default();
    let app: Router = tracing::subscriber::with_default(kept.clone(), yardstick::axum::router);
    first();
    second();
    let warnings = kept.of(Level::WARN);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("contradict each other"), "{warnings:?}");

    let request = Request::get("/metrics").body(String::new()).expect("a request");
    let response = app.oneshot(request).await.expect("a router answers");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let body = std::str::from_utf8(&body).expect("text");
    assert!(
        body.starts_with("# yardstick: annotated functions or schemas contradict each other:"),
        "{body}"
    );
    assert!(body.contains("\norders_total{kind=\"read\",outcome=\"ok\"} 1\n"), "{body}");
    assert!(body.contains("\nyardstick_recorder_conflicts_total 1\n"), "{body}");
    assert!(body.contains("\nyardstick_recorder_installed 1\n"), "{body}");
    yardstick_tests::judges::promtool(body);
}
