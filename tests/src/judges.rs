//! Parsers of expositions that nobody here wrote: promtool and Python's `prometheus_client`.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Runs a program with `input` and answers with its output.
///
/// # Panics
///
/// When the program is missing or fails; the message has what it said.
fn judge(command: &mut Command, input: &str) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name}: {error}; `cargo xtask test` installs it"));
    let mut stdin = child.stdin.take().expect("it was piped");
    // A judge that refuses early closes its input; what it found is worth more than the broken pipe.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the judge ends");
    let said = String::from_utf8_lossy(&output.stderr);
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{name} found: {said}{answer}\nin\n{input}");
    assert!(said.is_empty(), "{name} found: {said}\nin\n{input}");
    answer
}

/// `promtool check metrics` must have nothing to say.
///
/// # Panics
///
/// When it has.
pub fn promtool(body: &str) {
    let said = judge(Command::new("promtool").args(["check", "metrics"]), body);
    assert!(said.is_empty(), "promtool found: {said}");
}

/// Reads a text exposition with Python's parser; each sample is `[family, kind, name, labels, value, exemplar]`, and an
/// exemplar `[labels, value, timestamp]` or null.
///
/// # Panics
///
/// When the parser refuses it.
#[must_use]
pub fn python(body: &str) -> Vec<serde_json::Value> {
    python_parser("prometheus", body)
}

/// As [`python`], for OpenMetrics 1.0, whose parser is the stricter one.
///
/// # Panics
///
/// When the parser refuses it.
#[must_use]
pub fn python_openmetrics(body: &str) -> Vec<serde_json::Value> {
    python_parser("openmetrics", body)
}

/// Reads many expositions with one process: each `prometheus` or `openmetrics`, and the text. Answers with the samples of
/// each, or what the parser said against it.
///
/// # Panics
///
/// When the script fails.
#[must_use]
pub fn python_many(expositions: &[(&str, String)]) -> Vec<Result<Vec<serde_json::Value>, String>> {
    let given = serde_json::to_string(expositions).expect("texts are JSON");
    let judged = python_parser("many", &given).into_iter().map(|judged| match judged {
        serde_json::Value::Array(samples) => Ok(samples),
        refusal => Err(refusal.as_str().unwrap_or_default().to_owned()),
    });
    judged.collect()
}

fn python_parser(flavour: &str, body: &str) -> Vec<serde_json::Value> {
    let python = root().join("target/python/bin/python");
    let script = root().join("tests/python/parse.py");
    let answer = judge(Command::new(python).arg(script).arg(flavour), body);
    serde_json::from_str(&answer).expect("the script prints JSON")
}

/// Validates JSON against a JSON Schema, a file below the root, with Python's `jsonschema`.
///
/// # Panics
///
/// When it is not valid.
pub fn json_schema(document: &str, schema: &str) {
    let script = "import json, sys, jsonschema\n\
                  schema = json.load(open(sys.argv[1]))\n\
                  jsonschema.Draft202012Validator.check_schema(schema)\n\
                  jsonschema.validate(json.load(sys.stdin), schema, jsonschema.Draft202012Validator)";
    let python = root().join("target/python/bin/python");
    judge(Command::new(python).args(["-c", script]).arg(root().join(schema)), document);
}
