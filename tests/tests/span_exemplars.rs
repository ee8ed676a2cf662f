//! Exemplars from the spans of `tracing`.

use serde_json::json;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::layer::SubscriberExt as _;
use yardstick::{Registry, default_registry, span_exemplars, track_calls, track_duration};
use yardstick_tests::judges;

/// The name and the labels of each exemplar of a registry.
fn exemplars(registry: &Registry) -> Vec<serde_json::Value> {
    let samples = judges::python_openmetrics(&registry.render_openmetrics());
    let found = samples.into_iter().filter(|sample| !sample[5].is_null());
    found.map(|sample| json!([sample[2], sample[5][0]])).collect()
}

#[track_duration("answer_duration", buckets = [60])]
#[track_calls("answer_calls")]
async fn answer(trace: &str) {
    // The fields of a span may be known only later.
    tracing::Span::current().record("trace_id", trace);
    tokio::task::yield_now().await;
}

#[tokio::test]
async fn what_is_recorded_inside_a_span_points_to_its_trace() {
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).install().expect("installed");
    let subscriber = tracing_subscriber::registry().with(span_exemplars::layer());
    let _guard = tracing::subscriber::set_default(subscriber);

    // Two requests that take turns on one thread keep their traces apart.
    let span = |name| info_span!("request", name, trace_id = tracing::field::Empty);
    tokio::join!(answer("first").instrument(span("a")), async {});
    let registry = default_registry();
    let expected = [
        json!(["answer_calls_total", {"trace_id": "first"}]),
        json!(["answer_duration_seconds_bucket", {"trace_id": "first"}]),
    ];
    assert_eq!(exemplars(registry), expected);
    // A young exemplar stays.
    answer("second").instrument(span("b")).await;
    assert_eq!(exemplars(registry), expected);

    let own = Registry::new();
    let sent = own.counter("sent").help("Sent.").register().expect("a new name");
    let size = own.histogram("size").buckets(&[1.0, 10.0]).help("Sizes.").register();
    let size = size.expect("a new name");
    sent.inc();
    assert_eq!(exemplars(&own), [] as [serde_json::Value; 0], "outside of all spans");
    {
        let _request = info_span!("request", trace_id = "t", span_id = %7).entered();
        let _inner = info_span!("inner").entered();
        size.observe(0.5);
        size.observe(f64::INFINITY);
    }
    let (outer, inner) = (info_span!("request", trace_id = "x"), info_span!("r", trace_id = "y"));
    let (outer, inner) = (outer.entered(), inner.entered());
    // Left in the other order.
    drop(outer);
    size.observe(5.0);
    drop(inner);
    sent.inc();
    let expected = [
        json!(["size_bucket", {"trace_id": "t", "span_id": "7"}]),
        json!(["size_bucket", {"trace_id": "y"}]),
    ];
    assert_eq!(exemplars(&own), expected);
    exporter.shutdown().await.expect("it had not panicked");
}

/// What another layer might keep of a span.
struct OtherIds(&'static str);

#[test]
fn ids_may_come_from_other_layers() {
    let layer = span_exemplars::layer().ids_from(|extensions| {
        extensions.get::<OtherIds>().map(|ids| (ids.0.to_owned(), String::new()))
    });
    let subscriber = tracing_subscriber::registry().with(layer);
    let registry = Registry::new();
    let sent = registry.counter("sent").help("Sent.").register().expect("a new name");
    tracing::subscriber::with_default(subscriber, || {
        let span = info_span!("request");
        span.with_subscriber(|(id, dispatch)| {
            let spans = dispatch.downcast_ref::<tracing_subscriber::Registry>();
            let spans = spans.expect("the subscriber that was installed");
            let span = tracing_subscriber::registry::LookupSpan::span(spans, id);
            span.expect("it is open").extensions_mut().insert(OtherIds("other"));
        });
        span.in_scope(|| sent.inc_by(2));
    });
    assert_eq!(exemplars(&registry), [json!(["sent_total", {"trace_id": "other"}])]);
}
