//! The closed list of everything that can change a tenant.
//!
//! A command carries all that its effect depends on, the time included, so that applying the same commands in the same
//! order gives the same state. What it is applied to, and how, is `tenant::apply`; as bytes it lies in a log (`codec`).

mod codec;
mod compute;
mod digest;
mod events;
mod gates;
mod key;
mod offer;
mod outcome;
mod receipts;
mod save;
mod upsert;

pub use codec::{
    Entry, Saved, decode, decode_enrichment, decode_erasures, decode_event_schema, decode_gates, decode_keys,
    decode_offers, decode_saved, decode_schema, decode_versions, encode, encode_enrichment, encode_erasures,
    encode_event_schema, encode_gates, encode_keys, encode_offers, encode_saved, encode_schema, encode_versions,
};
pub(crate) use codec::{
    bytes, decode_taken, decode_taken_gates, encode_batch, encode_change, encode_event_batch, encode_taken,
    encode_taken_gates, kind,
};
pub use compute::ComputeChange;
pub use digest::{Digest, Digester};
pub use events::DeclareEvents;
pub use gates::{Contacted, GateChange, Noted, Saying};
pub use key::Key;
pub use offer::OfferChange;
pub use outcome::{Erasure, ImportCounts, Outcome, Remembered};
pub use receipts::{Erasures, Receipt};
pub use save::{ChangeMembers, Restore, SaveAudience, SaveSegment, Saving, SegmentContent, Side, Stamp};
pub use upsert::Upsert;

use std::sync::Arc;

use crate::audience::Definition;
use crate::event::{EventBatch, EventTerms};
use crate::id::{AudienceId, ListId, SegmentId, SnapshotId};
use crate::schema::{FieldType, Value};
use crate::snapshot::Taken;
use crate::time::Timestamp;

/// One change.
#[derive(Debug, Clone)]
pub enum Command {
    /// Adds fields to the schema, or gives unused ones another type.
    AddFields(Vec<(String, FieldType)>),
    /// Changes fields of one profile, by field name; `None` takes a value away.
    PatchProfile {
        /// External id.
        id: String,
        /// Fields and their new values.
        changes: Vec<(String, Option<Value>)>,
    },
    /// Erases one profile.
    EraseProfile {
        /// External id.
        id: String,
        /// When; none in logs of versions that gave no receipts.
        now: Option<Timestamp>,
    },
    /// Forgets texts that no profile has: what fields of erased people held earlier.
    ForgetTexts,
    /// Notes that no file names those any more who were erased up to a receipt.
    SettleErasures {
        /// The number of the receipt.
        through: u64,
        /// When.
        now: Timestamp,
    },
    /// Saves a new segment, or a new state of an old one.
    PutSegment {
        /// Which one; none for a new one.
        id: Option<SegmentId>,
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
        /// What it holds.
        content: SegmentContent,
        /// When.
        now: Timestamp,
    },
    /// Deletes a segment that nothing refers to.
    DeleteSegment(SegmentId),
    /// Saves a new audience, or a new state of an old one.
    PutAudience {
        /// Which one; none for a new one.
        id: Option<AudienceId>,
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
        /// Who is in it.
        definition: Definition,
        /// When.
        now: Timestamp,
    },
    /// Deletes an audience.
    DeleteAudience(AudienceId),
    /// Saves an imported list; attached to a side of an audience when one is given.
    PutList {
        /// What it is called.
        name: String,
        /// The ids as they were given, blank ones left out.
        ids: Vec<String>,
        /// Blank lines and blank ids of the file.
        blank: u64,
        /// Where to attach it.
        attach: Option<(AudienceId, Side)>,
        /// When.
        now: Timestamp,
    },
    /// Deletes a list that no audience names.
    DeleteList(ListId),
    /// Keeps snapshots that were taken. As bytes it is the name of their file, which whoever reads the log reads as well
    /// (`tenant::recover`).
    TakeSnapshots(Arc<Taken>),
    /// Deletes a snapshot.
    DeleteSnapshot(SnapshotId),
    /// Inserts or changes a few profiles; what takes longer is a bulk import (`tenant::Import`).
    Upsert(Upsert),
    /// Saves a segment with all its attributes, or changes some of them.
    SaveSegment(SaveSegment),
    /// Saves an audience with all its attributes, or changes some of them.
    SaveAudience(SaveAudience),
    /// Changes who is in a static segment.
    ChangeMembers(ChangeMembers),
    /// Makes an earlier version the current one.
    Restore(Restore),
    /// Changes what keeps people out of audiences.
    Gate(GateChange),
    /// Takes a few events; what takes longer is a bulk import (`tenant::EventImport`).
    AddEvents(Box<EventBatch>, EventTerms),
    /// Says which types of events there are, how long they are kept, and which properties they have.
    DeclareEvents(DeclareEvents),
    /// Takes away events that are older than their type is kept.
    ExpireEvents {
        /// When.
        now: Timestamp,
    },
    /// Changes offers, or how they are matched with customers.
    Offer(OfferChange),
    /// Changes computed fields, or makes them anew.
    Compute(ComputeChange),
}
