//! A router in a program whose recorder is another.

use axum::{Router, body::to_bytes, http::Request};
use metrics_util::debugging::DebuggingRecorder;
use tower::ServiceExt as _;
use tracing::Level;
use yardstick::{exporter::InstallError, track_calls};
use yardstick_tests::events::Kept;

#[track_calls("orders", labels(kind = "read"))]
fn order() {}

#[tokio::test]
async fn a_router_tells_that_another_recorder_has_what_is_missing() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install().expect("the first recorder");
    order();
    assert_eq!(snapshotter.snapshot().into_vec().len(), 1, "the other recorder has it");

    let error = yardstick::axum::try_router::<()>().expect_err("there is one already");
    assert!(matches!(error, InstallError::AlreadyInstalled), "{error}");

    let kept = Kept::default();
    let app: Router = tracing::subscriber::with_default(kept.clone(), || {
        let _ = yardstick::axum::router::<()>();
        yardstick::axum::router()
    });
    let warnings = kept.of(Level::WARN);
    assert_eq!(warnings.len(), 1, "once: {warnings:?}");
    assert!(warnings[0].contains("another metrics recorder is installed already"), "{warnings:?}");

    let request = Request::get("/metrics").body(String::new()).expect("a request");
    let response = app.oneshot(request).await.expect("a router answers");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let body = std::str::from_utf8(&body).expect("text");
    let notices: Vec<&str> = body.lines().take_while(|line| !line.starts_with("# HELP")).collect();
    assert_eq!(
        notices,
        [
            "# yardstick: annotated functions record into another metrics recorder; what it does not pass on is not \
             shown here",
            "# yardstick: another metrics recorder is installed already, and a program can have one; remove that one, \
             or install this one before it, at the start of `main`",
        ]
    );
    assert!(body.contains("\nyardstick_recorder_conflicts_total 2\n"), "{body}");
    assert!(body.contains("\nyardstick_recorder_installed 0\n"), "{body}");
    yardstick_tests::judges::promtool(body);
}
