//! The next view: rows inserted, changed and erased, then everything that depends on them brought up to date at once.
//!
//! A writer that is dropped has changed nothing. Fields are independent, so batches are written and indexes refreshed
//! field by field in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::{Batch, BatchColumn, ImportMode};
use super::cluster;
use super::column_writer::{append_column, mark, write_column};
use super::enrich_writer::Extent;
use super::field::{FieldData, FieldEditor};
use super::forget::forget_unused;
use super::lazy::Lazy;
use super::view::View;
use crate::block::{BLOCK_ROWS, Container, Set, SetBuilder, Words, split};
use crate::column::{Column, Dict, OpenBlocks, SetEditor, parts};
use crate::error::{Error, Problem, Result};
use crate::event::EventEditor;
use crate::id::{EventTypeId, FieldId, Row};
use crate::limits::PROFILES_MAX;
use crate::schema::Value;

/// Rows from which on other threads help to write them: waking one takes as long as writing some hundred values.
pub(super) const SHARED_ROWS_MIN: usize = 64;

/// Changed rows of a field in a block from which on the block is laid anew: reading takes longer with every one of them,
/// and laying takes a millisecond, so it is to be rare. See ARCHITECTURE.md.
const OVERLAY_ROWS: usize = 256;

/// Changed rows with which a block is laid anew even if others come first.
const OVERLAY_ROWS_MAX: usize = 2 * OVERLAY_ROWS;

/// Changed rows that pay for laying one more block in the same go: so the first to change a row of many full blocks need
/// not lay all of them.
const ROWS_A_BLOCK: usize = 8;

/// A view in the making.
#[derive(Debug)]
pub struct Writer {
    pub(super) base: View,
    pub(super) ids: Dict,
    pub(super) live: SetEditor,
    number_ids: SetEditor,
    pub(super) fields: Vec<FieldEditor>,
    /// Rows that batches named, each counted once however often it came.
    addressed: SetEditor,
    /// Rows that batches named more than once: a later one may have put back what an earlier one changed.
    repeated: SetEditor,
    /// Rows in which something changed.
    written: OpenBlocks<Box<Words>>,
    /// Events in the making; none before the first.
    pub(super) events: Option<EventEditor>,
    /// Rows whose events are others now.
    pub(super) event_rows: OpenBlocks<Box<Words>>,
    /// Types of which events came or went.
    pub(super) event_types: BTreeSet<EventTypeId>,
    /// For whom computed fields are made.
    pub(super) extent: Extent,
    /// Values of erased profiles, to be forgotten when nobody else has them.
    orphans: Vec<(FieldId, Vec<u32>)>,
    has_wordy_ids: bool,
    pub(super) rows_written: u64,
    row_order: RowOrder,
}

/// In which order a load into an empty table lays its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowOrder {
    /// People who are alike side by side: questions are answered several times as fast.
    #[default]
    Clustered,
    /// As they came.
    Arrival,
}

/// What one batch did to the table as it stood before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upserted {
    /// Places in the batch whose id came before, in this batch or an earlier one of this writer.
    pub repeated: Vec<usize>,
    /// Profiles that did not exist.
    pub inserted: u64,
    /// Rows that changed a profile which existed before the batch.
    pub updated: u64,
}

/// What a writer's batches did, profile by profile; a profile that came twice is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BatchCounts {
    /// Profiles that did not exist.
    pub inserted: u64,
    /// Profiles that existed and are different now.
    pub updated: u64,
    /// Profiles that existed and are the same.
    pub unchanged: u64,
    /// Rows replaced by a later row with the same id.
    pub superseded: u64,
}

impl Writer {
    /// Starts from a view.
    pub fn new(base: View) -> Self {
        Self {
            ids: (*base.ids).clone(),
            live: SetEditor::new(base.live.clone()),
            number_ids: SetEditor::new(base.number_ids.clone()),
            fields: base.fields.iter().map(|field| FieldEditor::new(field)).collect(),
            addressed: SetEditor::new(Set::default()),
            repeated: SetEditor::new(Set::default()),
            written: OpenBlocks::default(),
            events: None,
            event_rows: OpenBlocks::default(),
            event_types: BTreeSet::new(),
            extent: Extent::default(),
            orphans: Vec::new(),
            has_wordy_ids: base.has_wordy_ids,
            rows_written: 0,
            row_order: RowOrder::default(),
            base,
        }
    }

    /// Says how rows are laid if the table is empty.
    #[must_use]
    pub fn with_row_order(mut self, order: RowOrder) -> Self {
        self.row_order = order;
        self
    }

    /// The order in which the rows are laid when it is not that of their arrival; ids are renumbered already.
    fn order(&mut self) -> Option<Vec<u32>> {
        let is_first_load = self.base.row_count() == 0 && self.orphans.is_empty();
        if !is_first_load || self.row_order == RowOrder::Arrival {
            return None;
        }
        let order = cluster::order(&self.fields, self.ids.len())?;
        self.ids = std::mem::take(&mut self.ids).reordered(&order);
        let numbers = std::mem::replace(&mut self.number_ids, SetEditor::new(Set::default()));
        self.number_ids = SetEditor::new(numbers.finish(Some(&order)));
        Some(order)
    }

    /// Inserts or changes a profile a row; of rows with the same id the later wins.
    ///
    /// # Errors
    /// `Invalid` for a batch that does not fit the schema, `Limit` beyond [`PROFILES_MAX`]; the writer is as before.
    pub fn upsert(&mut self, batch: &Batch, mode: ImportMode) -> Result<Upserted> {
        batch.check(&self.base.schema)?;
        if u64::from(self.ids.len()) + batch.row_count() as u64 > PROFILES_MAX {
            return Err(too_many_profiles());
        }
        let mut by_field: Vec<Option<&BatchColumn>> = vec![None; self.fields.len()];
        for column in &batch.columns {
            by_field[column.field.index()] = Some(column);
        }
        let first = self.ids.len();
        let rows = self.ids.intern_all(batch.row_count(), |index| batch.ids.value(index).as_bytes());
        self.rows_written += rows.len() as u64;
        // Numbers are given in order: with as many new ones as rows, the batch has new rows only.
        if (self.ids.len() - first) as usize == rows.len() {
            self.append(batch, first, &by_field, mode);
            return Ok(Upserted { inserted: rows.len() as u64, ..Upserted::default() });
        }
        Ok(self.change(batch, &rows, first, by_field, mode))
    }

    /// Writes a batch whose rows are all new, `first` and those after it.
    pub(super) fn append(&mut self, batch: &Batch, first: u32, by_field: &[Option<&BatchColumn>], mode: ImportMode) {
        let count = batch.row_count();
        self.has_wordy_ids |= !(0..count).all(|index| is_digits(batch.ids.value(index)));
        self.live.append(first, count, None);
        self.addressed.append(first, count, None);
        if let Some(numbers) = &batch.number_ids {
            self.number_ids.append(first, count, Some(numbers));
        }
        for (block, offset, part) in parts(first, count) {
            // Offsets are below 65,536.
            let written = self.written.get(block, Words::boxed);
            written.insert_range(offset as u16, (offset + part.len() - 1) as u16);
        }
        let write = |(editor, column): (&mut FieldEditor, &Option<&BatchColumn>)| {
            if let Some(column) = column {
                append_column(editor, first, count, column, mode);
            }
        };
        if count < SHARED_ROWS_MIN {
            self.fields.iter_mut().zip(by_field).for_each(write);
        } else {
            self.fields.par_iter_mut().zip(by_field).for_each(write);
        }
    }

    /// Writes a batch of old and new rows, the new ones being `fresh_from` and those after it; returns as
    /// [`Self::upsert`].
    fn change(
        &mut self,
        batch: &Batch,
        rows: &[u32],
        fresh_from: u32,
        by_field: Vec<Option<&BatchColumn>>,
        mode: ImportMode,
    ) -> Upserted {
        let repeated = self.address(batch, rows, fresh_from);
        let schema = self.base.schema.clone();
        let is_kept = |index: usize| mode == ImportMode::Merge || schema.is_computed(FieldId(index as u16));
        let write = |((index, editor), column): ((usize, &mut FieldEditor), Option<&BatchColumn>)| match column {
            Some(column) => Some(write_column(editor, rows, column, mode)),
            // Fields are at most FIELDS_MAX, far below u16::MAX.
            None if is_kept(index) => None,
            None => Some(mark(rows, |_, row| editor.clear(row))),
        };
        let changed: Vec<Option<Vec<u64>>> = if rows.len() < SHARED_ROWS_MIN {
            self.fields.iter_mut().enumerate().zip(by_field).map(write).collect()
        } else {
            self.fields.par_iter_mut().enumerate().zip(by_field).map(write).collect()
        };
        let mut updated = 0;
        for (index, &row) in rows.iter().enumerate() {
            let changed = changed.iter().flatten().any(|bits| bits[index / 64] >> (index % 64) & 1 == 1);
            updated += u64::from(changed && row < fresh_from);
            if changed || row >= fresh_from {
                let (block, offset) = split(row);
                self.written.get(block, Words::boxed).insert(offset);
            }
        }
        Upserted { repeated, inserted: u64::from(self.ids.len() - fresh_from), updated }
    }

    /// Notes which rows a batch names; returns the places in it that name one again.
    fn address(&mut self, batch: &Batch, rows: &[u32], mut fresh_from: u32) -> Vec<usize> {
        let mut repeated = Vec::new();
        for (index, &row) in rows.iter().enumerate() {
            if row == fresh_from {
                fresh_from += 1;
                self.has_wordy_ids |= !is_digits(batch.ids.value(index));
                self.live.put(row, true);
                if batch.number_ids.as_ref().is_some_and(|numbers| numbers.value(index)) {
                    self.number_ids.put(row, true);
                }
            }
            if self.addressed.contains(row) {
                repeated.push(index);
                self.repeated.put(row, true);
            } else {
                self.addressed.put(row, true);
            }
        }
        repeated
    }

    /// The row of a profile that is live so far.
    pub fn row(&self, id: &str) -> Option<Row> {
        self.ids.code(id.as_bytes()).map(Row)
    }

    /// Changes fields of one live profile; `None` takes a value away. Says whether anything changed.
    pub fn patch(&mut self, row: Row, changes: &[(FieldId, Option<Value>)]) -> bool {
        let mut changed = false;
        for (field, value) in changes {
            let editor = &mut self.fields[field.index()];
            changed |= match value {
                Some(value) => editor.set_value(row.0, value),
                None => editor.clear(row.0),
            };
        }
        if changed {
            let (block, offset) = split(row.0);
            self.written.get(block, Words::boxed).insert(offset);
        }
        changed
    }

    /// Removes a live profile: its id, every value, its events, and texts that nobody else has. Says how many events.
    pub fn erase(&mut self, row: Row) -> u64 {
        let events = self.erase_events(row);
        for (index, editor) in self.fields.iter_mut().enumerate() {
            let codes = match &self.base.fields[index].column {
                Column::Keyword(keyword) => vec![keyword.codes.get(row.0)],
                Column::Members(members) => members.get(row.0).to_vec(),
                Column::Flag | Column::Scalar(_) => Vec::new(),
            };
            if editor.clear(row.0) && !codes.is_empty() {
                // Fields are at most FIELDS_MAX, far below u16::MAX.
                self.orphans.push((FieldId(index as u16), codes));
            }
        }
        self.ids.remove(row.0);
        self.live.put(row.0, false);
        self.number_ids.put(row.0, false);
        let (block, offset) = split(row.0);
        self.written.get(block, Words::boxed).insert(offset);
        events
    }

    /// The finished view, and what the batches did.
    pub fn finish(mut self) -> (View, BatchCounts) {
        let mut written: BTreeMap<u32, Box<Words>> = std::mem::take(&mut self.written).finish();
        let event_rows = std::mem::take(&mut self.event_rows).finish();
        let events = self.events.take().map_or_else(|| self.base.events.clone(), |events| Arc::new(events.finish()));
        let enrichment = self.enrich(&events, &event_rows, &mut written);
        let order = self.order();
        let addressed = self.addressed.finish(None);
        let mut counts = count(&self.base, &addressed, &written, self.rows_written);
        let rows: u32 = written.values().map(|words| words.count()).sum();
        let finish =
            |(editor, base): (FieldEditor, &Lazy<FieldData>)| editor.finish(base, &written, order.as_deref()).into();
        let mut fields: Vec<Lazy<FieldData>> = if (rows as usize) < SHARED_ROWS_MIN {
            self.fields.into_iter().zip(&self.base.fields).map(finish).collect()
        } else {
            self.fields.into_par_iter().zip(&self.base.fields).map(finish).collect()
        };
        lay_fullest(&mut fields, written.keys().copied(), rows as usize);
        for (field, codes) in self.orphans {
            forget_unused(fields[field.index()].make_mut(), &codes);
        }
        let block_count = self.ids.len().div_ceil(BLOCK_ROWS as u32);
        let is_written = |block: u32| written.contains_key(&block);
        let column_versions = self.base.column_versions.after(is_written, block_count);
        let is_changed = |block: u32| is_written(block) || event_rows.contains_key(&block);
        let versions = self.base.versions.after(is_changed, block_count);
        let view = View {
            versions,
            column_versions,
            written: all_written(&all_written(&self.base.written, &written), &event_rows),
            events,
            enrichment,
            schema: self.base.schema.clone(),
            rows: self.ids.len(),
            ids: self.ids.into(),
            live: self.live.finish(None),
            number_ids: self.number_ids.finish(None),
            fields,
            has_wordy_ids: self.has_wordy_ids,
            damage: self.base.damage.clone(),
        };
        let is_written = |row: u32| {
            let (block, offset) = split(row);
            written.get(&block).is_some_and(|words| words.contains(offset))
        };
        let repeated = self.repeated.finish(None).and(&self.base.live);
        let restored = repeated.rows().filter(|row| is_written(*row) && same_values(&self.base, &view, Row(*row)));
        let restored = restored.count() as u64;
        counts.updated -= restored;
        counts.unchanged += restored;
        (view, counts)
    }
}

/// The refusal of more profiles than there may be.
pub(super) fn too_many_profiles() -> Error {
    let message = format!("a tenant holds at most {PROFILES_MAX} profiles");
    Error::Limit(Problem::new("", "too_many_profiles", message))
}

/// Rows that were written before, and now.
fn all_written(before: &Set, now: &BTreeMap<u32, Box<Words>>) -> Set {
    if now.is_empty() {
        return before.clone();
    }
    let mut builder = SetBuilder::with_capacity(now.len());
    now.iter().for_each(|(block, words)| builder.push(*block, Container::from_words(words)));
    let now = builder.finish();
    if before.is_empty() { now } else { before.or(&now) }
}

/// Lays anew some of the blocks in which many rows have changed since they were laid, those with most first.
fn lay_fullest(fields: &mut [Lazy<FieldData>], blocks: impl Iterator<Item = u32> + Clone, rows: usize) {
    let mut full: Vec<(usize, usize, u32)> = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let changed = blocks.clone().map(|block| (field.overlaid(block), index, block));
        full.extend(changed.filter(|(changed, ..)| *changed >= OVERLAY_ROWS));
    }
    full.sort_unstable_by(|left, right| right.cmp(left));
    let free = 1 + rows / ROWS_A_BLOCK;
    for (place, (changed, index, block)) in full.into_iter().enumerate() {
        if place < free || changed >= OVERLAY_ROWS_MAX {
            fields[index].make_mut().lay(block);
        }
    }
}

fn is_digits(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_digit())
}

fn same_values(before: &View, after: &View, row: Row) -> bool {
    before.schema.fields().iter().all(|field| before.value(row, field.id) == after.value(row, field.id))
}

fn count(base: &View, addressed: &Set, written: &BTreeMap<u32, Box<Words>>, rows: u64) -> BatchCounts {
    let known = addressed.and_count(&base.live);
    let mut updated = 0;
    for (block, words) in written {
        let mut both = Words::EMPTY;
        addressed.container(*block).or_to(&mut both);
        both.and(words);
        base.live.container(*block).and_to(&mut both);
        updated += u64::from(both.count());
    }
    BatchCounts {
        inserted: addressed.len() - known,
        updated,
        unchanged: known - updated,
        superseded: rows - addressed.len(),
    }
}
