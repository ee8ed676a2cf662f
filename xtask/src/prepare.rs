//! The servers and parsers that the tests talk to, none of which was written here.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    budgets,
    cargo::{cargo, root},
    leftovers,
};

/// Debian's Prometheus, whose package also has promtool. It has no pin: the tests must hold with the
/// version of every Debian release, as users run them all.
const PROMETHEUS: &str = "prometheus";

/// What makes a virtual environment, which Debian splits off its Python.
const PYTHON_VENV: &str = "python3-venv";

/// The official Python client, whose two parsers are the strictest there are, and what validates JSON against a schema.
/// They are pinned, so that a stricter release is taken up by a change of this line and not by the next clone.
const PYTHON_PACKAGES: [(&str, &str); 2] =
    [("prometheus_client", "0.26.0"), ("jsonschema", "4.26.0")];

/// Installs what is missing, or says what to install.
pub(crate) fn prepare() -> Result<(), String> {
    prepare_prometheus()?;
    prepare_python()
}

/// Installs what drives the fuzzers.
pub(crate) fn prepare_fuzzers() -> Result<(), String> {
    install_command("fuzz")
}

/// Installs what checks the dependencies: minutes of compiling, once on each machine.
pub(crate) fn prepare_deny() -> Result<(), String> {
    install_command("deny")
}

fn install_command(name: &str) -> Result<(), String> {
    if succeeds(cargo().args([name, "--version"])) {
        return Ok(());
    }
    println!("xtask: installing cargo-{name}");
    let package = format!("cargo-{name}");
    match cargo().args(["install", "--quiet", "--locked", &package]).status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("cannot install {package}: run `cargo install {package}`")),
    }
}

/// Installs what guarding a submission needs as well: what counts instructions.
pub(crate) fn prepare_for_ci() -> Result<(), String> {
    prepare()?;
    prepare_program(budgets::VALGRIND)
}

/// Installs what the comparison needs: what counts instructions, and what loads an endpoint.
pub(crate) fn prepare_for_bench() -> Result<(), String> {
    prepare_program(budgets::VALGRIND)?;
    prepare_program("wrk")
}

/// Installs a program of Linux; elsewhere, who needs it says so.
fn prepare_program(name: &str) -> Result<(), String> {
    let is_there = || exists(Command::new(name).arg("--version"));
    if !cfg!(target_os = "linux") || is_there() {
        return Ok(());
    }
    apt_get_install(name)
        .map_err(|reason| format!("{reason}: install {name}, then run this again"))?;
    if is_there() { Ok(()) } else { Err(format!("{name} is installed, but not on the PATH")) }
}

fn prepare_prometheus() -> Result<(), String> {
    let is_there = || {
        let answers = |program| succeeds(Command::new(program).arg("--version"));
        answers("prometheus") && answers("promtool")
    };
    if is_there() {
        return Ok(());
    }
    let before = leftovers::named(PROMETHEUS);
    apt_get_install(PROMETHEUS).map_err(|reason| {
        format!("{reason}: install Prometheus and promtool, then run this again")
    })?;
    // A policy of the system may have started the package's service despite the run level below.
    if Path::new("/run/systemd/system").exists() {
        let stop = ["systemctl", "disable", "--now", "--quiet", PROMETHEUS];
        shell(&stop.join(" "))?;
    }
    if !leftovers::named(PROMETHEUS).is_subset(&before) {
        return Err(
            "installing Prometheus started a server; stop it, then run this again".to_owned()
        );
    }
    if is_there() {
        return Ok(());
    }
    Err("Prometheus and promtool are installed, but not on the PATH".to_owned())
}

/// A virtual environment below `target`, so that nothing of Python's is installed outside the project.
fn prepare_python() -> Result<(), String> {
    let home = root().join("target/python");
    let python = home.join("bin/python");
    let check = PYTHON_PACKAGES.map(|(name, version)| {
        format!("import importlib.metadata, {name}; assert importlib.metadata.version('{name}') == '{version}'")
    });
    let check = check.join("; ");
    let is_there = || succeeds(Command::new(&python).args(["-c", &check]));
    if is_there() {
        return Ok(());
    }
    let make = || succeeds(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home));
    if !make() {
        let reason =
            apt_get_install(PYTHON_VENV).err().unwrap_or_else(|| "it has no effect".to_owned());
        if !make() {
            return Err(format!(
                "{reason}: install Python 3 with its venv module, then run this again"
            ));
        }
    }
    let packages = PYTHON_PACKAGES.map(|(name, version)| format!("{name}=={version}"));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let installed = Command::new(&python)
        .args(pip)
        .args(&packages)
        .status()
        .is_ok_and(|status| status.success());
    if installed && is_there() {
        return Ok(());
    }
    Err(format!("cannot install {} into {}", packages.join(" and "), home.display()))
}

/// Installs a Debian package as root.
fn apt_get_install(package: &str) -> Result<(), String> {
    if !succeeds(Command::new("apt-get").arg("--version")) {
        return Err("there is no apt-get here".to_owned());
    }
    println!("xtask: installing Debian's {package}");
    // The run level makes the package's scripts believe in a system where no service may start.
    shell(&format!(
        "export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; apt-get update -qq && \
         apt-get install -y -qq --no-install-recommends {package}"
    ))
}

/// Runs a line as root: directly, or through sudo where that asks for no password.
fn shell(line: &str) -> Result<(), String> {
    let mut command = if is_root() {
        Command::new("sh")
    } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "sh"]);
        sudo
    } else {
        return Err("this needs root, or sudo without a password".to_owned());
    };
    let status = command.args(["-c", line]).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` failed ({error})")),
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Whether a program exists; some end badly when they are asked for their version.
fn exists(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

/// Whether a program exists and ends well; what it says is not shown.
fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
