//! Messages of failed assertions: expected, actual, and a hint at the cause.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use yardstick_model::{nearest, write_value};

use super::changes::{Changes, Expected, Seen, is_about};
use crate::{data::LabelText, registry::default_registry};

/// Names of samples that a message lists.
const NAMES_MAX: usize = 12;

/// What was expected (`-`), what happened (`+`), and a hint for each selection that found nothing.
pub(super) fn explain(changes: &Changes, expected: &[Expected<'_>]) -> String {
    let mut text = String::from("the samples did not change as expected\n");
    let is_wrong =
        |(name, labels, change): &&Expected<'_>| !is_about(changes.get(name, labels), *change);
    for (name, labels, change) in expected.iter().filter(is_wrong) {
        let pairs: Vec<_> = labels.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {}", line(name, &pairs.join(","), *change));
    }
    let names: BTreeSet<_> = expected.iter().map(|(name, ..)| *name).collect();
    let of_these = changes.changes.iter().filter(|((name, _), _)| names.contains(&**name));
    for line in lines(of_these) {
        let _ = writeln!(text, "+ {line}");
    }
    let mut hints: Vec<_> =
        expected.iter().filter(is_wrong).filter_map(|wrong| hint(changes, wrong)).collect();
    hints.dedup();
    for hint in hints {
        let _ = writeln!(text, "{hint}");
    }
    text
}

/// One line for each change, but one for all buckets of a series: they count the same observations.
pub(super) fn lines<'c>(
    changes: impl Iterator<Item = (&'c (String, LabelText), &'c f64)>,
) -> Vec<String> {
    let mut lines = BTreeMap::new();
    let mut buckets: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for ((name, labels), change) in changes {
        match bound(name, labels) {
            Some((rest, bound)) => {
                buckets.entry((name, rest)).or_default().push((bound, *change));
            }
            None => {
                lines.insert((name, labels.clone()), line(name, labels.as_str(), *change));
            }
        }
    }
    for ((name, labels), mut of_series) in buckets {
        of_series.sort_by(|(a, _), (b, _)| number(a).total_cmp(&number(b)));
        // Buckets are cumulative: what is in one is in all above it.
        of_series.dedup_by(|(_, change), (_, before)| change == before);
        let steps: Vec<_> = of_series
            .iter()
            .map(|(bound, change)| format!("{} from le={bound:?}", signed(*change)))
            .collect();
        let text = format!("{} {}", head(name, labels.as_str()), steps.join(", "));
        lines.insert((name, labels), text);
    }
    lines.into_values().collect()
}

/// The other labels of a bucket, and its bound; `None` for other samples.
fn bound(name: &str, labels: &LabelText) -> Option<(LabelText, String)> {
    let mut pairs = labels.to_pairs();
    let at =
        pairs.iter().position(|(name, _)| name == "le").filter(|_| name.ends_with("_bucket"))?;
    let (_, bound) = pairs.remove(at);
    Some((LabelText::of_owned(&pairs), bound))
}

fn number(bound: &str) -> f64 {
    bound.parse().unwrap_or(f64::INFINITY)
}

fn line(name: &str, labels: &str, change: f64) -> String {
    format!("{} {}", head(name, labels), signed(change))
}

fn head(name: &str, labels: &str) -> String {
    if labels.is_empty() { name.to_owned() } else { format!("{name}{{{labels}}}") }
}

fn signed(change: f64) -> String {
    let mut value = String::new();
    write_value(change, &mut value);
    if change >= 0.0 { format!("+{value}") } else { value }
}

/// What may be the reason that a selection found nothing.
fn hint(changes: &Changes, (name, labels, change): &Expected<'_>) -> Option<String> {
    if changes.get(name, labels) != 0.0 {
        return None;
    }
    let of_name: Vec<_> = changes.changes.keys().filter(|key| key.0 == *name).collect();
    if of_name.is_empty() {
        return hint_at_time(changes, name, *change)
            .or_else(|| changes.is_empty().then(|| hint_at_nothing(changes, name)))
            .or_else(|| Some(hint_at_name(changes, name)));
    }
    let known: Vec<(String, String)> =
        of_name.iter().flat_map(|(_, labels)| labels.to_pairs()).collect();
    labels.iter().find_map(|(label, value)| hint_at_label(name, label, value, &known))
}

/// A sum of durations that does not grow although something is timed.
fn hint_at_time(changes: &Changes, name: &str, change: f64) -> Option<String> {
    let family = name.strip_suffix("_sum").filter(|family| family.ends_with("_seconds"))?;
    let count = format!("{family}_count");
    let is_timed = changes.changes.keys().any(|(name, _)| *name == count);
    (is_timed && change > 0.0 && changes.seen == Seen::InCapture).then(|| {
        format!(
            "durations were recorded in `{family}` and all were zero: time stands still in a capture, also while \
             tokio's is paused or advanced; move it with `Capture::advance`"
        )
    })
}

fn hint_at_nothing(changes: &Changes, name: &str) -> String {
    if changes.seen == Seen::InRegistry {
        return "nothing changed at all".to_owned();
    }
    let families = default_registry().gather();
    let mut samples = families.iter().flat_map(crate::data::MetricFamily::samples);
    let elsewhere = if samples.any(|sample| sample.name == name && sample.value != 0.0) {
        format!("; the default registry has `{name}`, which was recorded outside of a capture")
    } else {
        String::new()
    };
    format!(
        "nothing changed at all{elsewhere}; only threads and futures that entered a capture record in it: let the \
         threads of a runtime begin with `Capture::enter_thread`, or spawn what `Capture::future` makes"
    )
}

fn hint_at_name(changes: &Changes, name: &str) -> String {
    let others: BTreeSet<_> = changes.changes.keys().map(|(name, _)| name.as_str()).collect();
    let within = |other: &&&str| other.contains(name) || name.contains(**other);
    let meant =
        nearest(name, others.iter().copied()).or_else(|| others.iter().find(within).copied());
    if let Some(meant) = meant {
        return format!("no sample `{name}` changed; did you mean `{meant}`?");
    }
    // A histogram is named by its count here.
    let parts = |other: &&&str| !other.ends_with("_bucket") && !other.ends_with("_sum");
    let some: Vec<_> = others.iter().filter(parts).take(NAMES_MAX).copied().collect();
    let more = others.iter().filter(parts).count() - some.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("no sample `{name}` changed; of these, some did: {}{more}", some.join(", "))
}

fn hint_at_label(
    name: &str,
    label: &str,
    value: &str,
    known: &[(String, String)],
) -> Option<String> {
    let names: BTreeSet<_> = known.iter().map(|(name, _)| name.as_str()).collect();
    if !names.contains(label) {
        let meant = nearest(label, names.iter().copied())
            .map(|meant| format!("did you mean `{meant}`?"))
            .or_else(|| {
                (!names.is_empty()).then(|| "its labels are ".to_owned() + &list(&names))
            })?;
        return Some(format!("no sample `{name}` that changed has a label `{label}`; {meant}"));
    }
    let values = known.iter().filter(|(name, _)| name == label).map(|(_, value)| value.as_str());
    let values: BTreeSet<_> = values.collect();
    let meant = nearest(value, values.iter().copied().filter(|known| *known != value))?;
    let is_missing = !values.contains(value);
    is_missing
        .then(|| format!("no sample `{name}` has `{label}={value:?}`; did you mean {meant:?}?"))
}

fn list(names: &BTreeSet<&str>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
