//! One rule for every door: the same name, labels and order of events come to the same through a schema, an attribute,
//! a builder, the facade, by name and a collector. What must come of them is written once; where a door departs, the
//! row says why. Whatever is taken, both of Python's parsers read, with the labels that were given.

mod cases;
mod doors;
mod fuzz;

use std::collections::BTreeMap;

use serde_json::Value as Json;
use yardstick::{Registry, track_calls, track_duration, track_errors};
use yardstick_tests::judges;

use cases::{Case, Outcome};
use doors::{Door, Rule};

/// The labels of one series, by name.
pub(crate) type Labels = BTreeMap<String, String>;

/// One row through one door.
struct Cell {
    what: String,
    /// The families and labels that must be read, one for each step that was taken.
    expected: Vec<(String, Labels)>,
    text: String,
    openmetrics: String,
}

/// What must come of a step through a door.
fn outcome(case: &Case, door: Door, at: usize) -> &Outcome {
    let mut exceptions = case.exceptions.iter();
    let exception = exceptions.find(|e| e.step == at && e.doors.contains(&door));
    exception.map_or(&case.steps[at].1, |exception| &exception.outcome)
}

/// To Prometheus, an empty label is one that is not there.
pub(crate) fn shown(labels: &[(String, String)]) -> Labels {
    labels.iter().filter(|(_, value)| !value.is_empty()).cloned().collect()
}

/// Does the steps of a row; what is wrong goes to `wrong`.
fn walk(case: &Case, door: Door, wrong: &mut Vec<String>) -> Option<Cell> {
    let mut steps = case.steps.iter().map(|(step, _)| step);
    if !steps.clone().all(|step| door.offers(step)) {
        return None;
    }
    let registry = Registry::new();
    let what = format!("{} ({door:?})", case.title);
    let mut expected: Vec<(String, Labels)> = Vec::new();
    for at in 0..case.steps.len() {
        let step = steps.next()?;
        let renamed = case.other_families.iter().find(|(other, _)| *other == door);
        let family = renamed.map_or(&case.families[at], |(_, family)| family);
        // A collector makes a family by itself: nobody else has series in it.
        let is_anothers =
            door == Door::AtGather && expected.iter().any(|(known, _)| known == family);
        let outcome = match outcome(case, door, at) {
            Outcome::Taken(_) if is_anothers => &Outcome::Refused(Rule::Clash),
            outcome => outcome,
        };
        let rule = if let Outcome::Refused(rule) = outcome { *rule } else { Rule::Name };
        match (door.take(&registry, step, rule), outcome) {
            (Ok(()), Outcome::Taken(labels)) => expected.push((family.clone(), shown(labels))),
            (Err(found), Outcome::Refused(rule)) if found == *rule || !door.tells() => {}
            (found, outcome) => {
                wrong.push(format!("{what}, step {at}: {found:?}, not {outcome:?}"));
            }
        }
    }
    let (text, openmetrics) = (registry.render(), registry.render_openmetrics());
    Some(Cell { what, expected, text, openmetrics })
}

/// The families of an exposition with the labels of their series, without those that a kind adds.
pub(crate) fn series(samples: &[Json]) -> BTreeMap<String, Vec<Labels>> {
    let mut found: BTreeMap<String, Vec<Labels>> = BTreeMap::new();
    for sample in samples {
        let labels = sample[3].as_object().expect("labels").iter().filter_map(|(name, value)| {
            let value = value.as_str().expect("text").to_owned();
            let is_own = name != "quantile" && !value.is_empty();
            is_own.then(|| (name.clone(), value))
        });
        let (mut labels, kind) = (labels.collect::<Labels>(), sample[1].as_str());
        if kind == Some("histogram") {
            labels.remove("le");
        }
        let family = sample[0].as_str().expect("a name").to_owned();
        let of_family = found.entry(family).or_default();
        if !of_family.contains(&labels) {
            of_family.push(labels);
        }
    }
    found
}

/// The name by which a parser of this flavour calls a family: without the suffix of counters.
pub(crate) fn parsed_name(family: &str, of_counter: bool) -> &str {
    if of_counter { family.strip_suffix("_total").unwrap_or(family) } else { family }
}

fn is_counter(text: &str, family: &str) -> bool {
    text.contains(&format!("# TYPE {family} counter\n"))
}

/// Compares what the parsers read with what must be there, and nothing else may be.
fn compare(cell: &Cell, flavour: &str, read: &Result<Vec<Json>, String>, wrong: &mut Vec<String>) {
    let Cell { what, expected, text, .. } = cell;
    let samples = match read {
        Ok(samples) => samples,
        Err(refusal) => {
            wrong.push(format!("{what}: {flavour} says {refusal}\n{text}"));
            return;
        }
    };
    let mut all: BTreeMap<String, Vec<Labels>> = BTreeMap::new();
    for (family, labels) in expected {
        let of_counter = is_counter(text, family);
        let of_family = all.entry(parsed_name(family, of_counter).to_owned()).or_default();
        if !of_family.contains(labels) {
            of_family.push(labels.clone());
        }
    }
    let mut found = series(samples);
    all.values_mut().chain(found.values_mut()).for_each(|labels| labels.sort());
    if found != all {
        wrong.push(format!("{what}: {flavour} read {found:?}, not {all:?}\n{text}"));
    }
}

#[test]
fn every_door_answers_alike() {
    let cases = cases::all();
    let mut wrong = Vec::new();
    let cells: Vec<Cell> = cases
        .iter()
        .flat_map(|case| Door::ALL.map(|door| walk(case, door, &mut wrong)))
        .flatten()
        .collect();
    let expositions: Vec<_> = cells
        .iter()
        .flat_map(|cell| {
            [("prometheus", cell.text.clone()), ("openmetrics", cell.openmetrics.clone())]
        })
        .collect();
    let read = judges::python_many(&expositions);
    for (at, cell) in cells.iter().enumerate() {
        compare(cell, "prometheus", &read[2 * at], &mut wrong);
        compare(cell, "openmetrics", &read[2 * at + 1], &mut wrong);
    }
    let exceptions: Vec<_> = cases.iter().flat_map(|case| &case.exceptions).collect();
    assert!(exceptions.iter().all(|exception| !exception.reason.is_empty()));
    println!(
        "{} rows through {} doors: {} cells, {} documented exceptions",
        cases.len(),
        Door::ALL.len(),
        cells.len(),
        exceptions.len()
    );
    let shown = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} are wrong, among them\n{shown}", wrong.len());
    assert!(cells.len() > 1_000, "{} cells", cells.len());
}

#[track_calls("visit_count")]
#[track_errors("failure_count")]
fn visit(is_fine: bool) -> Result<(), &'static str> {
    if is_fine { Ok(()) } else { Err("no") }
}

/// The macros themselves, whose rules the table calls as functions.
#[test]
fn an_attribute_takes_the_names_that_a_builder_takes() {
    let registry = Registry::new();
    let answers = metrics::with_local_recorder(&registry, || [true, false].map(visit));
    assert_eq!(answers, [Ok(()), Err("no")]);
    let labels = [("outcome", "ok")];
    assert_eq!(registry.sample_value("visit_count_total", &labels), Some(1.0));
    let errors = registry.render();
    assert!(errors.contains("\nfailure_count_total{error_type=\"str\"} 1\n"), "{errors}");
    // A histogram whose count that counter would be finds it there, with both places.
    let error = registry.histogram("visit").register().map(|_| ()).expect_err("its count");
    let text = error.to_string();
    assert!(text.contains("would expose `visit_count`, which belongs to `visit_count_total`"));
    assert_eq!(text.matches("every_door/main.rs").count(), 2, "{text}");
}

#[track_duration("wait_of_visits")]
fn wait() {}

/// Which of the two comes first decides nothing that anybody could miss.
#[test]
fn an_attribute_records_into_a_histogram_whose_unit_is_only_in_its_name() {
    let registry = Registry::new();
    let histogram = registry.histogram("wait_of_visits_seconds").register().expect("a new name");
    metrics::with_local_recorder(&registry, wait);
    histogram.observe(0.5);
    assert_eq!(registry.sample_value("wait_of_visits_seconds_count", &[]), Some(2.0));
}
