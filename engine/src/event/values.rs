//! Values of properties as the `i64` that lies in memory, and back.
//!
//! A set is one text of its property's dictionary: of words their lengths and bytes, ascending; of whole numbers eight
//! bytes each, ascending. Equal sets are equal texts.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, ListArray};

use super::batch::PropertyValues;
use super::pile::Said;
use crate::column::Dict;
use crate::schema::{FieldType, Value, float_to_key};

/// Whether values of a type are codes of a dictionary.
pub(super) fn is_coded(kind: FieldType) -> bool {
    matches!(kind, FieldType::Keyword | FieldType::KeywordSet | FieldType::IntSet)
}

/// What some events of a batch say, new texts entered into the dictionary in the order of the events.
pub(super) fn keys(dict: &mut Dict, values: &PropertyValues, places: &[u32]) -> Said {
    let array = &values.values;
    let nulls = array.nulls();
    let present: Vec<bool> = places.iter().map(|at| nulls.is_none_or(|nulls| nulls.is_valid(*at as usize))).collect();
    let each = |key: &dyn Fn(usize) -> i64| places.iter().map(|at| key(*at as usize)).collect::<Vec<_>>();
    let keys = if let Some(flags) = array.as_boolean_opt() {
        each(&|at| flags.value(at).into())
    } else if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        places.iter().map(|at| numbers.value(*at as usize)).collect()
    } else if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        each(&|at| float_to_key(numbers.value(at)))
    } else {
        let there = places.iter().zip(&present).filter(|(_, present)| **present).map(|(at, _)| *at as usize);
        let mut codes = codes(dict, array, &there.collect::<Vec<_>>()).into_iter();
        present.iter().map(|present| if *present { codes.next().map_or(0, i64::from) } else { 0 }).collect()
    };
    Said { keys, present }
}

/// The codes of texts or sets at some places, none of them null.
fn codes(dict: &mut Dict, array: &ArrayRef, places: &[usize]) -> Vec<u32> {
    if let Some(texts) = array.as_string_opt::<i32>() {
        return dict.intern_all(places.len(), |index| texts.value(places[index]).as_bytes());
    }
    if let Some(words) = array.as_dictionary_opt::<Int32Type>() {
        return word_codes(dict, words, places);
    }
    let Some(lists) = array.as_list_opt::<i32>() else { return Vec::new() };
    let sets: Vec<Vec<u8>> = places.iter().map(|at| set_text(lists, *at)).collect();
    dict.intern_all(sets.len(), |index| &sets[index])
}

/// The codes of words that come as codes of a batch's own dictionary: each is looked up once.
fn word_codes(dict: &mut Dict, words: &DictionaryArray<Int32Type>, places: &[usize]) -> Vec<u32> {
    let texts = words.values().as_string::<i32>();
    let (mut used, mut numbers) = (Vec::new(), vec![None; texts.len()]);
    let mut number_of = |at: &usize| {
        // A key of a place that is not null is one of the words.
        let key = words.keys().value(*at) as usize;
        *numbers[key].get_or_insert_with(|| {
            used.push(key);
            used.len() - 1
        })
    };
    let numbers: Vec<usize> = places.iter().map(&mut number_of).collect();
    let codes = dict.intern_all(used.len(), |index| texts.value(used[index]).as_bytes());
    numbers.into_iter().map(|number| codes[number]).collect()
}

/// A set as the text of a dictionary.
fn set_text(lists: &ListArray, at: usize) -> Vec<u8> {
    let members = lists.value(at);
    if let Some(texts) = members.as_string_opt::<i32>() {
        let mut words: Vec<&str> = texts.iter().flatten().collect();
        words.sort_unstable();
        words.dedup();
        // A word has at most VALUE_BYTES_MAX bytes.
        return words
            .iter()
            .flat_map(|word| [&(word.len() as u32).to_le_bytes()[..], word.as_bytes()].concat())
            .collect();
    }
    let ints = members.as_primitive_opt::<Int64Type>();
    let mut ints: Vec<i64> = ints.iter().flat_map(|ints| ints.iter().flatten()).collect();
    ints.sort_unstable();
    ints.dedup();
    ints.iter().flat_map(|int| int.to_le_bytes()).collect()
}

/// The value that lies in memory as `key`.
pub(super) fn value(kind: FieldType, dict: Option<&Dict>, key: i64) -> Value {
    let text = || dict.zip(u32::try_from(key).ok()).map_or(&b""[..], |(dict, code)| dict.text(code));
    match kind {
        FieldType::Bool => Value::Bool(key != 0),
        FieldType::Keyword => Value::Keyword(String::from_utf8_lossy(text()).into_owned()),
        FieldType::KeywordSet => Value::KeywordSet(words(text())),
        FieldType::IntSet => Value::IntSet(text().as_chunks().0.iter().map(|int| i64::from_le_bytes(*int)).collect()),
        scalar => Value::from_key(scalar, key),
    }
}

fn words(mut text: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    while let Some((length, rest)) = text.split_first_chunk() {
        let length = u32::from_le_bytes(*length) as usize;
        let (word, rest) = rest.split_at(length.min(rest.len()));
        words.push(String::from_utf8_lossy(word).into_owned());
        text = rest;
    }
    words
}
