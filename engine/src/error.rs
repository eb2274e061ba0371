//! What can go wrong, sorted by who can do something about it.
//!
//! One `Error` for the whole engine, few kinds. A caller's mistakes come as a list of [`Problem`]s, all of
//! them at once, each with its place and its cure. Nothing here knows HTTP: the server maps kinds to statuses.

use std::fmt;

/// Every fallible call of the engine returns this.
pub type Result<T> = std::result::Result<T, Error>;

/// The JSON pointer (RFC 6901) to the member `key` of what stands at `place`.
pub fn pointer_to(place: &str, key: &str) -> String {
    format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Why a call was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The caller's input is wrong: every mistake found, in reading order. Nothing was changed.
    Invalid(Vec<Problem>),
    /// No such thing; the text names it.
    NotFound(String),
    /// The request contradicts what is stored (a name taken, a segment still referred to).
    Conflict(Problem),
    /// A named bound of [`crate::limits`] would be passed.
    Limit(Problem),
    /// Nothing can be stored now: `disk_full`, `read_only` (a write to disk failed before), `directory_in_use`.
    Storage(Problem),
    /// Bytes that were read back are not what was written.
    Corrupt(String),
    /// The operating system refused.
    Io(String),
}

/// One mistake: where it is, what it is, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// JSON pointer (RFC 6901) into the request; empty for the whole.
    pub pointer: String,
    /// Line and column (both from 1) in the text form, when the mistake is in text.
    pub position: Option<(u32, u32)>,
    /// Stable machine-readable kind, such as `unknown_field`.
    pub code: &'static str,
    /// Lower case, one sentence, no full stop; says what would be right.
    pub message: String,
    /// Nearest existing names or values, best first.
    pub suggestions: Vec<String>,
}

impl Problem {
    /// A mistake at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into(), ..Self::default() }
    }

    /// The same mistake with names that would have worked.
    #[must_use]
    pub fn with_suggestions(mut self, suggestions: Vec<String>) -> Self {
        self.suggestions = suggestions;
        self
    }

    /// The same mistake with its place in a text.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.position = Some((line, column));
        self
    }
}

impl Error {
    /// A single mistake.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(pointer, code, message)])
    }

    /// The same error with every pointer moved below `prefix`, for a part of a larger request.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        match &mut self {
            Self::Invalid(problems) => {
                for problem in problems {
                    problem.pointer.insert_str(0, prefix);
                }
            }
            Self::Conflict(problem) | Self::Limit(problem) | Self::Storage(problem) => {
                problem.pointer.insert_str(0, prefix);
            }
            Self::NotFound(_) | Self::Corrupt(_) | Self::Io(_) => {}
        }
        self
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        } else if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)?;
        if self.suggestions.iter().any(|name| !self.message.contains(&format!("\"{name}\""))) {
            write!(f, " (nearest: {})", self.suggestions.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(problems) => {
                for (i, problem) in problems.iter().enumerate() {
                    write!(f, "{}{problem}", if i == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            Self::NotFound(text) | Self::Corrupt(text) | Self::Io(text) => f.write_str(text),
            Self::Conflict(problem) | Self::Limit(problem) | Self::Storage(problem) => problem.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped() {
        assert_eq!(pointer_to("", "a/b~c"), "/a~1b~0c");
        assert_eq!(pointer_to("/rules/0", "~1"), "/rules/0/~01");
    }
}
