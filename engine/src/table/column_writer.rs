//! One column of a batch, written into its field.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, ListArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};

use super::batch::{BatchColumn, ImportMode};
use super::field::{Appended, FieldEditor};
use crate::column::MISSING;
use crate::schema::float_to_key;

/// What a row says about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Value,
    Missing,
    /// Nothing: the field keeps its value.
    Unnamed,
}

/// Which cells of a column hold what.
struct Cells<'b> {
    nulls: Option<&'b NullBuffer>,
    named: Option<&'b BooleanBuffer>,
}

impl Cells<'_> {
    fn get(&self, index: usize) -> Cell {
        if self.named.is_some_and(|named| !named.value(index)) {
            Cell::Unnamed
        } else if self.nulls.is_some_and(|nulls| nulls.is_null(index)) {
            Cell::Missing
        } else {
            Cell::Value
        }
    }

    fn is_value(&self, index: usize) -> bool {
        self.get(index) == Cell::Value
    }

    /// The cells that hold a value, of `count`; `None` when all do.
    fn valid(&self, count: usize) -> Option<BooleanBuffer> {
        match (self.nulls, self.named) {
            (None, None) => None,
            (Some(nulls), None) => Some(nulls.inner().clone()),
            _ => Some(BooleanBuffer::collect_bool(count, |index| self.is_value(index))),
        }
    }

    /// Writes all rows; the bits of the result say where that changed something.
    fn write(
        &self,
        rows: &[u32],
        editor: &mut FieldEditor,
        mut set: impl FnMut(&mut FieldEditor, usize, u32) -> bool,
    ) -> Vec<u64> {
        mark(rows, |index, row| match self.get(index) {
            Cell::Value => set(editor, index, row),
            Cell::Missing => editor.clear(row),
            Cell::Unnamed => false,
        })
    }
}

fn cells_of(column: &BatchColumn, mode: ImportMode) -> Cells<'_> {
    let named = column.named.as_ref().filter(|_| mode == ImportMode::Merge);
    Cells { nulls: column.values.nulls(), named }
}

/// Writes one field of new rows, which follow all others.
pub(super) fn append_column(
    editor: &mut FieldEditor,
    first: u32,
    count: usize,
    column: &BatchColumn,
    mode: ImportMode,
) {
    let array = &column.values;
    let cells = cells_of(column, mode);
    let valid = cells.valid(count);
    let values = if let Some(values) = array.as_boolean_opt() {
        let truths = values.values();
        Appended::Flags(valid.as_ref().map_or_else(|| truths.clone(), |valid| truths & valid))
    } else if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        Appended::Keys(Cow::Borrowed(&values.values()[..]))
    } else if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        Appended::Keys(values.values().iter().map(|value| float_to_key(*value)).collect())
    } else if let Some(lists) = array.as_list_opt() {
        let (codes, ends) = intern_lists(editor, count, &cells, lists);
        Appended::Members(codes, ends)
    } else {
        let places: Vec<usize> = (0..count).filter(|index| cells.is_value(*index)).collect();
        let found = intern(editor, array, &places);
        let mut codes = vec![MISSING; count];
        places.iter().zip(found).for_each(|(place, code)| codes[*place] = code);
        Appended::Codes(codes)
    };
    editor.append(first, count, valid.as_ref(), &values);
}

/// Writes one field of all rows; the bits of the result say where that changed something.
pub(super) fn write_column(editor: &mut FieldEditor, rows: &[u32], column: &BatchColumn, mode: ImportMode) -> Vec<u64> {
    let array = &column.values;
    let cells = cells_of(column, mode);
    if let Some(values) = array.as_boolean_opt() {
        return cells.write(rows, editor, |editor, index, row| editor.set_flag(row, values.value(index)));
    }
    if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        return cells.write(rows, editor, |editor, index, row| editor.set_key(row, values.value(index)));
    }
    if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        return cells.write(rows, editor, |editor, index, row| editor.set_key(row, float_to_key(values.value(index))));
    }
    if let Some(lists) = array.as_list_opt() {
        let (codes, ends) = intern_lists(editor, rows.len(), &cells, lists);
        return cells.write(rows, editor, |editor, index, row| {
            let start = if index == 0 { 0 } else { ends[index - 1] };
            editor.set_member_codes(row, &codes[start..ends[index]])
        });
    }
    let places: Vec<usize> = (0..rows.len()).filter(|index| cells.is_value(*index)).collect();
    let mut codes = intern(editor, array, &places).into_iter();
    cells.write(rows, editor, |editor, _, row| editor.set_code(row, codes.next().unwrap_or(MISSING)))
}

/// The codes of the members of all rows that have a value, and for each row where its own end.
fn intern_lists(
    editor: &mut FieldEditor,
    count: usize,
    cells: &Cells<'_>,
    lists: &ListArray,
) -> (Vec<u32>, Vec<usize>) {
    let members = lists.values();
    let nulls = members.nulls();
    let mut places = Vec::with_capacity(members.len());
    let mut ends = Vec::with_capacity(count);
    for (index, bounds) in lists.value_offsets().windows(2).enumerate() {
        if cells.is_value(index) {
            // Offsets ascend from zero or more.
            let bounds = bounds[0] as usize..bounds[1] as usize;
            places.extend(bounds.filter(|at| nulls.is_none_or(|nulls| nulls.is_valid(*at))));
        }
        ends.push(places.len());
    }
    (intern(editor, members, &places), ends)
}

/// The field's codes for the values at some places, none of them null.
fn intern(editor: &mut FieldEditor, values: &ArrayRef, places: &[usize]) -> Vec<u32> {
    if let Some(texts) = values.as_string_opt::<i32>() {
        return editor.intern_all(places.len(), |index| texts.value(places[index]).as_bytes());
    }
    if let Some(words) = values.as_dictionary_opt::<Int32Type>() {
        return intern_words(editor, words, places);
    }
    let ints = values.as_primitive::<Int64Type>();
    let members: Vec<[u8; 8]> = places.iter().map(|at| ints.value(*at).to_le_bytes()).collect();
    editor.intern_all(members.len(), |index| &members[index])
}

/// Of a batch's own dictionary those words that are used, in order of their first use.
fn intern_words(editor: &mut FieldEditor, words: &DictionaryArray<Int32Type>, places: &[usize]) -> Vec<u32> {
    let texts = words.values().as_string::<i32>();
    let mut used = Vec::new();
    let mut numbers = vec![MISSING; texts.len()];
    let mut number_of = |at: &usize| {
        // A key of a place that is not null is one of the words.
        let key = words.keys().value(*at) as usize;
        if numbers[key] == MISSING {
            numbers[key] = used.len() as u32;
            used.push(key);
        }
        numbers[key] as usize
    };
    let numbers: Vec<usize> = places.iter().map(&mut number_of).collect();
    let codes = editor.intern_all(used.len(), |index| texts.value(used[index]).as_bytes());
    numbers.into_iter().map(|number| codes[number]).collect()
}

/// Changes all rows; the bits of the result say where that changed something.
pub(super) fn mark(rows: &[u32], mut change: impl FnMut(usize, u32) -> bool) -> Vec<u64> {
    let mut bits = vec![0u64; rows.len().div_ceil(64)];
    for (index, &row) in rows.iter().enumerate() {
        bits[index / 64] |= u64::from(change(index, row)) << (index % 64);
    }
    bits
}
