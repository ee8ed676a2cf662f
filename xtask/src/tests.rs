//! All test programs, several at a time: most of them wait for a server or for the compiler, and cargo runs one after the
//! other. Each is a process of its own, as under `cargo test`.

use std::{
    collections::VecDeque,
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::cargo::{MARK, cargo, root};

/// Those that take longest, which begin first.
const SLOW: &[&str] = &["ui", "link_time", "real_prometheus", "access", "matrix", "hostile"];

/// The workspace with the features that are on by default.
const WORKSPACE: &[&str] = &["--workspace", "--features", "yardstick-tests/stock"];

/// What has optional features, with all that can be on together.
const OPTIONAL: &[&str] = &[
    "--package",
    "yardstick",
    "--package",
    "yardstick-tests",
    "--package",
    "yardstick-examples",
    "--features",
    "yardstick-tests/all,yardstick-examples/all",
    "--lib",
    "--example",
    "unit_testing",
];

/// A test program.
struct Program {
    /// Its package and its target.
    name: String,
    target: String,
    path: PathBuf,
    /// Where its package is, and where it runs.
    folder: PathBuf,
}

/// How a program ended.
struct Ended {
    name: String,
    took: Duration,
    /// What it said, if it failed.
    failure: Option<String>,
}

/// Runs all tests of the workspace.
pub(crate) fn of_workspace() -> Result<(), String> {
    run(build(WORKSPACE)?)
}

/// Runs the tests of optional features: those of the library, and each program that asks for a feature.
pub(crate) fn of_optional_features() -> Result<(), String> {
    let asking = asking_for_features()?;
    let tests = asking.iter().flat_map(|name| ["--test", name.as_str()]);
    let arguments: Vec<&str> = OPTIONAL.iter().copied().chain(tests).collect();
    run(build(&arguments)?)
}

fn build(arguments: &[&str]) -> Result<Vec<Program>, String> {
    let mut command = cargo();
    command.args(["test", "--no-run", "--locked", "--message-format=json-render-diagnostics"]);
    let output = command.args(arguments).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err("the tests do not compile".to_owned());
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs: Vec<_> = messages.filter_map(|message| program(&message)).collect();
    let place = |program: &Program| {
        SLOW.iter().position(|slow| *slow == program.target).unwrap_or(SLOW.len())
    };
    programs.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name)));
    Ok(programs)
}

/// The program that a message of cargo's is about.
fn program(message: &Value) -> Option<Program> {
    let is_test = message["profile"]["test"].as_bool()?;
    let path = PathBuf::from(message["executable"].as_str().filter(|_| is_test)?);
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_path_buf();
    let target = message["target"]["name"].as_str()?.replace('-', "_");
    let package = folder.file_name()?.to_string_lossy().into_owned();
    Some(Program { name: format!("{package}/{target}"), target, path, folder })
}

/// The test targets that `tests/Cargo.toml` builds only with a feature.
fn asking_for_features() -> Result<Vec<String>, String> {
    let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output();
    let output = output.map_err(|error| format!("cannot run cargo: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo's metadata is no JSON: {error}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let asking = targets.filter(|target| {
        let is_test = target["kind"].as_array().is_some_and(|kinds| kinds.contains(&"test".into()));
        is_test && target["required-features"].as_array().is_some_and(|asked| !asked.is_empty())
    });
    Ok(asking.filter_map(|target| target["name"].as_str().map(str::to_owned)).collect())
}

/// Runs them, one more at a time than there are processors, and says of each how it ended.
fn run(programs: Vec<Program>) -> Result<(), String> {
    let count = programs.len();
    let libraries = libraries()?;
    let waiting = Mutex::new(VecDeque::from(programs));
    let ended = Mutex::new(Vec::new());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let workers = thread::available_parallelism().map_or(2, usize::from) + 1;
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(program) = next() {
                    let one = run_one(&program, &libraries);
                    let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
                    ended.push(one);
                    report(&ended, count);
                }
            });
        }
    });
    let ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
    let failed: Vec<_> = ended.iter().filter(|one| one.failure.is_some()).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = failed.iter().map(|one| one.name.as_str()).collect();
    Err(format!("{} of {count} test programs failed: {}", failed.len(), names.join(", ")))
}

/// Where the libraries are that the tests of a procedural macro link.
fn libraries() -> Result<PathBuf, String> {
    let mut rustc = Command::new("rustc");
    let output = rustc.args(["--print", "target-libdir"]).current_dir(root()).output();
    let output = output.map_err(|error| format!("cannot run rustc: {error}"))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

fn run_one(program: &Program, libraries: &Path) -> Ended {
    let begin = Instant::now();
    let mut command = Command::new(&program.path);
    command
        .current_dir(&program.folder)
        .env("CARGO_MANIFEST_DIR", &program.folder)
        .env("LD_LIBRARY_PATH", libraries)
        .env(MARK, std::process::id().to_string())
        .env_remove("CARGO")
        .stdin(Stdio::null());
    for name in env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
        if name.starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    let failure = match command.output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
        Err(error) => Some(format!("cannot run {}: {error}", program.path.display())),
    };
    Ended { name: program.name.clone(), took: begin.elapsed(), failure }
}

/// Says how the last one ended.
fn report(ended: &[Ended], count: usize) {
    let Some(last) = ended.last() else { return };
    let word = if last.failure.is_some() { "FAILED" } else { "ok" };
    let seconds = last.took.as_secs_f64();
    println!("xtask: [{:>3}/{count}] {seconds:>6.1} s  {word:<6}  {}", ended.len(), last.name);
    if let Some(said) = &last.failure {
        println!("{said}");
    }
}
