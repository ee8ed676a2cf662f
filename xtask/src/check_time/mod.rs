//! What the attributes cost the compiler: `cargo check` and a release build of 300 annotated functions beside the same
//! functions without attributes, the code that each attribute adds to a stripped program, and a schema of 30 metrics.
//! Times are processor time of cargo and the compiler.

mod crates;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};

use self::crates::{FUNCTIONS, METRICS, OURS, PEERS, Variant};
use crate::{
    cargo::{cargo, root},
    run,
};

/// Rounds unless `YARDSTICK_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 9;

/// Rounds of builds, which take seconds each.
const BUILD_ROUNDS: usize = 3;

/// How many times as long as the plain functions a check may take when a submission is guarded: far more than it does
/// on a quiet machine, but less than an accident in what the attributes write.
const BOUNDS: &[(&str, f64)] = &[("duration", 12.0), ("track", 24.0)];

/// Measures a few variants once or twice, and fails if one is far too slow.
pub(crate) fn try_out() -> Result<(), String> {
    let is_bound = |variant: &&Variant| {
        variant.name == "plain" || BOUNDS.iter().any(|(name, _)| *name == variant.name)
    };
    let variants: Vec<_> = OURS.iter().filter(is_bound).collect();
    let folder = Crates::write("target/check-time", &variants, "Cargo.lock")?;
    hold(&folder.check(&variants, 2)?)
}

/// Fails if a ratio is beyond its bound, or was not measured.
fn hold(ratios: &BTreeMap<&str, f64>) -> Result<(), String> {
    for (name, most) in BOUNDS {
        let ratio = ratios.get(name).copied().unwrap_or(f64::INFINITY);
        if ratio > *most {
            return Err(format!(
                "`cargo check` of functions with `{name}` takes {ratio:.1} times as long as without, and may take \
                 {most} times as long"
            ));
        }
    }
    Ok(())
}

/// Prints what every variant costs, peers among them.
pub(crate) fn measure() -> Result<(), String> {
    let rounds = std::env::var("YARDSTICK_BENCH_ROUNDS").ok();
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let variants: Vec<_> = OURS.iter().chain(PEERS).collect();
    let folder = Crates::write("target/compile-time", &variants, "benches/Cargo.lock")?;
    let mut document = vec![("check", figures(&folder.check(&variants, rounds)?))];
    let rounds = rounds.min(BUILD_ROUNDS);
    for (name, command) in [("build", &["build"][..]), ("release", &["build", "--release"])] {
        document.push((name, figures(&folder.build(&variants, rounds, name, command)?)));
    }
    document.push(("bytes", figures(&folder.weigh(&variants)?)));
    run::note("compiler", &run::object(document))
}

/// An object of numbers.
fn figures(figures: &BTreeMap<&'static str, f64>) -> String {
    run::object(figures.iter().map(|(name, figure)| (*name, format!("{figure:.3}"))))
}

/// A workspace of generated crates.
struct Crates {
    folder: PathBuf,
}

impl Crates {
    fn write(folder: &str, variants: &[&Variant], lockfile: &str) -> Result<Self, String> {
        let folder = root().join(folder);
        crates::write(&folder, variants, &root().join(lockfile))
            .map_err(|error| format!("cannot write {}: {error}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Times `cargo check` of each library.
    fn check(
        &self,
        variants: &[&Variant],
        rounds: usize,
    ) -> Result<BTreeMap<&'static str, f64>, String> {
        println!(
            "`cargo check` of {FUNCTIONS} functions or one schema of {METRICS} metrics, {rounds} rounds"
        );
        let package = |variant: &Variant| (crates::library(variant), "src/lib.rs");
        self.compare(variants, rounds, &["check"], package)
    }

    /// Times a build of each program.
    fn build(
        &self,
        variants: &[&Variant],
        rounds: usize,
        name: &str,
        command: &[&str],
    ) -> Result<BTreeMap<&'static str, f64>, String> {
        println!("{name}: a build of {FUNCTIONS} functions or one schema, {rounds} rounds");
        let package =
            |variant: &Variant| (crates::program(variant, variant.parts()[1]), "src/main.rs");
        self.compare(variants, rounds, command, package)
    }

    /// Prints minimum and median of each variant, and both as multiples of the one without attributes; answers with the
    /// first of them.
    fn compare(
        &self,
        variants: &[&Variant],
        rounds: usize,
        command: &[&str],
        package: impl Fn(&Variant) -> (String, &'static str),
    ) -> Result<BTreeMap<&'static str, f64>, String> {
        let mut times = vec![Vec::new(); variants.len()];
        // One after the other in every round, so that a noisy machine disturbs all alike.
        for round in 0..=rounds {
            for (variant, times) in variants.iter().zip(&mut times) {
                let (package, source) = package(variant);
                let time = self.time(command, &package, source)?;
                // The first round builds the dependencies.
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let summaries: Vec<_> = times.into_iter().map(summary).collect();
        let mut ratios = BTreeMap::new();
        for (variant, (minimum, median)) in variants.iter().zip(&summaries) {
            let plain = variants.iter().position(|other| variant.is_beside(other));
            let plain = plain.map_or((f64::NAN, f64::NAN), |plain| summaries[plain]);
            let ratio = minimum / plain.0;
            let name = variant.name;
            println!(
                "  {name:<14} {minimum:>7.3} s  {median:>7.3} s  {ratio:>6.2} x {:>6.2} x",
                median / plain.1
            );
            ratios.insert(name, ratio);
        }
        Ok(ratios)
    }

    fn time(&self, command: &[&str], package: &str, source: &str) -> Result<f64, String> {
        let source = self.folder.join(package).join(source);
        let text = fs::read(&source).map_err(|error| error.to_string())?;
        // A new time of change is what makes cargo look at it again.
        fs::write(&source, text).map_err(|error| error.to_string())?;
        let start = (Instant::now(), processor_seconds());
        self.cargo(command, package)?;
        let used = start.1.zip(processor_seconds()).map(|(start, end)| end - start);
        Ok(used.unwrap_or_else(|| start.0.elapsed().as_secs_f64()))
    }

    fn cargo(&self, command: &[&str], package: &str) -> Result<(), String> {
        let mut cargo = cargo();
        cargo.args(command).args(["--quiet", "--package", package, "--manifest-path"]);
        cargo.arg(self.folder.join("Cargo.toml")).env("CARGO_INCREMENTAL", "0");
        // A folder of its own, whatever the surroundings say: the one of this build is in use.
        cargo.arg("--target-dir").arg(self.folder.join("target"));
        let status = cargo.stdin(Stdio::null()).status().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("`{package}` does not compile")) }
    }

    /// Prints what each attribute adds to a stripped program, for each function: the difference of a program with many
    /// and one with few, beside the same difference without attributes; of schemas, for each metric.
    fn weigh(&self, variants: &[&Variant]) -> Result<BTreeMap<&'static str, f64>, String> {
        println!("bytes per function or metric in a stripped release program");
        let mut all = BTreeMap::new();
        for variant in variants {
            let [few, many] = variant.parts();
            let more = self.size(variant, many)? - self.size(variant, few)?;
            all.insert(variant.name, more / (many - few) as f64);
        }
        let mut added = BTreeMap::new();
        for variant in variants {
            let bytes = all[variant.name];
            let plain = variants.iter().find(|other| variant.is_beside(other));
            let plain = plain.map_or(f64::NAN, |plain| all[plain.name]);
            println!("  {:<14} {bytes:>7.0} B  {:>7.0} B added", variant.name, bytes - plain);
            added.insert(variant.name, bytes - plain);
        }
        Ok(added)
    }

    fn size(&self, variant: &Variant, parts: usize) -> Result<f64, String> {
        let package = crates::program(variant, parts);
        self.cargo(&["build", "--release"], &package)?;
        let program = self.folder.join("target/release").join(&package);
        bytes_of(&program).map_err(|error| format!("{}: {error}", program.display()))
    }
}

fn bytes_of(file: &Path) -> std::io::Result<f64> {
    Ok(fs::metadata(file)?.len() as f64)
}

/// Processor time of all commands that have ended, where Linux tells it: what a busy machine disturbs less than wall
/// time.
fn processor_seconds() -> Option<f64> {
    /// Of `/proc`, on every architecture.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may contain anything; the fields after it are counted from the third.
    let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    let (user, system) = (ticks(16)?, ticks(17)?);
    Some((user + system) / TICKS_PER_SECOND)
}

/// Minimum and median, in seconds.
fn summary(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (
        times.first().copied().unwrap_or_default(),
        times.get(times.len() / 2).copied().unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_beyond_its_bound_fails() {
        let at_bounds: BTreeMap<_, _> = BOUNDS.iter().copied().collect();
        assert_eq!(hold(&at_bounds), Ok(()));
        for (name, most) in BOUNDS {
            let mut beyond = at_bounds.clone();
            beyond.insert(name, most + 0.1);
            assert!(hold(&beyond).is_err_and(|message| message.contains(name)));
            beyond.remove(name);
            assert!(hold(&beyond).is_err(), "{name} was not measured");
        }
    }
}
