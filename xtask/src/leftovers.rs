//! Processes that outlived the step that started them, such as a server whose test forgot it.

use std::{collections::BTreeSet, fs, path::PathBuf, process, thread, time::Duration};

use crate::cargo::{MARK, is_ci};

/// What is meant to outlive a build: the compiler cache's server.
const MEANT_TO_STAY: &[&str] = &["sccache"];

/// How often to look again: a process that was killed a moment ago takes some time to go.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Fails if a process that descends from this one still runs. The system that is asked is Linux' `/proc`;
/// elsewhere the check says that it was left out.
pub(crate) fn none_is_left() -> Result<(), String> {
    let mut left = marked(process::id());
    for _ in 0..LOOKS {
        match &left {
            Some(processes) if !processes.is_empty() => thread::sleep(PAUSE),
            _ => break,
        }
        left = marked(process::id());
    }
    match left {
        Some(processes) if processes.is_empty() => Ok(()),
        Some(processes) => Err(format!("a step left processes behind: {}", processes.join(", "))),
        None if is_ci() => Err("there is no /proc to ask for processes".to_owned()),
        None => {
            println!("xtask: not checked: there is no /proc to ask for processes");
            Ok(())
        }
    }
}

/// The ids of all processes named `name`, whoever started them; none where there is no `/proc`.
pub(crate) fn named(name: &str) -> BTreeSet<String> {
    let processes = processes().unwrap_or_default();
    let named = processes.into_iter().filter(|process| name_of(process) == name);
    named.filter_map(|process| Some(process.file_name()?.to_str()?.to_owned())).collect()
}

/// The processes that descend from the `xtask` with this id, as name and id.
fn marked(xtask: u32) -> Option<Vec<String>> {
    let mark = format!("{MARK}={xtask}");
    let is_marked = |process: &PathBuf| {
        // Processes of other users cannot be read and are none of ours; a zombie has no environment.
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    };
    let describe = |process: PathBuf| {
        let id = process.file_name()?.to_str()?.to_owned();
        let name = name_of(&process);
        (!MEANT_TO_STAY.contains(&name.as_str())).then(|| format!("{name} ({id})"))
    };
    Some(processes()?.into_iter().filter(is_marked).filter_map(describe).collect())
}

fn name_of(process: &std::path::Path) -> String {
    fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned()
}

/// The folders of all processes, or `None` where there is no `/proc`.
fn processes() -> Option<Vec<PathBuf>> {
    let entries = fs::read_dir("/proc").ok()?;
    let is_process = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let found: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_process).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        process::{Command, Stdio},
    };

    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_counts_as_left_until_it_has_ended() {
        // Not this process' own id, which other tests of this binary would share.
        let xtask = u32::MAX;
        let mut child = Command::new("cat")
            .env(MARK, xtask.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("every system has cat");
        let id = child.id();
        // A new process is there before the system shows its name and environment: a thread may go on
        // from `spawn` while its child is still being made. One that has answered has both.
        let mut answer = [0];
        child.stdin.as_ref().expect("a pipe").write_all(b".").expect("it reads");
        child.stdout.as_mut().expect("a pipe").read_exact(&mut answer).expect("it writes");
        let found = marked(xtask);
        let is_named = named("cat").contains(&id.to_string());
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        assert_eq!(found, Some(vec![format!("cat ({id})")]));
        assert!(is_named);
        assert_eq!(marked(xtask), Some(Vec::new()));
    }
}
