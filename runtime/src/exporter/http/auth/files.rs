//! The files of a configuration: read when they have changed.
//!
//! Invariants: a file counts as unchanged only if its bytes are those that were read, so that a change is seen whatever
//! the file system says of times. Only their digest is kept, because some are private keys. Reading ends: only regular
//! files are read, whatever stands at their place by now, and no more than [`FILE_BYTES_MAX`] of them.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

/// The largest file that is read: a bundle of some hundred authorities is a tenth of that.
const FILE_BYTES_MAX: u64 = 4 * 1_024 * 1_024;

/// What was read so far, and what it was.
#[derive(Default)]
pub(super) struct Files {
    seen: BTreeMap<PathBuf, Option<[u8; SHA256_OUTPUT_LEN]>>,
}

impl Files {
    /// Reads a file; the error says why it cannot be, and nothing that is in it.
    pub(super) fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = read(path);
        self.seen.insert(path.to_owned(), bytes.as_ref().ok().map(|bytes| sum(bytes)));
        bytes
    }

    /// Whether all files are what they were.
    pub(super) fn are_unchanged(&self) -> bool {
        self.seen
            .iter()
            .all(|(path, sum_then)| read(path).ok().map(|bytes| sum(&bytes)) == *sum_then)
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    // Of what was opened, not of what has the name by now.
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let too_large = || Err(io::Error::other(format!("it has more than {FILE_BYTES_MAX} bytes")));
    if metadata.len() > FILE_BYTES_MAX {
        return too_large();
    }
    let mut bytes = Vec::new();
    // There are files that say they are empty, and those that grow.
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX { too_large() } else { Ok(bytes) }
}

/// Opens a file without blocking, as opening a pipe would.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new().read(true).open(path)
}

fn sum(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut sum = [0; SHA256_OUTPUT_LEN];
    sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
    sum
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_some_size_are_read() {
        let folder = std::env::temp_dir().join(format!("yardstick-files-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        let (pipe, large, link) = (folder.join("pipe"), folder.join("large"), folder.join("link"));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("every system has mkfifo").success());
        File::create(&large).and_then(|file| file.set_len(FILE_BYTES_MAX + 1)).expect("room");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("a link");
        let mut files = Files::default();
        let mut error = |path: &Path| files.read(path).expect_err("refused").to_string();
        for path in [&pipe, &link, &folder, Path::new("/dev/zero"), Path::new("/dev/tty")] {
            let said = error(path);
            // There may be no terminal.
            assert!(said == "it is no regular file" || path.ends_with("tty"), "{path:?}: {said}");
        }
        assert_eq!(error(&large), format!("it has more than {FILE_BYTES_MAX} bytes"));
        assert!(files.are_unchanged());
        // A regular file whose size the system does not know.
        if let Ok(bytes) = files.read(Path::new("/proc/self/stat")) {
            assert!(!bytes.is_empty());
        }
        fs::remove_dir_all(&folder).expect("it is there");
    }
}
