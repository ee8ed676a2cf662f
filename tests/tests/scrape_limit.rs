//! Scrapes that nobody reads: a number of them is held, further ones are told to come back, nobody else waits, and a
//! shutdown lets them finish.

use std::{net::TcpStream, thread};

use yardstick::{default_registry, exporter::Limits};
use yardstick_tests::{make_large, wire};

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
    make_large();

    let mut slow = vec![wire::begun(address), wire::begun(address)];
    let refused = wire::request(address, "GET", "/metrics", "");
    assert_eq!(refused.status(), 503);
    assert!(refused.head.contains("retry-after: 1\r\n"), "{}", refused.head);
    assert_eq!(wire::request(address, "GET", "/-/healthy", "").status(), 200);

    // One of them reads on at last, the other goes away: both places are free again.
    let rest = wire::rest(&mut slow.remove(0));
    assert!(rest.len() > 20_000_000, "{} bytes", rest.len());
    assert!(rest.ends_with(b"\n"));
    drop(slow);
    while wire::request(address, "GET", "/metrics", "").status() != 200 {
        // The endpoint has not noticed yet that the other one went away.
        thread::yield_now();
    }
    let value = |name: &str, labels: &[(&str, &str)]| default_registry().sample_value(name, labels);
    assert_eq!(value("yardstick_scrapes_total", &[("outcome", "answered")]), Some(2.0));
    assert_eq!(value("yardstick_scrapes_total", &[("outcome", "aborted")]), Some(1.0));
    let limited = value("yardstick_scrapes_total", &[("outcome", "limited")]);
    assert!(limited.is_some_and(|limited| limited >= 1.0), "{limited:?}");
    assert_eq!(value("yardstick_scrape_duration_seconds_count", &[]), Some(3.0));
    assert!(value("yardstick_scrape_size_bytes_sum", &[]).is_some_and(|bytes| bytes > 6e7));

    // A scrape under way when the endpoint is told to stop is answered to its end; others find the port closed.
    let mut under_way = wire::begun(address);
    let shutdown = thread::spawn(|| exporter.shutdown_blocking());
    while TcpStream::connect(address).is_ok() {
        thread::yield_now();
    }
    let rest = wire::rest(&mut under_way);
    assert!(rest.len() > 20_000_000 && rest.ends_with(b"\n"), "{} bytes", rest.len());
    assert_eq!(shutdown.join().expect("it does not panic"), Ok(()));
}
