//! An exporter after another one that was shut down.

use std::net::{TcpListener, TcpStream};

use yardstick::{default_registry, exporter::InstallError, track_calls};
use yardstick_tests::wire;

#[track_calls("work")]
fn work() {}

fn builder() -> yardstick::exporter::ExporterBuilder {
    yardstick::exporter().listen(([127, 0, 0, 1], 0)).global_label("service", "shop")
}

#[test]
fn an_exporter_can_be_installed_again_after_its_shutdown() {
    for round in 1..=3_u32 {
        let exporter = builder().monotonic_clock().install().expect("the one before has ended");
        let address = exporter.local_addr();
        // A second endpoint shows the same, and its end is not that of the first.
        let second = builder().install().expect("there may be several");
        assert!(second.shutdown_blocking().is_ok());
        work();
        let answer = wire::request(address, "GET", "/metrics", "");
        let line = format!("\nwork_total{{outcome=\"ok\",service=\"shop\"}} {round}\n");
        assert!(answer.text().contains(&line), "{line}: {}", answer.text());
        assert!(exporter.shutdown_blocking().is_ok());
        assert!(TcpStream::connect(address).is_err(), "the port is closed");
    }
    let refused = default_registry()
        .sample_value("yardstick_registrations_refused_total", &[("reason", "conflict")]);
    assert!(refused.is_none_or(|refused| refused < 1.0), "{refused:?}");

    let other = yardstick::exporter().listen(([127, 0, 0, 1], 0)).global_label("service", "other");
    let other = other.install().expect("the one before has ended");
    assert!(other.render().contains("\nwork_total{outcome=\"ok\",service=\"other\"} 3\n"));
    assert!(other.shutdown_blocking().is_ok());
    // What failed is not installed, also where it fails within a runtime.
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let error = runtime.block_on(async {
        builder()
            .listen(busy.local_addr().expect("it is bound"))
            .install()
            .expect_err("it is taken")
    });
    assert!(matches!(error, InstallError::Bind { .. }), "{error}");
    let exporter = builder().install().expect("nothing is installed");
    // Dropped, it serves on.
    let address = exporter.local_addr();
    drop(exporter);
    assert_eq!(wire::request(address, "GET", "/-/ready", "").status(), 200);
}
