//! The steps of each command: what a new check is added to.

/// One command that must succeed.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// The arguments of `cargo`, separated by blanks; it runs in the workspace's root. A step that asks
    /// for `+nightly` is left out, and named, where there is none; under `CI=true` it fails.
    pub(crate) cargo: &'static str,
    /// Variables of its environment.
    pub(crate) env: &'static [(&'static str, &'static str)],
    pub(crate) expect: Expect,
}

/// What a step must do.
#[derive(Clone, Copy)]
pub(crate) enum Expect {
    Success,
    /// The sanitizer must report a data race.
    RaceReport,
}

const fn step(name: &'static str, cargo: &'static str) -> Step {
    Step { name, cargo, env: &[], expect: Expect::Success }
}

/// The quick checks first: a submission that is not formatted need not be tested.
pub(crate) const BEFORE_TESTS: &[Step] = &[
    step("format", "fmt --all --check"),
    step(
        "clippy",
        "clippy --workspace --all-targets --features yardstick-tests/stock --locked -- -D warnings",
    ),
    step(
        "clippy of optional features",
        "clippy -p yardstick -p yardstick-tests -p yardstick-examples --all-targets --features \
         yardstick-tests/all,yardstick-examples/all --locked -- -D warnings",
    ),
    Step {
        env: &[("RUSTDOCFLAGS", "-Dwarnings")],
        ..step("docs", "doc --workspace --no-deps --features yardstick-tests/all --locked")
    },
];

/// What is tested besides the test programs. `off` turns the attributes off, so all other features are named instead of
/// `--all-features`.
pub(crate) const TESTS: &[Step] = &[
    step(
        "examples in the documentation",
        "test --workspace --features yardstick-tests/stock --doc --locked",
    ),
    step(
        "tests without default features",
        "test -p yardstick --no-default-features --lib --locked",
    ),
    step(
        "examples in the documentation of optional features",
        "test -p yardstick -p yardstick-tests --features yardstick-tests/all --doc --locked",
    ),
    step(
        "tests with attributes off",
        "test -p yardstick-tests --features off --test attributes_off --locked",
    ),
];

/// Each example that ends by itself; the other one is the first thing that a newcomer runs.
pub(crate) const EXAMPLES: &[Step] = &[
    step("example query_service", "run --quiet --locked --example query_service"),
    step("example model_client", "run --quiet --locked --example model_client"),
    step("example cache", "run --quiet --locked --example cache"),
    step("example database_pool", "run --quiet --locked --example database_pool"),
    step("example own_registry", "run --quiet --locked --example own_registry"),
    step("example python_port", "run --quiet --locked --example python_port"),
    step("example proc_collector", "run --quiet --locked --example proc_collector"),
    step("example batch", "run --quiet --locked --example batch"),
    step(
        "example axum_requests",
        "run --quiet --locked -p yardstick-examples --features all --example axum_requests",
    ),
];

const TSAN: &str = "+nightly test --target x86_64-unknown-linux-gnu -p yardstick-tests \
                    --test thread_sanitizer --locked --target-dir target/thread-sanitizer";
const TSAN_FLAGS: (&str, &str) =
    ("RUSTFLAGS", "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer");

/// The toolchain of the lowest Rust version that the crates declare; a tidy test compares the two.
pub(crate) const LOWEST_RUST: &str = "+1.89.0";

/// What the crates ask of their users: which Rust, which releases of dependencies, which features, which licences.
pub(crate) const DOOR: &[Step] = &[
    step(
        "the lowest Rust",
        "+1.89.0 check -p yardstick --features \
         http,tower,axum,stock,tracing,tls,exemplars,process,tokio,build-info,testing --locked",
    ),
    step("licences, sources and duplicates of dependencies", "deny check bans licenses sources"),
];

/// What takes another build of everything: the sanitizers and the benchmark.
pub(crate) const AFTER_TESTS: &[Step] = &[
    Step {
        env: &[("RUSTFLAGS", "-Zsanitizer=address")],
        ..step(
            "AddressSanitizer",
            "+nightly test --target x86_64-unknown-linux-gnu -p yardstick -p yardstick-tests --lib \
             --test recording_places --test memory_limit --test exactness --locked \
             --target-dir target/address-sanitizer",
        )
    },
    Step { env: &[TSAN_FLAGS], ..step("ThreadSanitizer", TSAN) },
    step(
        "the published crates build from their packages",
        "package -p yardstick-model -p yardstick-macros -p yardstick --locked",
    ),
    Step {
        env: &[("RUSTDOCFLAGS", "-Dwarnings --cfg docsrs")],
        ..step(
            "docs as docs.rs makes them, with a mark on what needs a feature",
            "+nightly doc -p yardstick --no-deps --locked --target-dir target/docs-rs --features \
             http,tower,axum,stock,tracing,tls,exemplars,process,tokio,build-info,testing",
        )
    },
    Step {
        env: &[TSAN_FLAGS, ("YARDSTICK_DELIBERATE_RACE", "1")],
        expect: Expect::RaceReport,
        ..step("ThreadSanitizer reports a deliberate race", TSAN)
    },
    BUILD_BENCH,
    step(
        "tables of docs/performance.md are those of docs/performance.json",
        "run --release --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches \
         --bin table -- --check",
    ),
    step(
        "tests of the benchmark",
        "test --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches --lib --release",
    ),
    Step { env: &[("YARDSTICK_BENCH_ROUNDS", "1")], ..COMPARE },
    LOST,
];

/// All programs of the comparison, those that count instructions among them.
pub(crate) const BUILD_BENCH: Step = step(
    "the benchmark compiles",
    "build --release --locked --manifest-path benches/Cargo.toml --target-dir target/benches",
);

/// Every row beside its floor and its peers.
pub(crate) const COMPARE: Step = step(
    "benchmark",
    "run --release --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches",
);

/// Fills the tables of the page about performance.
pub(crate) const TABLE: Step = step(
    "tables of docs/performance.md",
    "run --release --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches \
     --bin table",
);

const LOST: Step = step(
    "observations lost under load",
    "run --release --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches \
     --bin lost",
);

/// What follows the comparison, and writes into the same document.
pub(crate) const BENCH: &[Step] = &[
    LOST,
    step(
        "memory",
        "run --release --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches \
         --bin memory",
    ),
];

/// What an endpoint does under load.
pub(crate) const SCRAPES: Step = step(
    "scrapes under load",
    "run --release --locked --quiet --manifest-path benches/Cargo.toml --target-dir target/benches \
     --bin scrapes",
);

/// A fuzzer that looks for inputs by what they reach, for half a minute; what it found before, it keeps in
/// `tests/fuzz/corpus`.
macro_rules! fuzz {
    ($target:literal) => {
        step(
            concat!("fuzz target ", $target),
            concat!(
                "+nightly fuzz run --fuzz-dir tests/fuzz ",
                $target,
                " -- -max_total_time=30 -max_len=4096"
            ),
        )
    };
}

/// What takes long, besides the mutants: the loops that `test` runs for a moment, and the fuzzers.
pub(crate) const SOAK: &[Step] = &[
    Step {
        env: &[("YARDSTICK_FUZZ_ITERATIONS", "200000")],
        ..step(
            "seeded loops of the endpoint",
            "test --release -p yardstick --features tls --lib --locked fuzz --target-dir target/soak",
        )
    },
    Step {
        env: &[("YARDSTICK_FUZZ_ITERATIONS", "20000")],
        ..step(
            "seeded loop of names",
            "test --release -p yardstick-tests --test every_door --locked --target-dir target/soak",
        )
    },
    Step {
        env: &[("YARDSTICK_PROFILES_ALL", "1")],
        ..step(
            "the list of attributes in every profile",
            "test -p yardstick-tests --test link_time --locked --target-dir target/soak",
        )
    },
    Step {
        env: &[("YARDSTICK_SCALE_THREADS", "10000"), ("YARDSTICK_SCALE_SERIES", "1000000")],
        ..step(
            "ten thousand threads at once, and a million series",
            "test -p yardstick-tests --test scale --locked --target-dir target/soak -- --nocapture",
        )
    },
    fuzz!("request"),
    fuzz!("negotiation"),
    fuzz!("web_config"),
    fuzz!("names"),
];
