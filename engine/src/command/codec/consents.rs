//! What people said about being contacted, as bytes: in a change, and in a checkpoint behind all other gates, where it
//! stands only if there is something to say. Checkpoints from before there was are read as ever.

use std::sync::Arc;

use super::bytes::{Read, Reader, Writer};
use super::change::write_texts;
use super::gates::{NO_GATE, read_occurrences, write_occurrences};
use crate::command::Saying;
use crate::gate::{Channel, ConsentRecord, ConsentState, Gates};
use crate::time::Timestamp;

pub(super) fn write_saying(writer: &mut Writer, saying: &Saying) {
    let Saying { channel, purpose, state, source, at, ids } = saying;
    [channel, purpose, source].into_iter().for_each(|text| writer.text(text));
    write_state(writer, *state);
    writer.fixed(at.0);
    write_texts(writer, ids);
}

pub(super) fn read_saying(reader: &mut Reader) -> Read<Saying> {
    Ok(Saying {
        channel: reader.text()?,
        purpose: reader.text()?,
        source: reader.text()?,
        state: read_state(reader)?,
        at: Timestamp(reader.fixed()?),
        ids: reader.list(Reader::text)?,
    })
}

fn write_state(writer: &mut Writer, state: ConsentState) {
    writer.flag(state == ConsentState::Granted);
}

fn read_state(reader: &mut Reader) -> Read<ConsentState> {
    Ok(if reader.flag()? { ConsentState::Granted } else { ConsentState::Withdrawn })
}

/// The purposes and consents of all channels.
pub(super) fn write_all_consents(writer: &mut Writer, gates: &Gates) {
    let has_some = |(_, channel): &(&str, &Channel)| channel.purpose.is_some() || !channel.consents.is_empty();
    let channels: Vec<_> = gates.channels().filter(has_some).collect();
    if channels.is_empty() {
        return;
    }
    writer.list(channels.into_iter(), |writer, (name, channel)| {
        writer.text(name);
        writer.optional(channel.purpose.as_deref(), Writer::text);
        writer.list(channel.consents.iter(), |writer, (purpose, record)| {
            writer.text(purpose);
            writer.list(record.all(), |writer, (source, state, said)| {
                writer.text(source);
                write_state(writer, state);
                write_occurrences(writer, said);
            });
        });
    });
}

/// What [`write_all_consents`] wrote, into channels that are there.
pub(super) fn read_all_consents(reader: &mut Reader, gates: &mut Gates) -> Read<()> {
    if reader.is_at_end() {
        return Ok(());
    }
    reader.list(|reader| {
        let (name, purpose) = (reader.text()?, reader.optional(Reader::text)?);
        let consents = reader.list(|reader| {
            let purpose = reader.text()?;
            let said = reader.list(|reader| {
                let source: Arc<str> = reader.text()?.into();
                Ok(((source, read_state(reader)?), read_occurrences(reader)?))
            })?;
            Ok((purpose, ConsentRecord::restored(said)))
        })?;
        gates.channel(&name).ok_or(NO_GATE)?;
        let channel = gates.channel_mut(&name);
        (channel.purpose, channel.consents) = (purpose, consents.into_iter().collect());
        Ok(())
    })?;
    Ok(())
}
