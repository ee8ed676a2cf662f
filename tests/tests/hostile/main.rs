//! Names, values, texts, numbers, buckets and orders of registration that somebody could use to break an exposition:
//! each is refused with a typed error, or comes back as it was from every judge: Python's parser, promtool, and a
//! server that scraped it.

mod cases;

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
};

use yardstick::{RegisterError, default_registry};
use yardstick_tests::{judges, prometheus::Prometheus};

/// What is to come back.
struct Expected {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

#[derive(Default)]
struct Suite {
    cases: usize,
    refused: BTreeMap<&'static str, usize>,
    expected: Vec<Expected>,
    helps: BTreeMap<String, String>,
    wrong: Vec<String>,
}

/// The rule that a registration breaks.
const fn rule(error: &RegisterError) -> &'static str {
    match error {
        RegisterError::Bounds { .. } => "buckets",
        RegisterError::Conflict { .. } => "conflict",
        RegisterError::EmptyHelp { .. } => "help",
        RegisterError::LabelName { .. } => "label name",
        RegisterError::MetricName { .. } => "metric name",
        RegisterError::SampleName { .. } => "sample name",
        RegisterError::Suffix { .. } => "suffix",
        _ => "another",
    }
}

impl Suite {
    fn refuse(&mut self, error: &RegisterError) {
        self.cases += 1;
        *self.refused.entry(rule(error)).or_default() += 1;
        if error.to_string().len() < 20 {
            self.wrong.push(format!("an error that says little: {error}"));
        }
    }

    fn expect(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels = labels.iter().filter(|(_, value)| !value.is_empty());
        let labels = labels.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.expected.push(Expected { name: name.to_owned(), labels: labels.collect(), value });
    }

    /// Compares what the judges read with what is to come back.
    fn compare(&mut self, python: &Samples, openmetrics: &Samples, scraped: &Samples) {
        let mut wrong = Vec::new();
        for Expected { name, labels, value } in &self.expected {
            let key = (name.clone(), labels.clone());
            let own = labels.iter().map(|(label, value)| {
                (label.trim_start_matches("exported_").to_owned(), value.clone())
            });
            let own = (name.clone(), own.collect::<BTreeMap<_, _>>());
            for (format, read) in [("text", python), ("OpenMetrics", openmetrics)] {
                let found = read.get(&key).or_else(|| read.get(&own));
                // OpenMetrics has no sum and count of what may be negative.
                let is_left_out =
                    format == "OpenMetrics" && name.ends_with("_count") && found.is_none();
                if !is_left_out && !found.is_some_and(|found| is_same(*found, *value)) {
                    let found =
                        format!("{format}: Python read {found:?} of {key:?}, and not {value}");
                    wrong.push(found);
                }
            }
            let found = scraped.get(&key);
            if found.is_none() && name.ends_with("_count") && !openmetrics.contains_key(&key) {
                // The server asks for OpenMetrics.
                continue;
            }
            if !found.is_some_and(|found| is_same(*found, *value)) {
                wrong.push(format!("Prometheus has {found:?} of {key:?}, and not {value}"));
            }
        }
        self.wrong.extend(wrong);
    }
}

/// Python reads whole numbers as integers, which have no negative zero.
fn is_same(found: f64, expected: f64) -> bool {
    let is_zero = found == 0.0 && expected == 0.0;
    is_zero || found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan())
}

/// promtool must be able to read it; what it would advise about such names is no matter here.
fn promtool_reads(body: &str) -> bool {
    let mut child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is installed");
    let mut stdin = child.stdin.take().expect("it was piped");
    let text = body.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    let is_written = writer.join().is_ok_and(|written| written.is_ok());
    let said = String::from_utf8_lossy(&output.stderr);
    println!("promtool: status {:?}", output.status.code());
    is_written
        && !said.contains("error while linting")
        && matches!(output.status.code(), Some(0 | 3))
}

/// Values by name and labels.
type Samples = BTreeMap<(String, BTreeMap<String, String>), f64>;

/// What a parser of Python's answered with.
fn read(parsed: Vec<serde_json::Value>) -> Samples {
    let mut python = Samples::new();
    for sample in parsed {
        let labels: BTreeMap<String, String> =
            serde_json::from_value(sample[3].clone()).expect("labels");
        let labels = labels.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let value = match &sample[4] {
            serde_json::Value::String(text) => text.parse().expect("a number"),
            number => number.as_f64().expect("a number"),
        };
        python.insert((sample[2].as_str().expect("a name").to_owned(), labels), value);
    }
    python
}

/// All series of the suite that a server has.
fn scraped_by(server: &Prometheus, count: usize) -> Samples {
    server.value("min(up)", |up| up > 0.0);
    let mut scraped = Samples::new();
    for (mut labels, value) in
        server.series("{job=\"test\",__name__!~\"yardstick_.*|scrape_.*|up\"}", count)
    {
        let name = labels.remove("__name__").expect("a name");
        labels.retain(|label, _| label != "job" && label != "instance");
        scraped.insert((name, labels), value.parse::<f64>().expect("a number"));
    }
    scraped
}

#[test]
fn nothing_breaks_the_exposition() {
    // What is expected is what was recorded; that the format's own samples can be read too is judged below.
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).expose_created(false);
    let exporter = exporter.install().expect("nothing else is installed");
    let registry = default_registry();
    let mut suite = Suite::default();
    for run in [
        cases::metric_names,
        cases::label_names,
        cases::label_values,
        cases::help_texts,
        cases::numbers,
        cases::buckets,
        cases::orders,
    ] {
        run(&mut suite, registry);
    }
    let body = exporter.render();
    assert_eq!(body, exporter.render(), "the same state is the same text");
    if !promtool_reads(&body) {
        suite.wrong.push("promtool cannot read it".to_owned());
    }

    let python = read(judges::python(&body));
    let openmetrics = read(judges::python_openmetrics(&registry.render_openmetrics()));
    registry.expose_created(true);
    let with_created = read(judges::python_openmetrics(&registry.render_openmetrics()));
    assert!(with_created.len() > openmetrics.len());
    registry.expose_created(false);
    let server = Prometheus::start(exporter.local_addr());
    let count = suite.expected.len();
    let scraped = scraped_by(&server, count);
    suite.compare(&python, &openmetrics, &scraped);
    // A server that asks for protobuf first.
    let feature = ["--enable-feature=native-histograms"];
    let other = Prometheus::start_with(exporter.local_addr(), &[], &feature);
    let by_protobuf = scraped_by(&other, count);
    suite.compare(&python, &openmetrics, &by_protobuf);
    drop(other);
    for (name, help) in &suite.helps {
        let (_, found) = server.metadata(name);
        if found != *help {
            suite.wrong.push(format!("the help of `{name}` is {found:?}, and not {help:?}"));
        }
    }
    let refused: usize = suite.refused.values().sum();
    println!(
        "{} cases: {refused} refused {:?}, {count} samples rendered, {} wrong",
        suite.cases,
        suite.refused,
        suite.wrong.len()
    );
    assert!(suite.wrong.is_empty(), "{:#?}", suite.wrong);
    assert!(suite.cases >= 300, "{} cases", suite.cases);
    assert!(exporter.shutdown_blocking().is_ok());
}
