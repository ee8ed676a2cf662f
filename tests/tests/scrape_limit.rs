//! Scrapes that nobody reads: a number of them is held, further ones are told to come back, and nobody else waits.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use yardstick::{Limits, default_registry};

fn begin(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("the endpoint listens");
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the endpoint reads");
    stream
}

fn answer(address: SocketAddr, path: &str) -> String {
    let mut answer = String::new();
    begin(address, path).read_to_string(&mut answer).expect("the endpoint answers in text");
    answer
}

#[test]
fn slow_readers_harm_nobody() {
    let mut limits = Limits::default();
    limits.scrapes_max = 2;
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .limits(limits)
        .install()
        .expect("nothing else is installed");
    let address = exporter.local_addr();
    // Far more than the sockets at both ends buffer.
    let family = default_registry().gauge("large").help("Large.").labels(["text"]).register();
    let family = family.expect("a new name");
    for number in 0..1_500 {
        family.with([&format!("{number:016384}")]).expect("room for it").set(1.0);
    }

    let mut slow: Vec<_> = (0..2).map(|_| begin(address, "/metrics")).collect();
    for stream in &mut slow {
        // Its answer has begun, and cannot have ended.
        let mut first = [0; 12];
        stream.read_exact(&mut first).expect("the endpoint answers");
        assert_eq!(&first, b"HTTP/1.1 200");
    }
    let refused = answer(address, "/metrics");
    assert!(refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{refused}");
    assert!(refused.contains("retry-after: 1\r\n"), "{refused}");
    assert!(answer(address, "/-/healthy").starts_with("HTTP/1.1 200 OK\r\n"));

    // One of them reads on at last, the other goes away: both places are free again.
    let mut rest = Vec::new();
    slow.remove(0).read_to_end(&mut rest).expect("the rest");
    assert!(rest.len() > 20_000_000, "{} bytes", rest.len());
    assert!(rest.ends_with(b"\n"));
    drop(slow);
    let served = answer(address, "/metrics");
    assert!(served.starts_with("HTTP/1.1 200 OK\r\n"));
    let value =
        |name: &str, labels: &[(&str, &str)]| default_registry().get_sample_value(name, labels);
    assert_eq!(value("yardstick_scrapes_total", &[("outcome", "answered")]), Some(3.0));
    assert_eq!(value("yardstick_scrapes_total", &[("outcome", "limited")]), Some(1.0));
    assert_eq!(value("yardstick_scrape_duration_seconds_count", &[]), Some(3.0));
    assert!(value("yardstick_scrape_size_bytes_sum", &[]).is_some_and(|bytes| bytes > 6e7));
    assert!(exporter.shutdown_blocking().is_ok());
}
