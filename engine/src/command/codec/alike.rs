//! Models of look-alike segments as bytes.

use super::bytes::{Malformed, Read, Reader, Writer};
use super::change::write_texts;
use super::value::{read_rule, write_rule};
use crate::id::SegmentId;
use crate::rule::Rule;
use crate::segment::{Aim, Model, Term, Trained};
use crate::time::Timestamp;

/// What stands before a model where a segment says what it holds.
pub(super) const LOOKALIKE: u8 = 10;

/// Millionths of a whole.
const WHOLE: u64 = 1_000_000;

pub(super) fn write_model(writer: &mut Writer, model: &Model) {
    let Model { source, include_source, aim, fields, terms, least, most, at_least, cut, trained } = model;
    writer.number(source.0);
    writer.flag(*include_source);
    let (kind, number) = match aim {
        Aim::Size(size) => (1, *size),
        Aim::Share(share) => (2, u64::from(*share)),
        Aim::Similarity(similarity) => (3, u64::from(*similarity)),
    };
    writer.byte(kind);
    writer.number(number);
    writer.optional(fields.as_deref(), write_texts);
    writer.list(terms.iter(), |writer, term| {
        write_rule(writer, &Rule::Test(term.test.clone()));
        writer.fixed(term.weight.into());
        writer.number(term.source);
        writer.number(term.others);
    });
    [*least, *most, *at_least, i64::from(*cut), trained.at.0].into_iter().for_each(|number| writer.fixed(number));
    let Trained { at: _, data_version, source_version, source, population, size } = *trained;
    [data_version, source_version, source, population, size].into_iter().for_each(|number| writer.number(number));
}

pub(super) fn read_model(reader: &mut Reader) -> Read<Model> {
    let (source, include_source) = (SegmentId(reader.number()?), reader.flag()?);
    let (kind, number) = (reader.byte()?, reader.number()?);
    // At most a million.
    let share = |number: u64| if number <= WHOLE { Ok(number as u32) } else { Err(NO_MODEL) };
    let aim = match kind {
        1 => Aim::Size(number),
        2 => Aim::Share(share(number)?),
        3 => Aim::Similarity(share(number)?),
        _ => return Err(NO_MODEL),
    };
    let fields = reader.optional(|reader| reader.list(Reader::text))?;
    let terms = reader.list(|reader| {
        let Rule::Test(test) = read_rule(reader)? else { return Err(NO_MODEL) };
        let weight = i32::try_from(reader.fixed()?).map_err(|_| NO_MODEL)?;
        Ok(Term { test, weight, source: reader.number()?, others: reader.number()? })
    })?;
    let reach = terms.iter().try_fold(0u32, |sum, term| sum.checked_add(term.weight.unsigned_abs()));
    let reach = i64::from(reach.filter(|reach| *reach <= i32::MAX.unsigned_abs()).ok_or(NO_MODEL)?);
    let (least, most, at_least) = (reader.fixed()?, reader.fixed()?, reader.fixed()?);
    let is_within = |score: &i64| (-reach - 1..=reach + 1).contains(score);
    if ![least, most, at_least].iter().all(is_within) {
        return Err(NO_MODEL);
    }
    let cut = u32::try_from(reader.fixed()?).map_err(|_| NO_MODEL)?;
    let at = Timestamp(reader.fixed()?);
    let trained = Trained {
        at,
        data_version: reader.number()?,
        source_version: reader.number()?,
        source: reader.number()?,
        population: reader.number()?,
        size: reader.number()?,
    };
    Ok(Model { source, include_source, aim, fields, terms, least, most, at_least, cut, trained })
}

const NO_MODEL: Malformed = Malformed("there is no such model");
