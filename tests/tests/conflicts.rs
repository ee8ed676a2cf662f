//! Sites that contradict each other make `install` fail, with every pair and both source lines.

use yardstick::{
    RegisterError, error::Difference, exporter::InstallError, track_calls, track_duration,
};

#[track_duration("conflict", buckets = [1, 2])]
fn first() {}

#[track_duration("conflict", buckets = [1, 2, 3])]
fn other_buckets() {}

#[track_calls("labelled", labels(a = "1"))]
fn labelled() {}

#[track_calls("labelled", labels(b = "1"))]
fn other_labels() {}

#[track_calls("helped", help = "One thing.")]
fn helped() {}

#[track_calls("helped", help = "Another thing.")]
fn other_help() {}

struct Cache;

impl Cache {
    #[track_calls]
    fn get(&self) {}
}

struct Database;

impl Database {
    #[track_calls]
    fn get(&self) {}
}

#[test]
fn install_names_every_pair() {
    for function in [first, other_buckets, labelled, other_labels, helped, other_help] {
        function();
    }
    Cache.get();
    Database.get();
    let error = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect_err("the sites contradict each other");
    let text = error.to_string();
    let InstallError::Conflicts(conflicts) = error else { panic!("{text}") };
    let differences: Vec<_> = conflicts
        .iter()
        .map(|conflict| match conflict {
            RegisterError::Conflict { difference, first, second, .. } => {
                assert!(first.line < second.line && first.file == second.file);
                difference
            }
            other => panic!("{other}"),
        })
        .collect();
    assert!(
        matches!(
            differences[..],
            [
                Difference::Buckets(_),
                Difference::Labels(_),
                Difference::Help(_),
                Difference::Function { name: "get", module: "conflicts" }
            ]
        ),
        "{text}"
    );
    assert!(text.contains("tests/conflicts.rs:7:1 and differs at"), "{text}");
    let refused = yardstick::default_registry()
        .sample_value("yardstick_registrations_refused_total", &[("reason", "labels")]);
    assert_eq!(refused, Some(2.0));
    assert!(text.contains("both functions are called `get` in `conflicts`"), "{text}");
}
