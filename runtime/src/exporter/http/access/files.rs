//! The files that a configuration was read from.
//!
//! Invariant: a file counts as unchanged only if its bytes are those that were read, so that a change is seen whatever
//! the file system says of times. Only their digest is kept, because some are private keys.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use super::WebConfigError;

/// The largest file that is read: a bundle of some hundred authorities is a tenth of that.
const FILE_BYTES_MAX: u64 = 4 * 1_024 * 1_024;

/// What was read so far, and what it was.
#[derive(Default)]
pub(super) struct Files {
    seen: BTreeMap<PathBuf, Option<[u8; SHA256_OUTPUT_LEN]>>,
}

impl Files {
    /// Reads a file that `purpose` names in the message.
    pub(super) fn read(&mut self, path: &Path, purpose: &str) -> Result<Vec<u8>, WebConfigError> {
        let bytes = read(path);
        self.seen.insert(path.to_owned(), bytes.as_ref().ok().map(|bytes| sum(bytes)));
        bytes.map_err(|error| WebConfigError::new(path, format!("cannot read {purpose}: {error}")))
    }

    /// Whether all files are what they were.
    pub(super) fn are_unchanged(&self) -> bool {
        self.seen
            .iter()
            .all(|(path, sum_then)| read(path).ok().map(|bytes| sum(&bytes)) == *sum_then)
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let size = fs::metadata(path)?.len();
    if size > FILE_BYTES_MAX {
        return Err(io::Error::other(format!("it has {size} bytes, more than {FILE_BYTES_MAX}")));
    }
    fs::read(path)
}

fn sum(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut sum = [0; SHA256_OUTPUT_LEN];
    sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
    sum
}
