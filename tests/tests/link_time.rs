//! The list of attributes and schemas that the linker makes: complete in every kind of build, also for a crate of
//! which nothing but its statics is used, and apart for two versions of the toolkit in one program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const EXPECTED: &str = include_str!("golden/link_time.txt");

const PROFILES: &str = "
[profile.dev]
debug = false

[profile.release-lto]
inherits = \"release\"
lto = \"fat\"
codegen-units = 1

[profile.many-units]
inherits = \"release\"
opt-level = 1
codegen-units = 256
";

/// What every run builds: the compiler's own default, and the build that leaves least of a crate as it was.
const SHARE: &[&str] = &["dev", "release-lto"];

/// What builds them all, when it is set: each is a whole build of the toolkit, twice.
const ALL: &[&str] = &["dev", "release", "release-lto", "many-units"];

/// Crates that make up one version of the toolkit.
const CRATES: [&str; 3] = ["model", "macros", "runtime"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the workspace's folder")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a writable folder");
    // Unchanged files keep their time of change, so that a second run has nothing to build.
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).expect("a writable file");
    }
}

fn package(folder: &Path, name: &str, source: &str, file: &str, dependencies: &str) {
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
    );
    write(&folder.join(name).join("Cargo.toml"), &manifest);
    write(&folder.join(name).join("src").join(file), source);
}

/// The toolkit as another version of itself: nothing differs but its number. What its manifests have from the workspace
/// is written out, because cargo would look for it in the workspace that this folder is in.
fn other_version(folder: &Path) {
    let change = |text: String| {
        let mut text = text.replace("0.1.0", "0.0.9").replace("0_1_0", "0_0_9");
        for (inherited, own) in [
            ("version.workspace = true", "version = \"0.0.9\""),
            ("edition.workspace = true", "edition = \"2024\""),
            ("rust-version = \"0.0.9\"", "rust-version = \"1.88\""),
            ("license.workspace = true", ""),
            ("publish.workspace = true", ""),
            ("[lints]\nworkspace = true", ""),
            ("yardstick-macros.workspace = true", "yardstick-macros = { path = \"../macros\" }"),
            ("yardstick-model.workspace = true", "yardstick-model = { path = \"../model\" }"),
        ] {
            text = text.replace(inherited, own);
        }
        text
    };
    for name in CRATES {
        copy(&root().join(name), &folder.join("other-version").join(name), &change);
    }
}

fn copy(from: &Path, to: &Path, change: &impl Fn(String) -> String) {
    forget_what_is_gone(from, to);
    for entry in fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to, change);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml")
        {
            write(&to, &change(fs::read_to_string(&path).expect("a readable file")));
        }
    }
}

/// Removes what an earlier run copied and the workspace no longer has.
fn forget_what_is_gone(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(to) else { return };
    for entry in entries.map(|entry| entry.expect("a readable entry")) {
        let (own, path) = (from.join(entry.file_name()), entry.path());
        if path.is_dir() && !own.is_dir() {
            fs::remove_dir_all(path).expect("a folder of ours");
        } else if path.is_file() && !own.is_file() {
            fs::remove_file(path).expect("a file of ours");
        }
    }
}

fn prepare() -> PathBuf {
    let folder = root().join("target/link-time");
    let runtime =
        |path: PathBuf| format!("yardstick = {{ path = {path:?}, default-features = false }}\n");
    let own = runtime(root().join("runtime"));
    let other = runtime(folder.join("other-version/runtime"));
    other_version(&folder);
    package(&folder, "statics", include_str!("link_time/statics.rs"), "lib.rs", &own);
    let metrics = "metrics = { version = \"0.24.6\", default-features = false }\n";
    package(&folder, "other", include_str!("link_time/other.rs"), "lib.rs", &(other + metrics));
    let dependencies =
        own + "statics = { path = \"../statics\" }\nother = { path = \"../other\" }\n";
    package(&folder, "program", include_str!("link_time/program.rs"), "main.rs", &dependencies);
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"other\", \"program\", \"statics\"]\n\
                     exclude = [\"other-version\"]\n";
    write(&folder.join("Cargo.toml"), &format!("{workspace}{PROFILES}"));
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the lockfile");
    if !folder.join("Cargo.lock").exists() {
        write(&folder.join("Cargo.lock"), &lock);
    }
    folder
}

#[test]
fn every_build_lists_everything() {
    let folder = prepare();
    let builds_all = std::env::var_os("YARDSTICK_PROFILES_ALL").is_some();
    for profile in if builds_all { ALL } else { SHARE } {
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--offline", "--package", "program", "--profile", profile]);
        command.current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target"));
        // Flags of the run that this test is a part of are not meant for it.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        let output = command.output().expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{profile}: {said}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), EXPECTED, "{profile}");
    }
}
