//! Events and their schema as bytes.

use arrow_array::Int64Array;

use super::VERSION;
use super::batch::{read_array, read_bits, read_texts, read_words, write_array, write_bits, write_texts};
use super::bytes::{Malformed, Read, Reader, Writer};
use super::saved::decoded;
use super::value::{read_fields, read_type, write_fields, write_type};
use crate::command::DeclareEvents;
use crate::error::{Error, Result};
use crate::event::{EventBatch, EventCounts, EventRefusal, EventSchema, EventTerms, PropertyValues};
use crate::schema::FieldType;
use crate::time::Timestamp;

/// The payload of a batch of an import of events.
pub(crate) fn encode_event_batch(batch: &EventBatch) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    write_event_batch(&mut writer, batch);
    writer.0
}

pub(super) fn write_add_events(writer: &mut Writer, tag: u8, batch: &EventBatch, terms: EventTerms) {
    writer.byte(tag);
    write_terms(writer, terms);
    write_event_batch(writer, batch);
}

pub(super) fn read_add_events(reader: &mut Reader) -> Read<(EventBatch, EventTerms)> {
    let terms = read_terms(reader)?;
    Ok((read_event_batch(reader)?, terms))
}

pub(super) fn write_terms(writer: &mut Writer, terms: EventTerms) {
    writer.flag(terms.creates_profiles);
    writer.fixed(terms.now.0);
}

pub(super) fn read_terms(reader: &mut Reader) -> Read<EventTerms> {
    Ok(EventTerms { creates_profiles: reader.flag()?, now: Timestamp(reader.fixed()?) })
}

fn write_event_batch(writer: &mut Writer, batch: &EventBatch) {
    writer.length(batch.len());
    write_texts(writer, &batch.ids);
    write_texts(writer, &batch.profiles);
    writer.optional(batch.number_profiles.as_ref(), write_bits);
    write_texts(writer, &batch.types);
    batch.times.values().iter().for_each(|time| writer.fixed(*time));
    writer.list(batch.properties.iter(), |writer, property| {
        writer.text(&property.name);
        write_type(writer, property.kind);
        write_array(writer, &property.values);
    });
}

pub(super) fn read_event_batch(reader: &mut Reader) -> Read<EventBatch> {
    let len = reader.length()?;
    Ok(EventBatch {
        ids: read_texts(reader, len, None)?,
        profiles: read_texts(reader, len, None)?,
        number_profiles: reader.optional(|reader| read_bits(reader, len))?,
        types: read_texts(reader, len, None)?,
        times: Int64Array::new(read_words(reader, len)?.into(), None),
        properties: reader.list(|reader| {
            Ok(PropertyValues { name: reader.text()?, kind: read_type(reader)?, values: read_array(reader, len)? })
        })?,
    })
}

pub(super) fn write_declaration(writer: &mut Writer, tag: u8, declared: &DeclareEvents) {
    writer.byte(tag);
    writer.list(declared.types.iter(), |writer, (name, days)| {
        writer.text(name);
        writer.optional(*days, write_days);
    });
    write_fields(writer, &declared.properties);
}

pub(super) fn read_declaration(reader: &mut Reader) -> Read<DeclareEvents> {
    Ok(DeclareEvents {
        types: reader.list(|reader| Ok((reader.text()?, reader.optional(read_days)?)))?,
        properties: read_fields(reader)?,
    })
}

fn write_days(writer: &mut Writer, days: Option<u32>) {
    writer.optional(days, |writer, days| writer.number(days.into()));
}

fn read_days(reader: &mut Reader) -> Read<Option<u32>> {
    reader.optional(|reader| u32::try_from(reader.number()?).map_err(|_| Malformed("nobody keeps events so long")))
}

/// What became of events, as it is remembered under a key.
pub(super) fn write_counts(writer: &mut Writer, counts: &EventCounts) {
    let EventCounts { accepted, duplicates, refused_total, profiles_created, data_version, .. } = *counts;
    let numbers = [accepted, duplicates, refused_total, profiles_created, data_version];
    numbers.into_iter().for_each(|number| writer.number(number));
    writer.list(counts.refused.iter(), |writer, (place, refusal)| {
        writer.number(*place);
        writer.byte(match refusal {
            EventRefusal::UnknownProfile => 0,
            EventRefusal::TooOld => 1,
            EventRefusal::BadType => 2,
        });
    });
}

pub(super) fn read_counts(reader: &mut Reader) -> Read<EventCounts> {
    let mut number = || reader.number();
    let (accepted, duplicates, refused_total) = (number()?, number()?, number()?);
    let (profiles_created, data_version) = (number()?, number()?);
    let refused = reader.list(|reader| {
        let place = reader.number()?;
        let refusal = match reader.byte()? {
            0 => EventRefusal::UnknownProfile,
            1 => EventRefusal::TooOld,
            2 => EventRefusal::BadType,
            _ => return Err(Malformed("events are not refused so")),
        };
        Ok((place, refusal))
    })?;
    Ok(EventCounts { accepted, duplicates, refused, refused_total, profiles_created, data_version })
}

/// The schema of events as bytes of a checkpoint.
pub fn encode_event_schema(schema: &EventSchema) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.list(schema.types().iter(), |writer, kind| {
        writer.text(&kind.name);
        write_days(writer, kind.retention_days);
    });
    let properties = schema.properties().iter().skip(1);
    let properties: Vec<(String, FieldType)> = properties.map(|known| (known.name.to_string(), known.kind)).collect();
    write_fields(&mut writer, &properties);
    writer.0
}

/// What [`encode_event_schema`] wrote.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_event_schema(bytes: &[u8]) -> Result<EventSchema> {
    let (types, properties) = decoded(bytes, "the schema of events", |reader| {
        Ok((reader.list(|reader| Ok((reader.text()?, Some(read_days(reader)?))))?, read_fields(reader)?))
    })?;
    let mut schema = EventSchema::default();
    let declared = schema.declare(&types, &properties);
    let is_whole = schema.types().len() == types.len() && schema.properties().len() == 1 + properties.len();
    match declared {
        Ok(()) if is_whole => Ok(schema),
        _ => Err(Error::Corrupt("the schema of events in the checkpoint cannot be one".into())),
    }
}
