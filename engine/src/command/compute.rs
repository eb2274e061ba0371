//! Changes of computed fields: which there are, and as of when they are.

use super::DeclareEvents;
use crate::enrich::Template;
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

impl Template {
    /// Types and properties of events that its fields need.
    pub fn events(&self) -> DeclareEvents {
        DeclareEvents {
            types: self.types.iter().map(|name| ((*name).to_owned(), None)).collect(),
            properties: self.properties.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
        }
    }

    /// Its fields as they are declared.
    pub fn declared(&self) -> Vec<(String, Option<String>)> {
        self.fields().map(|(name, json)| (name.to_owned(), Some(json.to_owned()))).collect()
    }
}
