//! Gates as bytes: their changes, what a definition says of them, and in a checkpoint all that are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::VERSION;
use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::write_texts;
use super::consents::{read_all_consents, read_saying, write_all_consents, write_saying};
use super::saved::{decoded, read_ids, write_ids};
use super::value::{read_rows, read_rule, write_rows, write_rule};
use crate::command::{Contacted, GateChange};
use crate::error::{Error, Result};
use crate::gate::{
    BUCKETS, Cap, Channel, ExclusionGroup, Gates, Gating, IgnoredSuppressions, Occurrences, Slice, Suppression,
    SuppressionMembers, Term,
};
use crate::id::{AudienceId, GroupId, ListId, SnapshotId, SuppressionId};
use crate::rule::{Rule, check_saved};
use crate::schema::Schema;
use crate::time::Timestamp;

pub(super) const NO_GATE: Malformed = Malformed("there is no such gate");

pub(super) fn write_change(writer: &mut Writer, kind: u8, change: &GateChange) {
    writer.byte(kind);
    match change {
        GateChange::SetControl(slice) => {
            writer.byte(1);
            writer.optional(slice.as_ref(), write_slice);
        }
        GateChange::PutSuppression { name, list, term, now } => {
            writer.byte(2);
            writer.text(name);
            writer.optional(*list, |writer, list| writer.number(list.0));
            write_term(writer, *term);
            writer.fixed(now.0);
        }
        GateChange::AddToSuppression { id, ids, at } => {
            writer.byte(3);
            writer.number(id.0);
            write_texts(writer, ids);
            writer.fixed(at.0);
        }
        GateChange::DeleteSuppression(id) => {
            writer.byte(4);
            writer.number(id.0);
        }
        GateChange::SetChannel { name, consent, purpose, caps } => {
            // What has no purpose is written as it was before there were any.
            writer.byte(if purpose.is_some() { 9 } else { 5 });
            writer.text(name);
            writer.optional(consent.as_ref(), write_rule);
            write_caps(writer, caps);
            purpose.iter().for_each(|purpose| writer.text(purpose));
        }
        GateChange::RecordContacts { channel, who, at, now } => {
            writer.byte(6);
            writer.text(channel);
            match who {
                Contacted::Ids(ids) => {
                    writer.byte(1);
                    write_texts(writer, ids);
                }
                Contacted::Snapshot(id) => {
                    writer.byte(2);
                    writer.number(id.0);
                }
            }
            writer.fixed(at.0);
            writer.fixed(now.0);
        }
        GateChange::PutGroup { id, name, audiences } => {
            writer.byte(7);
            writer.optional(*id, |writer, id| writer.number(id.0));
            writer.text(name);
            write_audiences(writer, audiences);
        }
        GateChange::DeleteGroup(id) => {
            writer.byte(8);
            writer.number(id.0);
        }
        GateChange::RecordConsents(said) => {
            writer.byte(10);
            writer.list(said.iter(), write_saying);
        }
    }
}

pub(super) fn read_change(reader: &mut Reader) -> Read<GateChange> {
    Ok(match reader.byte()? {
        1 => GateChange::SetControl(reader.optional(read_slice)?),
        2 => GateChange::PutSuppression {
            name: reader.text()?,
            list: reader.optional(Reader::number)?.map(ListId),
            term: read_term(reader)?,
            now: Timestamp(reader.fixed()?),
        },
        3 => GateChange::AddToSuppression {
            id: SuppressionId(reader.number()?),
            ids: reader.list(Reader::text)?,
            at: Timestamp(reader.fixed()?),
        },
        4 => GateChange::DeleteSuppression(SuppressionId(reader.number()?)),
        kind @ (5 | 9) => GateChange::SetChannel {
            name: reader.text()?,
            consent: reader.optional(read_rule)?,
            caps: read_caps(reader)?,
            purpose: if kind == 9 { Some(reader.text()?) } else { None },
        },
        6 => GateChange::RecordContacts {
            channel: reader.text()?,
            who: match reader.byte()? {
                1 => Contacted::Ids(reader.list(Reader::text)?),
                2 => Contacted::Snapshot(SnapshotId(reader.number()?)),
                _ => return Err(NO_GATE),
            },
            at: Timestamp(reader.fixed()?),
            now: Timestamp(reader.fixed()?),
        },
        7 => GateChange::PutGroup {
            id: reader.optional(Reader::number)?.map(GroupId),
            name: reader.text()?,
            audiences: read_audiences(reader)?,
        },
        8 => GateChange::DeleteGroup(GroupId(reader.number()?)),
        10 => GateChange::RecordConsents(reader.list(read_saying)?),
        _ => return Err(NO_GATE),
    })
}

pub(super) fn write_slice(writer: &mut Writer, slice: &Slice) {
    writer.text(&slice.salt);
    writer.number(slice.from.into());
    writer.number(slice.to.into());
}

pub(super) fn read_slice(reader: &mut Reader) -> Read<Slice> {
    let salt = reader.text()?;
    let mut end = || u32::try_from(reader.number()?).ok().filter(|end| *end <= BUCKETS).ok_or(NO_GATE);
    Ok(Slice { salt, from: end()?, to: end()? })
}

fn small(reader: &mut Reader) -> Read<u32> {
    u32::try_from(reader.number()?).map_err(|_| Malformed("a number is too long"))
}

fn write_term(writer: &mut Writer, term: Term) {
    writer.optional(term.expires, |writer, expires| writer.fixed(expires.0));
    writer.optional(term.keep_days, |writer, days| writer.number(days.into()));
}

fn read_term(reader: &mut Reader) -> Read<Term> {
    let expires = reader.optional(Reader::fixed)?.map(Timestamp);
    Ok(Term { expires, keep_days: reader.optional(small)? })
}

fn write_caps(writer: &mut Writer, caps: &[Cap]) {
    writer.list(caps.iter(), |writer, cap| {
        writer.number(cap.contacts.into());
        writer.number(cap.days.into());
    });
}

fn read_caps(reader: &mut Reader) -> Read<Vec<Cap>> {
    reader.list(|reader| Ok(Cap { contacts: small(reader)?, days: small(reader)? }))
}

fn write_audiences(writer: &mut Writer, audiences: &[AudienceId]) {
    writer.list(audiences.iter(), |writer, id| writer.number(id.0));
}

fn read_audiences(reader: &mut Reader) -> Read<Vec<AudienceId>> {
    reader.list(|reader| reader.number().map(AudienceId))
}

pub(super) fn write_gating(writer: &mut Writer, gates: &Gating) {
    writer.optional(gates.channel.as_deref(), Writer::text);
    writer.optional(gates.holdout.as_ref(), write_slice);
    writer.optional(gates.split.as_ref(), write_slice);
    writer.optional(gates.ignored.as_ref(), |writer, IgnoredSuppressions { suppressions, reason }| {
        writer.list(suppressions.iter(), |writer, id| writer.number(id.0));
        writer.text(reason);
    });
}

pub(super) fn read_gating(reader: &mut Reader) -> Read<Gating> {
    Ok(Gating {
        channel: reader.optional(Reader::text)?,
        holdout: reader.optional(read_slice)?,
        split: reader.optional(read_slice)?,
        ignored: reader.optional(|reader| {
            let suppressions = reader.list(|reader| reader.number().map(SuppressionId))?;
            Ok(IgnoredSuppressions { suppressions, reason: reader.text()? })
        })?,
    })
}

/// All gates that a tenant keeps.
pub fn encode_gates(gates: &Gates) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.optional(gates.control.as_ref(), write_slice);
    gates.last_ids().into_iter().for_each(|id| writer.number(id));
    writer.list(gates.suppressions().collect::<Vec<_>>().into_iter(), |writer, suppression| {
        writer.number(suppression.id.0);
        writer.text(&suppression.name);
        write_term(writer, suppression.term);
        write_members(writer, &suppression.members);
        writer.fixed(suppression.created.0);
    });
    writer.list(gates.channels(), |writer, (name, channel)| {
        writer.text(name);
        writer.optional(channel.consent.as_ref(), |writer, (rule, _)| write_rule(writer, rule));
        write_caps(writer, &channel.caps);
        write_occurrences(writer, &channel.contacts);
    });
    writer.list(gates.groups().collect::<Vec<_>>().into_iter(), |writer, group| {
        writer.number(group.id.0);
        writer.text(&group.name);
        write_audiences(writer, &group.audiences);
    });
    write_all_consents(&mut writer, gates);
    writer.0
}

/// What [`encode_gates`] wrote, of a tenant with this schema.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_gates(bytes: &[u8], schema: &Schema) -> Result<Gates> {
    let mut consents: Vec<(String, Rule)> = Vec::new();
    let mut gates = decoded(bytes, "the gates", |reader| {
        let mut gates = Gates::default();
        gates.control = reader.optional(read_slice)?;
        let mut last_id = || Some(reader.number()?).filter(|id| *id < u64::MAX).ok_or(NO_GATE);
        gates.continue_after([last_id()?, last_id()?]);
        reader.list(read_suppression)?.into_iter().for_each(|suppression| gates.put_suppression(suppression));
        reader.list(|reader| {
            let name = reader.text()?;
            let consent = reader.optional(read_rule)?;
            consents.extend(consent.map(|rule| (name.clone(), rule)));
            let (caps, contacts) = (read_caps(reader)?, read_occurrences(reader)?);
            *gates.channel_mut(&name) = Channel { caps, contacts, ..Channel::default() };
            Ok(())
        })?;
        reader.list(|reader| {
            let id = Some(reader.number()?).filter(|id| *id < u64::MAX).ok_or(NO_GATE)?;
            let (name, audiences) = (reader.text()?, read_audiences(reader)?);
            let put = gates.put_group(ExclusionGroup { id: GroupId(id), name, audiences });
            put.map_err(|_| Malformed("audiences go before each other in a circle"))
        })?;
        read_all_consents(reader, &mut gates)?;
        Ok(gates)
    })?;
    for (name, rule) in consents {
        let checked = check_saved(&rule, schema, &BTreeSet::new());
        let checked = checked.map_err(|problems| {
            Error::Corrupt(format!("the consent to {name} in the checkpoint: {}", Error::Invalid(problems)))
        })?;
        gates.channel_mut(&name).consent = Some((Arc::new(rule), Arc::new(checked)));
    }
    Ok(gates)
}

fn read_suppression(reader: &mut Reader) -> Read<Suppression> {
    Ok(Suppression {
        id: SuppressionId(Some(reader.number()?).filter(|id| *id < u64::MAX).ok_or(NO_GATE)?),
        name: reader.text()?,
        term: read_term(reader)?,
        members: read_members(reader)?,
        created: Timestamp(reader.fixed()?),
    })
}

fn write_members(writer: &mut Writer, members: &SuppressionMembers) {
    match members {
        SuppressionMembers::List(id) => {
            writer.byte(1);
            writer.number(id.0);
        }
        SuppressionMembers::Ids(ids) => {
            writer.byte(2);
            write_ids(writer, ids);
        }
        SuppressionMembers::Timed(all, waiting) => {
            writer.byte(3);
            write_occurrences(writer, all);
            writer.list(waiting.iter(), |writer, (id, seconds)| {
                writer.text(id);
                writer.list(seconds.iter(), |writer, second| writer.fixed(*second));
            });
        }
    }
}

fn read_members(reader: &mut Reader) -> Read<SuppressionMembers> {
    Ok(match reader.byte()? {
        1 => SuppressionMembers::List(ListId(reader.number()?)),
        2 => SuppressionMembers::Ids(read_ids(reader)?),
        3 => {
            let all = read_occurrences(reader)?;
            let waiting = reader.list(|reader| {
                let id = reader.text()?.into_boxed_str();
                Ok((id, reader.list(Reader::fixed)?.into_iter().collect()))
            })?;
            SuppressionMembers::Timed(all, Arc::new(waiting.into_iter().collect()))
        }
        _ => return Err(NO_GATE),
    })
}

pub(super) fn write_occurrences(writer: &mut Writer, occurrences: &Occurrences) {
    writer.list(occurrences.sets(), |writer, (second, rows)| {
        writer.fixed(second);
        write_rows(writer, rows);
    });
    writer.list(occurrences.single().collect::<Vec<_>>().into_iter(), |writer, (second, row)| {
        writer.fixed(second);
        writer.number(row.into());
    });
}

pub(super) fn read_occurrences(reader: &mut Reader) -> Read<Occurrences> {
    let sets: BTreeMap<i64, _> = reader.list(|reader| Ok((reader.fixed()?, read_rows(reader)?)))?.into_iter().collect();
    let single = reader.list(|reader| Ok((reader.fixed()?, small(reader)?)))?;
    Ok(Occurrences::restored(sets, single))
}
