//! Offers as bytes: their changes, and all of them in a checkpoint.

use super::VERSION;
use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::write_texts;
use super::saved::decoded;
use crate::catalog::Status;
use crate::command::OfferChange;
use crate::error::{Error, Result};
use crate::id::OfferId;
use crate::offer::{Details, Generated, Matching, Offer, Offers, Price, PriceRange};
use crate::time::Timestamp;

/// What a change of offers begins with, by kind.
pub(super) const PUT: u8 = 64;
const DELETE: u8 = 65;
const SETTINGS: u8 = 66;
pub(super) const NOTE: u8 = 67;

/// How far an offer is, by the number it is written as.
const STATUSES: [Status; 3] = [Status::Draft, Status::Active, Status::Archived];

pub(super) fn write_offer_change(writer: &mut Writer, change: &OfferChange) {
    match change {
        OfferChange::Put { id, is_new, details, now } => {
            writer.byte(PUT);
            writer.optional(*id, |writer, id| writer.number(id.0));
            writer.flag(*is_new);
            write_details(writer, details);
            writer.fixed(now.0);
        }
        OfferChange::Delete(id) => {
            writer.byte(DELETE);
            writer.number(id.0);
        }
        OfferChange::Settings(matching) => {
            writer.byte(SETTINGS);
            write_matching(writer, matching);
        }
        OfferChange::Note { id, generated } => {
            writer.byte(NOTE);
            writer.number(id.0);
            write_generated(writer, generated);
        }
    }
}

/// The change whose kind was read already.
pub(super) fn read_offer_change(kind: u8, reader: &mut Reader) -> Read<OfferChange> {
    Ok(match kind {
        PUT => OfferChange::Put {
            id: reader.optional(Reader::number)?.map(OfferId),
            is_new: reader.flag()?,
            details: read_details(reader)?,
            now: Timestamp(reader.fixed()?),
        },
        DELETE => OfferChange::Delete(OfferId(reader.number()?)),
        SETTINGS => OfferChange::Settings(read_matching(reader)?),
        _ => OfferChange::Note { id: OfferId(reader.number()?), generated: read_generated(reader)? },
    })
}

/// All offers, and how they are matched.
pub fn encode_offers(offers: &Offers) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    writer.number(offers.last_id());
    write_matching(&mut writer, offers.matching());
    writer.list(offers.iter().collect::<Vec<_>>().into_iter(), |writer, offer| {
        writer.number(offer.id.0);
        write_details(writer, &offer.details);
        writer.fixed(offer.created.0);
        writer.fixed(offer.updated.0);
        writer.optional(offer.generated.as_ref(), write_generated);
    });
    writer.0
}

/// What [`encode_offers`] wrote.
///
/// # Errors
/// `Corrupt` for other bytes.
pub fn decode_offers(bytes: &[u8]) -> Result<Offers> {
    let (last_id, matching, offers) = decoded(bytes, "the list of offers", |reader| {
        let (last_id, matching) = (reader.number()?, read_matching(reader)?);
        let offers = reader.list(|reader| {
            Ok(Offer {
                id: OfferId(reader.number()?),
                details: read_details(reader)?,
                created: Timestamp(reader.fixed()?),
                updated: Timestamp(reader.fixed()?),
                generated: reader.optional(read_generated)?,
            })
        })?;
        Ok((last_id, matching, offers))
    })?;
    // What nobody could have saved would overflow where it is weighed.
    let impossible = |error: Error| Error::Corrupt(format!("offers in the checkpoint cannot be: {error}"));
    let kept = |offer: Offer| Ok(Offer { details: offer.details.checked().map_err(impossible)?, ..offer });
    let offers = offers.into_iter().map(kept).collect::<Result<_>>()?;
    Offers::restored(offers, last_id, matching.checked().map_err(impossible)?)
}

fn write_details(writer: &mut Writer, details: &Details) {
    writer.text(&details.name);
    [&details.genres, &details.event_types, &details.artists].into_iter().for_each(|words| write_texts(writer, words));
    writer.optional(details.price, |writer, PriceRange { min, max }| {
        writer.fixed(min.0);
        writer.fixed(max.0);
    });
    for place in [&details.city, &details.country] {
        writer.optional(place.as_deref(), Writer::text);
    }
    writer.optional(details.starts_at, |writer, start| writer.fixed(start.0));
    writer.length(STATUSES.iter().position(|status| *status == details.status).unwrap_or_default());
}

fn read_details(reader: &mut Reader) -> Read<Details> {
    let words = |reader: &mut Reader| reader.list(Reader::text);
    Ok(Details {
        name: reader.text()?,
        genres: words(reader)?,
        event_types: words(reader)?,
        artists: words(reader)?,
        price: reader.optional(|reader| Ok(PriceRange { min: Price(reader.fixed()?), max: Price(reader.fixed()?) }))?,
        city: reader.optional(Reader::text)?,
        country: reader.optional(Reader::text)?,
        starts_at: reader.optional(Reader::fixed)?.map(Timestamp),
        status: *STATUSES.get(usize::from(reader.byte()?)).ok_or(Malformed("there is no such status"))?,
    })
}

fn write_generated(writer: &mut Writer, generated: &Generated) {
    let Generated { now, data_version, min_score, total } = generated;
    writer.fixed(now.0);
    [*data_version, u64::from(*min_score), *total].into_iter().for_each(|number| writer.number(number));
}

fn read_generated(reader: &mut Reader) -> Read<Generated> {
    let (now, data_version) = (Timestamp(reader.fixed()?), reader.number()?);
    Ok(Generated { now, data_version, min_score: small(reader)?, total: reader.number()? })
}

fn write_matching(writer: &mut Writer, matching: &Matching) {
    let Matching { weights, country_weight, engagement_min, price_tolerance, fields } = matching;
    weights.iter().for_each(|weight| writer.number((*weight).into()));
    writer.optional(*country_weight, |writer, weight| writer.number(weight.into()));
    writer.number((*engagement_min).into());
    writer.number((*price_tolerance).into());
    fields.iter().for_each(|name| writer.text(name));
}

fn read_matching(reader: &mut Reader) -> Read<Matching> {
    let mut matching = Matching::default();
    for weight in &mut matching.weights {
        *weight = small(reader)?;
    }
    matching.country_weight = reader.optional(small)?;
    matching.engagement_min = small(reader)?;
    matching.price_tolerance = small(reader)?;
    for name in &mut matching.fields {
        *name = reader.text()?;
    }
    Ok(matching)
}

fn small(reader: &mut Reader) -> Read<u32> {
    u32::try_from(reader.number()?).map_err(|_| Malformed("a number is too large"))
}
