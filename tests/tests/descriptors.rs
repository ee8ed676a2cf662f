//! A process that has no file descriptors left: the endpoint gives up silent connections, waits, and serves again.

use std::{fs::File, net::TcpStream, process::Command};

use yardstick::{default_registry, exporter::InstallError};
use yardstick_tests::wire;

/// Set in the process that has few descriptors.
const FEW: &str = "YARDSTICK_FEW_DESCRIPTORS";

#[test]
fn the_endpoint_survives_having_no_descriptors() {
    if std::env::var_os(FEW).is_some() {
        return with_few_descriptors();
    }
    // The limit cannot be raised again by whoever lowered it, so it is lowered in another process.
    let status = Command::new("sh")
        .args(["-c", "ulimit -n 64 && exec \"$0\" --nocapture"])
        .arg(std::env::current_exe().expect("a path"))
        .env(FEW, "1")
        .status();
    assert!(status.expect("every system has sh").success());
}

/// Files that take every descriptor there is.
fn all_descriptors() -> Vec<File> {
    let files: Vec<_> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    assert!(files.len() < 64);
    files
}

fn with_few_descriptors() {
    // There is one for the port, and none for what waits for clients. Nothing is left behind by that.
    let mut files = all_descriptors();
    files.pop();
    let error = yardstick::exporter().listen(([127, 0, 0, 1], 0)).install().expect_err("too few");
    assert!(matches!(error, InstallError::Start(_)), "{error}");
    drop(files);
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    let address = exporter.local_addr();
    let refused = || {
        let labels = [("reason", "accept")];
        default_registry().sample_value("yardstick_connections_refused_total", &labels)
    };
    assert_eq!(wire::request(address, "GET", "/metrics", "").status(), 200);
    assert_eq!(refused(), Some(0.0));

    // A silent connection holds a descriptor of the endpoint; all others are taken by files, but the one for a client.
    let silent = TcpStream::connect(address).expect("the endpoint listens");
    assert_eq!(wire::request(address, "GET", "/-/healthy", "").status(), 200);
    let mut files = all_descriptors();
    files.pop();
    // The client has the last one, so its connection cannot be accepted until the silent one has gone.
    assert_eq!(wire::request(address, "GET", "/-/healthy", "").status(), 200);
    assert!(refused().is_some_and(|refused| (1.0..10.0).contains(&refused)), "{:?}", refused());
    drop((silent, files));
    assert_eq!(wire::request(address, "GET", "/metrics", "").status(), 200);
    assert!(exporter.shutdown_blocking().is_ok());
}
