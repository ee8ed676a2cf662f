//! The quickstart, scraped by a real Prometheus server that answers queries about it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use yardstick_tests::{judges, prometheus::Prometheus};

/// The running quickstart; killed if the test fails.
struct Quickstart(Child);

impl Drop for Quickstart {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds the example as it is now, and answers with its path.
fn build() -> std::path::PathBuf {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--package", "yardstick-examples"])
        .args(["--example", "quickstart"])
        .current_dir(judges::root())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "the quickstart does not build");
    let test = std::env::current_exe().expect("a path");
    let target = test.ancestors().nth(3).expect("target/profile/deps/test");
    target.join("debug/examples/quickstart")
}

#[test]
fn a_real_server_scrapes_the_quickstart() {
    let path = build();
    let child = Command::new(&path)
        .env("YARDSTICK_ADDR", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{}: {error}; `cargo xtask test` builds it", path.display())
        });
    let mut quickstart = Quickstart(child);
    let stdout = quickstart.0.stdout.take().expect("it was piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let url = lines
        .find_map(|line| line.strip_prefix("metrics: ").map(str::to_owned))
        .expect("the quickstart prints its address");
    let queries: Vec<String> =
        lines.by_ref().skip(1).take(4).map(|line| line.trim().to_owned()).collect();
    let address = url.trim_start_matches("http://").trim_end_matches("/metrics");
    let server = Prometheus::start(address.parse().expect("an address"));

    // Values, rates and quantiles, by the queries that the quickstart itself proposes.
    let outcome =
        |outcome| format!("function_calls_total{{function=\"answer\",outcome=\"{outcome}\"}}");
    for name in ["ok", "error", "cancelled", "panic"] {
        server.value(&outcome(name), |value| value > 0.0);
    }
    assert_eq!(queries.len(), 4, "{queries:?}");
    for query in &queries {
        // The server answers by second; a fresh one has too little for a minute's rate at first.
        server.value(&query.replace("[1m]", "[10s]"), |value| value > 0.0 && value.is_finite());
    }
    let slow = "histogram_quantile(0.9, sum by (le) (rate(query_duration_seconds_bucket[10s])))";
    let quantile = server.value(slow, |value| value > 0.0);
    assert!((0.005..=10.0).contains(&quantile), "{quantile}");
    server.value("function_active{function=\"answer\"}", |value| value >= 0.0);
    server.value("min(up)", |value| value > 0.0);

    assert_eq!(
        server.metadata("query_duration_seconds"),
        ("histogram".to_owned(), "Answers one query.".to_owned())
    );
    // The server asks for OpenMetrics, where a counter's family has no suffix.
    assert_eq!(server.metadata("function_calls").0, "counter");
    assert_eq!(server.metadata("function_active").0, "gauge");

    let body = ureq::get(&url).call().expect("a scrape").body_mut().read_to_string().expect("text");
    judges::promtool(&body);
    let samples = judges::python(&body);
    assert!(samples.len() > 50, "{} samples", samples.len());

    // Ctrl-C ends it with status 0.
    let pid = i32::try_from(quickstart.0.id()).expect("a process id");
    let kill = Command::new("kill").args(["-INT", &pid.to_string()]).status();
    assert!(kill.is_ok_and(|status| status.success()));
    let status = quickstart.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
}
