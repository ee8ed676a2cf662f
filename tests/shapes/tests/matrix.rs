//! Every shape, under every variant of attributes, called once: what was recorded is what happened.
#![deny(warnings, clippy::all, clippy::pedantic, elided_lifetimes_in_paths, unused_qualifications)]
#![allow(clippy::needless_pass_by_value)]

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
};

use metrics::with_local_recorder;
use yardstick::Registry;
pub(crate) use yardstick_shapes::support;
use yardstick_shapes::support::{FIRST_PART, Shape, Traces, WORK};

include!(concat!(env!("OUT_DIR"), "/unsafe.rs"));

/// How a call ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Ok,
    Error,
    Panic,
    Cancelled,
}

impl End {
    fn of(shape: &Shape, traces: &Traces) -> Self {
        match shape.ends {
            _ if traces.is_cancelled => Self::Cancelled,
            "error" => Self::Error,
            "panic" => Self::Panic,
            _ => Self::Ok,
        }
    }

    fn outcome(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Panic => "panic",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The families of one variant of one kind: their names without suffix.
fn families(shape: &Shape, kind: &str) -> Vec<String> {
    let default = format!("function_{kind}");
    match shape.variant {
        "arguments"
            if shape.tags.iter().any(|tag| ["never", "stream", "track_caller"].contains(tag)) =>
        {
            vec![format!("fewer_arguments_track_{kind}")]
        }
        "arguments" => vec![format!("arguments_track_{kind}")],
        "schema" => vec![format!("shapes_{kind}")],
        "twice" => vec![default, format!("twice_track_{kind}")],
        _ => vec![default],
    }
}

/// The sum of all samples of this name that have all these labels.
fn sample(body: &str, name: &str, labels: &[(&str, &str)]) -> f64 {
    let values = body.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let (found, value) = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once("} ")?,
            None => ("", rest.strip_prefix(' ')?),
        };
        let has = |(label, value): &(&str, &str)| {
            format!(",{found}").contains(&format!(",{label}=\"{value}\""))
        };
        labels.iter().all(has).then(|| value.parse::<f64>().expect("a number"))
    });
    values.sum()
}

/// All calls that default families counted, by module; those of the modules within it are among a module's.
fn calls_by_module(body: &str) -> BTreeMap<&str, f64> {
    let mut calls = BTreeMap::new();
    for line in body.lines().filter(|line| line.starts_with("function_calls_total{")) {
        let module = line.split_once("module=\"").and_then(|(_, rest)| rest.split_once('"'));
        let value = line.rsplit_once(' ').and_then(|(_, value)| value.parse::<f64>().ok());
        let (Some((module, _)), Some(value)) = (module, value) else { continue };
        let ends = module.match_indices("::").map(|(end, _)| end).chain([module.len()]);
        for end in ends {
            *calls.entry(&module[..end]).or_default() += value;
        }
    }
    calls
}

/// What is wrong with what one shape recorded in a registry of its own.
fn findings(shape: &Shape, traces: &Traces, body: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |what: String, found: f64, expected: f64| {
        if (found - expected).abs() > 1e-9 {
            wrong.push(format!("{what}: {found} instead of {expected}"));
        }
    };
    let calls = shape.tags.iter().find_map(|tag| tag.strip_prefix("calls-")?.parse().ok());
    let calls: u32 = calls.unwrap_or(1);
    let end = End::of(shape, traces);
    if end != End::Cancelled {
        expect("units of work".to_owned(), traces.units.into(), 1.0);
    }
    for kind in shape.kinds {
        for family in families(shape, kind) {
            match *kind {
                "duration" => {
                    // The variant with arguments leaves cancelled calls out.
                    let is_left_out = end == End::Cancelled && shape.variant == "arguments";
                    let count = if is_left_out { 0 } else { calls };
                    let part = if end == End::Cancelled { FIRST_PART } else { WORK };
                    let name = format!("{family}_seconds_count");
                    expect(name.clone(), sample(body, &name, &[]), count.into());
                    let name = format!("{family}_seconds_sum");
                    let sum = part.as_secs_f64() * f64::from(count);
                    expect(name.clone(), sample(body, &name, &[]), sum);
                }
                "calls" => {
                    // Of a variant whose `error_if` says that nothing is an error.
                    let never_fails = shape.variant == "arguments" && end == End::Error;
                    let outcome = if never_fails { "ok" } else { end.outcome() };
                    let name = format!("{family}_total");
                    expect(name.clone(), sample(body, &name, &[]), calls.into());
                    expect(
                        format!("{name} with outcome {outcome}"),
                        sample(body, &name, &[("outcome", outcome)]),
                        calls.into(),
                    );
                }
                "errors" => {
                    let name = format!("{family}_total");
                    let errors = if matches!(end, End::Error | End::Panic) { calls } else { 0 };
                    expect(name.clone(), sample(body, &name, &[]), errors.into());
                    let named = shape.tags.iter().find_map(|tag| tag.strip_prefix("error-"));
                    let error_type = match (end, shape.variant) {
                        (End::Panic, _) => "panic",
                        (_, "arguments") => named.unwrap_or("refused"),
                        _ => named.unwrap_or("Refused"),
                    };
                    let labels = [("error_type", error_type)];
                    expect(
                        format!("{name} {error_type}"),
                        sample(body, &name, &labels),
                        errors.into(),
                    );
                }
                _ => {
                    let inside = sample(&traces.seen, &family, &[]);
                    expect(format!("{family} inside"), inside, calls.into());
                    expect(family.clone(), sample(body, &family, &[]), 0.0);
                }
            }
        }
    }
    wrong
}

/// Makes the call of a shape, whether or not it unwinds.
fn traced(shape: &Shape, registry: Option<&Registry>, cancels: bool) -> Traces {
    support::traced(registry, cancels, || {
        let _ = catch_unwind(AssertUnwindSafe(shape.call));
    })
}

fn all() -> impl Iterator<Item = &'static Shape> {
    yardstick_shapes::SHAPES.iter().chain(SHAPES)
}

#[test]
fn every_shape_measures_what_happens() {
    // Most of what follows panics or is cancelled on purpose.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .clock(support::now)
        .install()
        .expect("nothing else is installed");
    let mut wrong = Vec::new();
    let mut measured: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for shape in all() {
        for cancels in [false, true] {
            let registry = Registry::new();
            let traces = with_local_recorder(&registry, || traced(shape, Some(&registry), cancels));
            if cancels && !traces.is_cancelled {
                continue;
            }
            let body = match shape.variant {
                "schema" => support::recorded_in_run(),
                _ => registry.render(),
            };
            let found = findings(shape, &traces, &body);
            if found.is_empty() {
                let end = if cancels { "cancelled" } else { "to its end" };
                *measured.entry((shape.variant, end)).or_default() += 1;
            }
            let place = format!("{} {}", shape.variant, shape.name);
            wrong.extend(found.into_iter().map(|finding| format!("{place}: {finding}")));
        }
    }
    // Once more through the installed registry, whose cells the sites keep.
    let expected: BTreeMap<_, _> =
        all().map(|shape| (shape.module, traced(shape, None, false).units)).collect();
    let body = exporter.render();
    let calls = calls_by_module(&body);
    let are_default = |shape: &&Shape| !["arguments", "schema"].contains(&shape.variant);
    for shape in all().filter(are_default).filter(|shape| shape.kinds.contains(&"calls")) {
        let module = shape.module;
        let calls = calls.get(module).copied().unwrap_or_default();
        if calls < 1.0 || expected.get(module) != Some(&1) {
            wrong.push(format!("{} {}: {calls} installed", shape.variant, shape.name));
        }
    }
    set_hook(hook);
    assert!(all().count() > 2_000, "the build script found too few shapes");
    for ((variant, end), count) in measured {
        println!("{variant}: {count} shapes measured {end}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
