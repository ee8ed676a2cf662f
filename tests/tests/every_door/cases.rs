//! The rows: what is asked for, and what must come of it through every door.

use yardstick::{Unit, gather::Kind};

use super::doors::{Door, Rule, Step};

/// What must come of a step.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Recorded, with these labels.
    Taken(Vec<(String, String)>),
    Refused(Rule),
}

/// What comes of a step through some doors only, and why.
#[derive(Clone, Debug)]
pub(crate) struct Exception {
    pub(crate) doors: Vec<Door>,
    pub(crate) step: usize,
    pub(crate) outcome: Outcome,
    pub(crate) reason: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) steps: Vec<(Step, Outcome)>,
    pub(crate) exceptions: Vec<Exception>,
    /// The family that each step would be in.
    pub(crate) families: Vec<String>,
    /// The family of a single step, where a door gives it another name.
    pub(crate) other_families: Vec<(Door, String)>,
}

const FOREIGN: &str =
    "a library's names, and names made at run time, cannot be edited: they are cleaned";
const COUNTS: &str = "an attribute counts calls, so a name with a unit says what is not so";
const ANY_KIND: &str = "a label set may be that of a histogram";
const LEFT_OUT: &str = "recorded by name, a label that cannot be is left out and counted";
const ANY_START: &str = "a label of a library begins as it likes";
const NAME_IS_ALL: &str = "by name, there is no other way to say a unit";
const WRITTEN_WHOLE: &str = "a collector writes the exposed name itself, with its unit";
const NO_DECLARATION: &str = "the first use decides: a later one asks for nothing";

pub(crate) fn step(kind: Kind, name: &str) -> Step {
    let name = name.to_owned();
    Step { name, kind, unit: None, labels: Vec::new(), help: None, buckets: None }
}

impl Step {
    fn unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }

    pub(crate) fn labels(self, labels: &[(&str, &str)]) -> Self {
        Self { labels: owned(labels), ..self }
    }

    const fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    const fn buckets(mut self, buckets: &'static [f64]) -> Self {
        self.buckets = Some(buckets);
        self
    }
}

fn owned(labels: &[(&str, &str)]) -> Vec<(String, String)> {
    labels.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

impl Case {
    fn of(title: impl Into<String>) -> Self {
        let title = title.into();
        Self {
            title,
            steps: Vec::new(),
            exceptions: Vec::new(),
            families: Vec::new(),
            other_families: Vec::new(),
        }
    }

    fn taken(mut self, step: Step, family: &str) -> Self {
        let labels = step.labels.clone();
        self.steps.push((step, Outcome::Taken(labels)));
        self.families.push(family.to_owned());
        self
    }

    fn refused(mut self, step: Step, rule: Rule) -> Self {
        self.steps.push((step, Outcome::Refused(rule)));
        self.families.push(String::new());
        self
    }

    fn family_of(mut self, door: Door, family: &str) -> Self {
        self.other_families.push((door, family.to_owned()));
        self
    }

    /// The last step, through these doors.
    fn but(mut self, doors: &[Door], outcome: Outcome, family: &str, reason: &'static str) -> Self {
        let step = self.steps.len() - 1;
        self.exceptions.push(Exception { doors: doors.to_vec(), step, outcome, reason });
        if !family.is_empty() {
            family.clone_into(&mut self.families[step]);
        }
        self
    }
}

const CLEANING: [Door; 2] = [Door::Facade, Door::ByName];

fn taken(labels: &[(&str, &str)]) -> Outcome {
    Outcome::Taken(owned(labels))
}

pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    names(&mut cases);
    samples(&mut cases);
    look_alikes(&mut cases);
    units(&mut cases);
    conflicts(&mut cases);
    label_names(&mut cases);
    label_values(&mut cases);
    cases
}

const KINDS: [Kind; 4] = [Kind::Counter, Kind::Gauge, Kind::Histogram, Kind::Summary];

fn exposed(kind: Kind, stem: &str) -> String {
    let suffix = if kind == Kind::Counter { "_total" } else { "" };
    format!("{stem}{suffix}")
}

fn names(cases: &mut Vec<Case>) {
    for kind in KINDS {
        for name in ["jobs", "_jobs", "Jobs2", "a__b", "le", "HELP", "NaN", "x"] {
            let case = Case::of(format!("{kind} `{name}`"));
            cases.push(case.taken(step(kind, name), &exposed(kind, name)));
        }
        let long = "n".repeat(250);
        let case = Case::of(format!("{kind} of 250 letters"));
        cases.push(case.taken(step(kind, &long), &exposed(kind, &long)));
        let too_long = "n".repeat(257);
        let case = Case::of(format!("{kind} of 257 letters"));
        cases.push(case.refused(step(kind, &too_long), Rule::Name));
        for name in ["", "...", " ", "\u{e9}", "__", "\u{65e5}\u{672c}", "\0", "-\n-"] {
            let case = Case::of(format!("{kind} `{}`", name.escape_debug()));
            cases.push(case.refused(step(kind, name), Rule::Name));
        }
        for (name, cleaned) in [
            ("http.requests", "http_requests"),
            ("api-errors", "api_errors"),
            ("1st", "_1st"),
            ("9", "_9"),
            ("job:rate", "job_rate"),
            ("gr\u{f6}\u{df}e", "gr__e"),
            ("__name", "_name"),
            ("a\nb", "a_b"),
            ("a\"b{c}", "a_b_c_"),
            ("a\0", "a_"),
        ] {
            let case = Case::of(format!("{kind} `{}`", name.escape_debug()));
            let case = case.refused(step(kind, name), Rule::Name);
            cases.push(case.but(&CLEANING, taken(&[]), &exposed(kind, cleaned), FOREIGN));
        }
    }
    cases.push(
        Case::of("`_` becomes `__total` as a counter")
            .refused(step(Kind::Counter, "_"), Rule::Name),
    );
}

/// Names that end as the samples of a kind do: refused where that family is, in either order, and nowhere else.
fn samples(cases: &mut Vec<Case>) {
    const SUFFIXES: [&str; 6] = ["_total", "_bucket", "_count", "_sum", "_created", "_info"];
    for kind in KINDS {
        for suffix in SUFFIXES {
            let (name, stem) = (format!("request{suffix}"), format!("request{suffix}"));
            let stem = if kind == Kind::Counter { stem.trim_end_matches("_total") } else { &stem };
            let case = Case::of(format!("{kind} `{name}` alone"));
            cases.push(case.taken(step(kind, &name), &exposed(kind, stem)));
        }
    }
    let of_counter: &[&str] = &["_total", "_created"];
    let of_summary: &[&str] = &["_count", "_sum", "_created"];
    let of_histogram: &[&str] = &["_bucket", "_count", "_sum", "_created"];
    let owners =
        [(Kind::Counter, of_counter), (Kind::Summary, of_summary), (Kind::Histogram, of_histogram)];
    for (owner, own) in owners {
        for suffix in SUFFIXES {
            for kind in KINDS {
                // `x_total` is the counter `x`, written with its suffix.
                if suffix == "_total" && kind == Kind::Counter {
                    continue;
                }
                // One of the same exposed name is a matter of kinds.
                let rule = if owner == Kind::Counter && suffix == "_total" {
                    Rule::Kind
                } else {
                    Rule::Clash
                };
                let name = format!("request{suffix}");
                let steps = [
                    (step(owner, "request"), exposed(owner, "request")),
                    (step(kind, &name), exposed(kind, &name)),
                ];
                for order in [[0, 1], [1, 0]] {
                    let [first, second] = order.map(|at| steps[at].clone());
                    let title = format!(
                        "{} `{}`, then {} `{}`",
                        first.0.kind, first.0.name, second.0.kind, second.0.name
                    );
                    let case = Case::of(title).taken(first.0, &first.1);
                    cases.push(if own.contains(&suffix) {
                        case.refused(second.0, rule)
                    } else {
                        case.taken(second.0, &second.1)
                    });
                }
            }
        }
    }
}

fn look_alikes(cases: &mut Vec<Case>) {
    let counter = |name| step(Kind::Counter, name);
    for names in [["requests", "requests_total"], ["requests_total", "requests"]] {
        let case = Case::of(format!("{names:?} are one counter"));
        let [first, second] = names.map(counter);
        cases.push(case.taken(first, "requests_total").taken(second, "requests_total"));
    }
    for (dotted, plain) in [("requests.total", "requests"), ("requests-total", "requests_total")] {
        let case =
            Case::of(format!("`{plain}`, then `{dotted}`")).taken(counter(plain), "requests_total");
        let case = case.refused(counter(dotted), Rule::Name);
        cases.push(case.but(&CLEANING, taken(&[]), "requests_total", FOREIGN));
        let case = Case::of(format!("`{dotted}`, then `{plain}`"));
        let case = case.refused(counter(dotted), Rule::Name);
        let case = case.but(&CLEANING, taken(&[]), "requests_total", FOREIGN);
        cases.push(case.taken(counter(plain), "requests_total"));
    }
    for kind in KINDS {
        let case = Case::of(format!("{kind} `a_b`, then `a.b`"));
        let case = case.taken(step(kind, "a_b"), &exposed(kind, "a_b"));
        let refused = Outcome::Refused(Rule::LookAlike);
        let case = case.refused(step(kind, "a.b"), Rule::Name);
        cases.push(case.but(&CLEANING, refused.clone(), "", FOREIGN));
        let case = Case::of(format!("{kind} `a.b`, then `a-b`"));
        let case = case.refused(step(kind, "a.b"), Rule::Name);
        let case = case.but(&CLEANING, taken(&[]), &exposed(kind, "a_b"), FOREIGN);
        let case = case.refused(step(kind, "a-b"), Rule::Name);
        cases.push(case.but(&CLEANING, refused, "", FOREIGN));
    }
}

fn units(cases: &mut Vec<Case>) {
    let seconds = |name| step(Kind::Histogram, name).unit(Unit::Seconds);
    for name in ["wait", "wait_seconds", "wait_seconds_seconds"] {
        let case = Case::of(format!("`{name}` in seconds"));
        cases.push(case.taken(seconds(name), "wait_seconds"));
    }
    let bytes = |name| step(Kind::Counter, name).unit(Unit::Bytes);
    for name in ["sent", "sent_bytes", "sent_total", "sent_bytes_total", "sent_total_bytes_total"] {
        let case = Case::of(format!("`{name}` in bytes"));
        cases.push(case.taken(bytes(name), "sent_bytes_total"));
    }
    for name in ["wait_ms", "wait_minutes"] {
        let case = Case::of(format!("`{name}` in seconds")).refused(seconds(name), Rule::Unit);
        let case = case.but(&[Door::ByName], taken(&[]), "wait_seconds", FOREIGN);
        // A library's word is kept beside the unit that it describes; a timing by name is known to be in seconds.
        let case = case.but(&[Door::Facade], taken(&[]), "", FOREIGN);
        let case = case.but(&[Door::AtGather], taken(&[]), "", WRITTEN_WHOLE);
        let whole = format!("{name}_seconds");
        cases.push(case.family_of(Door::Facade, &whole).family_of(Door::AtGather, &whole));
    }
    let case = Case::of("counter `sent_bytes` without a unit");
    let case = case.taken(step(Kind::Counter, "sent_bytes"), "sent_bytes_total");
    cases.push(case.but(&[Door::Attribute], Outcome::Refused(Rule::Unit), "", COUNTS));
    // Declared or written, in either order.
    let (declared, written) = (seconds("wait"), step(Kind::Histogram, "wait_seconds"));
    for [first, second] in [[declared.clone(), written.clone()], [written, declared]] {
        let case = Case::of(format!("`{}`, then `{}`", first.name, second.name));
        cases.push(case.taken(first, "wait_seconds").taken(second, "wait_seconds"));
    }
    let case = Case::of("histogram `request_duration`");
    let case = case.taken(step(Kind::Histogram, "request_duration"), "request_duration");
    cases.push(
        case.but(&[Door::ByName], taken(&[]), "", NAME_IS_ALL)
            .family_of(Door::ByName, "request_duration_seconds"),
    );
}

fn conflicts(cases: &mut Vec<Case>) {
    for first in [Kind::Gauge, Kind::Histogram, Kind::Summary] {
        for second in [Kind::Gauge, Kind::Histogram, Kind::Summary] {
            if first != second {
                let case = Case::of(format!("`x` as {first}, then as {second}"));
                cases
                    .push(case.taken(step(first, "x"), "x").refused(step(second, "x"), Rule::Kind));
            }
        }
    }
    let (one, other) = ([("a", "1")], [("b", "1")]);
    for [first, second] in [[&one[..], &other[..]], [&other, &one], [&one, &[]], [&[], &one]] {
        let [first, second] = [first, second].map(|labels| step(Kind::Counter, "x").labels(labels));
        let case = Case::of(format!("labels {:?}, then {:?}", first.labels, second.labels));
        let shown = Outcome::Taken(second.labels.clone());
        let case = case.taken(first, "x_total").refused(second, Rule::Labels);
        cases.push(case.but(
            &[Door::Facade],
            shown,
            "x_total",
            "each series of a library brings its own labels",
        ));
    }
    let helped = |help| step(Kind::Counter, "x").help(help);
    for [first, second] in [["One.", "Other."], ["Other.", "One."]] {
        let case = Case::of(format!("help {first:?}, then {second:?}"));
        cases.push(case.taken(helped(first), "x_total").refused(helped(second), Rule::Help));
    }
    let case = Case::of("no help, then help, then none").taken(step(Kind::Counter, "x"), "x_total");
    cases.push(case.taken(helped("One."), "x_total").taken(step(Kind::Counter, "x"), "x_total"));
    let bucketed = |buckets| step(Kind::Histogram, "x").buckets(buckets);
    let (two, three) = (&[1.0, 2.0][..], &[1.0, 2.0, 3.0][..]);
    for [first, second] in [[two, three], [three, two]] {
        let case = Case::of(format!("buckets {first:?}, then {second:?}"));
        let case = case.taken(bucketed(first), "x").refused(bucketed(second), Rule::Buckets);
        cases.push(case.but(&[Door::ByName], taken(&[]), "x", NO_DECLARATION));
    }
    for buckets in [&[2.0, 1.0][..], &[], &[1.0, 1.0], &[f64::NAN]] {
        let case = Case::of(format!("buckets {buckets:?}"));
        cases.push(case.refused(bucketed(buckets), Rule::Buckets));
    }
}

fn label_names(cases: &mut Vec<Case>) {
    const BY_NAME: [Door; 1] = [Door::ByName];
    let with = |kind, labels: &[(&str, &str)]| step(kind, "x").labels(labels);
    for kind in [Kind::Counter, Kind::Gauge, Kind::Histogram] {
        let family = exposed(kind, "x");
        for label in ["a", "A", "status", "x", "level", "a1_"] {
            let case = Case::of(format!("{kind} with label `{label}`"));
            cases.push(case.taken(with(kind, &[(label, "v")]), &family));
        }
        let case =
            Case::of(format!("{kind} with label `_a`")).taken(with(kind, &[("_a", "v")]), &family);
        cases.push(case.but(&BY_NAME, taken(&[]), &family, LEFT_OUT));
        for label in ["user-id", "user.id", "user id"] {
            let case = Case::of(format!("{kind} with label `{label}`"));
            let case = case.refused(with(kind, &[(label, "v")]), Rule::LabelName);
            cases.push(case.but(&CLEANING, taken(&[("user_id", "v")]), &family, FOREIGN));
        }
        for (label, cleaned) in
            [("1st", "_1st"), ("__a", "_a"), ("-a", "_a"), ("__name__", "_name__")]
        {
            let case = Case::of(format!("{kind} with label `{label}`"));
            let case = case.refused(with(kind, &[(label, "v")]), Rule::LabelName);
            let case = case.but(&BY_NAME, taken(&[]), &family, LEFT_OUT);
            cases.push(case.but(&[Door::Facade], taken(&[(cleaned, "v")]), &family, ANY_START));
        }
        for label in ["", "...", "\u{e9}", "quantile"] {
            let case = Case::of(format!("{kind} with label `{label}`"));
            let case = case.refused(with(kind, &[(label, "v")]), Rule::LabelName);
            cases.push(case.but(&BY_NAME, taken(&[]), &family, LEFT_OUT));
        }
        let case = Case::of(format!("{kind} with label `le`"));
        let le = with(kind, &[("le", "v")]);
        cases.push(if kind == Kind::Histogram {
            let case = case.refused(le, Rule::LabelName);
            case.but(&BY_NAME, taken(&[]), &family, LEFT_OUT)
        } else {
            let refused = Outcome::Refused(Rule::LabelName);
            case.taken(le, &family).but(&[Door::Schema], refused, "", ANY_KIND)
        });
        let case = Case::of(format!("{kind} with a label twice"));
        cases.push(case.refused(with(kind, &[("a", "1"), ("a", "2")]), Rule::DuplicateLabel));
        let case = Case::of(format!("{kind} with labels that look alike"));
        let case = case.refused(with(kind, &[("a-b", "1"), ("a_b", "2")]), Rule::LabelName);
        cases.push(case.but(&CLEANING, Outcome::Refused(Rule::LookAlike), "", FOREIGN));
        let case = Case::of(format!("{kind} with labels that look alike, one after the other"));
        let case = case.taken(with(kind, &[("a_b", "1")]), &family);
        let case = case.refused(with(kind, &[("a.b", "1")]), Rule::LabelName);
        cases.push(case.but(&CLEANING, Outcome::Refused(Rule::LookAlike), "", FOREIGN));
    }
}

fn label_values(cases: &mut Vec<Case>) {
    let long = "v".repeat(1_000);
    let values = [
        "",
        " ",
        "plain",
        "a\"b",
        "a\\",
        "\\\\",
        "a\nb",
        "\\n",
        "a\rb",
        "\t",
        "\0",
        "\u{7f}",
        "\u{e9}\u{65e5}",
        "\u{1f980}",
        "{}=,",
        "a=\"b\",c=\"d",
        "# HELP x",
        "NaN",
        "_other",
        "\u{feff}",
        "\u{2028}",
        &long,
    ];
    for kind in [Kind::Counter, Kind::Histogram] {
        for value in values {
            let start: String = value.chars().take(20).collect();
            let case = Case::of(format!("{kind} with value `{}`", start.escape_debug()));
            let labels = [("a", value), ("b", "x")];
            cases.push(case.taken(step(kind, "x").labels(&labels), &exposed(kind, "x")));
        }
    }
    // A value that imitates labels stays one: these are two series.
    let first = step(Kind::Counter, "x").labels(&[("a", "1\",b=\"2"), ("b", "")]);
    let second = step(Kind::Counter, "x").labels(&[("a", "1"), ("b", "2")]);
    let case = Case::of("values that imitate labels").taken(first, "x_total");
    cases.push(case.taken(second, "x_total"));
}
