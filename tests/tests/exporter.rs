//! The endpoint: what it serves, what it refuses, how it starts and ends.

use std::{
    io::Read as _,
    net::{SocketAddr, TcpListener, TcpStream},
};

use flate2::read::GzDecoder;
use yardstick::exporter::InstallError;
use yardstick_tests::{
    judges,
    wire::{self, Answer},
};

/// An exposition without what the toolkit says of itself: each scrape adds to that.
fn unscraped(body: &str) -> String {
    body.split_inclusive('\n').filter(|line| !line.contains("yardstick_")).collect()
}

#[test]
fn an_address_that_is_none_is_refused_with_one_that_is() {
    for (text, instead) in [
        (":9464", "`0.0.0.0:9464`"),
        ("9464", "`127.0.0.1:9464`"),
        ("metrics.internal:9464", "`127.0.0.1:9464`"),
    ] {
        let refused = yardstick::exporter().listen(text).install().expect_err(text);
        assert!(matches!(&refused, InstallError::Address { text: given } if given == text));
        assert_eq!(
            refused.to_string(),
            format!(
                "`{text}` is no address to listen on; write an IP address and a port, such as {instead}; names are \
                 not looked up"
            )
        );
    }
}

#[test]
fn the_endpoint_serves_get_and_head_of_metrics() {
    // A busy port is an error that says what to do, and nothing is installed.
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let taken = busy.local_addr().expect("it is bound");
    let error = yardstick::exporter().listen(taken).install().expect_err("the port is taken");
    assert!(matches!(error, InstallError::Bind { address, .. } if address == taken));
    assert!(error.to_string().contains("port 0 lets the system choose"), "{error}");
    // What a program shows whose `main` answers with the error.
    assert_eq!(format!("{error:?}"), error.to_string());
    let elsewhere = SocketAddr::from(([192, 0, 2, 1], 0));
    let error = yardstick::exporter().listen(elsewhere).install().expect_err("not our address");
    assert!(error.to_string().contains("an address of this machine"), "{error}");

    let exporter =
        yardstick::exporter().listen("127.0.0.1:0").install().expect("nothing else is installed");
    let address = exporter.local_addr();
    assert!(address.ip().is_loopback() && address.port() != 0);

    metrics::counter!("served").increment(3);
    let answer = wire::request(address, "GET", "/metrics", "");
    let (head, body) = (&answer.head, answer.text());
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let content_type = "content-type: text/plain; version=0.0.4; charset=utf-8";
    assert!(head.contains(content_type), "{head}");
    assert_eq!(unscraped(body), unscraped(&exporter.render()));
    assert!(body.contains("served_total 3\n"));

    let answer = wire::request(address, "HEAD", "/metrics", "");
    let (head, body) = (&answer.head, answer.text());
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains(content_type), "{head}");
    assert_eq!(body, "");
    // A query string is not part of the path.
    assert_eq!(wire::request(address, "GET", "/metrics?a=b", "").status(), 200);

    let answer = wire::request(address, "POST", "/metrics", "");
    assert_eq!(answer.status(), 405);
    assert!(answer.head.contains("allow: GET, HEAD\r\n"), "{}", answer.head);
    for path in ["/metrics/", "/Metrics", "/-/", "/index.html"] {
        assert_eq!(wire::request(address, "GET", path, "").status(), 404);
    }

    formats_are_negotiated(address);
    pages_say_what_there_is(address);

    // A connection that is kept open does not hold up the shutdown, and the port is free afterwards.
    let idle = wire::send(address, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(exporter.shutdown()).expect("the endpoint had not panicked");
    drop(idle);
    assert!(TcpStream::connect(address).is_err(), "the port is closed");
}

fn formats_are_negotiated(address: SocketAddr) {
    let registry = yardstick::default_registry();
    let get = |headers: &str| wire::request(address, "GET", "/metrics", headers);
    let answer = get("Accept: application/openmetrics-text;version=1.0.0\r\n");
    let content_type =
        "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n";
    assert!(answer.head.contains(content_type), "{}", answer.head);
    assert!(answer.head.contains("vary: Accept, Accept-Encoding\r\n"), "{}", answer.head);
    assert_eq!(unscraped(answer.text()), unscraped(&registry.render_openmetrics()));
    assert!(!judges::python_openmetrics(answer.text()).is_empty());

    let Answer { head, body } = get("Accept-Encoding: br, gzip\r\n");
    assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
    let mut text = String::new();
    GzDecoder::new(&*body).read_to_string(&mut text).expect("gzip");
    assert_eq!(unscraped(&text), unscraped(&registry.render()));

    let answer = get("Accept-Encoding: gzip;q=0\r\nAccept: text/html\r\n");
    assert!(!answer.head.contains("content-encoding"), "{}", answer.head);
    assert_eq!(unscraped(answer.text()), unscraped(&registry.render()));
}

fn pages_say_what_there_is(address: SocketAddr) {
    let gauge = yardstick::default_registry().gauge("served_depth").help("<b>Depth</b>").register();
    gauge.expect("a new name").set(1.0);
    let answer = wire::request(address, "GET", "/", "");
    assert_eq!(answer.status(), 200);
    let policy = "content-security-policy: default-src 'none'";
    assert!(answer.head.contains(policy), "{}", answer.head);
    let row = "<tr><td><code>served_<wbr>depth</code></td><td>gauge</td><td>1</td><td>&lt;b&gt;Depth&lt;/b&gt;</td></tr>";
    assert!(answer.text().contains(row), "{}", answer.text());
    for path in ["/-/healthy", "/-/ready"] {
        assert_eq!(wire::request(address, "GET", path, "").status(), 200);
        assert_eq!(wire::request(address, "POST", path, "").status(), 405);
    }
}
