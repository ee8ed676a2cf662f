//! Writes every shape under every variant of attributes: the line `#[measured]` of a shape becomes the attributes
//! of the variant, and everything else stays as it is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Shapes of this theme are compiled by the test, because the library forbids unsafe code.
const UNSAFE_THEME: &str = "unsafe_fns";

/// A shape as it stands in its theme's file.
struct Shape {
    name: String,
    tags: Vec<String>,
    ends: String,
    source: String,
}

impl Shape {
    fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|found| found == tag)
    }

    fn is_polled(&self) -> bool {
        self.has("async") || self.has("future") || self.has("stream")
    }

    /// The attributes that can observe what it returns: a stream has no result, and where the caller's location
    /// is wanted the body must not run in a closure.
    fn observers(&self) -> &'static [&'static str] {
        match (self.has("track_caller"), self.has("stream")) {
            (true, _) => &[],
            (_, true) => &["track_calls"],
            _ => &["track_errors", "track_calls"],
        }
    }

    /// Whether its words let it return an error, or never return.
    fn may_fail(&self) -> bool {
        let signature = self.source.split("#[measured]").nth(1).and_then(|s| s.split('{').next());
        let says = signature.is_some_and(|signature| signature.contains("Result"));
        self.ends == "error" || self.has("never") || says
    }

    /// The arguments of an attribute: where nothing can be an error, `track_errors` has to be told what is.
    fn arguments(&self, name: &str, others: &str) -> String {
        let says = name == "track_errors" && !self.may_fail();
        let is_error = if says { "error_if = crate::support::is_wrong" } else { "" };
        let arguments: Vec<_> =
            [others, is_error].into_iter().filter(|argument| !argument.is_empty()).collect();
        if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
    }

    fn all(&self) -> Vec<&'static str> {
        let mut all = vec!["track_duration"];
        all.extend(self.observers());
        all.push("track_active");
        all
    }
}

/// A way to annotate: its name, and the attributes of a shape, none where the variant refuses it.
type Variant = (&'static str, fn(&Shape) -> Vec<String>);

const VARIANTS: &[Variant] = &[
    ("plain", |_| Vec::new()),
    ("duration", |shape| alone(shape, "track_duration")),
    ("errors", |shape| alone(shape, "track_errors")),
    ("calls", |shape| alone(shape, "track_calls")),
    ("active", |shape| alone(shape, "track_active")),
    ("stacked", |shape| each(&shape.all(), |name| bare(shape, name))),
    ("reversed", |shape| {
        let mut all = shape.all();
        all.reverse();
        each(&all, |name| bare(shape, name))
    }),
    ("conditional", |shape| {
        each(&shape.all(), |name| format!("cfg_attr(not(windows), {})", bare(shape, name)))
    }),
    ("renamed", |shape| {
        each(&shape.all(), |name| {
            let arguments = shape.arguments(name, "");
            format!("crate::support::renamed::{name}_renamed{arguments}")
        })
    }),
    ("reexported", |shape| {
        each(&shape.all(), |name| {
            let arguments = shape.arguments(name, "crate = crate::support::reexported");
            format!("crate::support::reexported::{name}{arguments}")
        })
    }),
    ("twice", |shape| {
        let all = shape.all();
        let mut twice = each(&all, |name| bare(shape, name));
        twice.extend(each(&all, |name| {
            let arguments = shape.arguments(name, &format!("\"twice_{name}\""));
            format!("::yardstick::{name}{arguments}")
        }));
        twice
    }),
    ("track", |shape| {
        let all = if shape.has("track_caller") { Vec::new() } else { vec!["track"] };
        each(&all, |name| format!("::yardstick::{name}"))
    }),
    ("schema", |shape| {
        each(&shape.all(), |name| {
            let metric = name.replace("track_", "crate::support::Shapes::");
            let labels = "labels = crate::support::of_run(::core::module_path!())";
            let arguments = shape.arguments(name, &format!("{metric}, {labels}"));
            format!("::yardstick::{name}{arguments}")
        })
    }),
    ("arguments", |shape| each(&shape.all(), |name| with_arguments(shape, name))),
];

fn each(names: &[&str], write: impl Fn(&str) -> String) -> Vec<String> {
    names.iter().map(|name| format!("#[{}]", write(name))).collect()
}

fn alone(shape: &Shape, name: &'static str) -> Vec<String> {
    let possible = if shape.all().contains(&name) { vec![name] } else { Vec::new() };
    each(&possible, |name| bare(shape, name))
}

/// An attribute that says no more than it has to.
fn bare(shape: &Shape, name: &str) -> String {
    format!("::yardstick::{name}{}", shape.arguments(name, ""))
}

/// Every argument that the shape allows.
fn with_arguments(shape: &Shape, name: &str) -> String {
    let has_result = !shape.has("never") && !shape.has("stream") && !shape.has("track_caller");
    // Sites of one name agree on their labels.
    let prefix = if has_result { "arguments" } else { "fewer_arguments" };
    let mut arguments = format!(
        "\"{prefix}_{name}\", labels(fixed = \"a\", given = crate::support::label()), help = \"Help.\""
    );
    if has_result && name != "track_active" {
        arguments += ", result_labels(from_result = crate::support::label_of)";
    }
    match name {
        "track_duration" => arguments += ", buckets = 1ms..1s",
        "track_calls" if has_result => arguments += ", error_if = crate::support::is_wrong",
        "track_errors" if has_result && shape.has("result") => {
            arguments += ", error_type = ToString::to_string";
        }
        _ => {}
    }
    if name == "track_duration" && shape.is_polled() {
        arguments += ", on_cancel = skip";
    }
    format!("::yardstick::{name}{}", shape.arguments(name, &arguments))
}

fn main() {
    let shapes =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../shapes/shapes");
    println!("cargo:rerun-if-changed={}", shapes.display());
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let is_2021 = env::var("CARGO_PKG_NAME").is_ok_and(|name| name.ends_with("2021"));
    let mut files: Vec<_> = fs::read_dir(&shapes)
        .expect("the folder of shapes")
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    files.sort();
    let (mut safe, mut unsafe_ones) = (Table::default(), Table::default());
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let theme = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let source = fs::read_to_string(&file).expect("a readable file");
        let table = if theme == UNSAFE_THEME { &mut unsafe_ones } else { &mut safe };
        let mut shapes = parse(&source);
        shapes.retain(|shape| !(is_2021 && shape.has("edition-2024")));
        for (variant, attributes) in VARIANTS {
            table.add(&out, (*variant, *attributes), &theme, &shapes);
        }
    }
    fs::write(out.join("safe.rs"), safe.finish()).expect("a writable folder");
    fs::write(out.join("unsafe.rs"), unsafe_ones.finish()).expect("a writable folder");
}

/// What the generated source of one crate says.
#[derive(Default)]
struct Table {
    modules: String,
    rows: String,
}

impl Table {
    fn add(
        &mut self,
        out: &Path,
        variant: (&str, fn(&Shape) -> Vec<String>),
        theme: &str,
        shapes: &[Shape],
    ) {
        let (variant, attributes) = variant;
        let mut source = String::new();
        for shape in shapes {
            let attributes = attributes(shape);
            let module = format!("{variant}_{theme}::{}", shape.name);
            let kinds: Vec<_> = match variant {
                "track" => {
                    let all = shape.all().into_iter();
                    let measured = all.filter(|name| *name != "track_errors" || shape.may_fail());
                    measured.map(kind).collect()
                }
                _ => attributes.iter().map(|attribute| kind(attribute)).collect(),
            };
            if attributes.is_empty() && variant != "plain" {
                continue;
            }
            source += &annotate(&shape.source.replace("@variant@", variant), &attributes);
            self.rows += &format!(
                "Shape {{ variant: {variant:?}, name: {:?}, module: concat!(module_path!(), \"::{module}\"), \
                 kinds: &{kinds:?}, tags: &{:?}, ends: {:?}, call: {module}::call }},\n",
                shape.name, shape.tags, shape.ends
            );
        }
        let file = out.join(format!("{variant}_{theme}.rs"));
        fs::write(&file, source).expect("a writable folder");
        self.modules += &format!("#[path = {file:?}]\nmod {variant}_{theme};\n");
    }

    fn finish(self) -> String {
        let Self { modules, rows } = self;
        format!(
            "{modules}\n/// All shapes under all variants.\npub static SHAPES: &[Shape] = &[\n{rows}];\n"
        )
    }
}

/// Which family an attribute records into: the part of its name after `track_`.
fn kind(attribute: &str) -> &'static str {
    const KINDS: [&str; 4] = ["duration", "errors", "calls", "active"];
    let is = |kind: &&&str| attribute.contains(&format!("track_{kind}"));
    KINDS.iter().find(is).expect("an attribute of ours")
}

/// The source with the attributes in the place of the marker.
fn annotate(source: &str, attributes: &[String]) -> String {
    let mut annotated = String::new();
    for line in source.lines() {
        if line.trim() == "#[measured]" {
            let indent = &line[..line.len() - line.trim_start().len()];
            attributes.iter().for_each(|attribute| annotated += &format!("{indent}{attribute}\n"));
        } else {
            annotated += line;
            annotated.push('\n');
        }
    }
    annotated
}

/// The shapes of a file, each with the comments above it.
fn parse(source: &str) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let (mut tags, mut ends, mut text) = (Vec::new(), String::new(), String::new());
    let mut name = None;
    for line in source.lines().filter(|line| !line.starts_with("//!")) {
        text += line;
        text.push('\n');
        if let Some(found) = line.strip_prefix("// tags:") {
            tags = found.split_whitespace().map(str::to_owned).collect();
        } else if let Some(found) = line.strip_prefix("// ends:") {
            ends = found.trim().to_owned();
        } else if let Some(found) = line.strip_prefix("pub mod ") {
            name = Some(found.trim_end_matches(" {").to_owned());
        } else if line == "}" {
            let source = std::mem::take(&mut text);
            let name = name.take().expect("a module's head");
            let markers = source.lines().filter(|line| line.trim() == "#[measured]").count();
            assert_eq!(markers, 1, "{name} has one function to measure");
            assert!(["ok", "error", "panic"].contains(&ends.as_str()), "{name} says how it ends");
            shapes.push(Shape { name, tags: tags.clone(), ends: ends.clone(), source });
        }
    }
    shapes
}
