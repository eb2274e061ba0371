//! Changes of computed fields as bytes.

use super::bytes::{Read, Reader, Writer};
use super::events::{read_declaration, write_declaration};
use crate::command::ComputeChange;
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
