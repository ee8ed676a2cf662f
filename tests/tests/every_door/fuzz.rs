//! Names and labels that nobody thought of, through every door that takes what it is given.
//!
//! Runs 300 times unless `YARDSTICK_FUZZ_ITERATIONS` says otherwise, always from the same seed.

use std::env;

use yardstick::{Registry, gather::Kind};
use yardstick_tests::judges;

use super::{
    Labels,
    cases::step,
    doors::{Door, Rule, Step},
    series, shown,
};

const ITERATIONS: usize = 300;
const ITERATIONS_MAX: usize = 1_000_000;

/// Metrics that are asked for one after the other, in one registry.
const STEPS: usize = 3;

/// A generator of Marsaglia's: what it gives is the same everywhere.
struct Random(u64);

impl Random {
    const fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        #[allow(clippy::cast_possible_truncation, reason = "below a limit that fits")]
        let below = (self.0 % limit as u64) as usize;
        below
    }

    const fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn text(&mut self, parts: &[&str], longest: usize) -> String {
        (0..self.below(longest + 1)).map(|_| self.pick(parts)).collect()
    }

    fn step(&mut self) -> Step {
        const NAMES: &[&str] = &[
            "a", "b", "_", "_total", "_count", "_sum", "_bucket", "_info", "_created", "_seconds",
            ".", "-", "1", "\u{e9}",
        ];
        const LABELS: &[&str] = &["a", "b", "_", "le", "-", "1", "quantile", "x"];
        const VALUES: &[&str] = &[
            "v",
            "\"",
            "\\",
            "\n",
            "n",
            "{",
            "}",
            ",",
            "=",
            " ",
            "#",
            "\0",
            "\r",
            "\u{e9}",
            "\u{1f980}",
            "\u{85}",
        ];
        let kinds = [Kind::Counter, Kind::Gauge, Kind::Histogram, Kind::Summary];
        let step = step(self.pick(&kinds), &self.text(NAMES, 4));
        let labels = (0..self.below(4)).map(|_| (self.text(LABELS, 3), self.text(VALUES, 8)));
        Step { labels: labels.collect(), ..step }
    }
}

fn iterations() -> usize {
    let asked = env::var("YARDSTICK_FUZZ_ITERATIONS").ok().and_then(|asked| asked.parse().ok());
    asked.unwrap_or(ITERATIONS).min(ITERATIONS_MAX)
}

const DOORS: [Door; 4] = [Door::Builder, Door::Facade, Door::ByName, Door::AtGather];

#[test]
fn whatever_is_taken_can_be_read() {
    /// The digits of e, so that nobody chose it.
    const SEED: u64 = 2_718_281_828_459_045_235;
    let mut random = Random(SEED);
    let (mut expositions, mut told, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..iterations() {
        let steps: Vec<Step> = (0..STEPS).map(|_| random.step()).collect();
        for door in DOORS {
            let registry = Registry::new();
            let mut taken: Vec<(&Step, Labels)> = Vec::new();
            for step in steps.iter().filter(|step| door.offers(step)) {
                let is_taken = door.take(&registry, step, Rule::Name).is_ok();
                if is_taken {
                    taken.push((step, shown(&step.labels)));
                }
            }
            // What checks names takes no others, so labels come back as they were given.
            let labels = matches!(door, Door::Builder | Door::AtGather)
                .then(|| taken.iter().map(|(_, labels)| labels.clone()).collect::<Vec<_>>());
            told.push((door, steps.clone(), labels));
            expositions.push(("prometheus", registry.render()));
            expositions.push(("openmetrics", registry.render_openmetrics()));
        }
    }
    let read = judges::python_many(&expositions);
    for (at, (door, steps, labels)) in told.iter().enumerate() {
        for read in [&read[2 * at], &read[2 * at + 1]] {
            let say = |problem: String| format!("{door:?}: {problem} of {steps:?}");
            match read {
                Err(refusal) => wrong.push(say(refusal.clone())),
                Ok(samples) => {
                    let found: Vec<Labels> = series(samples).into_values().flatten().collect();
                    let values: Vec<&String> =
                        steps.iter().flat_map(|step| step.labels.iter().map(|(_, v)| v)).collect();
                    let is_given = |labels: &Labels| labels.values().all(|v| values.contains(&v));
                    if !found.iter().all(is_given) {
                        wrong.push(say(format!("values that nobody gave, {found:?}")));
                    }
                    let missing = labels.iter().flatten().find(|labels| !found.contains(labels));
                    wrong
                        .extend(missing.map(|labels| say(format!("nothing read with {labels:?}"))));
                }
            }
        }
    }
    println!("{} expositions of {} registries", expositions.len(), told.len());
    let shown = wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} are wrong, among them\n{shown}", wrong.len());
}
