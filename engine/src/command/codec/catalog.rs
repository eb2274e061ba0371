//! What is saved version by version: its changes, and in a checkpoint the versions that are kept.
//!
//! The current state of segments and audiences lies with all else that is saved (`saved`); here is what came later: the
//! other attributes, who changed it, and earlier versions, the newest first, each naming only what differs from the one
//! after it.

use std::sync::Arc;

use super::alike::{LOOKALIKE, read_model, write_model};
use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::{read_content, read_definition, write_content, write_definition, write_texts};
use super::saved::{decoded, read_ids, write_ids};
use super::value::{read_rule, write_rule};
use super::{Saved, VERSION};
use crate::audience::Definition;
use crate::catalog::{AttributeChanges, Attributes, Earlier, Status, Version};
use crate::command::{ChangeMembers, Restore, SaveAudience, SaveSegment, Saving, Stamp};
use crate::error::Result;
use crate::id::{AudienceId, SegmentId};
use crate::segment::SegmentKept;
use crate::time::Timestamp;

pub(super) fn write_save_segment(writer: &mut Writer, tag: u8, save: &SaveSegment) {
    writer.byte(tag);
    writer.optional(save.id, |writer, id| writer.number(id.0));
    write_changes(writer, &save.attributes);
    write_content(writer, &save.content);
    write_stamp(writer, &save.stamp);
}

pub(super) fn read_save_segment(reader: &mut Reader) -> Read<SaveSegment> {
    Ok(SaveSegment {
        id: reader.optional(Reader::number)?.map(SegmentId),
        attributes: read_changes(reader)?,
        content: read_content(reader)?,
        stamp: read_stamp(reader)?,
    })
}

pub(super) fn write_save_audience(writer: &mut Writer, tag: u8, save: &SaveAudience) {
    writer.byte(tag);
    writer.optional(save.id, |writer, id| writer.number(id.0));
    write_changes(writer, &save.attributes);
    writer.optional(save.definition.as_ref(), write_definition);
    write_stamp(writer, &save.stamp);
}

pub(super) fn read_save_audience(reader: &mut Reader) -> Read<SaveAudience> {
    Ok(SaveAudience {
        id: reader.optional(Reader::number)?.map(AudienceId),
        attributes: read_changes(reader)?,
        definition: reader.optional(read_definition)?,
        stamp: read_stamp(reader)?,
    })
}

pub(super) fn write_members(writer: &mut Writer, tag: u8, change: &ChangeMembers) {
    writer.byte(tag);
    writer.number(change.id.0);
    write_texts(writer, &change.add);
    write_texts(writer, &change.remove);
    write_stamp(writer, &change.stamp);
}

pub(super) fn read_members(reader: &mut Reader) -> Read<ChangeMembers> {
    Ok(ChangeMembers {
        id: SegmentId(reader.number()?),
        add: reader.list(Reader::text)?,
        remove: reader.list(Reader::text)?,
        stamp: read_stamp(reader)?,
    })
}

pub(super) fn write_restore(writer: &mut Writer, tag: u8, restore: &Restore) {
    writer.byte(tag);
    let (is_audience, id) = match restore.what {
        Saving::Segment(id) => (false, id.0),
        Saving::Audience(id) => (true, id.0),
    };
    writer.flag(is_audience);
    writer.number(id);
    writer.number(restore.version);
    write_stamp(writer, &restore.stamp);
}

pub(super) fn read_restore(reader: &mut Reader) -> Read<Restore> {
    let (is_audience, id) = (reader.flag()?, reader.number()?);
    let what = if is_audience { Saving::Audience(AudienceId(id)) } else { Saving::Segment(SegmentId(id)) };
    Ok(Restore { what, version: reader.number()?, stamp: read_stamp(reader)? })
}

fn write_stamp(writer: &mut Writer, stamp: &Stamp) {
    writer.text(&stamp.by);
    writer.fixed(stamp.now.0);
}

fn read_stamp(reader: &mut Reader) -> Read<Stamp> {
    Ok(Stamp { by: reader.text()?, now: Timestamp(reader.fixed()?) })
}

fn write_changes(writer: &mut Writer, changes: &AttributeChanges) {
    let AttributeChanges { name, description, tags, status, owner, campaign } = changes;
    writer.optional(name.as_deref(), Writer::text);
    writer.optional(description.as_deref(), Writer::text);
    writer.optional(tags.as_deref(), write_texts);
    writer.optional(*status, write_status);
    writer.optional(owner.as_deref(), Writer::text);
    writer.optional(*campaign, |writer, campaign| writer.optional(campaign, Writer::number));
}

fn read_changes(reader: &mut Reader) -> Read<AttributeChanges> {
    Ok(AttributeChanges {
        name: reader.optional(Reader::text)?,
        description: reader.optional(Reader::text)?,
        tags: reader.optional(|reader| reader.list(Reader::text))?,
        status: reader.optional(read_status)?,
        owner: reader.optional(Reader::text)?,
        campaign: reader.optional(|reader| reader.optional(Reader::number))?,
    })
}

fn write_status(writer: &mut Writer, status: Status) {
    writer.byte(match status {
        Status::Draft => 0,
        Status::Active => 1,
        Status::Archived => 2,
    });
}

fn read_status(reader: &mut Reader) -> Read<Status> {
    Ok(match reader.byte()? {
        0 => Status::Draft,
        1 => Status::Active,
        2 => Status::Archived,
        _ => return Err(Malformed("there is no such status")),
    })
}

fn write_attributes(writer: &mut Writer, attributes: &Attributes) {
    let Attributes { name, description, tags, status, owner, campaign } = attributes;
    writer.text(name);
    writer.text(description);
    write_texts(writer, tags);
    write_status(writer, *status);
    writer.text(owner);
    writer.optional(*campaign, Writer::number);
}

fn read_attributes(reader: &mut Reader) -> Read<Attributes> {
    Ok(Attributes {
        name: reader.text()?,
        description: reader.text()?,
        tags: reader.list(Reader::text)?,
        status: read_status(reader)?,
        owner: reader.text()?,
        campaign: reader.optional(Reader::number)?,
    })
}

/// What segments and audiences have beside what [`super::encode_saved`] writes of them, as bytes.
pub fn encode_versions(saved: &Saved) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.list(saved.segments.iter().collect::<Vec<_>>().into_iter(), |writer, segment| {
        writer.number(segment.id.0);
        let current = segment.as_version();
        write_versions(writer, &current, &segment.earlier, SegmentKept::is_shared_with, |writer, kept| match kept {
            SegmentKept::Rule(rule) => {
                writer.byte(1);
                write_rule(writer, rule);
            }
            SegmentKept::Ids(ids) => {
                writer.byte(2);
                write_ids(writer, ids);
            }
            SegmentKept::Lookalike(model) => {
                writer.byte(LOOKALIKE);
                write_model(writer, model);
            }
        });
    });
    writer.list(saved.audiences.iter().collect::<Vec<_>>().into_iter(), |writer, audience| {
        writer.number(audience.id.0);
        write_versions(writer, &audience.as_version(), &audience.earlier, Arc::ptr_eq, |writer, definition| {
            writer.byte(1);
            write_definition(writer, definition);
        });
    });
    writer.0
}

/// Puts what [`encode_versions`] wrote to what is saved.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_versions(bytes: &[u8], saved: &mut Saved) -> Result<()> {
    decoded(bytes, "the versions", |reader| {
        reader.list(|reader| {
            let id = SegmentId(reader.number()?);
            let current = saved.segments.get(id).map_err(|_| STRAY)?.as_version();
            let (version, earlier) = read_versions(reader, current, |reader, kind| match kind {
                1 => read_rule(reader).map(|rule| SegmentKept::Rule(Arc::new(rule))),
                2 => read_ids(reader).map(SegmentKept::Ids),
                LOOKALIKE => read_model(reader).map(|model| SegmentKept::Lookalike(Arc::new(model))),
                _ => Err(NOTHING),
            })?;
            let changed = saved.segments.change(id, |segment| {
                let Attributes { tags, status, owner, .. } = version.attributes;
                (segment.tags, segment.status, segment.owner) = (tags, status, owner);
                (segment.by, segment.version, segment.earlier) = (version.by, version.number, earlier);
            });
            changed.map_err(|_| STRAY)
        })?;
        reader.list(|reader| {
            let id = AudienceId(reader.number()?);
            let current = saved.audiences.get(id).map_err(|_| STRAY)?.as_version();
            let (version, earlier) = read_versions(reader, current, |reader, kind| match kind {
                1 => read_definition(reader).map(Arc::<Definition>::new),
                _ => Err(NOTHING),
            })?;
            let changed = saved.audiences.change(id, |audience| {
                let Attributes { tags, status, owner, campaign, .. } = version.attributes;
                (audience.tags, audience.status, audience.owner) = (tags, status, owner);
                (audience.by, audience.version, audience.earlier) = (version.by, version.number, earlier);
                audience.campaign = campaign;
            });
            changed.map_err(|_| STRAY)
        })?;
        Ok(())
    })
}

const STRAY: Malformed = Malformed("it has versions of something that is not there");
const NOTHING: Malformed = Malformed("a version holds no such thing");

/// The current version but for what it holds, and the earlier ones, the newest first: 0 stands for what the version
/// after it holds.
fn write_versions<C: Clone>(
    writer: &mut Writer,
    current: &Version<C>,
    earlier: &Earlier<C>,
    is_shared: impl Fn(&C, &C) -> bool,
    write: impl Fn(&mut Writer, &C),
) {
    write_head(writer, current);
    let mut after = &current.content;
    writer.list(earlier.iter().rev(), |writer, version| {
        write_head(writer, version);
        if is_shared(after, &version.content) {
            writer.byte(0)
        } else {
            write(writer, &version.content)
        }
        after = &version.content;
    });
}

fn read_versions<C: Clone>(
    reader: &mut Reader,
    current: Version<C>,
    read: impl Fn(&mut Reader, u8) -> Read<C>,
) -> Read<(Version<C>, Earlier<C>)> {
    let current = read_head(reader, current.content)?;
    let (mut after, mut number) = (current.content.clone(), current.number);
    let mut earlier = reader.list(|reader| {
        let mut version = read_head(reader, after.clone())?;
        match reader.byte()? {
            0 => {}
            kind => version.content = read(reader, kind)?,
        }
        if version.number >= number {
            return Err(Malformed("versions are out of order"));
        }
        (after, number) = (version.content.clone(), version.number);
        Ok(version)
    })?;
    earlier.reverse();
    Ok((current, Earlier::restored(earlier)))
}

fn write_head<C>(writer: &mut Writer, version: &Version<C>) {
    writer.number(version.number);
    writer.fixed(version.saved.0);
    writer.text(&version.by);
    write_attributes(writer, &version.attributes);
}

fn read_head<C>(reader: &mut Reader, content: C) -> Read<Version<C>> {
    let number = Some(reader.number()?).filter(|number| *number < u64::MAX);
    Ok(Version {
        number: number.ok_or(Malformed("there is no such version"))?,
        saved: Timestamp(reader.fixed()?),
        by: reader.text()?,
        attributes: read_attributes(reader)?,
        content,
    })
}
