//! Computed fields as bytes: their changes, and all of them in a checkpoint.

use super::VERSION;
use super::bytes::{Malformed, Read, Reader, Writer};
use super::events::{read_declaration, write_declaration};
use super::saved::decoded;
use crate::command::ComputeChange;
use crate::enrich::{Declared, Enrichment};
use crate::error::{Error, Result};
use crate::event::EventSchema;
use crate::schema::Schema;
use crate::time::Timestamp;

/// What a change begins with, by kind.
pub(super) const DECLARE: u8 = 80;
pub(super) const REBUILD: u8 = 81;

pub(super) fn write_compute(writer: &mut Writer, change: &ComputeChange) {
    match change {
        ComputeChange::Declare { events, fields, now } => {
            write_declaration(writer, DECLARE, events);
            writer.list(fields.iter(), |writer, (name, json)| {
                writer.text(name);
                writer.optional(json.as_deref(), |writer, json| writer.text(json));
            });
            writer.fixed(now.0);
        }
        ComputeChange::Rebuild { moving, now } => {
            writer.byte(REBUILD);
            writer.flag(*moving);
            writer.fixed(now.0);
        }
    }
}

/// The change whose kind was read already.
pub(super) fn read_compute(kind: u8, reader: &mut Reader) -> Read<ComputeChange> {
    Ok(match kind {
        DECLARE => ComputeChange::Declare {
            events: read_declaration(reader)?,
            fields: reader.list(|reader| Ok((reader.text()?, reader.optional(Reader::text)?)))?,
            now: Timestamp(reader.fixed()?),
        },
        _ => ComputeChange::Rebuild { moving: reader.flag()?, now: Timestamp(reader.fixed()?) },
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
