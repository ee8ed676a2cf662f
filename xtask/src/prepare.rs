//! The servers and parsers that the tests talk to, none of which was written here.

use std::process::{Command, Stdio};

use crate::steps::root;

/// Debian's Prometheus, whose package also has promtool.
const DEBIAN_PACKAGE: &str = "prometheus";

/// The official Python client: its two parsers are the strictest there are.
const PYTHON_PACKAGE: &str = "prometheus_client==0.26.0";

/// Installs what is missing, or says what to install.
pub(crate) fn prepare() -> Result<(), String> {
    if !(answers("prometheus", "--version") && answers("promtool", "--version")) {
        install_debian_package()?;
    }
    prepare_python()
}

fn answers(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn install_debian_package() -> Result<(), String> {
    let missing =
        || "install Prometheus and promtool so that both are on the PATH, then run this again";
    if !answers("apt-get", "--version") {
        return Err(missing().to_owned());
    }
    // Without a service manager's policy the package would start a server of its own.
    let install = format!(
        "set -e; export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; apt-get update -qq; \
         apt-get install -y -qq --no-install-recommends {DEBIAN_PACKAGE}"
    );
    let as_root = Command::new("sh").args(["-c", &install]).status();
    if as_root.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    let with_sudo = Command::new("sudo").args(["-n", "sh", "-c", &install]).status();
    if with_sudo.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(missing().to_owned())
}

/// A virtual environment below `target`, so that nothing is installed outside the project.
fn prepare_python() -> Result<(), String> {
    let home = root().join("target/python");
    let python = home.join("bin/python");
    let works = Command::new(&python)
        .args(["-c", "import prometheus_client"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if works {
        return Ok(());
    }
    let run = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    if !run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home)) {
        let install = "apt-get install -y -qq --no-install-recommends python3-venv";
        let installed = run(Command::new("sh").args(["-c", install]));
        if !installed || !run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home)) {
            return Err("install Python 3 with its venv module, then run this again".to_owned());
        }
    }
    let pip = ["-m", "pip", "install", "--quiet", PYTHON_PACKAGE];
    if run(Command::new(&python).args(pip)) {
        Ok(())
    } else {
        Err(format!("cannot install {PYTHON_PACKAGE} into {}", home.display()))
    }
}
