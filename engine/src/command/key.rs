//! The keys under which clients send changes (`tenant::keys` remembers them).

use super::digest::Digest;

/// The name of a change, so that it can be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// As the client gave it.
    pub name: String,
    /// What was asked under it; none where nobody has said.
    pub request: Option<Digest>,
}

impl<T: Into<String>> From<T> for Key {
    fn from(name: T) -> Self {
        Self { name: name.into(), request: None }
    }
}
