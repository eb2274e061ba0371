//! Changes of computed fields: which there are, and as of when they are.

use super::DeclareEvents;
use crate::time::Timestamp;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComputeChange {
    /// Adds computed fields, changes them, or leaves them to be written; all are made anew.
    Declare {
        /// Types and properties of events that they need, in case there are none yet.
        events: DeclareEvents,
        /// By name; none ends being computed.
        fields: Vec<(String, Option<String>)>,
        /// When; fields are as of then, if they were not later already.
        now: Timestamp,
    },
    /// Makes fields anew, as of an instant.
    Rebuild {
        /// Whether only those that the time makes others.
        moving: bool,
        /// When.
        now: Timestamp,
    },
}
