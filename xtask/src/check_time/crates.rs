//! The crates that are compiled: small functions, with one attribute or another.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use crate::cargo::root;

/// Functions of each crate.
pub(super) const FUNCTIONS: usize = 300;

/// Functions of the smaller program: what both have, such as the runtime, is not counted per function.
pub(super) const FEW_FUNCTIONS: usize = 30;

/// Fields of each schema.
pub(super) const METRICS: usize = 30;

/// Fields of the schema of the smaller program.
pub(super) const FEW_METRICS: usize = 3;

/// One way of writing the functions.
pub(super) struct Variant {
    pub(super) name: &'static str,
    pub(super) source: Source,
    /// Its line in the manifest, beside this library's.
    dependency: &'static str,
}

#[derive(Clone, Copy)]
pub(super) enum Source {
    /// Functions with these attributes.
    Functions(&'static [&'static str]),
    /// A struct of metrics, with or without the derive.
    Schema(bool),
}

impl Variant {
    /// How many functions or metrics the smaller program has, and how many the other one and the library.
    pub(super) const fn parts(&self) -> [usize; 2] {
        match self.source {
            Source::Functions(_) => [FEW_FUNCTIONS, FUNCTIONS],
            Source::Schema(_) => [FEW_METRICS, METRICS],
        }
    }

    /// What its times are compared with.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        matches!(
            (self.source, other.source),
            (Source::Functions(_), Source::Functions([]))
                | (Source::Schema(_), Source::Schema(false))
        )
    }
}

const fn ours(name: &'static str, attributes: &'static [&'static str]) -> Variant {
    Variant { name, source: Source::Functions(attributes), dependency: "" }
}

/// The functions without attributes, and with each of this library's.
pub(super) const OURS: &[Variant] = &[
    ours("plain", &[]),
    ours("duration", &["yardstick::track_duration"]),
    ours("calls", &["yardstick::track_calls"]),
    ours("errors", &["yardstick::track_errors"]),
    ours("active", &["yardstick::track_active"]),
    ours("track", &["yardstick::track"]),
    ours(
        "stacked",
        &[
            "yardstick::track_duration",
            "yardstick::track_errors",
            "yardstick::track_calls",
            "yardstick::track_active",
        ],
    ),
    Variant { name: "plain-schema", source: Source::Schema(false), dependency: "" },
    Variant { name: "schema", source: Source::Schema(true), dependency: "" },
];

/// The attributes of others, in the versions that `benches/Cargo.lock` pins.
pub(super) const PEERS: &[Variant] = &[
    Variant {
        name: "fastrace",
        source: Source::Functions(&["fastrace::trace"]),
        dependency: "fastrace = { version = \"0.7\", features = [\"enable\"] }\n",
    },
    Variant {
        name: "tracing",
        source: Source::Functions(&["tracing::instrument(skip_all)"]),
        dependency: "tracing = \"0.1\"\n",
    },
    Variant {
        name: "autometrics",
        source: Source::Functions(&["autometrics::autometrics"]),
        dependency: "autometrics = { version = \"3\", default-features = false, features = \
                     [\"prometheus\"] }\n",
    },
];

/// The package with a variant's functions as a library.
pub(super) fn library(variant: &Variant) -> String {
    format!("compiled-{}", variant.name)
}

/// The package with so many of a variant's functions or metrics, and a `main` that uses them.
pub(super) fn program(variant: &Variant, parts: usize) -> String {
    format!("compiled-{}-{parts}", variant.name)
}

/// Writes a workspace with the packages of these variants.
pub(super) fn write(folder: &Path, variants: &[&Variant], lockfile: &Path) -> io::Result<()> {
    let mut members = Vec::new();
    fs::create_dir_all(folder)?;
    for variant in variants {
        let name = library(variant);
        write_package(folder, &name, variant, "lib.rs", &source(variant, variant.parts()[1]))?;
        members.push(name);
        for parts in variant.parts() {
            let name = program(variant, parts);
            let main = match variant.source {
                Source::Functions(_) => main(parts),
                Source::Schema(is_derived) => main_of_schema(is_derived),
            };
            let source = source(variant, parts) + &main;
            write_package(folder, &name, variant, "main.rs", &source)?;
            members.push(name);
        }
    }
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.release]\nstrip = true\n"
    );
    fs::write(folder.join("Cargo.toml"), workspace)?;
    fs::copy(lockfile, folder.join("Cargo.lock"))?;
    Ok(())
}

fn write_package(
    folder: &Path,
    name: &str,
    variant: &Variant,
    file: &str,
    source: &str,
) -> io::Result<()> {
    let package: PathBuf = folder.join(name);
    fs::create_dir_all(package.join("src"))?;
    let runtime = root().join("runtime");
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         yardstick = {{ path = {runtime:?}, default-features = false }}\n{}",
        variant.dependency
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src").join(file), source)
}

fn source(variant: &Variant, parts: usize) -> String {
    match variant.source {
        Source::Functions(attributes) => functions(attributes, parts),
        Source::Schema(is_derived) => schema(is_derived, parts),
    }
}

/// Functions that do next to nothing, so that what an attribute costs does not hide behind a body: half of them async,
/// all of them fallible.
fn functions(attributes: &[&str], functions: usize) -> String {
    let mut source = String::new();
    for index in 0..functions {
        for attribute in attributes {
            // Writing to a string cannot fail.
            let _ = writeln!(source, "#[{attribute}]");
        }
        // So that a function without attributes is code of its own, too.
        source.push_str("#[inline(never)]\n");
        let word = if index % 2 == 0 { "" } else { "async " };
        let _ = write!(
            source,
            "pub {word}fn function_{index}(key: &str, limit: usize) -> Result<usize, std::fmt::Error> {{
    if key.len() > limit {{ Err(std::fmt::Error) }} else {{ Ok(limit - key.len()) }}
}}

"
        );
    }
    source
}

/// Calls every function, so that none is left out of the program.
fn main(functions: usize) -> String {
    let mut source = String::from(
        "
fn poll(future: impl std::future::Future) {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    std::hint::black_box(std::pin::pin!(future).poll(&mut context).is_ready());
}

fn main() {
    let key = std::env::args().next().unwrap_or_default();
",
    );
    for index in 0..functions {
        let call = format!("function_{index}(&key, {index})");
        let call = match index % 2 {
            0 => format!("let _ = std::hint::black_box({call})"),
            _ => format!("poll({call})"),
        };
        let _ = writeln!(source, "    {call};");
    }
    source.push_str("}\n");
    source
}

/// Makes the schema, so that it is not left out of the program.
fn main_of_schema(is_derived: bool) -> String {
    let global = "<Metrics as yardstick::MetricSchema>::global()";
    let used = if is_derived { global } else { "size_of::<Metrics>()" };
    format!("\nfn main() {{\n    std::hint::black_box({used});\n}}\n")
}

fn schema(is_derived: bool, metrics: usize) -> String {
    let mut source = String::new();
    if is_derived {
        source.push_str("#[derive(yardstick::MetricSchema)]\n#[metrics(namespace = \"shop\")]\n");
    }
    source.push_str("pub struct Metrics {\n");
    for index in 0..metrics {
        let kind = ["Counter", "Gauge", "Histogram"][index % 3];
        let _ =
            writeln!(source, "    /// Number {index}.\n    pub metric_{index}: yardstick::{kind},");
    }
    source.push_str("}\n");
    source
}
