//! The document that all programs of the comparison write into, each under a name of its own.

use std::{error::Error, fs, io::ErrorKind, path::Path};

use serde_json::{Map, Value};

/// Adds what was measured to the document in the file, in place of what was there under that name.
pub fn add(file: &Path, name: &str, measured: Value) -> Result<(), Box<dyn Error>> {
    let mut document = read(file)?;
    document.insert(name.to_owned(), measured);
    Ok(fs::write(file, format!("{:#}\n", Value::Object(document)))?)
}

/// Adds what a run of a few rows has measured: rows in place of those of the same name, and nothing in place of what was
/// not measured.
pub fn add_some(file: &Path, name: &str, mut measured: Value) -> Result<(), Box<dyn Error>> {
    if name == "rows"
        && let Some(measured) = measured.as_array_mut()
        && let Some(Value::Array(known)) = read(file)?.remove(name)
    {
        let identity = |row: &Value| ["work", "name", "threads"].map(|field| row[field].clone());
        let new: Vec<_> = measured.iter().map(identity).collect();
        let is_kept = |row: &Value| !new.contains(&identity(row));
        measured.splice(0..0, known.into_iter().filter(is_kept));
    }
    // What is said of the run as a whole stays that of most rows.
    let is_known = !measured.is_array() && read(file)?.contains_key(name);
    if is_known || measured.as_array().is_some_and(Vec::is_empty) {
        return Ok(());
    }
    add(file, name, measured)
}

fn read(file: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Map::new()),
        Err(error) => Err(error.into()),
    }
}

/// The file after `--json` among the arguments, and the arguments without both.
pub fn file_of(mut arguments: Vec<String>) -> (Option<std::path::PathBuf>, Vec<String>) {
    let Some(at) = arguments.iter().position(|argument| argument == "--json") else {
        return (None, arguments);
    };
    let file = arguments.drain(at..(at + 2).min(arguments.len())).nth(1);
    (file.map(Into::into), arguments)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_that_is_measured_again_takes_the_place_of_the_old_one() {
        let file = std::env::temp_dir().join(format!("rows-{}.json", std::process::id()));
        let row = |name: &str, ns| json!({ "work": "w", "name": name, "threads": 1, "min_ns": ns });
        add(&file, "rows", json!([row("a", 1), row("b", 2)])).expect("a folder to write to");
        add_some(&file, "rows", json!([row("a", 3)])).expect("a document");
        add_some(&file, "waits", json!([])).expect("a document");
        let document = read(&file).expect("a document");
        assert_eq!(document["rows"], json!([row("b", 2), row("a", 3)]));
        assert!(!document.contains_key("waits"));
        fs::remove_file(file).expect("it is there");
    }
}
