//! A real Prometheus server that is given the text format, which it asks for only where there is nothing else.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use yardstick::default_registry;
use yardstick_tests::{prometheus::Prometheus, wire};

/// What `VictoriaMetrics` asks for, and the zip that Prometheus asks for.
const HEADERS: &str = "Accept: text/plain;version=0.0.4;q=1,*/*;q=0.1\r\nAccept-Encoding: gzip\r\n";

/// An address that answers each request with what `target` answers to one with other headers. It lives as long as the
/// test does.
fn relay_to(target: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let relay = move |mut client: TcpStream| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if client.read(&mut byte).unwrap_or(0) == 0 {
                return;
            }
            head.extend(byte);
        }
        let answer = wire::request(target, "GET", "/metrics", HEADERS);
        // A server that has been ended reads no more.
        let _ =
            client.write_all(answer.head.as_bytes()).and_then(|()| client.write_all(&answer.body));
    };
    thread::spawn(move || listener.incoming().flatten().for_each(relay));
    address
}

#[test]
fn a_real_server_takes_the_text_format() {
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    let registry = default_registry();
    registry.counter("relayed").help("Relayed.").register().expect("a new name").inc_by(3);
    let wait = registry.histogram("relay_wait").buckets(&[0.5, 1.0]).register();
    wait.expect("a new name").observe(0.75);

    let server = Prometheus::start(relay_to(exporter.local_addr()));
    server.value("relayed_total", |value| value.to_bits() == 3_f64.to_bits());
    let half = "histogram_quantile(0.5, relay_wait_bucket)";
    assert_eq!(server.value(half, |_| true).to_bits(), 0.75_f64.to_bits());
    // In OpenMetrics the family's name would have no suffix.
    assert_eq!(server.metadata("relayed_total"), ("counter".to_owned(), "Relayed.".to_owned()));
    drop(server);
    assert!(exporter.shutdown_blocking().is_ok());
}
