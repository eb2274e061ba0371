//! A change together with the terms under which it is made.

use std::sync::Arc;

use crate::command::{Command, Key, Saving};
use crate::schema::Schema;

/// When a change is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Once it survives a power cut.
    #[default]
    Durable,
    /// Once it survives the end of the process; a power cut may take it until the next sync.
    Buffered,
}

/// Under which terms a change is made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Names the change: of several under one key the first is made, and all are answered with its outcome.
    pub key: Option<Key>,
    /// When it is acknowledged.
    pub durability: Durability,
}

/// What whoever changes something has seen of it: if somebody else changed it since, the change is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// What is changed.
    pub what: Saving,
    /// The version that was seen.
    pub version: u64,
}

/// A change on its way to being made.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) command: Command,
    pub(super) terms: Terms,
    /// The schema for which its batch was made, when it has one.
    pub(super) schema: Option<Arc<Schema>>,
    /// What it was made for, when that matters.
    pub(super) expected: Option<Expected>,
}
