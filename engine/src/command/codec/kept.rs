//! Keys of changes, receipts of erasures, and computed fields, as bytes of a checkpoint.
//!
//! Keys are there as digests: what a client has put into one stays in the log only, which the checkpoint replaces.

use super::VERSION;
use super::bytes::{Malformed, Read, Reader, Writer};
use super::key::read_digest;
use super::saved::{decoded, read_outcome, write_outcome};
use crate::command::{Digest, Erasures, Receipt, Remembered};
use crate::enrich::{Declared, Enrichment};
use crate::error::{Error, Result};
use crate::event::EventSchema;
use crate::schema::Schema;
use crate::time::Timestamp;

/// Keys and what became of their changes, the oldest first.
pub fn encode_keys(keys: &[(Digest, Remembered)]) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.list(keys.iter(), |writer, (key, Remembered { request, outcome })| {
        writer.0.extend_from_slice(&key.0);
        writer.optional(*request, |writer, request| writer.0.extend_from_slice(&request.0));
        write_outcome(writer, outcome);
    });
    writer.0
}

/// What [`encode_keys`] wrote.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_keys(bytes: &[u8]) -> Result<Vec<(Digest, Remembered)>> {
    decoded(bytes, "the list of keys", |reader| {
        reader.list(|reader| {
            let key = read_digest(reader)?;
            let request = reader.optional(read_digest)?;
            Ok((key, Remembered { request, outcome: read_outcome(reader)? }))
        })
    })
}

/// All receipts.
pub fn encode_erasures(erasures: &Erasures) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.number(erasures.swept());
    writer.list(erasures.iter().collect::<Vec<_>>().into_iter(), |writer, receipt| {
        for instant in [receipt.at, receipt.off_disk] {
            writer.optional(instant, |writer, instant| writer.fixed(instant.0));
        }
    });
    writer.0
}

/// What [`encode_erasures`] wrote.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_erasures(bytes: &[u8]) -> Result<Erasures> {
    decoded(bytes, "the list of erasures", |reader| {
        let swept = reader.number()?;
        let instant = |reader: &mut Reader| -> Read<Option<Timestamp>> {
            reader.optional(|reader| Ok(Timestamp(reader.fixed()?)))
        };
        let receipts = reader.list(|reader| Ok(Receipt { at: instant(reader)?, off_disk: instant(reader)? }))?;
        let settled = receipts.iter().take_while(|receipt| receipt.off_disk.is_some()).count();
        if swept > receipts.len() as u64 || receipts[settled..].iter().any(|receipt| receipt.off_disk.is_some()) {
            return Err(Malformed("receipts are not in order"));
        }
        Ok(Erasures::restored(receipts, swept))
    })
}

/// Computed fields as bytes of a checkpoint.
pub fn encode_enrichment(enrichment: &Enrichment, schema: &Schema) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.list(enrichment.declared(schema).into_iter(), |writer, declared| {
        writer.text(&declared.name);
        writer.text(&declared.json);
        writer.number(declared.version.into());
    });
    writer.fixed(enrichment.instant().0);
    writer.0
}

/// What [`encode_enrichment`] wrote; the schema gets to know which of its fields are computed.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_enrichment(bytes: &[u8], schema: &mut Schema, events: &EventSchema) -> Result<Enrichment> {
    let (declared, instant) = decoded(bytes, "computed fields", |reader| {
        let declared = reader.list(|reader| {
            let (name, json) = (reader.text()?, reader.text()?);
            let version = u32::try_from(reader.number()?).map_err(|_| Malformed("nobody changes a field so often"))?;
            Ok(Declared { name, json: json.into(), version, pointer: String::new() })
        })?;
        Ok((declared, Timestamp(reader.fixed()?)))
    })?;
    let fields = schema.fields().len();
    match Enrichment::read(declared, schema, events) {
        Ok(enrichment) if schema.fields().len() == fields => Ok(enrichment.at(instant)),
        Ok(_) => Err(Error::Corrupt("a computed field in the checkpoint is not in its schema".into())),
        Err(error) => Err(Error::Corrupt(format!("computed fields in the checkpoint cannot be such: {error}"))),
    }
}
