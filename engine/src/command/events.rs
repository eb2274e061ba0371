//! What is said of events, apart from the events themselves.

use crate::schema::FieldType;

/// Types and properties of events, by name; those that are not named stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeclareEvents {
    /// Types, each with the days that its events are kept where it says so: `Some(None)` is for ever.
    pub types: Vec<(String, Option<Option<u32>>)>,
    /// Properties.
    pub properties: Vec<(String, FieldType)>,
}
