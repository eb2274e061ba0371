//! Changes as bytes, for the log: [`encode`] and [`decode`]. What checkpoints hold beside profiles is in `saved`.
//!
//! Every entry begins with the version of its format; those of older versions are read for ever (`tests/engine` keeps
//! some). Bytes that nobody wrote are an error, never a panic, and allocate no more than a small multiple of their length.

mod alike;
mod batch;
pub(crate) mod bytes;
mod catalog;
mod change;
mod compute;
mod consents;
mod events;
mod gates;
mod kept;
mod key;
mod offer;
mod saved;
mod taken;
mod value;

use self::bytes::{Malformed, Read, Reader, Writer};
use self::key::{encode_commit, read_key};
use super::{Command, Key};
use crate::error::{Error, Result};
use crate::event::{EventBatch, EventTerms};
use crate::schema::FieldType;
use crate::table::{Batch, ImportMode, RowOrder};
pub use catalog::{decode_versions, encode_versions};
pub(crate) use change::{encode_batch, encode_change};
pub(crate) use events::encode_event_batch;
pub use events::{decode_event_schema, encode_event_schema};
pub use gates::{decode_gates, encode_gates};
pub use kept::{decode_enrichment, decode_erasures, decode_keys, encode_enrichment, encode_erasures, encode_keys};
pub use offer::{decode_offers, encode_offers};
pub use saved::{Saved, decode_saved, decode_schema, encode_saved, encode_schema};
pub(crate) use taken::{decode_taken, decode_taken_gates, encode_taken, encode_taken_gates};

/// The version of the bytes that are written.
const VERSION: u8 = 1;

/// One entry of a tenant's log.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A change that takes effect as it stands.
    Change {
        /// Under which key it was sent.
        key: Option<Key>,
        /// The change.
        command: Command,
    },
    /// A bulk import begins; it takes effect with its commit, if there is one.
    ImportBegin {
        /// What the import calls the external id.
        id_name: String,
        /// Fields that it adds.
        fields: Vec<(String, FieldType)>,
        /// How rows are laid if there are none yet.
        row_order: RowOrder,
    },
    /// Profiles of the import that has begun.
    ImportBatch {
        /// What a row says about fields that it does not name.
        mode: ImportMode,
        /// The profiles.
        batch: Batch,
    },
    /// The import that has begun takes effect.
    ImportCommit {
        /// Under which key it was sent.
        key: Option<Key>,
    },
    /// A bulk import of events begins; it takes effect with its commit, if there is one.
    EventsBegin(EventTerms),
    /// Events of the import that has begun.
    EventsBatch(EventBatch),
    /// The import of events that has begun takes effect.
    EventsCommit {
        /// Under which key it was sent.
        key: Option<Key>,
    },
}

/// What kind of record an entry is.
pub(crate) mod kind {
    pub(crate) const CHANGE: u8 = 1;
    pub(crate) const IMPORT_BEGIN: u8 = 2;
    pub(crate) const IMPORT_BATCH: u8 = 3;
    pub(crate) const IMPORT_COMMIT: u8 = 4;
    pub(crate) const EVENTS_BEGIN: u8 = 10;
    pub(crate) const EVENTS_BATCH: u8 = 11;
    pub(crate) const EVENTS_COMMIT: u8 = 12;
}

/// An entry as the kind and the payload of a record.
pub fn encode(entry: &Entry) -> (u8, Vec<u8>) {
    match entry {
        Entry::Change { key, command } => (kind::CHANGE, encode_change(key.as_ref(), command)),
        Entry::ImportBatch { mode, batch } => (kind::IMPORT_BATCH, encode_batch(*mode, batch)),
        Entry::ImportBegin { id_name, fields, row_order } => {
            let mut writer = Writer(vec![VERSION]);
            writer.text(id_name);
            value::write_fields(&mut writer, fields);
            writer.flag(*row_order == RowOrder::Arrival);
            (kind::IMPORT_BEGIN, writer.0)
        }
        Entry::ImportCommit { key } => (kind::IMPORT_COMMIT, encode_commit(key.as_ref())),
        Entry::EventsBegin(terms) => {
            let mut writer = Writer(vec![VERSION]);
            events::write_terms(&mut writer, *terms);
            (kind::EVENTS_BEGIN, writer.0)
        }
        Entry::EventsBatch(batch) => (kind::EVENTS_BATCH, encode_event_batch(batch)),
        Entry::EventsCommit { key } => (kind::EVENTS_COMMIT, encode_commit(key.as_ref())),
    }
}

/// The entry that a record holds.
///
/// # Errors
/// `Corrupt` for bytes that [`encode`] has not written.
pub fn decode(kind: u8, payload: &[u8]) -> Result<Entry> {
    let read = || {
        let mut reader = Reader::new(payload);
        if reader.byte()? != VERSION {
            return Err(Malformed("it is of a version that this program does not know"));
        }
        let entry = read_entry(kind, &mut reader)?;
        reader.finish()?;
        Ok(entry)
    };
    read().map_err(|Malformed(why)| Error::Corrupt(format!("an entry of the log cannot be read: {why}")))
}

fn read_entry(kind: u8, reader: &mut Reader) -> Read<Entry> {
    Ok(match kind {
        kind::CHANGE => Entry::Change { key: read_key(reader)?, command: change::read_command(reader)? },
        kind::IMPORT_BEGIN => Entry::ImportBegin {
            id_name: reader.text()?,
            fields: value::read_fields(reader)?,
            row_order: if reader.flag()? { RowOrder::Arrival } else { RowOrder::Clustered },
        },
        kind::IMPORT_BATCH => Entry::ImportBatch { mode: batch::read_mode(reader)?, batch: batch::read_batch(reader)? },
        kind::IMPORT_COMMIT => Entry::ImportCommit { key: read_key(reader)? },
        kind::EVENTS_BEGIN => Entry::EventsBegin(events::read_terms(reader)?),
        kind::EVENTS_BATCH => Entry::EventsBatch(events::read_event_batch(reader)?),
        kind::EVENTS_COMMIT => Entry::EventsCommit { key: read_key(reader)? },
        _ => return Err(Malformed("there is no such kind of entry")),
    })
}
