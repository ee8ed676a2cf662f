//! Tells the crate which compiler builds it, for the feature `build-info`.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC");
    if env::var_os("CARGO_FEATURE_BUILD_INFO").is_none() {
        return;
    }
    // Cargo sets it for build scripts, to the compiler that it uses.
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    // "rustc 1.95.0 (59807616e 2026-04-14)"
    let version = version.as_deref().and_then(|version| version.split_whitespace().nth(1));
    println!("cargo::rustc-env=YARDSTICK_RUSTC_VERSION={}", version.unwrap_or_default());
}
