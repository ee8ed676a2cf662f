//! A program that annotates functions, serves the default registry, and installs nothing.

use tracing::Level;
use yardstick::{default_registry, track_calls};
use yardstick_tests::{events::Kept, judges, wire};

#[track_calls("orders", labels(kind = "read"))]
fn order() {}

const NOTICE: &str = "annotated functions record nothing, because no recorder is installed; call yardstick::install() or \
                      install an exporter at the start of main";

#[test]
fn whoever_forgets_to_install_is_told_in_the_log_and_in_the_exposition() {
    let kept = Kept::default();
    order();
    let render = || tracing::subscriber::with_default(kept.clone(), yardstick::render);
    let body = render();
    assert_eq!(body.lines().next(), Some(&*format!("# yardstick: {NOTICE}")));
    assert!(body.contains("\nyardstick_recorder_installed 0\n"), "{body}");
    assert!(!body.contains("orders_total"), "{body}");
    judges::promtool(&body);
    let samples = judges::python_openmetrics(&default_registry().render_openmetrics());
    assert!(!samples.is_empty());
    assert_eq!(render(), body, "the page says it every time");
    assert_eq!(kept.of(Level::WARN), [format!("message={NOTICE} ")], "the log is told once");

    // A registry of one's own shows what is recorded into it, and that is no fault.
    let own = yardstick::Registry::new();
    assert_eq!(own.render(), "");

    yardstick::install().expect("nobody else is the recorder");
    order();
    let body = yardstick::render();
    assert!(body.starts_with("# HELP "), "{body}");
    assert!(body.contains("\norders_total{kind=\"read\",outcome=\"ok\"} 1\n"), "{body}");
    assert!(body.contains("\nyardstick_recorder_installed 1\n"), "{body}");
    yardstick::install().expect("it is installed, and twice is no mistake");

    // The endpoint can come later, and come again.
    for _ in 0..2 {
        let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).install();
        let exporter = exporter.expect("our recorder is there");
        let address = exporter.local_addr();
        let answer = wire::request(address, "GET", "/metrics", "");
        let body = answer.text();
        assert!(body.contains("\norders_total{kind=\"read\",outcome=\"ok\"} 1\n"), "{body}");
        exporter.shutdown_blocking().expect("the endpoint ends");
    }
}
