//! The document that all programs of the comparison write into, each under a name of its own.

use std::{error::Error, fs, io::ErrorKind, path::Path};

use serde_json::{Map, Value};

/// Adds what was measured to the document in the file, in place of what was there under that name.
pub fn add(file: &Path, name: &str, measured: Value) -> Result<(), Box<dyn Error>> {
    let mut document = match fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(error) if error.kind() == ErrorKind::NotFound => Map::new(),
        Err(error) => return Err(error.into()),
    };
    document.insert(name.to_owned(), measured);
    Ok(fs::write(file, format!("{:#}\n", Value::Object(document)))?)
}

/// The file after `--json` among the arguments, and the arguments without both.
pub fn file_of(mut arguments: Vec<String>) -> (Option<std::path::PathBuf>, Vec<String>) {
    let Some(at) = arguments.iter().position(|argument| argument == "--json") else {
        return (None, arguments);
    };
    let file = arguments.drain(at..(at + 2).min(arguments.len())).nth(1);
    (file.map(Into::into), arguments)
}
