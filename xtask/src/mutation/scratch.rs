//! A copy of the models and of the files that they compile, to be weakened.
//!
//! Invariant: the copy stands below `target`, and the files of the project are never written. Builds of one copy after
//! another compile one small package again and nothing else.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{FOLDERS, SOURCES, mutant::Mutant};
use crate::cargo::{cargo, root};

/// A mutant that keeps its models busy for longer, many times what they take, is killed.
const TIME_MAX: Duration = Duration::from_secs(180);

const PAUSE: Duration = Duration::from_millis(20);

const MODELS: &str = "tests/model-check";

/// What the models say to a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// One of them fails, or does not end.
    Killed,
    /// They all pass.
    Survived,
}

/// The copy.
pub(super) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// A fresh copy, whose models pass as they are.
    pub(super) fn new() -> Result<Self, String> {
        let scratch = Self { folder: root().join("target/mutation") };
        scratch.copy().map_err(|error| format!("cannot copy the models: {error}"))?;
        match scratch.run()? {
            Verdict::Survived => Ok(scratch),
            Verdict::Killed => Err("the models fail without any change".to_owned()),
        }
    }

    fn copy(&self) -> std::io::Result<()> {
        let sources = FOLDERS.iter().map(|folder| Path::new(SOURCES).join(folder));
        for folder in sources.chain([Path::new(MODELS).join("src")]) {
            copy_files(&root().join(&folder), &self.folder.join(&folder))?;
        }
        for file in ["Cargo.toml", "build.rs"] {
            let path = Path::new(MODELS).join(file);
            fs::copy(root().join(&path), self.folder.join(&path))?;
        }
        fs::copy(root().join("Cargo.lock"), self.folder.join("Cargo.lock"))?;
        // The workspace's settings without its other members.
        let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
        let settings = manifest.find("[workspace.package]").map_or("", |at| &manifest[at..]);
        let members = format!("[workspace]\nmembers = [{MODELS:?}]\nresolver = \"3\"\n\n");
        fs::write(self.folder.join("Cargo.toml"), members + settings)
    }

    /// Runs all models on a mutant.
    pub(super) fn judge(&self, mutant: &Mutant) -> Result<Verdict, String> {
        let path = Path::new(SOURCES).join(&mutant.file);
        self.write(&path, &mutant.source)?;
        let verdict = self.run();
        self.restore(&path)?;
        verdict.map_err(|reason| format!("{mutant}: {reason}"))
    }

    /// Shows that a survivor is noticed: without models, any mutant is one.
    pub(super) fn expect_to_notice(&self, mutant: &Mutant) -> Result<(), String> {
        let models = Path::new(MODELS).join("src/tests.rs");
        self.write(&models, "//! Nothing.\n")?;
        let verdict = self.judge(mutant);
        self.restore(&models)?;
        match verdict? {
            Verdict::Survived => Ok(()),
            Verdict::Killed => Err("a mutant was killed where there are no models".to_owned()),
        }
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), String> {
        fs::write(self.folder.join(path), text).map_err(|e| format!("{}: {e}", path.display()))
    }

    fn restore(&self, path: &Path) -> Result<(), String> {
        let text = fs::read_to_string(root().join(path));
        self.write(path, &text.map_err(|e| format!("{}: {e}", path.display()))?)
    }

    /// Builds the models as they are now, and runs them.
    fn run(&self) -> Result<Verdict, String> {
        let mut build = cargo();
        build.current_dir(&self.folder).args(["test", "--offline", "--lib", "--no-run"]);
        build.env("CARGO_TARGET_DIR", self.folder.join("target")).env_remove("RUSTFLAGS");
        let output = build.stdin(Stdio::null()).output().map_err(|e| format!("no cargo: {e}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let models = said.lines().find_map(executable).filter(|_| output.status.success());
        let models = models.ok_or_else(|| format!("it does not compile:\n{said}"))?;
        let mut models = Command::new(self.folder.join(models));
        models.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let models = models.spawn().map_err(|e| format!("the models do not start: {e}"))?;
        verdict(models).map_err(|e| format!("the models do not end: {e}"))
    }
}

/// The program that cargo names in a line such as `Executable unittests src/lib.rs (path)`.
fn executable(line: &str) -> Option<PathBuf> {
    let (_, path) = line.trim().strip_prefix("Executable")?.rsplit_once('(')?;
    path.strip_suffix(')').map(PathBuf::from)
}

fn verdict(mut models: Child) -> std::io::Result<Verdict> {
    let start = Instant::now();
    loop {
        if let Some(status) = models.try_wait()? {
            return Ok(if status.success() { Verdict::Survived } else { Verdict::Killed });
        }
        if start.elapsed() > TIME_MAX {
            models.kill()?;
            models.wait()?;
            return Ok(Verdict::Killed);
        }
        thread::sleep(PAUSE);
    }
}

/// Copies the files of a folder, and takes away what is no longer there.
fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
