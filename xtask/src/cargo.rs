//! Cargo, as every step runs it, and where it runs.

use std::{
    env,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

/// Every process that a step starts inherits this variable, however deep it was started; its value is
/// the id of the `xtask` that ran the step.
pub(crate) const MARK: &str = "YARDSTICK_XTASK_PID";

/// `cargo`, in the root, with the mark that its descendants inherit. Not the `CARGO` that runs xtask: only
/// rustup's own `cargo` understands `+nightly`.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).env(MARK, process::id().to_string());
    // A build below must not take xtask's package for its own.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|n| n == "CARGO" || n.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
    command
}

/// Whether there is a toolchain of this name.
pub(crate) fn has_toolchain(name: &str) -> bool {
    // Asking must not install it.
    let mut command = cargo();
    command.args([&format!("+{name}"), "--version"]).env("RUSTUP_AUTO_INSTALL", "0");
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether this run guards a submission: then nothing may be left out.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
