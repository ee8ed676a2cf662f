//! The steps of each command, and how they are run.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

/// One command that must succeed.
pub(crate) struct Step {
    name: &'static str,
    /// `cargo` and its arguments, separated by blanks.
    cargo: &'static str,
    /// Variables of its environment; an empty value is passed as such.
    env: &'static [(&'static str, &'static str)],
    /// The folder it runs in, below the root.
    folder: &'static str,
    expect: Expect,
}

/// What a step must do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Success,
    /// The sanitizer must report a data race.
    RaceReport,
}

const fn step(name: &'static str, cargo: &'static str) -> Step {
    Step { name, cargo, env: &[], folder: ".", expect: Expect::Success }
}

pub(crate) const CI: &[Step] = &[
    step("format", "fmt --all --check"),
    step(
        "clippy",
        "clippy --workspace --all-targets --features yardstick-tests/stock --locked -- -D warnings",
    ),
    Step {
        env: &[("RUSTDOCFLAGS", "-Dwarnings")],
        ..step("docs", "doc --workspace --no-deps --features yardstick-tests/stock --locked")
    },
];

/// `off` turns the attributes off, so all other features are named instead of `--all-features`.
pub(crate) const TESTS: &[Step] = &[
    step("tests", "test --workspace --features yardstick-tests/stock --locked"),
    step(
        "tests without default features",
        "test -p yardstick --no-default-features --lib --locked",
    ),
    Step {
        env: &[("CARGO_TARGET_DIR", "target/attributes-off")],
        ..step(
            "tests with attributes off",
            "test -p yardstick-tests --features off --test attributes_off --locked",
        )
    },
];

const TSAN: &str = "+nightly test --target x86_64-unknown-linux-gnu -p yardstick-tests \
                    --test thread_sanitizer --locked";
const TSAN_FLAGS: (&str, &str) =
    ("RUSTFLAGS", "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer");
const TSAN_TARGET: (&str, &str) = ("CARGO_TARGET_DIR", "target/thread-sanitizer");

pub(crate) const AFTER_TESTS: &[Step] = &[
    Step {
        env: &[
            ("RUSTFLAGS", "-Zsanitizer=address"),
            ("CARGO_TARGET_DIR", "target/address-sanitizer"),
        ],
        ..step(
            "AddressSanitizer",
            "+nightly test --target x86_64-unknown-linux-gnu -p yardstick -p yardstick-tests --lib \
             --test recording_places --test memory_limit --test exactness --locked",
        )
    },
    Step { env: &[TSAN_FLAGS, TSAN_TARGET], ..step("ThreadSanitizer", TSAN) },
    Step {
        env: &[TSAN_FLAGS, TSAN_TARGET, ("YARDSTICK_DELIBERATE_RACE", "1")],
        expect: Expect::RaceReport,
        ..step("ThreadSanitizer reports a deliberate race", TSAN)
    },
    Step {
        folder: "benches",
        env: &[("YARDSTICK_BENCH_ROUNDS", "2")],
        ..step("the benchmark runs", "run --release --locked --quiet")
    },
];

pub(crate) const BENCH: &[Step] =
    &[Step { folder: "benches", ..step("benchmark", "run --release --locked --quiet") }];

/// Runs the steps until one fails, and prints how long each took.
pub(crate) fn run(steps: &[&Step]) -> ExitCode {
    let mut times = Vec::new();
    let begin = Instant::now();
    for step in steps {
        println!("xtask: {} ...", step.name);
        let start = Instant::now();
        let succeeded = step.succeeds();
        times.push((step.name, start.elapsed()));
        if !succeeded {
            eprintln!("xtask: `{}` failed; to run it again: {}", step.name, step.line());
            return ExitCode::FAILURE;
        }
    }
    println!("xtask: wall time");
    for (name, time) in times {
        println!("  {:>6.1} s  {name}", time.as_secs_f64());
    }
    println!("  {:>6.1} s  in all", begin.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}

impl Step {
    fn succeeds(&self) -> bool {
        let mut command = Command::new("cargo");
        command.args(self.cargo.split_whitespace()).current_dir(root().join(self.folder));
        // The toolchain that runs xtask must not decide which one a step asks for.
        command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env_remove("RUSTC");
        for (name, value) in self.env {
            let value = match *name {
                "CARGO_TARGET_DIR" => root().join(value).into_os_string(),
                _ => (*value).into(),
            };
            command.env(name, value);
        }
        if self.expect == Expect::Success {
            return command.status().is_ok_and(|status| status.success());
        }
        let Ok(output) = command.stderr(Stdio::piped()).stdout(Stdio::piped()).output() else {
            return false;
        };
        let report = b"WARNING: ThreadSanitizer: data race";
        let reported = [&output.stdout, &output.stderr]
            .iter()
            .any(|text| text.windows(report.len()).any(|window| window == report));
        reported && !output.status.success()
    }

    /// The step as one would type it.
    fn line(&self) -> String {
        let env: String = self.env.iter().map(|(n, v)| format!("{n}={v:?} ")).collect();
        let folder = if self.folder == "." { "" } else { "cd benches && " };
        format!("{folder}{env}cargo {}", self.cargo)
    }
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
