//! A real Prometheus server on loopback.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// How long anything about the server may take before a test fails.
const DEADLINE: Duration = Duration::from_secs(60);

/// Between two questions about the same thing.
const PAUSE: Duration = Duration::from_millis(100);

/// How many ports to try: another process can take a free one before the server does.
const PORTS_MAX: u32 = 5;

/// A running server; dropping it ends it and removes its folder.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Prometheus {
    /// Starts a server that scrapes `target` five times a second, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// When Prometheus is missing or does not become ready.
    #[must_use]
    pub fn start(target: SocketAddr) -> Self {
        Self::start_with(target, &[], &[])
    }

    /// As [`start`](Self::start), with further lines of the job's configuration, and arguments of the server.
    ///
    /// # Panics
    ///
    /// When Prometheus is missing or does not become ready.
    #[must_use]
    pub fn start_with(target: SocketAddr, job: &[&str], arguments: &[&str]) -> Self {
        (0..PORTS_MAX)
            .find_map(|_| Self::start_at(free_address(), target, job, arguments))
            .expect("some free port stays free until the server has it")
    }

    /// `None` when the server ended before it was ready: somebody else took its port.
    fn start_at(
        address: SocketAddr,
        target: SocketAddr,
        job: &[&str],
        arguments: &[&str],
    ) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("yardstick-prometheus-{}", address.port()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        let config = folder.join("prometheus.yml");
        let job: String = job.iter().map(|line| format!("    {line}\n")).collect();
        let text = format!(
            "global:\n  scrape_interval: 200ms\nscrape_configs:\n  - job_name: test\n    \
             static_configs:\n      - targets: ['{target}']\n{job}"
        );
        fs::write(&config, text).expect("a file in a temporary folder");
        let log = File::create(folder.join("log")).expect("a file in a temporary folder");
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| panic!("prometheus: {e}; `cargo xtask test` installs it"));
        let mut server = Self { child, address, folder };
        let ready = format!("http://{address}/-/ready");
        let is_ready = until("the server to be ready", || {
            // Whoever else has the port may answer, so the server must still run.
            let answered = ureq::get(&ready).call().is_ok();
            match server.child.try_wait() {
                Ok(None) => answered.then_some(true),
                Ok(Some(_)) | Err(_) => Some(false),
            }
        });
        if !is_ready {
            let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            assert!(log.contains("address already in use"), "prometheus ended: {log}");
            return None;
        }
        Some(server)
    }

    /// The API's answer: the value of `data`.
    fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let url = format!("http://{}/api/v1/{path}", self.address);
        let mut request = ureq::get(&url);
        for (name, value) in parameters {
            request = request.query(*name, *value);
        }
        let text = request.call().ok()?.body_mut().read_to_string().ok()?;
        let answer: Value = serde_json::from_str(&text).ok()?;
        answer.get("data").cloned()
    }

    /// Asks until the first value that the query answers with satisfies `accept`.
    ///
    /// # Panics
    ///
    /// When that does not happen before the deadline.
    pub fn value(&self, query: &str, accept: impl Fn(f64) -> bool) -> f64 {
        until(query, || {
            let data = self.ask("query", &[("query", query)])?;
            let value = data.pointer("/result/0/value/1")?.as_str()?.parse().ok()?;
            accept(value).then_some(value)
        })
    }

    /// All series that the query answers with, once there are at least `count`: their labels, and their values as
    /// the server writes them.
    ///
    /// # Panics
    ///
    /// When there are not so many before the deadline.
    #[must_use]
    pub fn series(&self, query: &str, count: usize) -> Vec<(BTreeMap<String, String>, String)> {
        until(query, || {
            let data = self.ask("query", &[("query", query)])?;
            let results = data.get("result")?.as_array()?;
            let read = |result: &Value| {
                let labels = serde_json::from_value(result.get("metric")?.clone()).ok()?;
                let value = result.pointer("/value/1")?.as_str()?.to_owned();
                Some((labels, value))
            };
            (results.len() >= count).then(|| results.iter().filter_map(read).collect())
        })
    }

    /// The exemplars of the series that the query names, once there are any.
    ///
    /// # Panics
    ///
    /// When there are none before the deadline.
    #[must_use]
    pub fn exemplars(&self, query: &str) -> Vec<Value> {
        until(query, || {
            let range = [("query", query), ("start", "0"), ("end", "9999999999")];
            let data = self.ask("query_exemplars", &range)?;
            let found: Vec<_> = data
                .as_array()?
                .iter()
                .flat_map(|series| {
                    series.get("exemplars").and_then(Value::as_array).cloned().unwrap_or_default()
                })
                .collect();
            (!found.is_empty()).then_some(found)
        })
    }

    /// The kind and the help text that the server remembers of a family.
    ///
    /// # Panics
    ///
    /// When it remembers none before the deadline.
    #[must_use]
    pub fn metadata(&self, family: &str) -> (String, String) {
        until(family, || {
            let data = self.ask("metadata", &[("metric", family)])?;
            let first = data.get(family)?.get(0)?;
            let text = |key: &str| first.get(key)?.as_str().map(str::to_owned);
            Some((text("type")?, text("help")?))
        })
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            eprintln!("the log of Prometheus:\n{log}");
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// An address that nobody has. The server cannot tell which port it chose, so one is chosen for it.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    listener.local_addr().expect("it is bound")
}

/// Asks until there is an answer.
fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < DEADLINE, "gave up waiting for {what}");
        thread::sleep(PAUSE);
    }
}
