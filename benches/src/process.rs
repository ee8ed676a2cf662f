//! What needs a process of its own, because what it leaves behind stays: the program runs itself.

use std::process::Command;

use serde_json::Value;

/// The first argument of such a process; the name of the task follows.
pub const ARGUMENT: &str = "task";

/// What a process of its own answers with.
pub fn ask(task: &str, arguments: &[String]) -> Result<Value, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program)
        .args([ARGUMENT, task])
        .args(arguments)
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).map_err(|_| format!("{task} {arguments:?}: {said}"))
}
