//! Registries of a program's own, on endpoints of their own, beside the one that annotated functions record into.

use yardstick::{RegisterError, Registry, exporter::InstallError, track_calls};
use yardstick_tests::{judges, wire};

#[track_calls("of_all", labels(kind = "annotated"))]
fn annotated() {}

fn tenant(name: &str) -> (Registry, yardstick::exporter::Exporter) {
    let registry = Registry::new();
    registry.counter("orders").help("Orders.").register().expect("a new name").inc_by(name.len());
    let exporter = yardstick::exporter()
        .registry(&registry)
        .global_label("tenant", name)
        .listen("127.0.0.1:0")
        .install()
        .expect("nothing stands against it");
    (registry, exporter)
}

fn scrape(exporter: &yardstick::exporter::Exporter) -> String {
    let answer = wire::request(exporter.local_addr(), "GET", "/metrics", "");
    assert_eq!(answer.status(), 200);
    judges::promtool(answer.text());
    answer.text().to_owned()
}

/// One test, because a process has one recorder.
#[test]
fn each_registry_has_an_endpoint_of_its_own() {
    let (acme, acme_exporter) = tenant("acme");
    let (_, bolt_exporter) = tenant("bolt-ltd");
    // Neither of them became the recorder.
    annotated();
    let all = yardstick::exporter().listen("127.0.0.1:0").install().expect("the first of these");
    annotated();

    let body = scrape(&acme_exporter);
    assert!(body.contains("orders_total{tenant=\"acme\"} 4\n"), "{body}");
    assert!(!body.contains("of_all"), "{body}");
    let body = scrape(&bolt_exporter);
    assert!(body.contains("orders_total{tenant=\"bolt-ltd\"} 8\n"), "{body}");
    let body = scrape(&all);
    assert!(body.contains("of_all_total{kind=\"annotated\",outcome=\"ok\"} 1\n"), "{body}");
    assert!(!body.contains("orders_total"), "{body}");

    // Labels may change while it is served.
    acme.set_global_labels(&[("tenant", "acme"), ("plan", "gold")]).expect("nobody has them");
    let body = scrape(&acme_exporter);
    assert!(body.contains("orders_total{plan=\"gold\",tenant=\"acme\"} 4\n"), "{body}");
    assert_eq!(
        acme_exporter.render().lines().find(|line| line.starts_with("orders")),
        Some("orders_total{plan=\"gold\",tenant=\"acme\"} 4")
    );
    yardstick::default_registry().set_global_labels(&[("zone", "a")]).expect("nobody has it");
    let body = scrape(&all);
    assert!(body.contains("{kind=\"annotated\",outcome=\"ok\",zone=\"a\"} 1\n"), "{body}");
    let refused = yardstick::default_registry().set_global_labels(&[("kind", "x")]);
    let error = refused.expect_err("annotated functions have that label");
    assert!(matches!(error, RegisterError::GlobalLabel { .. }), "{error}");
    assert!(scrape(&all).contains(",zone=\"a\"} 1\n"), "they are what they were");

    let own = Registry::new();
    own.gauge("depth").labels(["queue"]).register().expect("a new name");
    let conflict = yardstick::exporter()
        .registry(&own)
        .global_label("queue", "mail")
        .listen("127.0.0.1:0")
        .install()
        .map(drop);
    assert!(matches!(conflict, Err(InstallError::GlobalLabels(_))), "{conflict:?}");
    for exporter in [acme_exporter, bolt_exporter, all] {
        exporter.shutdown_blocking().expect("the endpoint had not panicked");
    }
}
