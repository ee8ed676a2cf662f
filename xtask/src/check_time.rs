//! What the attributes cost the compiler: `cargo check` of 300 annotated functions beside the same functions
//! without attributes.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use crate::run::{cargo, root};

/// Functions of each crate.
const FUNCTIONS: usize = 300;

/// Rounds unless `YARDSTICK_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 9;

/// The crates, by the attributes of their functions.
const CRATES: &[(&str, &[&str])] = &[
    ("plain", &[]),
    ("duration", &["track_duration"]),
    ("calls", &["track_calls"]),
    ("stacked", &["track_duration", "track_errors", "track_calls", "track_active"]),
    ("track", &["track"]),
];

/// Shows that the measurement works.
pub(crate) fn try_out() -> Result<(), String> {
    measure_in(2)
}

/// Prints the minimum and the median of each crate, and their ratio to the plain one.
pub(crate) fn measure() -> Result<(), String> {
    let rounds = std::env::var("YARDSTICK_BENCH_ROUNDS").ok();
    measure_in(rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS))
}

fn measure_in(rounds: usize) -> Result<(), String> {
    let folder = root().join("target/check-time");
    write_crates(&folder).map_err(|error| format!("cannot write {}: {error}", folder.display()))?;
    let mut times = vec![Vec::new(); CRATES.len()];
    // One after the other in every round, so that a noisy machine disturbs all alike.
    for round in 0..=rounds {
        for ((name, _), times) in CRATES.iter().zip(&mut times) {
            let time = check(&folder, name)?;
            // The first round builds the dependencies.
            if round > 0 {
                times.push(time);
            }
        }
    }
    println!("`cargo check` of {FUNCTIONS} functions, {rounds} rounds: minimum, median, ratio");
    let summaries: Vec<_> = times.into_iter().map(summary).collect();
    let plain = summaries[0];
    for ((name, _), (minimum, median)) in CRATES.iter().zip(&summaries) {
        println!(
            "  {name:<10} {:>6.3} s  {:>6.3} s  {:>5.2}  {:>5.2}",
            minimum.as_secs_f64(),
            median.as_secs_f64(),
            minimum.as_secs_f64() / plain.0.as_secs_f64(),
            median.as_secs_f64() / plain.1.as_secs_f64(),
        );
    }
    Ok(())
}

fn summary(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (
        times.first().copied().unwrap_or_default(),
        times.get(times.len() / 2).copied().unwrap_or_default(),
    )
}

fn check(folder: &Path, name: &str) -> Result<Duration, String> {
    let source = folder.join(name).join("src/lib.rs");
    let text = fs::read(&source).map_err(|error| error.to_string())?;
    // A new time of change is what makes cargo look at it again.
    fs::write(&source, text).map_err(|error| error.to_string())?;
    let mut command = cargo();
    command.args(["check", "--quiet", "--offline", "--manifest-path"]);
    command.arg(folder.join(name).join("Cargo.toml")).env("CARGO_INCREMENTAL", "0");
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).status().map_err(|error| error.to_string())?;
    if status.success() { Ok(start.elapsed()) } else { Err(format!("`{name}` does not compile")) }
}

fn write_crates(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let members: Vec<_> = CRATES.iter().map(|(name, _)| format!("{name:?}")).collect();
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(folder.join("Cargo.toml"), workspace)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    for (name, attributes) in CRATES {
        let package: PathBuf = folder.join(name);
        fs::create_dir_all(package.join("src"))?;
        let runtime = root().join("runtime");
        let manifest = format!(
            "[package]\nname = \"check-time-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nyardstick = {{ path = {runtime:?}, default-features = false }}\n"
        );
        fs::write(package.join("Cargo.toml"), manifest)?;
        fs::write(package.join("src/lib.rs"), source(attributes))?;
    }
    Ok(())
}

/// Functions as services have them: half of them async, half of them fallible, a few lines each.
fn source(attributes: &[&str]) -> String {
    let mut source = String::new();
    for index in 0..FUNCTIONS {
        for attribute in attributes {
            // Writing to a string cannot fail.
            let _ = writeln!(source, "#[yardstick::{attribute}]");
        }
        let (word, wait) = if index % 2 == 0 { ("", "") } else { ("async ", ".await") };
        let read = if index % 2 == 0 { "read" } else { "read_async" };
        let _ = write!(
            source,
            "pub {word}fn function_{index}(key: &str, limit: usize) -> Result<Vec<String>, std::fmt::Error> {{
    let mut found = Vec::new();
    for line in {read}(key){wait}?.lines().take(limit) {{
        if line.starts_with('#') {{
            continue;
        }}
        match line.split_once('=') {{
            Some((name, value)) if name == key => found.push(value.trim().to_owned()),
            Some((name, _)) if name.is_empty() => return Err(std::fmt::Error),
            _ => {{}}
        }}
    }}
    found.sort();
    found.dedup();
    Ok(found)
}}

"
        );
    }
    source.push_str(
        "fn read(key: &str) -> Result<String, std::fmt::Error> {
    Ok(key.to_uppercase())
}

async fn read_async(key: &str) -> Result<String, std::fmt::Error> {
    read(key)
}
",
    );
    source
}
