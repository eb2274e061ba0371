//! One field of a table: its column, which rows have a value, and the index over the values.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use arrow_buffer::BooleanBuffer;

use crate::block::{Set, Words, join};
use crate::column::layout::{self, of_field};
use crate::column::{
    Codes, Column, Dict, Keyword, KeywordEditor, MISSING, Members, MembersEditor, Overlay, Scalar, ScalarEditor,
    SetEditor, read_sets, write_sets,
};
use crate::error::{Error, Result};
use crate::index::{Index, KEYWORD_POSTINGS_MAX, Laid, MEMBER_POSTINGS_MAX, Postings, Ranks};
use crate::schema::{FieldType, Value};
use crate::shared::bytes_of;
use crate::store::checkpoint::{Dictionaries, FileWriter, Shards};

/// Changed rows of a block from which on its postings are built anew instead of row by row.
const REBUILD_ROWS_MIN: u32 = 128;

/// A field's values and the answers about them.
#[derive(Debug, Clone)]
pub struct FieldData {
    /// What each row's value is.
    pub column: Column,
    /// The rows that have a value.
    pub present: Set,
    /// Which rows have which value.
    pub index: Index,
}

impl FieldData {
    /// A field that no row has a value of.
    pub fn new(kind: FieldType) -> Self {
        let (column, index) = match kind {
            FieldType::Bool => (Column::Flag, Index::Flag(Set::default())),
            FieldType::Keyword => (Column::Keyword(Keyword::default()), Index::Postings(Postings::default())),
            FieldType::KeywordSet | FieldType::IntSet => {
                (Column::Members(Members::default()), Index::Postings(Postings::default()))
            }
            FieldType::Int | FieldType::Decimal(_) | FieldType::Float | FieldType::Time | FieldType::Date => {
                (Column::Scalar(Scalar::default()), Index::Ranks(Ranks::default()))
            }
        };
        Self { column, present: Set::default(), index }
    }

    /// Writes what belongs to the blocks of a shard.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_shard(&self, out: &mut FileWriter<'_>, field: u16, blocks: Range<u32>) -> Result<()> {
        let one = |set| std::iter::once((0, set));
        write_sets(out, (field, layout::PRESENT), blocks.clone(), one(&self.present))?;
        match &self.index {
            Index::Flag(truths) => write_sets(out, (field, layout::TRUTHS), blocks.clone(), one(truths))?,
            Index::Postings(postings) => postings.write(out, field, blocks.clone())?,
            Index::Ranks(_) | Index::Scan => {}
        }
        for block in blocks {
            match &self.column {
                Column::Flag => {}
                Column::Scalar(scalar) => self.write_keys(scalar, out, field, block)?,
                Column::Keyword(keyword) => keyword.codes.write(out, field, block)?,
                Column::Members(members) => members.write(out, field, block)?,
            }
        }
        Ok(())
    }

    /// Writes a block of ordered values, with the rows that have changed in their places.
    fn write_keys(&self, column: &Scalar, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let Index::Ranks(ranks) = &self.index else { return Ok(()) };
        if let Some(Laid { keys, ranks }) = Laid::new(column, ranks, block) {
            keys.write(out, field, block)?;
            return ranks.write(out, field, block);
        }
        column.block(block).map_or(Ok(()), |keys| keys.write(out, field, block))?;
        ranks.block(block).map_or(Ok(()), |ranks| ranks.write(out, field, block))
    }

    /// Rows of a block that have changed since its order was laid.
    pub(super) fn overlaid(&self, block: u32) -> usize {
        match &self.column {
            Column::Scalar(scalar) => scalar.overlay(block).map_or(0, Overlay::len),
            Column::Flag | Column::Keyword(_) | Column::Members(_) => 0,
        }
    }

    /// Lays a block of ordered values anew.
    pub(super) fn lay(&mut self, block: u32) {
        if let (Column::Scalar(scalar), Index::Ranks(ranks)) = (&mut self.column, &mut self.index) {
            ranks.lay(scalar, block);
        }
    }

    /// Writes what belongs to no shard and is in no piece of a dictionary.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_dictionary(&self, out: &mut FileWriter<'_>, field: u16, piece: u32) -> Result<()> {
        let Some(dict) = self.column.dict() else { return Ok(()) };
        out.put(of_field(field, layout::INDEX_KIND), bytes_of(&[u32::from(matches!(self.index, Index::Scan))]))?;
        dict.write_rest(out, field, piece)
    }

    /// A field as it was written.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(kind: FieldType, field: u16, dictionaries: &Dictionaries, shards: &Shards) -> Result<Self> {
        let one = |part| Ok::<_, Error>(read_sets(shards, (field, part), 1)?.pop().unwrap_or_default());
        let index = |texts| {
            let kind: &[u32] = dictionaries.main().values(of_field(field, layout::INDEX_KIND))?.unwrap_or_default();
            if kind == [1] { Ok(Index::Scan) } else { Postings::read(shards, field, texts).map(Index::Postings) }
        };
        let (column, index) = match Self::new(kind).column {
            Column::Flag => (Column::Flag, Index::Flag(one(layout::TRUTHS)?)),
            Column::Scalar(_) => {
                let scalar = Scalar::read(shards, field)?;
                let ranks = Ranks::read(shards, field, &scalar)?;
                (Column::Scalar(scalar), Index::Ranks(ranks))
            }
            Column::Keyword(_) => {
                let dict = Dict::read(dictionaries, field)?;
                let (codes, index) = (Codes::read(shards, field, dict.len())?, index(dict.len())?);
                (Column::Keyword(Keyword { dict, codes }), index)
            }
            Column::Members(_) => {
                let dict = Dict::read(dictionaries, field)?;
                let index = index(dict.len())?;
                (Column::Members(Members::read(shards, field, dict)?), index)
            }
        };
        Ok(Self { column, present: one(layout::PRESENT)?, index })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.column.bytes() + self.present.bytes() + self.index.bytes()
    }
}

/// A field that is being changed.
#[derive(Debug)]
pub(super) struct FieldEditor {
    present: SetEditor,
    values: ValuesEditor,
}

#[derive(Debug)]
enum ValuesEditor {
    Flag(SetEditor),
    Scalar(ScalarEditor),
    Keyword(KeywordEditor),
    Members(MembersEditor, Vec<u32>),
}

/// Values of rows that follow each other, those of rows without one included.
pub(super) enum Appended<'b> {
    /// Where it is true.
    Flags(BooleanBuffer),
    Keys(Cow<'b, [i64]>),
    Codes(Vec<u32>),
    /// Codes, and for each row where its own end.
    Members(Vec<u32>, Vec<usize>),
}

impl FieldEditor {
    pub(super) fn new(base: &FieldData) -> Self {
        let values = match (&base.column, &base.index) {
            (Column::Flag, Index::Flag(truths)) => ValuesEditor::Flag(SetEditor::new(truths.clone())),
            (Column::Flag, _) => ValuesEditor::Flag(SetEditor::new(Set::default())),
            (Column::Scalar(scalar), _) => ValuesEditor::Scalar(ScalarEditor::new(scalar.clone())),
            (Column::Keyword(keyword), _) => ValuesEditor::Keyword(KeywordEditor::new(keyword.clone())),
            (Column::Members(members), _) => ValuesEditor::Members(MembersEditor::new(members.clone()), Vec::new()),
        };
        Self { present: SetEditor::new(base.present.clone()), values }
    }

    /// Takes a row's value away; says whether it had one.
    pub(super) fn clear(&mut self, row: u32) -> bool {
        if !self.present.contains(row) {
            return false;
        }
        self.present.put(row, false);
        match &mut self.values {
            ValuesEditor::Flag(truths) => truths.put(row, false),
            ValuesEditor::Scalar(keys) => keys.touch(row),
            ValuesEditor::Keyword(keyword) => drop(keyword.set(row, MISSING)),
            ValuesEditor::Members(members, codes) => {
                codes.clear();
                members.set(row, codes);
            }
        }
        true
    }

    fn become_present(&mut self, row: u32) -> bool {
        let fresh = !self.present.contains(row);
        if fresh {
            self.present.put(row, true);
        }
        fresh
    }

    pub(super) fn set_flag(&mut self, row: u32, value: bool) -> bool {
        let fresh = self.become_present(row);
        let ValuesEditor::Flag(truths) = &mut self.values else { unreachable!("a bool column") };
        if !value && (fresh || !truths.contains(row)) {
            return fresh;
        }
        let changed = truths.contains(row) != value;
        truths.put(row, value);
        fresh || changed
    }

    pub(super) fn set_key(&mut self, row: u32, key: i64) -> bool {
        let fresh = self.become_present(row);
        let ValuesEditor::Scalar(keys) = &mut self.values else { unreachable!("a scalar column") };
        if !fresh && keys.get(row) == key {
            return false;
        }
        keys.set(row, key);
        true
    }

    /// The same by the key of any value without texts: of a truth 0 or 1.
    pub(super) fn set_key_or_flag(&mut self, row: u32, key: i64) -> bool {
        if matches!(self.values, ValuesEditor::Flag(_)) { self.set_flag(row, key != 0) } else { self.set_key(row, key) }
    }

    /// The codes of many texts, or of members as dictionary bytes.
    pub(super) fn intern_all<'t>(&mut self, count: usize, text: impl Fn(usize) -> &'t [u8]) -> Vec<u32> {
        match &mut self.values {
            ValuesEditor::Keyword(keyword) => keyword.intern_all(count, text),
            ValuesEditor::Members(members, _) => members.intern_all(count, text),
            ValuesEditor::Flag(_) | ValuesEditor::Scalar(_) => unreachable!("a column with a dictionary"),
        }
    }

    /// Gives a row a text by its code.
    pub(super) fn set_code(&mut self, row: u32, code: u32) -> bool {
        let fresh = self.become_present(row);
        let ValuesEditor::Keyword(keyword) = &mut self.values else { unreachable!("a keyword column") };
        keyword.set(row, code) || fresh
    }

    /// Gives a row members by their codes.
    pub(super) fn set_member_codes(&mut self, row: u32, members: &[u32]) -> bool {
        let fresh = self.become_present(row);
        let ValuesEditor::Members(editor, codes) = &mut self.values else { unreachable!("a set column") };
        codes.clear();
        codes.extend_from_slice(members);
        editor.set(row, codes) || fresh
    }

    /// Gives values to rows from `first` on, which no earlier row follows; `valid` are those of them that have one.
    pub(super) fn append(&mut self, first: u32, count: usize, valid: Option<&BooleanBuffer>, values: &Appended<'_>) {
        self.present.append(first, count, valid);
        match (&mut self.values, values) {
            (ValuesEditor::Flag(truths), Appended::Flags(values)) => truths.append(first, count, Some(values)),
            (ValuesEditor::Scalar(editor), Appended::Keys(keys)) => editor.append(first, keys),
            (ValuesEditor::Keyword(editor), Appended::Codes(codes)) => editor.append(first, codes),
            (ValuesEditor::Members(editor, _), Appended::Members(codes, ends)) => editor.append(first, codes, ends),
            _ => unreachable!("values of the column's type"),
        }
    }

    /// Gives a row a value of this field's type; says whether that is a change.
    pub(super) fn set_value(&mut self, row: u32, value: &Value) -> bool {
        match value {
            Value::Bool(value) => self.set_flag(row, *value),
            Value::Keyword(text) => {
                let codes = self.intern_all(1, |_| text.as_bytes());
                self.set_code(row, codes[0])
            }
            Value::KeywordSet(members) => {
                let codes = self.intern_all(members.len(), |index| members[index].as_bytes());
                self.set_member_codes(row, &codes)
            }
            Value::IntSet(members) => {
                let members: Vec<[u8; 8]> = members.iter().map(|member| member.to_le_bytes()).collect();
                let codes = self.intern_all(members.len(), |index| &members[index]);
                self.set_member_codes(row, &codes)
            }
            Value::Int(_) | Value::Decimal(..) | Value::Float(_) | Value::Time(_) | Value::Date(_) => {
                self.set_key(row, value.to_key().unwrap_or_default())
            }
        }
    }

    /// A number for the value of a row as it stands, the same for the same value; `None` where there is none.
    pub(super) fn key(&self, row: u32) -> Option<i64> {
        let key = || match &self.values {
            ValuesEditor::Flag(truths) => i64::from(truths.contains(row)),
            ValuesEditor::Scalar(keys) => keys.get(row),
            ValuesEditor::Keyword(keyword) => i64::from(keyword.code(row)),
            ValuesEditor::Members(..) => 0,
        };
        self.present.contains(row).then(key)
    }

    /// Whether [`Self::key`]s order as values do; `None` for sets, which have no such keys.
    pub(super) fn has_ordered_keys(&self) -> Option<bool> {
        match &self.values {
            ValuesEditor::Scalar(_) => Some(true),
            ValuesEditor::Flag(_) | ValuesEditor::Keyword(_) => Some(false),
            ValuesEditor::Members(..) => None,
        }
    }

    /// The changed field. `written` are the rows that may have changed, by block. A first load may give its rows another
    /// `order`: the old row of each new one.
    pub(super) fn finish(
        self,
        base: &FieldData,
        written: &BTreeMap<u32, Box<Words>>,
        order: Option<&[u32]>,
    ) -> FieldData {
        let present = self.present.finish(order);
        match self.values {
            ValuesEditor::Flag(truths) => {
                FieldData { column: Column::Flag, present, index: Index::Flag(truths.finish(order)) }
            }
            ValuesEditor::Scalar(editor) => {
                let ranks = if let Index::Ranks(ranks) = &base.index { ranks.clone() } else { Ranks::default() };
                let (scalar, sorted) = editor.finish(&present, order);
                let ranks = ranks.with_blocks(sorted, &scalar);
                FieldData { column: Column::Scalar(scalar), present, index: Index::Ranks(ranks) }
            }
            ValuesEditor::Keyword(editor) => {
                let (keyword, touched) = editor.finish(order);
                let index = keyword_index(base, &keyword, &touched, written);
                FieldData { column: Column::Keyword(keyword), present, index }
            }
            ValuesEditor::Members(editor, _) => {
                let (members, touched) = editor.finish(order);
                let index = members_index(base, &members, &touched, written);
                FieldData { column: Column::Members(members), present, index }
            }
        }
    }
}

fn keyword_index(
    base: &FieldData,
    keyword: &Keyword,
    touched: &BTreeSet<u32>,
    written: &BTreeMap<u32, Box<Words>>,
) -> Index {
    let (Index::Postings(postings), Column::Keyword(before)) = (&base.index, &base.column) else { return Index::Scan };
    if keyword.dict.live() > KEYWORD_POSTINGS_MAX {
        return Index::Scan;
    }
    let mut postings = postings.clone();
    let mut pairs = Vec::new();
    for &block in touched {
        let Some(rows) = written.get(&block) else { continue };
        if rows.count() >= REBUILD_ROWS_MIN {
            pairs.clear();
            keyword.codes.visit(block, |offset, code| {
                if code != MISSING {
                    pairs.push((code, offset));
                }
            });
            let mut stale = BTreeSet::new();
            before.codes.visit(block, |_, code| {
                if code != MISSING {
                    stale.insert(code);
                }
            });
            postings.rebuild(block, stale.into_iter(), &pairs);
            continue;
        }
        for row in rows.iter().map(|offset| join(block, offset)) {
            let (old, new) = (before.codes.get(row), keyword.codes.get(row));
            if old != new {
                if old != MISSING {
                    postings.remove(old, row);
                }
                if new != MISSING {
                    postings.insert(new, row);
                }
            }
        }
    }
    Index::Postings(postings)
}

fn members_index(
    base: &FieldData,
    members: &Members,
    touched: &BTreeSet<u32>,
    written: &BTreeMap<u32, Box<Words>>,
) -> Index {
    let (Index::Postings(postings), Column::Members(before)) = (&base.index, &base.column) else { return Index::Scan };
    if members.dict.live() > MEMBER_POSTINGS_MAX {
        return Index::Scan;
    }
    let mut postings = postings.clone();
    let mut pairs = Vec::new();
    for &block in touched {
        let Some(rows) = written.get(&block) else { continue };
        if rows.count() >= REBUILD_ROWS_MIN {
            pairs.clear();
            members.visit(block, |offset, codes| pairs.extend(codes.iter().map(|code| (*code, offset))));
            let mut stale = BTreeSet::new();
            before.visit(block, |_, codes| stale.extend(codes.iter().copied()));
            postings.rebuild(block, stale.into_iter(), &pairs);
            continue;
        }
        for row in rows.iter().map(|offset| join(block, offset)) {
            let (old, new) = (before.get(row), members.get(row));
            old.iter().filter(|code| new.binary_search(code).is_err()).for_each(|code| postings.remove(*code, row));
            new.iter().filter(|code| old.binary_search(code).is_err()).for_each(|code| postings.insert(*code, row));
        }
    }
    Index::Postings(postings)
}
