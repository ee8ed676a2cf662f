//! What most files need of this crate, imported at once, beside the crates that it works with.

use axum::{Router, body::to_bytes, http::Request};
use metrics::counter;
use tower::ServiceExt as _;
use yardstick::prelude::*;

#[track_calls("globbed", labels(kind = kind))]
fn work(kind: Kind) -> Counter {
    counter!("globbed_by_facade").increment(1);
    default_registry().counter("globbed_by_handle").register().expect("a new name")
}

#[derive(Clone, Copy, LabelValue)]
enum Kind {
    First,
}

#[test]
fn everything_can_be_imported_beside_axum_and_tower() {
    yardstick::install().expect("nothing else is installed");
    work(Kind::First).inc();
    let app: Router = Router::new().merge(yardstick::axum::router());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let body = runtime.block_on(async {
        let request = Request::get("/metrics").body(axum::body::Body::empty()).expect("valid");
        let response = app.oneshot(request).await.expect("a router answers");
        to_bytes(response.into_body(), usize::MAX).await.expect("a body")
    });
    let body = String::from_utf8(body.into()).expect("text");
    assert!(body.contains("globbed_total{kind=\"first\",outcome=\"ok\"} 1\n"), "{body}");
    assert!(body.contains("globbed_by_facade_total 1\n"), "{body}");
}
