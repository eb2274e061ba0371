//! The one error of this crate: a sentence for the person at the terminal.
//!
//! Nobody branches on these errors, so they carry words and no kinds: what went wrong, with which file, and, where
//! there is one, the cure.

use std::fmt;
use std::path::Path;

/// Every fallible call of this crate returns this.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// An error that says `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What was being done with `path`, and why it failed.
    pub(crate) fn file(doing: &str, path: &Path, cause: impl fmt::Display) -> Self {
        Self(format!("{doing} {}: {cause}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
