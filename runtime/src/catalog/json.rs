//! The catalog as JSON (RFC 8259).
//!
//! Written out here because it is one fixed shape and every user would pay for a serialiser otherwise; a test reads it
//! back with another parser.

use std::fmt::Write as _;

use yardstick_model::{Location, Unit};

use super::program::{Catalog, Identity};
use crate::data::{Descriptor, FunctionDescriptor, LabelDescriptor, SeriesCount};

/// The number of the format: it changes when a field is renamed, removed, or means something else.
const FORMAT: u32 = 1;

pub(super) fn render(catalog: &Catalog) -> String {
    let Identity { package, version, commit, labels } = catalog.identity();
    let text = |text: &Option<String>| text.as_deref().map_or_else(|| "null".to_owned(), string);
    let labels = labels.iter().map(|(name, value)| format!("{}:{}", string(name), string(value)));
    let series = catalog.iter().fold(SeriesCount::default(), |all, metric| {
        let zero = all.zero.saturating_add(metric.series.zero);
        SeriesCount::new(zero, all.max.saturating_add(metric.series.max))
    });
    format!(
        "{{\"format\":{FORMAT},\"package\":{},\"version\":{},\"commit\":{},\"labels\":{{{}}},\"series\":{},\n\
         \"functions\":[{}],\n\"metrics\":[{}]}}\n",
        text(package),
        text(version),
        text(commit),
        joined(labels),
        count(series),
        joined(catalog.functions().iter().map(function)),
        joined(catalog.iter().map(metric)),
    )
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(",")
}

fn count(SeriesCount { zero, max }: SeriesCount) -> String {
    format!("{{\"zero\":{zero},\"max\":{max}}}")
}

fn location(location: &Location) -> String {
    let Location { module, file, line, column } = location;
    let (module, file) = (string(module), string(file));
    format!("{{\"module\":{module},\"file\":{file},\"line\":{line},\"column\":{column}}}")
}

fn function(function: &FunctionDescriptor) -> String {
    let roles = function.metrics.chunk_by(|(a, _), (b, _)| a == b).map(|of_role| {
        let names = joined(of_role.iter().map(|(_, name)| string(name)));
        format!("{}:[{names}]", string(of_role[0].0.as_str()))
    });
    format!(
        "\n{{\"function\":{},\"module\":{},\"metrics\":{{{}}},\"location\":{}}}",
        string(&function.function),
        string(&function.module),
        joined(roles),
        location(&function.location),
    )
}

/// The fields of a metric with their values, in the order in which they are written.
pub(super) fn fields(metric: &Descriptor) -> [(&'static str, String); 10] {
    let list = |items: String| format!("[{items}]");
    let unit = metric.unit.map_or_else(|| "null".to_owned(), |unit: Unit| string(unit.as_str()));
    [
        ("name", string(&metric.name)),
        ("kind", string(&metric.kind.to_string())),
        ("role", string(metric.role.as_str())),
        ("help", string(&metric.help)),
        ("unit", unit),
        ("labels", list(joined(metric.labels.iter().map(label)))),
        ("buckets", list(joined(metric.buckets.iter().map(f64::to_string)))),
        ("le", list(joined(metric.bucket_texts().iter().map(|text| string(text))))),
        ("series", count(metric.series)),
        ("location", location(&metric.location)),
    ]
}

fn metric(metric: &Descriptor) -> String {
    let fields = fields(metric).map(|(field, value)| format!("\"{field}\":{value}"));
    format!("\n{{{}}}", fields.join(","))
}

fn label(label: &LabelDescriptor) -> String {
    let values = label.values.as_ref().map_or_else(
        || "null".to_owned(),
        |values| {
            let values: Vec<_> = values.iter().map(|value| string(value)).collect();
            format!("[{}]", values.join(","))
        },
    );
    format!("{{\"name\":{},\"values\":{values}}}", string(&label.name))
}

fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // Writing to a string cannot fail.
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
