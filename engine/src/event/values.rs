//! Values of properties as the `i64` that lies in memory, and back.
//!
//! A set is one text of its property's dictionary: of words their lengths and bytes, ascending; of whole numbers eight
//! bytes each, ascending. Equal sets are equal texts.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ListArray};

use super::batch::PropertyValues;
use crate::column::Dict;
use crate::schema::{FieldType, Value, float_to_key};

/// Whether values of a type are codes of a dictionary.
pub(super) fn is_coded(kind: FieldType) -> bool {
    matches!(kind, FieldType::Keyword | FieldType::KeywordSet | FieldType::IntSet)
}

/// The values of some events of a batch, new texts entered into the dictionary in the order of the events.
pub(super) fn keys(dict: &mut Dict, values: &PropertyValues, places: &[u32]) -> Vec<Option<i64>> {
    let array = &values.values;
    let present = |at: usize| array.is_valid(at);
    let each = |key: &dyn Fn(usize) -> i64| {
        places.iter().map(|at| *at as usize).map(|at| present(at).then(|| key(at))).collect::<Vec<_>>()
    };
    if let Some(flags) = array.as_boolean_opt() {
        return each(&|at| flags.value(at).into());
    }
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        return each(&|at| numbers.value(at));
    }
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return each(&|at| float_to_key(numbers.value(at)));
    }
    let there: Vec<usize> = places.iter().map(|at| *at as usize).filter(|at| present(*at)).collect();
    let codes = match (array.as_string_opt::<i32>(), array.as_list_opt::<i32>()) {
        (Some(texts), _) => dict.intern_all(there.len(), |index| texts.value(there[index]).as_bytes()),
        (_, Some(lists)) => {
            let sets: Vec<Vec<u8>> = there.iter().map(|at| set_text(lists, *at)).collect();
            dict.intern_all(sets.len(), |index| &sets[index])
        }
        _ => Vec::new(),
    };
    let mut codes = codes.into_iter();
    places.iter().map(|at| if present(*at as usize) { codes.next().map(i64::from) } else { None }).collect()
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
