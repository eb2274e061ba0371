//! What people made of profiles, as bytes of a checkpoint: the schema, segments, audiences, lists, and keys of changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::alike::{LOOKALIKE, read_model, write_model};
use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::{read_definition, write_definition};
use super::value::{read_fields, read_rows, read_rule, write_fields, write_rows, write_rule};
use super::{VERSION, events};
use crate::audience::{Audience, Audiences, List, Lists};
use crate::catalog::Attributes;
use crate::command::{Digest, Erasure, ImportCounts, Noted, Outcome, Remembered};
use crate::error::{Error, Result};
use crate::id::{AudienceId, GroupId, ListId, OfferId, SegmentId, SnapshotId, SuppressionId};
use crate::rule::{Rule, Vocabulary, check_saved};
use crate::schema::Schema;
use crate::segment::{Catalog, IdChanges, IdList, MemberChanges, Model, Segment, SegmentKind};
use crate::table::BatchCounts;
use crate::time::Timestamp;

/// What people made of a tenant's profiles.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// Changes made so far.
    pub version: u64,
    /// The segments.
    pub segments: Catalog,
    /// The audiences.
    pub audiences: Audiences,
    /// The imported lists.
    pub lists: Lists,
    /// Keys that the first versions wrote here; now they have a section of their own ([`super::encode_keys`]).
    pub old_keys: Vec<(Digest, Remembered)>,
}

/// A schema as bytes.
pub fn encode_schema(schema: &Schema) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.text(schema.id_name());
    let fields: Vec<_> = schema.fields().iter().map(|field| (field.name.to_string(), field.kind)).collect();
    write_fields(&mut writer, &fields);
    writer.0
}

/// The schema that [`encode_schema`] wrote.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_schema(bytes: &[u8]) -> Result<Schema> {
    let (id_name, fields) = decoded(bytes, "the schema", |reader| Ok((reader.text()?, read_fields(reader)?)))?;
    let mut schema = Schema::default();
    let built =
        schema.add(&fields).and_then(|()| if id_name == Schema::ID { Ok(()) } else { schema.set_id_name(&id_name) });
    match built {
        Ok(()) if schema.fields().len() == fields.len() => Ok(schema),
        Ok(()) => Err(Error::Corrupt("the schema names a field twice".into())),
        Err(error) => Err(Error::Corrupt(format!("the schema cannot be one: {error}"))),
    }
}

/// Everything but the profiles as bytes.
pub fn encode_saved(saved: &Saved) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.number(saved.version);
    writer.number(saved.segments.next_id().0 - 1);
    writer
        .list(saved.segments.iter().collect::<Vec<_>>().into_iter(), |writer, segment| write_segment(writer, segment));
    writer.number(saved.audiences.next_id().0 - 1);
    writer.list(saved.audiences.iter().collect::<Vec<_>>().into_iter(), |writer, audience| {
        writer.number(audience.id.0);
        writer.text(&audience.name);
        writer.text(&audience.description);
        write_definition(writer, &audience.definition);
        writer.fixed(audience.created.0);
        writer.fixed(audience.updated.0);
    });
    writer.number(saved.lists.next_id().0 - 1);
    writer.list(saved.lists.iter().collect::<Vec<_>>().into_iter(), |writer, list| {
        writer.number(list.id.0);
        writer.text(&list.name);
        write_ids(writer, &list.ids);
        writer.number(list.blank);
        writer.fixed(list.created.0);
    });
    // Where keys were.
    writer.length(0);
    writer.0
}

/// What [`encode_saved`] wrote, of a tenant with this schema.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_saved<'s>(bytes: &[u8], schema: impl Into<Vocabulary<'s>>) -> Result<Saved> {
    let (saved, segments) = decoded(bytes, "the state", |reader| {
        let mut saved = Saved { version: reader.number()?, ..Saved::default() };
        saved.segments.continue_after(SegmentId(last_id(reader)?));
        let segments = reader.list(read_segment)?;
        saved.audiences.continue_after(AudienceId(last_id(reader)?));
        for audience in reader.list(read_audience)? {
            saved.audiences.put(audience).map_err(|_| Malformed("two audiences have one name"))?;
        }
        saved.lists.continue_after(ListId(last_id(reader)?));
        reader.list(read_list)?.into_iter().for_each(|list| saved.lists.put(list));
        saved.old_keys = reader.list(|reader| {
            let key = Digest::of(reader.text()?.as_bytes());
            Ok((key, Remembered { request: None, outcome: read_outcome(reader)? }))
        })?;
        Ok((saved, segments))
    })?;
    with_segments(saved, segments, schema.into())
}

/// What a reading makes of bytes that begin with their version.
pub(super) fn decoded<T>(bytes: &[u8], what: &str, read: impl FnOnce(&mut Reader) -> Read<T>) -> Result<T> {
    let read = || {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != VERSION {
            return Err(Malformed("it is of a version that this program does not know"));
        }
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    };
    read().map_err(|Malformed(why)| Error::Corrupt(format!("{what} in the checkpoint cannot be read: {why}")))
}

/// A number that has a successor.
fn last_id(reader: &mut Reader) -> Read<u64> {
    Some(reader.number()?).filter(|id| *id < u64::MAX).ok_or(Malformed("there is no such id"))
}

/// A segment whose rule was not checked yet.
struct Unchecked {
    segment: Segment,
    rule: Option<Rule>,
    model: Option<Model>,
}

fn write_segment(writer: &mut Writer, segment: &Segment) {
    writer.number(segment.id.0);
    writer.text(&segment.name);
    writer.text(&segment.description);
    match &segment.kind {
        SegmentKind::Dynamic { rule, .. } => {
            writer.byte(1);
            write_rule(writer, rule);
        }
        SegmentKind::Static(ids) => {
            writer.byte(2);
            write_ids(writer, ids);
        }
        SegmentKind::Lookalike { model, .. } => {
            writer.byte(LOOKALIKE);
            write_model(writer, model);
        }
    }
    writer.fixed(segment.created.0);
    writer.fixed(segment.updated.0);
}

fn read_segment(reader: &mut Reader) -> Read<Unchecked> {
    let (id, name, description) = (SegmentId(reader.number()?), reader.text()?, reader.text()?);
    let (rule, model, ids) = match reader.byte()? {
        1 => (Some(read_rule(reader)?), None, IdList::default()),
        2 => (None, None, read_ids(reader)?),
        LOOKALIKE => (None, Some(read_model(reader)?), IdList::default()),
        _ => return Err(Malformed("a segment holds no such thing")),
    };
    let (created, updated) = (Timestamp(reader.fixed()?), Timestamp(reader.fixed()?));
    let attributes = Attributes { name, description, ..Attributes::default() };
    let segment = Segment::new(id, attributes, SegmentKind::Static(ids), String::new(), updated);
    Ok(Unchecked { segment: Segment { created, ..segment }, rule, model })
}

fn with_segments(mut saved: Saved, segments: Vec<Unchecked>, schema: Vocabulary<'_>) -> Result<Saved> {
    let ids: BTreeSet<SegmentId> = segments.iter().map(|unchecked| unchecked.segment.id).collect();
    for Unchecked { mut segment, rule, model } in segments {
        let corrupt = |error: Error| Error::Corrupt(format!("segment {} in the checkpoint: {error}", segment.id));
        if let Some(rule) = rule {
            let checked = check_saved(&rule, schema, &ids).map_err(|problems| corrupt(Error::Invalid(problems)))?;
            segment.kind = SegmentKind::Dynamic { rule: Arc::new(rule), checked: Arc::new(checked) };
        }
        if let Some(model) = model {
            if !ids.contains(&model.source) {
                return Err(Error::Corrupt(format!("segment {} in the checkpoint: its source is gone", segment.id)));
            }
            let checked = model.checked(schema.fields).map_err(|problems| corrupt(Error::Invalid(problems)))?;
            segment.kind = SegmentKind::Lookalike { model: Arc::new(model), checked: Arc::new(checked) };
        }
        let id = segment.id;
        let put = saved.segments.put(segment);
        put.map_err(|error| Error::Corrupt(format!("segment {id} in the checkpoint: {error}")))?;
    }
    Ok(saved)
}

fn read_audience(reader: &mut Reader) -> Read<Audience> {
    let (id, name, description) = (AudienceId(reader.number()?), reader.text()?, reader.text()?);
    let definition = Arc::new(read_definition(reader)?);
    let (created, updated) = (Timestamp(reader.fixed()?), Timestamp(reader.fixed()?));
    let attributes = Attributes { name, description, ..Attributes::default() };
    Ok(Audience { created, ..Audience::new(id, attributes, definition, String::new(), updated) })
}

fn read_list(reader: &mut Reader) -> Read<List> {
    Ok(List {
        id: ListId(reader.number()?),
        name: reader.text()?,
        ids: read_ids(reader)?,
        blank: reader.number()?,
        created: Timestamp(reader.fixed()?),
    })
}

/// Rows; then names that wait, in order.
pub(super) fn write_ids(writer: &mut Writer, ids: &IdList) {
    write_rows(writer, &ids.rows);
    let mut names: Vec<&str> = ids.unknown().collect();
    names.sort_unstable();
    writer.list(names.into_iter(), Writer::text);
    writer.number(ids.entries());
    writer.number(ids.duplicates());
}

pub(super) fn read_ids(reader: &mut Reader) -> Read<IdList> {
    let (rows, unknown) = (read_rows(reader)?, reader.list(Reader::text)?);
    Ok(IdList::restored(rows, unknown, reader.number()?, reader.number()?))
}

pub(super) fn write_outcome(writer: &mut Writer, outcome: &Outcome) {
    let (kind, numbers) = match outcome {
        Outcome::Done => (0, vec![]),
        Outcome::Patched(changed) => (1, vec![u64::from(*changed)]),
        Outcome::Events(counts) => {
            writer.byte(54);
            return events::write_counts(writer, counts);
        }
        Outcome::Erased(Erasure { fields, segments, lists, audiences, snapshots: 0, receipt: 0, events: 0 }) => {
            (2, vec![*fields, *segments, *lists, *audiences])
        }
        Outcome::Erased(Erasure { fields, segments, lists, audiences, snapshots, receipt, events }) => {
            let numbers = vec![*fields, *segments, *lists, *audiences, *receipt, *snapshots];
            if *events == 0 { (20, numbers) } else { (55, [numbers, vec![*events]].concat()) }
        }
        Outcome::Snapshots { first, count } => (21, vec![first.0, *count]),
        Outcome::Segment(id) => (3, vec![id.0]),
        Outcome::Audience(id) => (4, vec![id.0]),
        Outcome::List(id) => (5, vec![id.0]),
        Outcome::Offer(id) => (64, vec![id.0]),
        Outcome::Imported(ImportCounts { rows, data_version }) => {
            (6, vec![rows.inserted, rows.updated, rows.unchanged, rows.superseded, *data_version])
        }
        Outcome::Members(id, MemberChanges { add, unknown, remove }) => {
            let ids = |ids: &IdChanges| [ids.entries, ids.duplicates, ids.changed, ids.unchanged];
            (40, [&[id.0, *unknown][..], &ids(add), &ids(remove)].concat())
        }
        Outcome::Suppression(id) => (44, vec![id.0]),
        Outcome::Group(id) => (45, vec![id.0]),
        Outcome::Noted(Noted { entries, duplicates, noted, repeated, unknown }) => {
            (46, vec![*entries, *duplicates, *noted, *repeated, *unknown])
        }
    };
    writer.byte(kind);
    numbers.into_iter().for_each(|number| writer.number(number));
}

pub(super) fn read_outcome(reader: &mut Reader) -> Read<Outcome> {
    Ok(match reader.byte()? {
        0 => Outcome::Done,
        1 => Outcome::Patched(reader.number()? != 0),
        // The first ones had neither receipts nor snapshots, those of kind 30 no snapshots, those of 55 alone events.
        54 => Outcome::Events(events::read_counts(reader)?),
        kind @ (2 | 20 | 30 | 55) => Outcome::Erased(Erasure {
            fields: reader.number()?,
            segments: reader.number()?,
            lists: reader.number()?,
            audiences: reader.number()?,
            receipt: if kind == 2 { 0 } else { reader.number()? },
            snapshots: if kind == 20 || kind == 55 { reader.number()? } else { 0 },
            events: if kind == 55 { reader.number()? } else { 0 },
        }),
        21 => {
            let (first, count) = (reader.number()?, reader.number()?);
            first.checked_add(count).ok_or(Malformed("there is no such id"))?;
            Outcome::Snapshots { first: SnapshotId(first), count }
        }
        3 => Outcome::Segment(SegmentId(reader.number()?)),
        4 => Outcome::Audience(AudienceId(reader.number()?)),
        5 => Outcome::List(ListId(reader.number()?)),
        64 => Outcome::Offer(OfferId(reader.number()?)),
        6 => Outcome::Imported(ImportCounts {
            rows: BatchCounts {
                inserted: reader.number()?,
                updated: reader.number()?,
                unchanged: reader.number()?,
                superseded: reader.number()?,
            },
            data_version: reader.number()?,
        }),
        40 => {
            let (id, unknown) = (SegmentId(reader.number()?), reader.number()?);
            Outcome::Members(
                id,
                MemberChanges { add: read_id_changes(reader)?, unknown, remove: read_id_changes(reader)? },
            )
        }
        44 => Outcome::Suppression(SuppressionId(reader.number()?)),
        45 => Outcome::Group(GroupId(reader.number()?)),
        46 => Outcome::Noted(Noted {
            entries: reader.number()?,
            duplicates: reader.number()?,
            noted: reader.number()?,
            repeated: reader.number()?,
            unknown: reader.number()?,
        }),
        _ => return Err(Malformed("there is no such outcome")),
    })
}

fn read_id_changes(reader: &mut Reader) -> Read<IdChanges> {
    Ok(IdChanges {
        entries: reader.number()?,
        duplicates: reader.number()?,
        changed: reader.number()?,
        unchanged: reader.number()?,
    })
}
