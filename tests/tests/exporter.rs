//! The endpoint: what it serves, what it refuses, how it starts and ends.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use flate2::read::GzDecoder;
use yardstick::{InstallError, Limits};
use yardstick_tests::judges;

/// Sends bytes and answers with everything that comes back until the connection closes.
fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the endpoint listens");
    stream.write_all(request.as_bytes()).expect("the endpoint reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the endpoint answers in text");
    answer
}

fn request(address: SocketAddr, method: &str, path: &str) -> String {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    exchange(address, &head)
}

fn parts(answer: &str) -> (&str, &str) {
    answer.split_once("\r\n\r\n").expect("a head and a body")
}

/// An exposition without what the toolkit says of itself: each scrape adds to that.
fn unscraped(body: &str) -> String {
    body.split_inclusive('\n').filter(|line| !line.contains("yardstick_")).collect()
}

#[test]
fn the_endpoint_serves_get_and_head_of_metrics() {
    // A busy port is an error that says what to do, and nothing is installed.
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let taken = busy.local_addr().expect("it is bound");
    let error = yardstick::exporter().listen(taken).install().expect_err("the port is taken");
    assert!(matches!(error, InstallError::Bind { address, .. } if address == taken));
    assert!(error.to_string().contains("port 0 lets the system choose"), "{error}");
    let elsewhere = SocketAddr::from(([192, 0, 2, 1], 0));
    let error = yardstick::exporter().listen(elsewhere).install().expect_err("not our address");
    assert!(error.to_string().contains("an address of this machine"), "{error}");

    let mut limits = Limits::default();
    limits.header_read_timeout = Duration::from_millis(200);
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .limits(limits)
        .install()
        .expect("nothing else is installed");
    let address = exporter.local_addr();
    assert!(address.ip().is_loopback() && address.port() != 0);

    metrics::counter!("served").increment(3);
    let answer = request(address, "GET", "/metrics");
    let (head, body) = parts(&answer);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let content_type = "content-type: text/plain; version=0.0.4; charset=utf-8";
    assert!(head.contains(content_type), "{head}");
    assert_eq!(unscraped(body), unscraped(&exporter.render()));
    assert!(body.contains("served_total 3\n"));

    let answer = request(address, "HEAD", "/metrics");
    let (head, body) = parts(&answer);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains(content_type), "{head}");
    assert_eq!(body, "");
    // A query string is not part of the path.
    assert!(request(address, "GET", "/metrics?a=b").starts_with("HTTP/1.1 200 OK\r\n"));

    let answer = request(address, "POST", "/metrics");
    assert!(answer.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"), "{answer}");
    assert!(answer.contains("allow: GET, HEAD\r\n"), "{answer}");
    for path in ["/metrics/", "/Metrics", "/-/", "/index.html"] {
        let answer = request(address, "GET", path);
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    }

    formats_are_negotiated(address);
    pages_say_what_there_is(address);

    // A client that never finishes its request is cut off, and others are served meanwhile.
    let mut slow = TcpStream::connect(address).expect("the endpoint listens");
    slow.write_all(b"GET /metrics HTTP/1.1\r\nHost:").expect("the endpoint reads");
    assert!(request(address, "GET", "/metrics").starts_with("HTTP/1.1 200 OK\r\n"));
    let mut rest = Vec::new();
    slow.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    slow.read_to_end(&mut rest).expect("the endpoint closes the connection");

    // A connection that is kept open does not hold up the shutdown, and the port is free afterwards.
    let mut idle = TcpStream::connect(address).expect("the endpoint listens");
    idle.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").expect("the endpoint reads");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(exporter.shutdown()).expect("the endpoint had not panicked");
    drop(idle);
    assert!(TcpStream::connect(address).is_err(), "the port is closed");
}

/// The head and the bytes of an answer to `GET /metrics` with these further headers.
fn scrape(address: SocketAddr, headers: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).expect("the endpoint listens");
    let head = format!("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).expect("the endpoint reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the endpoint answers");
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head and a body");
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).expect("a head is text"), body)
}

fn formats_are_negotiated(address: SocketAddr) {
    let registry = yardstick::default_registry();
    let (head, body) = scrape(address, "Accept: application/openmetrics-text;version=1.0.0\r\n");
    let content_type =
        "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n";
    assert!(head.contains(content_type), "{head}");
    assert!(head.contains("vary: Accept, Accept-Encoding\r\n"), "{head}");
    let body = String::from_utf8(body).expect("text");
    assert_eq!(unscraped(&body), unscraped(&registry.render_openmetrics()));
    assert!(!judges::python_openmetrics(&body).is_empty());

    let (head, body) = scrape(address, "Accept-Encoding: br, gzip\r\n");
    assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
    let mut text = String::new();
    GzDecoder::new(&*body).read_to_string(&mut text).expect("gzip");
    assert_eq!(unscraped(&text), unscraped(&registry.render()));
    assert!(head.len() < 4_096, "VictoriaMetrics takes no more");

    let (head, body) = scrape(address, "Accept-Encoding: gzip;q=0\r\nAccept: text/html\r\n");
    assert!(!head.contains("content-encoding"), "{head}");
    let body = String::from_utf8(body).expect("text");
    assert_eq!(unscraped(&body), unscraped(&registry.render()));
}

fn pages_say_what_there_is(address: SocketAddr) {
    let gauge = yardstick::default_registry().gauge("served_depth").help("<b>Depth</b>").register();
    gauge.expect("a new name").set(1.0);
    let answer = request(address, "GET", "/");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("content-security-policy: default-src 'none'"), "{answer}");
    let row = "<tr><td><code>served_depth</code></td><td>gauge</td><td>1</td><td>&lt;b&gt;Depth&lt;/b&gt;</td></tr>";
    assert!(answer.contains(row), "{answer}");
    for path in ["/-/healthy", "/-/ready"] {
        assert!(request(address, "GET", path).starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(request(address, "POST", path).starts_with("HTTP/1.1 405"));
    }
}
