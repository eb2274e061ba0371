//! One column of a batch, written into its field.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, ListArray, StringArray};
use arrow_buffer::BooleanBuffer;

use super::batch::{BatchColumn, ImportMode};
use super::field::FieldEditor;
use crate::schema::float_to_key;

/// What a row says about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Value,
    Missing,
    /// Nothing: the field keeps its value.
    Unnamed,
}

/// The cells of a column.
struct Cells<'b> {
    array: &'b ArrayRef,
    named: Option<&'b BooleanBuffer>,
}

impl Cells<'_> {
    fn get(&self, index: usize) -> Cell {
        if self.named.is_some_and(|named| !named.value(index)) {
            Cell::Unnamed
        } else if self.array.is_null(index) {
            Cell::Missing
        } else {
            Cell::Value
        }
    }

    fn is_value(&self, index: usize) -> bool {
        self.get(index) == Cell::Value
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

/// Writes one field of all rows; the bits of the result say where that changed something.
pub(super) fn write_column(editor: &mut FieldEditor, rows: &[u32], column: &BatchColumn, mode: ImportMode) -> Vec<u64> {
    let named = column.named.as_ref().filter(|_| mode == ImportMode::Merge);
    let array = &column.values;
    let cells = Cells { array, named };
    if let Some(values) = array.as_boolean_opt() {
        return cells.write(rows, editor, |editor, index, row| editor.set_flag(row, values.value(index)));
    }
    if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        return cells.write(rows, editor, |editor, index, row| editor.set_key(row, values.value(index)));
    }
    if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        return cells.write(rows, editor, |editor, index, row| editor.set_key(row, float_to_key(values.value(index))));
    }
    if let Some(texts) = array.as_string_opt::<i32>() {
        let text = |index: usize| cells.is_value(index).then(|| texts.value(index).as_bytes());
        let codes = editor.intern_all(rows.len(), text);
        return cells.write(rows, editor, |editor, index, row| editor.set_code(row, codes[index]));
    }
    write_lists(editor, rows, &cells, array.as_list())
}

/// Sets: the members of all rows are looked up first, those of one row behind those of the row before.
fn write_lists(editor: &mut FieldEditor, rows: &[u32], cells: &Cells<'_>, lists: &ListArray) -> Vec<u64> {
    let mut places = Vec::with_capacity(lists.values().len());
    let mut ends = Vec::with_capacity(rows.len());
    for (index, bounds) in lists.value_offsets().windows(2).enumerate() {
        if cells.is_value(index) {
            // Offsets ascend from zero or more.
            places.extend((bounds[0] as usize..bounds[1] as usize).filter(|at| lists.values().is_valid(*at)));
        }
        ends.push(places.len());
    }
    let codes = match lists.values().as_string_opt::<i32>() {
        Some(texts) => intern_texts(editor, texts, &places),
        None => {
            let ints = lists.values().as_primitive::<Int64Type>();
            let members: Vec<[u8; 8]> = places.iter().map(|at| ints.value(*at).to_le_bytes()).collect();
            editor.intern_all(members.len(), |index| Some(&members[index][..]))
        }
    };
    cells.write(rows, editor, |editor, index, row| {
        let start = if index == 0 { 0 } else { ends[index - 1] };
        editor.set_member_codes(row, &codes[start..ends[index]])
    })
}

fn intern_texts(editor: &mut FieldEditor, texts: &StringArray, places: &[usize]) -> Vec<u32> {
    editor.intern_all(places.len(), |index| Some(texts.value(places[index]).as_bytes()))
}

/// Changes all rows; the bits of the result say where that changed something.
pub(super) fn mark(rows: &[u32], mut change: impl FnMut(usize, u32) -> bool) -> Vec<u64> {
    let mut bits = vec![0u64; rows.len().div_ceil(64)];
    for (index, &row) in rows.iter().enumerate() {
        bits[index / 64] |= u64::from(change(index, row)) << (index % 64);
    }
    bits
}
