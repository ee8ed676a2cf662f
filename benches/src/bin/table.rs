//! Fills the tables of `docs/performance.md`.
//!
//! - `table FILE`: with what was measured into this file, which then becomes `docs/performance.json`;
//! - `table --check`: fails if the page has other tables than those of `docs/performance.json`;
//! - `table add FILE NAME JSON`: adds what another program has measured to a file.

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use serde_json::Value;
use yardstick_benches::{document, tables};

const PAGE: &str = "docs/performance.md";
const DOCUMENT: &str = "docs/performance.json";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--check"] => check(),
        ["add", file, name, json] => add(file, name, json),
        [file] => fill(file),
        _ => Err("usage: table FILE | table --check | table add FILE NAME JSON".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("table: {error}");
            ExitCode::FAILURE
        }
    }
}

fn add(file: &str, name: &str, json: &str) -> Result<(), Box<dyn Error>> {
    document::add(Path::new(file), name, serde_json::from_str(json)?)
}

fn fill(file: &str) -> Result<(), Box<dyn Error>> {
    let mut document: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    // Pictures show it, no table does.
    document.as_object_mut().ok_or("no document")?.remove("growth");
    round(&mut document);
    fs::write(PAGE, tables::fill(&fs::read_to_string(PAGE)?, &document)?)?;
    Ok(fs::write(DOCUMENT, format!("{document:#}\n"))?)
}

/// Leaves off the digits of numbers that say nothing.
fn round(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(members) => members.values_mut().for_each(round),
        Value::Number(number) if number.is_f64() => {
            let exact = number.as_f64().unwrap_or_default();
            let digits = if exact.abs() < 1_000.0 { 1_000.0 } else { 1.0 };
            *value = Value::from((exact * digits).round() / digits);
        }
        _ => {}
    }
}

fn check() -> Result<(), Box<dyn Error>> {
    let document = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let page = fs::read_to_string(PAGE)?;
    if tables::fill(&page, &document)? == page {
        return Ok(());
    }
    Err(format!(
        "the tables of {PAGE} are not those of {DOCUMENT}: run `cargo xtask bench --table {DOCUMENT}`"
    )
    .into())
}
