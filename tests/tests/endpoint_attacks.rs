//! Attacks on the endpoint, each with what a scraper gets beside it; `--nocapture` shows it.

use std::{
    collections::VecDeque,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use yardstick::{
    default_registry,
    exporter::{Exporter, Limits},
    gather::{MetricFamily, Value},
};
use yardstick_tests::{
    attack::{ATTACKER, SCRAPER, beside, scrape},
    make_large, wire,
};

/// How long Prometheus waits for a scrape.
const SCRAPE_TIMEOUT: Duration = Duration::from_secs(10);

fn exporter(limits: Limits) -> Exporter {
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).limits(limits).install();
    exporter.expect("the one before was shut down")
}

fn counted(name: &str, label: &str, value: &str) -> f64 {
    default_registry().sample_value(name, &[(label, value)]).expect("counted from the start")
}

#[test]
fn a_scraper_is_served_beside_every_attack() {
    silent_connections();
    slow_readers();
    requests_one_upon_the_other();
    a_collector_that_never_ends();
    another_host();
}

/// Thousands of connections a second that say nothing, and a scraper that is 50 ms away.
fn silent_connections() {
    let exporter = exporter(Limits::default());
    let address = exporter.local_addr();
    let opened = AtomicUsize::new(0);
    let flood = |number: usize, goes_on: &AtomicBool| {
        // Four addresses, which together fill the endpoint.
        let source = Ipv4Addr::new(127, 0, 1, u8::try_from(number % 4).expect("a few"));
        let mut open = VecDeque::new();
        while goes_on.load(Ordering::Relaxed) {
            open.extend(wire::connect_from(source, address));
            opened.fetch_add(1, Ordering::Relaxed);
            if open.len() > 30 {
                open.pop_front();
            }
        }
    };
    let far_away = || {
        let Ok(mut stream) = wire::connect_from(SCRAPER, address) else { return 0 };
        // What the way to the endpoint takes.
        thread::sleep(Duration::from_millis(50));
        let head = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        if stream.write_all(head.as_bytes()).is_err() {
            return 0;
        }
        wire::split(wire::rest(&mut stream)).status()
    };
    let start = Instant::now();
    let served = beside("silent connections", 16, flood, 40, far_away);
    let per_second = opened.into_inner() as f64 / start.elapsed().as_secs_f64();
    println!("  {per_second:.0} connections a second");
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");
    // Whichever address has most makes room, so that none of the four comes to its own limit.
    assert!(counted("yardstick_connections_refused_total", "reason", "limit") > 0.0);
    assert!(exporter.shutdown_blocking().is_ok());
}

/// As many clients as there are places, which read nothing of a large exposition.
fn slow_readers() {
    make_large();
    let exporter = exporter(Limits::default());
    let address = exporter.local_addr();
    let begin = |source: Ipv4Addr| {
        let mut stream = wire::connect_from(source, address).expect("the endpoint listens");
        let head = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("it reads");
        stream
    };
    let hold = |_: usize, goes_on: &AtomicBool| {
        while goes_on.load(Ordering::Relaxed) {
            let mut stream = begin(ATTACKER);
            let mut first = [0; 12];
            let _ = stream.read_exact(&mut first);
            while goes_on.load(Ordering::Relaxed) && &first == b"HTTP/1.1 200" {
                // Nothing is read, until the end of the connection is seen.
                thread::sleep(Duration::from_millis(20));
                let mut byte = [0];
                let _ = stream.set_nonblocking(true);
                if stream.peek(&mut byte).is_ok_and(|bytes| bytes == 0) {
                    break;
                }
            }
        }
    };
    let served = beside("readers that read nothing", 16, hold, 5, || scrape(address));
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");
    // From the scraper's own address, as behind a proxy, they hold their places until they have stalled for a second.
    let held: Vec<_> = (0..16).map(|_| begin(SCRAPER)).collect();
    let start = Instant::now();
    while scrape(address) != 200 {
        assert!(start.elapsed() < SCRAPE_TIMEOUT, "no place for a scrape");
    }
    println!("  behind one address: served after {:?}", start.elapsed());
    drop(held);
    default_registry().unregister("large");
    assert!(exporter.shutdown_blocking().is_ok());
}

/// Hundreds of requests for the page, in one write, again and again.
fn requests_one_upon_the_other() {
    let many = default_registry().gauge("many").help("Many.").labels(["number"]).series_max(5_000);
    let many = many.register().expect("a new name");
    for number in 0..5_000 {
        many.get_or_create([&number.to_string()]).expect("room").set(1.0);
    }
    let exporter = exporter(Limits::default());
    let address = exporter.local_addr();
    let pipeline = |_: usize, goes_on: &AtomicBool| {
        let requests = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(400);
        while goes_on.load(Ordering::Relaxed) {
            let mut stream = wire::connect_from(ATTACKER, address).expect("the endpoint listens");
            let _ = stream.write_all(requests.as_bytes());
            let mut bytes = [0; 65_536];
            while goes_on.load(Ordering::Relaxed) && stream.read(&mut bytes).is_ok_and(|n| n > 0) {}
        }
    };
    let healthy = || wire::request_from(SCRAPER, address, "/-/healthy", "").status();
    let served = beside("pipelined pages, health", 2, pipeline, 50, healthy);
    assert!(served.is_whole() && served.slowest < Duration::from_secs(2), "{served:?}");
    let served = beside("pipelined pages, scrapes", 2, pipeline, 10, || scrape(address));
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");
    default_registry().unregister("many");
    assert!(exporter.shutdown_blocking().is_ok());
}

fn a_collector_that_never_ends() {
    let mut limits = Limits::default();
    limits.gather_timeout = Duration::from_millis(200);
    limits.shutdown_timeout = Duration::from_millis(200);
    let exporter = exporter(limits);
    let address = exporter.local_addr();
    let (end, ends) = mpsc::channel::<()>();
    let ends = std::sync::Mutex::new(ends);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let endless = default_registry().register_collector(move || {
        count.fetch_add(1, Ordering::Relaxed);
        // Until the test ends.
        let _ = ends.lock().expect("not poisoned").recv();
        Vec::new()
    });
    let quick = default_registry().register_collector(|| {
        vec![MetricFamily::gauge("quick", "Quick.").with_series(&[], Value::Gauge(1.0))]
    });
    // Reading the registry would wait for the collector, which endpoints do not.
    let late = |text: &str| {
        let name = "yardstick_collected_families_dropped_total{reason=\"late\"} ";
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|count| count.parse::<f64>().ok()).expect("it is counted")
    };
    let (mut first, mut last) = (None, 0.0);
    let served = beside(
        "a collector that never ends",
        0,
        |_, _| {},
        10,
        || {
            let answer = wire::request_from(SCRAPER, address, "/metrics", "");
            assert!(answer.text().contains("\nquick 1\n"), "the others are shown");
            last = late(answer.text());
            first.get_or_insert(last);
            answer.status()
        },
    );
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "it is not asked again");
    assert!(first.is_some_and(|first| last >= first + 9.0), "{first:?} {last}");

    let start = Instant::now();
    assert!(exporter.shutdown_blocking().is_ok());
    assert!(start.elapsed() < SCRAPE_TIMEOUT, "{:?}", start.elapsed());
    drop(end);
    for collector in [endless, quick] {
        assert!(default_registry().unregister_collector(collector));
    }
}

/// A page in a browser that calls this machine by a name of its own.
fn another_host() {
    let exporter = exporter(Limits::default());
    let ask = |address: SocketAddr, host: &str| {
        let head = format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        wire::exchange(address, head)
    };
    let address = exporter.local_addr();
    let before = counted("yardstick_requests_refused_total", "reason", "host");
    let refused = ask(address, "attacker.example");
    assert_eq!(refused.status(), 421);
    assert_eq!(
        refused.text(),
        "this host is not served here; name it with `allowed_hosts` of the exporter, or let every host in with \
         `any_host`\n"
    );
    for host in ["localhost", "127.0.0.1:9464", "[::1]"] {
        assert_eq!(ask(address, host).status(), 200, "{host}");
    }
    let after = counted("yardstick_requests_refused_total", "reason", "host");
    assert_eq!(after.to_bits(), (before + 1.0).to_bits());
    assert!(exporter.shutdown_blocking().is_ok());

    let builder = || yardstick::exporter().listen(([127, 0, 0, 1], 0));
    let exporter = builder().allowed_hosts(["metrics.example"]).install().expect("a host");
    let statuses =
        ["metrics.example", "other.example"].map(|host| ask(exporter.local_addr(), host).status());
    assert_eq!(statuses, [200, 421]);
    assert!(exporter.shutdown_blocking().is_ok());
    let exporter = builder().any_host().install().expect("nothing else is installed");
    assert_eq!(ask(exporter.local_addr(), "other.example").status(), 200);
    assert!(exporter.shutdown_blocking().is_ok());
    let error = builder().allowed_hosts(["http://metrics.example"]).install().expect_err("a URL");
    assert_eq!(
        error.to_string(),
        "`http://metrics.example` is no host; give `allowed_hosts` names or addresses, such as metrics.example.com"
    );
}
