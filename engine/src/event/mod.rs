//! What people did and when: events by profile and type.
//!
//! The schema of events ([`EventSchema`]) says which types and properties there are. How events lie in memory, and how
//! they are read, says `run`; how the ids of events are known again, `ids`.

mod schema;

#[cfg(test)]
mod draw;

mod group;
mod packed;

mod chunk;
mod latest;
mod moments;
mod selected;
mod sweep;

mod run;

mod batch;
mod coming_ids;
mod id_bucket;
mod ids;
mod pile;
mod splice;
mod values;

mod data;
mod editor;
mod kept;

pub use crate::id::{EventTypeId, PropertyId};
pub use batch::{EventBatch, EventCounts, EventRefusal, EventTerms, PropertyValues};
pub use chunk::{Chunk, Events, PropertyColumn};
pub(crate) use coming_ids::Coming;
pub use data::{BlockEvents, Event, EventData};
pub(crate) use editor::{EventEditor, Placed, kept_from};
pub use ids::{EventIds, IdsStamp};
pub use kept::{EventStamp, IdsFile};
pub use packed::Packed;
pub use run::{Cursor, Run};
pub use schema::{EventSchema, EventType, Property};
