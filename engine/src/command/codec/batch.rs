//! Batches of profiles as bytes: column by column, nothing but the values.
//!
//! Arrow's own format spends kilobytes on every message, whatever it holds; most batches in a log hold one profile.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, ListArray, StringArray,
    TypedDictionaryArray,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::Field;

use super::bytes::{Malformed, Read, Reader, Writer};
use crate::id::FieldId;
use crate::table::{Batch, BatchColumn, ImportMode};

/// A dictionary of texts, as a batch brings it.
type TypedWords<'a> = TypedDictionaryArray<'a, Int32Type, StringArray>;

/// Bytes of most codes.
const CODE_BYTES: usize = 2;

const BOOL: u8 = 0;
const INT: u8 = 1;
const FLOAT: u8 = 2;
const TEXT: u8 = 3;
const TEXTS: u8 = 4;
const INTS: u8 = 5;
/// Texts as codes of words that come first.
const WORDS: u8 = 6;
/// Sets of such.
const WORD_SETS: u8 = 7;

pub(super) fn write_mode(writer: &mut Writer, mode: ImportMode) {
    writer.byte(match mode {
        ImportMode::Replace => 0,
        ImportMode::Merge => 1,
    });
}

pub(super) fn read_mode(reader: &mut Reader) -> Read<ImportMode> {
    match reader.byte()? {
        0 => Ok(ImportMode::Replace),
        1 => Ok(ImportMode::Merge),
        _ => Err(Malformed("there is no such import mode")),
    }
}

pub(super) fn write_batch(writer: &mut Writer, batch: &Batch) {
    writer.length(batch.row_count());
    write_texts(writer, &batch.ids);
    writer.optional(batch.number_ids.as_ref(), write_bits);
    writer.list(batch.columns.iter(), |writer, column| {
        writer.number(column.field.0.into());
        writer.optional(column.named.as_ref(), write_bits);
        write_array(writer, &column.values);
    });
}

pub(super) fn read_batch(reader: &mut Reader) -> Read<Batch> {
    let rows = reader.length()?;
    let ids = read_texts(reader, rows, None)?;
    let number_ids = reader.optional(|reader| read_bits(reader, rows))?;
    let columns = reader.list(|reader| {
        let field = FieldId(u16::try_from(reader.number()?).map_err(|_| Malformed("there is no such field"))?);
        let named = reader.optional(|reader| read_bits(reader, rows))?;
        Ok(BatchColumn { field, values: read_array(reader, rows)?, named })
    })?;
    Ok(Batch { ids, number_ids, columns })
}

/// An array of one of the canonical types: others were refused before.
///
/// # Panics
/// When it is of another type.
pub(super) fn write_array(writer: &mut Writer, array: &ArrayRef) {
    let nulls = array.nulls().map(NullBuffer::inner);
    if let Some(values) = array.as_boolean_opt() {
        writer.byte(BOOL);
        writer.optional(nulls, write_bits);
        write_bits(writer, values.values());
    } else if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        writer.byte(INT);
        writer.optional(nulls, write_bits);
        values.values().iter().for_each(|value| writer.fixed(*value));
    } else if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        writer.byte(FLOAT);
        writer.optional(nulls, write_bits);
        values.values().iter().for_each(|value| writer.fixed(value.to_bits().cast_signed()));
    } else if let Some(words) = shared_words(array) {
        writer.byte(WORDS);
        writer.optional(nulls, write_bits);
        write_words(writer, &words, 0..words.len());
    } else if let Some(texts) = texts_of(array) {
        writer.byte(TEXT);
        writer.optional(nulls, write_bits);
        write_texts(writer, &texts);
    } else if let Some(lists) = array.as_list_opt::<i32>() {
        write_lists(writer, lists, nulls);
    } else {
        // What would be left out here would be missed by whoever reads the log.
        unreachable!("a batch has no columns of {}", array.data_type())
    }
}

pub(super) fn read_array(reader: &mut Reader, rows: usize) -> Read<ArrayRef> {
    let kind = reader.byte()?;
    let nulls = reader.optional(|reader| read_bits(reader, rows))?.map(NullBuffer::new);
    Ok(match kind {
        BOOL => Arc::new(BooleanArray::new(read_bits(reader, rows)?, nulls)),
        INT => Arc::new(Int64Array::new(read_words(reader, rows)?.into(), nulls)),
        FLOAT => {
            let words = read_words(reader, rows)?;
            let floats = words.iter().map(|word| f64::from_bits(word.cast_unsigned()));
            Arc::new(Float64Array::new(floats.collect(), nulls))
        }
        TEXT => Arc::new(read_texts(reader, rows, nulls)?),
        WORDS => Arc::new(read_coded(reader, rows, nulls)?),
        TEXTS | INTS | WORD_SETS => read_lists(reader, kind, rows, nulls)?,
        _ => return Err(Malformed("there is no such array")),
    })
}

/// Codes of a dictionary, which is how files of columns bring texts, where these take more when each is written out.
fn shared_words(array: &ArrayRef) -> Option<TypedWords<'_>> {
    let words = array.as_dictionary_opt::<Int32Type>()?.downcast_dict::<StringArray>()?;
    let length = |code: i32| words.values().value_length(code as usize) as usize;
    let written_out: usize = words.keys().iter().flatten().map(length).sum();
    (written_out > words.values().value_data().len() + CODE_BYTES * words.len()).then_some(words)
}

/// The words, then of each place the code of its own; a null has any.
fn write_words(writer: &mut Writer, words: &TypedWords<'_>, places: impl Iterator<Item = usize>) {
    writer.length(words.values().len());
    write_texts(writer, words.values());
    places.for_each(|at| writer.number(if words.is_valid(at) { words.keys().value(at) as u64 } else { 0 }));
}

fn read_coded(reader: &mut Reader, places: usize, nulls: Option<NullBuffer>) -> Read<DictionaryArray<Int32Type>> {
    let count = reader.length()?;
    let words = read_texts(reader, count, None)?;
    let mut codes = Vec::new();
    for _ in 0..places {
        codes.push(i32::try_from(reader.number()?).map_err(|_| Malformed("there is no such word"))?);
    }
    let codes = Int32Array::new(codes.into(), nulls);
    DictionaryArray::try_new(codes, Arc::new(words)).map_err(|_| Malformed("there is no such word"))
}

/// Texts as they are, or written out where they are codes.
fn texts_of(array: &ArrayRef) -> Option<StringArray> {
    if let Some(words) = array.as_dictionary_opt::<Int32Type>() {
        return Some(words.downcast_dict::<StringArray>()?.into_iter().collect());
    }
    array.as_string_opt::<i32>().cloned()
}

/// Members of sets without those that are null: they mean nothing.
fn write_lists(writer: &mut Writer, lists: &ListArray, nulls: Option<&BooleanBuffer>) {
    let members = lists.values();
    let words = shared_words(members);
    let texts = if words.is_none() { texts_of(members) } else { None };
    writer.byte(match (&words, &texts) {
        (Some(_), _) => WORD_SETS,
        (None, Some(_)) => TEXTS,
        (None, None) => INTS,
    });
    writer.optional(nulls, write_bits);
    let places = |row: usize| {
        let range = lists.value_offsets()[row] as usize..lists.value_offsets()[row + 1] as usize;
        let is_valid = lists.is_valid(row);
        range.filter(move |at| is_valid && members.is_valid(*at))
    };
    (0..lists.len()).for_each(|row| writer.length(places(row).count()));
    let all = (0..lists.len()).flat_map(places);
    if let Some(words) = words {
        write_words(writer, &words, all);
    } else if let Some(texts) = texts {
        write_texts(writer, &StringArray::from_iter_values(all.map(|at| texts.value(at))));
    } else if let Some(ints) = members.as_primitive_opt::<Int64Type>() {
        all.for_each(|at| writer.fixed(ints.value(at)));
    }
}

fn read_lists(reader: &mut Reader, kind: u8, rows: usize, nulls: Option<NullBuffer>) -> Read<ArrayRef> {
    let offsets = read_offsets(reader, rows)?;
    let members = offsets.last() as usize;
    let values: ArrayRef = match kind {
        TEXTS => Arc::new(read_texts(reader, members, None)?),
        WORD_SETS => Arc::new(read_coded(reader, members, None)?),
        _ => Arc::new(Int64Array::new(read_words(reader, members)?.into(), None)),
    };
    let field = Field::new_list_field(values.data_type().clone(), true);
    let lists = ListArray::try_new(field.into(), offsets, values, nulls);
    Ok(Arc::new(lists.map_err(|_| Malformed("sets do not fit their members"))?))
}

/// Lengths, then all bytes; a null is as long as an empty text.
pub(super) fn write_texts(writer: &mut Writer, texts: &StringArray) {
    let text = |row: usize| if texts.is_valid(row) { texts.value(row) } else { "" };
    (0..texts.len()).for_each(|row| writer.length(text(row).len()));
    (0..texts.len()).for_each(|row| writer.0.extend_from_slice(text(row).as_bytes()));
}

pub(super) fn read_texts(reader: &mut Reader, rows: usize, nulls: Option<NullBuffer>) -> Read<StringArray> {
    let offsets = read_offsets(reader, rows)?;
    let bytes = reader.take(offsets.last() as usize)?;
    StringArray::try_new(offsets, Buffer::from(bytes), nulls).map_err(|_| Malformed("a text is not UTF-8"))
}

fn read_offsets(reader: &mut Reader, rows: usize) -> Read<OffsetBuffer<i32>> {
    let mut end = 0i32;
    let mut offsets = vec![end];
    for _ in 0..rows {
        let length = i32::try_from(reader.length()?).ok();
        end = length.and_then(|length| end.checked_add(length)).ok_or(Malformed("a batch is too large"))?;
        offsets.push(end);
    }
    Ok(OffsetBuffer::new(ScalarBuffer::from(offsets)))
}

pub(super) fn read_words(reader: &mut Reader, rows: usize) -> Read<Vec<i64>> {
    let bytes = reader.take(rows.checked_mul(8).ok_or(Malformed("a batch is too large"))?)?;
    Ok(bytes.as_chunks().0.iter().map(|word| i64::from_le_bytes(*word)).collect())
}

pub(super) fn write_bits(writer: &mut Writer, bits: &BooleanBuffer) {
    let start = writer.0.len();
    writer.0.resize(start + bits.len().div_ceil(8), 0);
    bits.set_indices().for_each(|at| writer.0[start + at / 8] |= 1 << (at % 8));
}

pub(super) fn read_bits(reader: &mut Reader, rows: usize) -> Read<BooleanBuffer> {
    Ok(BooleanBuffer::new(Buffer::from(reader.take(rows.div_ceil(8))?), 0, rows))
}
