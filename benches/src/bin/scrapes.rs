//! What the endpoint does under load, beside the listener of metrics-exporter-prometheus: scrapes per second and their
//! 99th percentile with 1 and 100 clients (`wrk`) and 10,000 series, and what 1,000 slow connections occupy.
//!
//! Both endpoints live in one process and are asked in turn, round by round.

use std::{
    fs,
    io::Write as _,
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use metrics_exporter_prometheus::PrometheusBuilder;
use yardstick::exporter::Limits;

const OURS: &str = "yardstick";
const PEER: &str = "metrics-exporter-prometheus";
const SERIES: usize = 10_000;
const CLIENTS: usize = 100;
const SLOW: usize = 1_000;

/// Of each load in each round.
const SECONDS: u32 = 3;

/// Rounds unless `YARDSTICK_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 5;

/// Given to a process of its own, so that nothing is measured that another measurement left behind.
const SLOW_CONNECTIONS_OF: &str = "slow-connections-of";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [task, name] = arguments.as_slice()
        && task == SLOW_CONNECTIONS_OF
    {
        let address = if name == OURS { ours() } else { peer() };
        println!(
            "{name:28} {SLOW} slow connections occupy {:6} KiB",
            slow_connections(address) / 1_024
        );
        return;
    }
    let rounds = std::env::var("YARDSTICK_BENCH_ROUNDS").ok();
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    for name in [OURS, PEER] {
        let program = std::env::current_exe().expect("a path");
        let status = Command::new(program).args([SLOW_CONNECTIONS_OF, name]).status();
        assert!(status.expect("it runs").success());
    }
    let endpoints = [(OURS, ours()), (PEER, peer())];
    for clients in [1, CLIENTS] {
        compare(&endpoints, clients, rounds);
    }
}

fn compare(endpoints: &[(&str, SocketAddr); 2], clients: usize, rounds: usize) {
    let mut results = endpoints.map(|_| (Vec::new(), Vec::new()));
    for _ in 0..rounds {
        for ((_, address), (rates, percentiles)) in endpoints.iter().zip(&mut results) {
            let (rate, percentile_ms) = load(*address, clients);
            rates.push(rate);
            percentiles.push(percentile_ms);
        }
    }
    println!("clients: {clients}, series: {SERIES}, rounds: {rounds} of {SECONDS} s");
    for ((name, _), (mut rates, mut percentiles)) in endpoints.iter().zip(results) {
        rates.sort_by(f64::total_cmp);
        percentiles.sort_by(f64::total_cmp);
        let middle = rounds / 2;
        println!(
            "{name:28} scrapes/s {:8.0} median {:8.0} best   p99 {:7.1} ms median {:7.1} ms best",
            rates[middle],
            rates[rounds - 1],
            percentiles[middle],
            percentiles[0],
        );
    }
}

/// The exporter, with many series, until the process ends.
fn ours() -> SocketAddr {
    let mut limits = Limits::default();
    // So that all clients of the load, and all slow ones, are served at once; the defaults turn most of them away.
    limits.connections_max = 2 * SLOW;
    limits.scrapes_max = 2 * CLIENTS;
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).limits(limits).install();
    let exporter = exporter.expect("nothing else is installed");
    record_series();
    exporter.local_addr()
}

/// Ten families of a thousand series with three labels, in the current recorder of the facade.
fn record_series() {
    for family in 0..10 {
        for series in 0..SERIES / 10 {
            let name = format!("load_{family}");
            let labels = [
                ("route", format!("/orders/{series}")),
                ("method", "GET".to_owned()),
                ("status", "200".to_owned()),
            ];
            metrics::counter!(name, &labels).increment(series as u64);
        }
    }
}

/// The peer's own listener, with the same series, on a thread of its own.
fn peer() -> SocketAddr {
    let address = TcpListener::bind(("127.0.0.1", 0)).expect("free ports").local_addr();
    let address = address.expect("it is bound");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let built = runtime.block_on(async {
        PrometheusBuilder::new().with_http_listener(address).build().expect("the port is free")
    });
    let (recorder, listener) = built;
    metrics::with_local_recorder(&recorder, record_series);
    // Its handles go with it.
    std::mem::forget(recorder);
    thread::spawn(move || runtime.block_on(listener));
    while TcpStream::connect(address).is_err() {
        thread::yield_now();
    }
    address
}

/// What the process grows by when so many clients have sent half a request.
fn slow_connections(address: SocketAddr) -> u64 {
    let before = resident_bytes();
    let mut clients: Vec<_> = (0..SLOW)
        .map(|_| {
            let mut client = TcpStream::connect(address).expect("it listens");
            client.write_all(b"GET /metrics HTTP/1.1\r\nHost:").expect("it reads");
            client
        })
        .collect();
    // It is done when it does not grow any more.
    let (start, mut largest) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(2) {
        largest = largest.max(resident_bytes());
        thread::sleep(Duration::from_millis(100));
    }
    clients.clear();
    largest.saturating_sub(before)
}

fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1_024
}

/// Scrapes per second, and the 99th percentile in milliseconds.
fn load(address: SocketAddr, clients: usize) -> (f64, f64) {
    let output = Command::new("wrk")
        .args(["--latency", "-t1", &format!("-c{clients}"), &format!("-d{SECONDS}s")])
        .arg(format!("http://{address}/metrics"))
        .output()
        .unwrap_or_else(|error| panic!("wrk: {error}; install Debian's package `wrk`"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("Non-2xx"), "{said}");
    let after = |key: &str| {
        let line = said.lines().find_map(|line| line.trim().strip_prefix(key))?;
        Some(line.trim().to_owned())
    };
    let rate = after("Requests/sec:").and_then(|rate| rate.parse().ok());
    let percentile = after("99%").and_then(|time| milliseconds(&time));
    rate.zip(percentile).unwrap_or_else(|| panic!("wrk said: {said}"))
}

fn milliseconds(time: &str) -> Option<f64> {
    for (unit, factor) in [("us", 0.001), ("ms", 1.0), ("s", 1_000.0)] {
        if let Some(number) = time.strip_suffix(unit) {
            return Some(number.parse::<f64>().ok()? * factor);
        }
    }
    None
}
