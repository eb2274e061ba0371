//! Commands as bytes.

use super::alike::{read_model, write_model};
use super::batch::{read_batch, read_mode, write_batch, write_mode};
use super::bytes::{Malformed, Read, Reader, Writer};
use super::compute::{DECLARE, REBUILD, read_compute, write_compute};
use super::key::write_key;
use super::offer::{NOTE, PUT, read_offer_change, write_offer_change};
use super::value::{read_fields, read_rows, read_rule, read_value, write_fields, write_rows, write_rule, write_value};
use super::{VERSION, catalog, events, gates};
use crate::audience::{Definition, IncludeMatch, SegmentChoice};
use crate::command::{Command, Key, SegmentContent, Side, Upsert};
use crate::gate::Gating;
use crate::id::{AudienceId, ListId, SegmentId, SnapshotId};
use crate::snapshot::Taken;
use crate::store::checkpoint::{FileEntry, FileId, FileKind};
use crate::table::{Batch, ImportMode};
use crate::time::Timestamp;

/// The payload of a change.
pub(crate) fn encode_change(key: Option<&Key>, command: &Command) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    write_key(&mut writer, key);
    write_command(&mut writer, command);
    writer.0
}

/// The payload of a batch of an import.
pub(crate) fn encode_batch(mode: ImportMode, batch: &Batch) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    write_mode(&mut writer, mode);
    write_batch(&mut writer, batch);
    writer.0
}

fn write_command(writer: &mut Writer, command: &Command) {
    match command {
        Command::AddFields(fields) => {
            writer.byte(1);
            write_fields(writer, fields);
        }
        Command::PatchProfile { id, changes } => {
            writer.byte(2);
            writer.text(id);
            writer.list(changes.iter(), |writer, (name, value)| {
                writer.text(name);
                writer.optional(value.as_ref(), write_value);
            });
        }
        Command::EraseProfile { .. } | Command::ForgetTexts | Command::SettleErasures { .. } => {
            write_erasing(writer, command);
        }
        Command::PutSegment { id, name, description, content, now } => {
            writer.byte(4);
            writer.optional(*id, |writer, id| writer.number(id.0));
            writer.text(name);
            writer.text(description);
            write_content(writer, content);
            writer.fixed(now.0);
        }
        Command::DeleteSegment(id) => write_deletion(writer, 5, id.0),
        Command::PutAudience { id, name, description, definition, now } => {
            writer.byte(6);
            writer.optional(*id, |writer, id| writer.number(id.0));
            writer.text(name);
            writer.text(description);
            write_definition(writer, definition);
            writer.fixed(now.0);
        }
        Command::DeleteAudience(id) => write_deletion(writer, 7, id.0),
        Command::PutList { name, ids, blank, attach, now } => {
            writer.byte(8);
            writer.text(name);
            write_texts(writer, ids);
            writer.number(*blank);
            writer.optional(*attach, write_attachment);
            writer.fixed(now.0);
        }
        Command::DeleteList(id) => write_deletion(writer, 9, id.0),
        Command::TakeSnapshots(taken) => {
            writer.byte(20);
            writer.optional(taken.file, write_file);
        }
        Command::DeleteSnapshot(id) => write_deletion(writer, 21, id.0),
        Command::Upsert(Upsert { id_name, fields, mode, batch }) => {
            writer.byte(10);
            writer.text(id_name);
            write_fields(writer, fields);
            write_mode(writer, *mode);
            write_batch(writer, batch);
        }
        Command::SaveSegment(save) => catalog::write_save_segment(writer, 40, save),
        Command::SaveAudience(save) => catalog::write_save_audience(writer, 41, save),
        Command::ChangeMembers(change) => catalog::write_members(writer, 42, change),
        Command::Restore(restore) => catalog::write_restore(writer, 43, restore),
        Command::Gate(change) => gates::write_change(writer, 44, change),
        Command::AddEvents(batch, terms) => events::write_add_events(writer, 54, batch, *terms),
        Command::DeclareEvents(declared) => events::write_declaration(writer, 55, declared),
        Command::ExpireEvents { now } => write_instant(writer, 56, *now),
        Command::Offer(change) => write_offer_change(writer, change),
        Command::Compute(change) => write_compute(writer, change),
    }
}

/// What erases somebody, or makes an erasure good.
fn write_erasing(writer: &mut Writer, command: &Command) {
    match command {
        Command::EraseProfile { id, now: None } => {
            writer.byte(3);
            writer.text(id);
        }
        Command::EraseProfile { id, now: Some(now) } => {
            writer.byte(30);
            writer.text(id);
            writer.fixed(now.0);
        }
        Command::SettleErasures { through, now } => {
            writer.byte(32);
            writer.number(*through);
            writer.fixed(now.0);
        }
        _ => writer.byte(31),
    }
}

pub(super) fn read_command(reader: &mut Reader) -> Read<Command> {
    Ok(match reader.byte()? {
        1 => Command::AddFields(read_fields(reader)?),
        2 => Command::PatchProfile {
            id: reader.text()?,
            changes: reader.list(|reader| Ok((reader.text()?, reader.optional(read_value)?)))?,
        },
        3 => Command::EraseProfile { id: reader.text()?, now: None },
        4 => Command::PutSegment {
            id: reader.optional(Reader::number)?.map(SegmentId),
            name: reader.text()?,
            description: reader.text()?,
            content: read_content(reader)?,
            now: Timestamp(reader.fixed()?),
        },
        5 => Command::DeleteSegment(SegmentId(reader.number()?)),
        6 => Command::PutAudience {
            id: reader.optional(Reader::number)?.map(AudienceId),
            name: reader.text()?,
            description: reader.text()?,
            definition: read_definition(reader)?,
            now: Timestamp(reader.fixed()?),
        },
        7 => Command::DeleteAudience(AudienceId(reader.number()?)),
        8 => Command::PutList {
            name: reader.text()?,
            ids: reader.list(Reader::text)?,
            blank: reader.number()?,
            attach: reader.optional(|reader| {
                let audience = AudienceId(reader.number()?);
                Ok((audience, if reader.flag()? { Side::Exclude } else { Side::Include }))
            })?,
            now: Timestamp(reader.fixed()?),
        },
        9 => Command::DeleteList(ListId(reader.number()?)),
        10 => Command::Upsert(Upsert {
            id_name: reader.text()?,
            fields: read_fields(reader)?,
            mode: read_mode(reader)?,
            batch: read_batch(reader)?,
        }),
        20 => {
            let file = reader.optional(read_file)?;
            Command::TakeSnapshots(Taken { file, is_as_written: true, ..Taken::default() }.into())
        }
        21 => Command::DeleteSnapshot(SnapshotId(reader.number()?)),
        30 => Command::EraseProfile { id: reader.text()?, now: Some(Timestamp(reader.fixed()?)) },
        31 => Command::ForgetTexts,
        32 => Command::SettleErasures { through: reader.number()?, now: Timestamp(reader.fixed()?) },
        40 => Command::SaveSegment(catalog::read_save_segment(reader)?),
        41 => Command::SaveAudience(catalog::read_save_audience(reader)?),
        42 => Command::ChangeMembers(catalog::read_members(reader)?),
        43 => Command::Restore(catalog::read_restore(reader)?),
        44 => Command::Gate(gates::read_change(reader)?),
        54 => {
            let (batch, terms) = events::read_add_events(reader)?;
            Command::AddEvents(Box::new(batch), terms)
        }
        55 => Command::DeclareEvents(events::read_declaration(reader)?),
        56 => Command::ExpireEvents { now: Timestamp(reader.fixed()?) },
        kind @ PUT..=NOTE => Command::Offer(read_offer_change(kind, reader)?),
        kind @ (DECLARE | REBUILD) => Command::Compute(read_compute(kind, reader)?),
        _ => return Err(Malformed("there is no such change")),
    })
}

fn write_file(writer: &mut Writer, file: FileEntry) {
    writer.number(file.id.lsn);
    writer.number(file.id.number.into());
    writer.number(file.length);
    writer.fixed(file.table_crc.into());
}

fn read_file(reader: &mut Reader) -> Read<FileEntry> {
    let small = |number| u32::try_from(number).map_err(|_| Malformed("there is no such file"));
    let (lsn, number) = (reader.number()?, small(reader.number()?.cast_signed())?);
    let id = FileId { kind: FileKind::Snapshots, number, lsn };
    Ok(FileEntry { id, length: reader.number()?, table_crc: small(reader.fixed()?)? })
}

/// The deletion of the thing that has this number.
fn write_instant(writer: &mut Writer, kind: u8, now: Timestamp) {
    writer.byte(kind);
    writer.fixed(now.0);
}

fn write_deletion(writer: &mut Writer, kind: u8, id: u64) {
    writer.byte(kind);
    writer.number(id);
}

fn write_attachment(writer: &mut Writer, (audience, side): (AudienceId, Side)) {
    writer.number(audience.0);
    writer.flag(side == Side::Exclude);
}

pub(super) fn write_content(writer: &mut Writer, content: &SegmentContent) {
    match content {
        SegmentContent::Rule(rule) => {
            writer.byte(1);
            write_rule(writer, rule);
        }
        SegmentContent::Ids(ids) => {
            writer.byte(2);
            write_texts(writer, ids);
        }
        SegmentContent::Same => writer.byte(3),
        SegmentContent::Rows(rows) => {
            writer.byte(40);
            write_rows(writer, rows);
        }
        SegmentContent::Lookalike(model) => {
            writer.byte(50);
            write_model(writer, model);
        }
        SegmentContent::List(id) => {
            writer.byte(41);
            writer.number(id.0);
        }
    }
}

pub(super) fn read_content(reader: &mut Reader) -> Read<SegmentContent> {
    Ok(match reader.byte()? {
        1 => SegmentContent::Rule(read_rule(reader)?),
        2 => SegmentContent::Ids(reader.list(Reader::text)?),
        3 => SegmentContent::Same,
        40 => SegmentContent::Rows(read_rows(reader)?),
        41 => SegmentContent::List(ListId(reader.number()?)),
        50 => SegmentContent::Lookalike(read_model(reader)?.into()),
        _ => return Err(Malformed("a segment holds no such thing")),
    })
}

pub(super) fn write_definition(writer: &mut Writer, definition: &Definition) {
    let choices = |writer: &mut Writer, choices: &[SegmentChoice]| {
        writer.list(choices.iter(), |writer, choice| {
            writer.number(choice.id.0);
            writer.text(&choice.key);
        });
    };
    let lists = |writer: &mut Writer, lists: &[ListId]| writer.list(lists.iter(), |writer, id| writer.number(id.0));
    let has_gates = *definition.gates != Gating::default();
    // The first versions knew no gates: 0 and 1 say how segments are joined, and that there are none.
    writer.byte(u8::from(definition.include_match == IncludeMatch::All) + 2 * u8::from(has_gates));
    writer.optional(definition.include_segments.as_deref(), choices);
    writer.optional(definition.include_customers.as_deref(), write_texts);
    writer.optional(definition.include_lists.as_deref(), lists);
    choices(writer, &definition.exclude_segments);
    write_texts(writer, &definition.exclude_customers);
    lists(writer, &definition.exclude_lists);
    if has_gates {
        gates::write_gating(writer, &definition.gates);
    }
}

pub(super) fn read_definition(reader: &mut Reader) -> Read<Definition> {
    let choices = |reader: &mut Reader| {
        reader.list(|reader| Ok(SegmentChoice { id: SegmentId(reader.number()?), key: reader.text()? }))
    };
    let lists = |reader: &mut Reader| reader.list(|reader| reader.number().map(ListId));
    let kind = Some(reader.byte()?).filter(|kind| *kind < 4).ok_or(Malformed("there is no such definition"))?;
    Ok(Definition {
        include_match: if kind % 2 == 1 { IncludeMatch::All } else { IncludeMatch::Any },
        include_segments: reader.optional(choices)?,
        include_customers: reader.optional(|reader| reader.list(Reader::text))?,
        include_lists: reader.optional(lists)?,
        exclude_segments: choices(reader)?,
        exclude_customers: reader.list(Reader::text)?,
        exclude_lists: lists(reader)?,
        gates: Box::new(if kind >= 2 { gates::read_gating(reader)? } else { Gating::default() }),
    })
}

pub(super) fn write_texts(writer: &mut Writer, texts: &[String]) {
    writer.list(texts.iter(), |writer, text| writer.text(text));
}
