//! Errors in the files of TLS and authentication.

use std::{
    error::Error,
    fmt,
    path::{Path, PathBuf},
};

/// What is wrong with a file that configures TLS or authentication, and what to write instead.
///
/// No secret of the file is in it. Its `Debug` says what its `Display` does.
pub struct WebConfigError {
    path: PathBuf,
    /// Line and column, from 1.
    position: Option<(u64, u64)>,
    problem: String,
}

impl WebConfigError {
    pub(super) fn new(path: &Path, problem: impl Into<String>) -> Self {
        Self { path: path.to_owned(), position: None, problem: problem.into() }
    }

    pub(super) fn at(mut self, position: Option<(u64, u64)>) -> Self {
        self.position = position;
        self
    }

    /// The new files lack a protection.
    pub(super) fn lost(path: PathBuf, protection: &str) -> Self {
        let problem = format!(
            "{protection} would no longer be asked for; a protection is removed by restarting the program, so that a \
             file that is half-written removes none"
        );
        Self { path, position: None, problem }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The line and the column of the mistake, both from 1, where one place is to be edited.
    #[must_use]
    pub const fn position(&self) -> Option<(u64, u64)> {
        self.position
    }
}

impl fmt::Debug for WebConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for WebConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl Error for WebConfigError {}
