//! The judges themselves: one that accepts everything would prove nothing.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener},
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use serde_json::json;
use yardstick_tests::{judges, prometheus::Prometheus};

const TEXT: &str = "\
# HELP cats_total Cats\\\\dogs, one line\\nand another.
# TYPE cats_total counter
cats_total{name=\"a\\\\b \\\"c\\\"\\nd\",empty=\"\"} 3
# HELP purr_seconds How long they purr.
# TYPE purr_seconds histogram
purr_seconds_bucket{le=\"0.5\"} 1
purr_seconds_bucket{le=\"+Inf\"} 2
purr_seconds_sum 1.75
purr_seconds_count 2
";

const OPENMETRICS: &str = "\
# TYPE cats counter
# HELP cats Cats.
cats_total{name=\"tom\"} 3
# EOF
";

/// What a judge finds; fails if it finds nothing.
fn finding<T>(judge: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(judge)) else { panic!("nothing was found") };
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn promtool_accepts_what_is_right_and_tells_what_is_not() {
    judges::promtool(TEXT);
    let not_linted = "# HELP cats Cats.\n# TYPE cats counter\ncats 3\n";
    let said = finding(|| judges::promtool(not_linted));
    assert!(said.contains("counter metrics should have \"_total\" suffix"), "{said}");
    let said = finding(|| judges::promtool("cats_total{a=b} 3\n"));
    assert!(said.contains("expected '\"' at start of label value"), "{said}");
}

#[test]
fn python_reads_label_values_byte_for_byte() {
    let samples = judges::python(TEXT);
    assert_eq!(samples.len(), 5);
    assert_eq!(
        samples[0],
        json!(["cats", "counter", "cats_total", {"name": "a\\b \"c\"\nd", "empty": ""}, "3", null])
    );
    let said = finding(|| judges::python("cats_total{a=\"b\"} three\n"));
    assert!(said.contains("ValueError"), "{said}");
}

#[test]
fn python_reads_openmetrics_by_its_stricter_rules() {
    let samples = judges::python_openmetrics(OPENMETRICS);
    assert_eq!(samples, [json!(["cats", "counter", "cats_total", {"name": "tom"}, "3", null])]);
    let said = finding(|| judges::python_openmetrics("# TYPE cats counter\ncats_total 3\n"));
    assert!(said.contains("Missing # EOF"), "{said}");
    let said = finding(|| judges::python_openmetrics(TEXT));
    assert!(said.contains("ValueError"), "{said}");
}

/// Serves `TEXT` to whoever asks, until the process ends.
fn serve_text() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            let head = BufReader::new(&stream).lines().map_while(Result::ok);
            head.take_while(|line| !line.is_empty()).for_each(drop);
            // A client that has gone away is no concern of this server.
            let _ = write!(
                &stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{TEXT}",
                TEXT.len()
            );
        }
    });
    address
}

#[test]
fn a_server_answers_with_what_it_scraped() {
    let server = Prometheus::start(serve_text());
    let cats = "cats_total{name=\"a\\\\b \\\"c\\\"\\nd\",empty=\"\"}";
    let value = server.value(cats, |value| value > 0.0);
    assert!((value - 3.0).abs() < f64::EPSILON, "{value}");
    assert_eq!(
        server.metadata("cats_total"),
        ("counter".to_owned(), "Cats\\dogs, one line\nand another.".to_owned())
    );
    assert_eq!(
        server.metadata("purr_seconds"),
        ("histogram".to_owned(), "How long they purr.".to_owned())
    );
}
