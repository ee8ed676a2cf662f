//! What attackers, broken clients and strange ones send to the endpoint, and that others are served meanwhile.

use std::{
    fmt::Write as _,
    io::Read as _,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use yardstick::{default_registry, exporter::Limits};
use yardstick_tests::{judges, make_large, wire};

const DEADLINE: Duration = Duration::from_secs(30);
const HEAD: &str = "Host: localhost\r\nConnection: close\r\n";

/// What the toolkit counts under this name.
fn counted(name: &str, label: &str, value: &str) -> f64 {
    default_registry().sample_value(name, &[(label, value)]).expect("counted from the start")
}

fn refused(reason: &str) -> f64 {
    counted("yardstick_connections_refused_total", "reason", reason)
}

fn scraped(outcome: &str) -> f64 {
    counted("yardstick_scrapes_total", "outcome", outcome)
}

/// Waits until something holds, which happens in another thread.
fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "{what} has not happened");
        thread::yield_now();
    }
}

#[test]
fn nothing_that_a_client_does_harms_others() {
    let mut limits = Limits::default();
    limits.connections_max = 8;
    limits.header_read_timeout = Duration::from_secs(1);
    limits.response_timeout = Duration::from_secs(1);
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .limits(limits)
        .install()
        .expect("nothing else is installed");
    let address = exporter.local_addr();

    before_the_first_metric(address);
    strange_requests_are_answered(address);
    too_much_is_refused(address);
    what_is_not_http_is_refused(address);
    silent_clients_make_room(address);
    slow_readers_are_cut_off(address);

    let body = wire::request(address, "GET", "/metrics", "");
    judges::promtool(body.text());
    assert!(exporter.shutdown_blocking().is_ok());
}

fn before_the_first_metric(address: SocketAddr) {
    // The endpoint's own metrics are made by its thread, before it accepts anybody.
    let answer = wire::request(address, "GET", "/metrics", "");
    assert_eq!(answer.status(), 200);
    judges::promtool(answer.text());
    for reason in ["limit", "timeout", "malformed", "accept"] {
        let line = format!("yardstick_connections_refused_total{{reason=\"{reason}\"}} 0\n");
        assert!(answer.text().contains(&line), "{line}");
    }
    for outcome in ["answered", "limited", "aborted"] {
        let line = format!("yardstick_scrapes_total{{outcome=\"{outcome}\"}} 0\n");
        assert!(answer.text().contains(&line), "{line}");
    }
}

fn strange_requests_are_answered(address: SocketAddr) {
    // HTTP/1.0 has no Host, and its connections end with the answer.
    let answer = wire::exchange(address, "GET /metrics HTTP/1.0\r\n\r\n");
    assert_eq!(answer.status(), 200, "{}", answer.head);
    assert!(answer.head.contains(&format!("content-length: {}\r\n", answer.body.len())));

    // HTTP/1.1 has one.
    for hosts in ["", "Host: localhost\r\nHost: localhost\r\n"] {
        let answer = wire::exchange(address, format!("GET / HTTP/1.1\r\n{hosts}\r\n"));
        assert_eq!(answer.status(), 400, "{hosts}");
        assert!(answer.text().contains("one Host header"));
    }

    // A head is answered as its request would be, without the body.
    let answer = wire::request(address, "HEAD", "/metrics", "");
    assert_eq!((answer.status(), answer.body.len()), (200, 0));
    let length =
        answer.head.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next());
    assert!(
        length.is_some_and(|length| length.parse::<usize>().is_ok_and(|length| length > 1_000))
    );

    // A body is not read, whether it is sent at once or offered.
    let body = "x".repeat(1_000_000);
    let post = format!("POST /metrics HTTP/1.1\r\n{HEAD}Content-Length: 1000000\r\n\r\n{body}");
    assert_eq!(wire::exchange(address, post).status(), 405);
    let offer = format!(
        "POST /metrics HTTP/1.1\r\n{HEAD}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    );
    let answer = wire::exchange(address, offer);
    assert_eq!(answer.status(), 405, "{}", answer.head);
    let with_body = format!("GET /-/healthy HTTP/1.1\r\n{HEAD}Content-Length: 5\r\n\r\nhello");
    assert_eq!(wire::exchange(address, with_body).status(), 200);

    // Ten thousand methods, and nothing to remember of any.
    let series = judges::python(&default_registry().render()).len();
    for number in 0..100 {
        let answer = wire::request(address, &format!("M{number}"), "/metrics", "");
        assert_eq!(answer.status(), 405);
    }
    assert_eq!(judges::python(&default_registry().render()).len(), series);

    // Requests may come one upon the other; answers keep their order.
    let three = format!(
        "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\nGET /-/ready HTTP/1.1\r\nHost: localhost\r\n\r\n\
         GET /nowhere HTTP/1.1\r\n{HEAD}\r\n"
    );
    let answers = wire::rest(&mut wire::send(address, three));
    let answers = String::from_utf8(answers).expect("text");
    let places = ["healthy\n", "ready\n", "metrics are served at"].map(|text| answers.find(text));
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{answers}");

    // A client may close its half when it has asked.
    let answer = wire::exchange_half(address, "GET /-/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((answer.status(), answer.text()), (200, "ready\n"));

    // Heads stay short for those who read no more.
    let wanted = "Accept: application/openmetrics-text;version=1.0.0\r\nAccept-Encoding: gzip\r\n";
    assert!(wire::request(address, "GET", "/metrics", wanted).head.len() < 4_096);
}

fn too_much_is_refused(address: SocketAddr) {
    let malformed = refused("malformed");
    let long = format!("GET /metrics HTTP/1.1\r\n{HEAD}Accept: {}\r\n\r\n", "a".repeat(100_000));
    assert_eq!(wire::exchange(address, long).status(), 431);
    let mut many = format!("GET /metrics HTTP/1.1\r\n{HEAD}");
    for number in 0..1_000 {
        // Writing to a string cannot fail.
        let _ = write!(many, "a{number}: b\r\n");
    }
    many.push_str("\r\n");
    assert_eq!(wire::exchange(address, many).status(), 431);
    let far = format!("GET /{} HTTP/1.1\r\n{HEAD}\r\n", "a".repeat(1_000_000));
    let status = wire::exchange(address, far).status();
    assert!(matches!(status, 414 | 431), "{status}");
    wait_for("that three were counted", || refused("malformed") >= malformed + 3.0);
}

fn what_is_not_http_is_refused(address: SocketAddr) {
    let malformed = refused("malformed");
    let hello: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let others: [&[u8]; 4] =
        [b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"\0\0\0\0\r\n\r\n", hello];
    for bytes in others {
        assert_eq!(wire::exchange(address, bytes).status(), 400, "{bytes:?}");
    }
    wait_for("that four were counted", || refused("malformed") >= malformed + 4.0);
    // Who says nothing and goes, as a probe of the port does, is no fault.
    drop(wire::send(address, ""));
}

fn silent_clients_make_room(address: SocketAddr) {
    let (limit, timeout) = (refused("limit"), refused("timeout"));
    let mut silent: Vec<_> =
        (0..40).map(|_| wire::send(address, "GET /metrics HTTP/1.1\r\nHost:")).collect();
    for _ in 0..10 {
        assert_eq!(wire::request(address, "GET", "/metrics", "").status(), 200);
    }
    // Each is cut off: most for others, the last ones when their time is over.
    for stream in &mut silent {
        assert!(wire::rest(stream).is_empty());
    }
    assert!(refused("limit") >= limit + 32.0, "{}", refused("limit"));
    wait_for("a timeout", || refused("timeout") > timeout);
}

fn slow_readers_are_cut_off(address: SocketAddr) {
    make_large();
    let (aborted, timeout) = (scraped("aborted"), refused("timeout"));
    let (mut slow, gone) = (wire::begun(address), wire::begun(address));
    drop(gone);
    // It goes on byte by byte, and that does not help it.
    let start = Instant::now();
    while scraped("aborted") < aborted + 2.0 {
        let _ = slow.read(&mut [0]);
        assert!(start.elapsed() < DEADLINE, "nobody cuts it off");
    }
    assert!(refused("timeout") > timeout);
    assert!(wire::rest(&mut slow).len() < 20_000_000, "the answer was cut off");
    default_registry().unregister("large");
}
