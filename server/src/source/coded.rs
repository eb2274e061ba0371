//! Columns of which many rows name the same value: dictionaries, and views of texts.
//!
//! A small file can name one long text from millions of rows. Each value is converted once and none is written out for
//! every row, so what a batch takes is bounded by what the file holds.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, Int32Array, StringArray, StringViewArray};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int32Type};
use arrow::error::ArrowError;
use muster_engine::limits::VALUE_BYTES_MAX;
use muster_engine::schema::FieldType;

use super::cell;
use super::column::scalar;
use super::convert::{self, Converted, ints_of, keywords_of};

/// Bytes of a view beside the text it shows.
const VIEW_BYTES: usize = 16;

/// Converts a column whose rows may share values; nothing when each row has its own.
///
/// # Errors
/// When the array is not what it says it is.
pub(super) fn column(array: &ArrayRef, kind: FieldType) -> Result<Option<Converted>, ArrowError> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        // What does not fit a key of 32 bits is beyond what a batch can hold as well.
        let codes = cast(dictionary.keys(), &DataType::Int32)?.as_primitive::<Int32Type>().clone();
        let (codes, values) = used(codes, dictionary.values())?;
        let values = convert::column(&values, kind)?;
        return of_entries(codes, values, kind).map(Some);
    }
    let Some(views) = array.as_string_view_opt() else { return Ok(None) };
    if kind != FieldType::Keyword {
        return Ok(Some(ints_of(views, |row| scalar(kind, views.value(row)))));
    }
    let shown: usize = views.lengths().map(|length| length as usize).sum();
    let held: usize = views.data_buffers().iter().map(|buffer| buffer.len()).sum();
    if shown <= held + VIEW_BYTES * views.len() {
        return Ok(None);
    }
    let (codes, first) = distinct(views);
    let texts = take(views, &first, None)?;
    let texts = texts.as_string_view();
    let keywords = keywords_of(texts, |at| cell::keyword(texts.value(at)).map(std::borrow::Cow::into_owned));
    of_entries(codes, keywords, kind).map(Some)
}

/// Codes and the entries they name; where there are more entries than rows, only those that are named.
fn used(codes: Int32Array, values: &ArrayRef) -> Result<(Int32Array, ArrayRef), ArrowError> {
    if values.len() <= codes.len() {
        return Ok((codes, values.clone()));
    }
    let mut numbers = HashMap::new();
    let mut named = Vec::new();
    let codes = codes.iter().map(|code| {
        let next = named.len() as i32;
        code.map(|code| {
            *numbers.entry(code).or_insert_with(|| {
                named.push(code);
                next
            })
        })
    });
    let codes = codes.collect();
    Ok((codes, take(values, &Int32Array::from(named), None)?))
}

/// Codes for views, equal where they show the same place, and for each code the first row that has it.
fn distinct(views: &StringViewArray) -> (Int32Array, Int32Array) {
    let mut numbers = HashMap::new();
    let mut first = Vec::new();
    let codes = (0..views.len()).map(|row| {
        let next = first.len() as i32;
        views.is_valid(row).then(|| {
            *numbers.entry(views.views()[row]).or_insert_with(|| {
                first.push(row as i32);
                next
            })
        })
    });
    (codes.collect(), Int32Array::from(first))
}

/// The rows that name some converted entries; whoever names a refused one is refused.
fn of_entries(codes: Int32Array, entries: Converted, kind: FieldType) -> Result<Converted, ArrowError> {
    let nulls = entries.values.logical_nulls();
    let why: HashMap<usize, cell::Refusal> = entries.refusals.into_iter().collect();
    let mut refusals = Vec::new();
    let codes = if why.is_empty() && nulls.is_none() {
        codes
    } else {
        let kept = |(row, code): (usize, Option<i32>)| {
            let at = usize::try_from(code?).ok()?;
            if let Some(refusal) = why.get(&at) {
                refusals.push((row, refusal.clone()));
            }
            code.filter(|_| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(at)))
        };
        codes.iter().enumerate().map(kept).collect()
    };
    let Some(texts) = entries.values.as_string_opt::<i32>().filter(|_| kind == FieldType::Keyword) else {
        return Ok(Converted { values: take(&entries.values, &codes, None)?, refusals });
    };
    let (offsets, bytes, _) = texts.clone().into_parts();
    let texts = StringArray::try_new(offsets, bytes, None)?;
    Ok(Converted { values: Arc::new(DictionaryArray::try_new(codes, Arc::new(texts))?), refusals })
}

/// Bytes of a column's texts when each is written out, those that are too long not counted; none where each row has its
/// own already.
pub(super) fn shown_bytes(texts: &ArrayRef) -> usize {
    let kept = |length: usize| if length > VALUE_BYTES_MAX { 0 } else { length };
    if let Some(views) = texts.as_string_view_opt() {
        return views.lengths().map(|length| kept(length as usize)).sum();
    }
    let Some(dictionary) = texts.as_any_dictionary_opt() else { return 0 };
    let Some(words) = dictionary.values().as_string_opt::<i32>() else { return VALUE_BYTES_MAX * texts.len() };
    if words.is_empty() {
        return 0;
    }
    dictionary.normalized_keys().into_iter().map(|code| kept(words.value_length(code) as usize)).sum()
}

/// Bytes of texts that rows share when each is written out, members of sets as well; none for other columns.
pub(super) fn written_out(values: &ArrayRef) -> usize {
    if let Some(lists) = values.as_list_opt::<i32>() {
        let (first, last) = (lists.value_offsets()[0] as usize, lists.value_offsets()[lists.len()] as usize);
        return written_out(&lists.values().slice(first, last - first));
    }
    let Some(words) = values.as_dictionary_opt::<Int32Type>() else { return 0 };
    let Some(texts) = words.values().as_string_opt::<i32>() else { return 0 };
    words.keys().iter().flatten().map(|code| texts.value_length(code as usize) as usize).sum()
}

/// Texts as themselves where they are codes of a dictionary.
///
/// # Errors
/// When they are more than an array can hold.
pub(super) fn write_out(values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match values.data_type() {
        DataType::Dictionary(_, texts) => cast(values, texts),
        DataType::List(members) if matches!(members.data_type(), DataType::Dictionary(..)) => {
            let lists = values.as_list::<i32>();
            let (first, last) = (lists.value_offsets()[0], lists.value_offsets()[lists.len()]);
            let members = lists.values().slice(first as usize, (last - first) as usize);
            let offsets = lists.offsets().iter().map(|offset| offset - first).collect();
            let offsets = arrow::buffer::OffsetBuffer::new(offsets);
            Ok(Arc::new(super::column::list(offsets, write_out(&members)?, lists.nulls().cloned())))
        }
        _ => Ok(values.clone()),
    }
}
