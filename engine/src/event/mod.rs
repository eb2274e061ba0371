//! What people did and when: events by profile and type.
//!
//! The schema of events ([`EventSchema`]) says which types and properties there are. How events lie in memory, and how
//! they are read, says `run`; how the ids of events are known again, `ids`.

mod schema;

pub use crate::id::{EventTypeId, PropertyId};
pub use schema::{EventSchema, EventType, Property};
