//! The catalog as a table.

use std::fmt::Write as _;

use yardstick_model::{Kind, Unit};

use crate::data::{Descriptor, LabelDescriptor};

pub(super) fn render(metrics: &[Descriptor]) -> String {
    let mut text = String::from(
        "| metric | kind | role | unit | labels | meaning | declared at |\n|---|---|---|---|---|---|---|\n",
    );
    for metric in metrics {
        let Descriptor { name, kind, role, help, unit, labels, location, .. } = metric;
        let labels: Vec<_> = labels.iter().map(label).collect();
        let mut meaning = cell(help);
        if metric.kind == Kind::Histogram {
            // Writing to a string cannot fail.
            let _ = write!(meaning, " Buckets: {}.", metric.bucket_texts().join(", "));
        }
        let _ = writeln!(
            text,
            "| `{name}` | {kind} | {} | {} | {} | {meaning} | `{}:{}` |",
            role.as_str(),
            unit.map_or("", Unit::as_str),
            labels.join(", "),
            location.file,
            location.line,
        );
    }
    text
}

fn label(label: &LabelDescriptor) -> String {
    let values = label.values.as_ref().map(|values| {
        let values: Vec<_> = values.iter().map(|value| format!("`{}`", cell(value))).collect();
        format!(" ({})", values.join(", "))
    });
    format!("`{}`{}", label.name, values.unwrap_or_default())
}

/// Text that does not end the cell of a table, nor the row.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
