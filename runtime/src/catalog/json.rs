//! The catalog as JSON (RFC 8259).
//!
//! Written out here because it is one fixed shape and every user would pay for a serialiser otherwise; a test reads it
//! back with another parser.

use std::fmt::Write as _;

use yardstick_model::Unit;

use crate::data::{Descriptor, LabelDescriptor};

pub(super) fn render(metrics: &[Descriptor]) -> String {
    let metrics: Vec<_> = metrics.iter().map(metric).collect();
    format!("{{\"metrics\":[{}]}}\n", metrics.join(","))
}

fn metric(metric: &Descriptor) -> String {
    let Descriptor { name, kind, help, unit, labels, buckets, location } = metric;
    let labels: Vec<_> = labels.iter().map(label).collect();
    let buckets: Vec<_> = buckets.iter().map(f64::to_string).collect();
    format!(
        "\n{{\"name\":{},\"kind\":{},\"help\":{},\"unit\":{},\"labels\":[{}],\"buckets\":[{}],\
         \"location\":{{\"module\":{},\"file\":{},\"line\":{},\"column\":{}}}}}",
        string(name),
        string(&kind.to_string()),
        string(help),
        unit.map_or_else(|| "null".to_owned(), |unit: Unit| string(unit.as_str())),
        labels.join(","),
        buckets.join(","),
        string(location.module),
        string(location.file),
        location.line,
        location.column,
    )
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
