//! Rows added one by one become batches; a row with any mistake is kept back whole.

use std::borrow::Cow;

use arrow::array::Array;
use arrow::buffer::BooleanBuffer;
use muster_engine::error::{Problem, Result};
use muster_engine::table::{Batch, BatchColumn};

use super::cell::{self, Refusal};
use super::column::{Column, Texts};
use super::layout::Layout;
use super::rejects::Rejects;
use crate::limits::{BATCH_ROWS_MAX, ROW_PROBLEMS_MAX};

/// Part of a file, decoded; row numbers count from 1 within the part.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// Each batch with the number of the first row that was meant for it.
    pub(super) batches: Vec<(Batch, u64)>,
    pub(super) rejects: Rejects,
    /// The numbers of all rows that were kept back, ascending.
    pub(super) skipped: Vec<u64>,
    /// Data rows of the part, good and bad.
    pub(super) rows: u64,
}

/// Which rows of the file the rows of a batch are: those from a first one on that were not kept back.
#[derive(Debug, Clone, Default)]
pub struct RowNumbers {
    first: u64,
    /// Ascending, none below `first`.
    skipped: Vec<u64>,
}

impl RowNumbers {
    /// The numbers of the batch's rows from the one at `place` on.
    pub(super) fn from(&self, place: u64) -> Self {
        let first = self.at(place);
        Self { first, skipped: self.skipped.iter().copied().filter(|number| *number >= first).collect() }
    }

    /// The number of the first row that was meant for the batch, from 1.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The number of the row at a place of the batch, from 1.
    pub fn at(&self, place: u64) -> u64 {
        self.skipped.iter().fold(self.first + place, |number, skipped| number + u64::from(*skipped <= number))
    }
}

/// Delivers decoded parts in file order and adds up what they kept back.
pub(super) struct Delivery<'f> {
    on_batch: &'f mut dyn FnMut(&Batch, &RowNumbers) -> Result<()>,
    pub(super) rejects: Rejects,
    pub(super) rows: u64,
}

impl<'f> Delivery<'f> {
    pub(super) fn new(on_batch: &'f mut dyn FnMut(&Batch, &RowNumbers) -> Result<()>) -> Self {
        Self { on_batch, rejects: Rejects::default(), rows: 0 }
    }

    pub(super) fn deliver(&mut self, part: Decoded) -> Result<()> {
        for (batch, first_row) in &part.batches {
            let skipped = part.skipped.iter().filter(|number| *number >= first_row).map(|number| self.rows + number);
            (self.on_batch)(batch, &RowNumbers { first: self.rows + first_row, skipped: skipped.collect() })?;
        }
        self.rejects.append(part.rejects, self.rows);
        self.rows += part.rows;
        Ok(())
    }
}

/// Builds the batches of one part.
pub(super) struct Rows<'l> {
    layout: &'l Layout,
    ids: Texts,
    /// Whether each id came as a number.
    number_ids: Vec<bool>,
    has_id: bool,
    /// Whether nothing is known of the current row but that it cannot be read.
    is_refused_whole: bool,
    /// Rows of the open batch that are closed and without mistakes.
    good: usize,
    columns: Vec<Column>,
    problems: Vec<Problem>,
    first_row: u64,
    decoded: Decoded,
}

impl<'l> Rows<'l> {
    pub(super) fn new(layout: &'l Layout) -> Self {
        let mut rows = Self {
            layout,
            ids: Texts::default(),
            number_ids: Vec::new(),
            has_id: false,
            is_refused_whole: false,
            good: 0,
            columns: Vec::new(),
            problems: Vec::new(),
            first_row: 1,
            decoded: Decoded::default(),
        };
        rows.start_batch();
        rows
    }

    fn start_batch(&mut self) {
        self.ids = Texts::default();
        self.columns = self.layout.fields.iter().map(|field| Column::new(field.kind)).collect();
        self.first_row = self.decoded.rows + 1;
    }

    /// A mistake of the current row; what is beyond [`ROW_PROBLEMS_MAX`] is not even put into words.
    pub(super) fn refuse(&mut self, problem: impl FnOnce() -> Problem) {
        if self.problems.len() < ROW_PROBLEMS_MAX {
            self.problems.push(problem());
        }
    }

    /// A mistake of the current row beside which its others say nothing.
    pub(super) fn refuse_only(&mut self, problem: Problem) {
        self.problems.clear();
        self.problems.push(problem);
        // What is refused whole is not asked for its id.
        self.has_id = true;
        self.is_refused_whole = true;
    }

    /// The current row's id, and whether it came as a number.
    pub(super) fn set_id(&mut self, text: std::result::Result<Cow<'_, str>, Refusal>, is_number: bool) {
        self.has_id = true;
        match text.and_then(|text| cell::id(&text).map(|id| self.ids.push(&id))) {
            Ok(()) => self.number_ids.push(is_number),
            Err(refusal) => {
                let layout = self.layout;
                self.refuse(|| refusal.in_column(&layout.id_name));
            }
        }
    }

    /// A value of the current row; `push` writes it into the field's column.
    pub(super) fn set(&mut self, field: usize, push: impl FnOnce(&mut Column) -> std::result::Result<(), Refusal>) {
        let layout = self.layout;
        let name = &*layout.fields[field].name;
        if self.columns[field].len() > self.good {
            self.refuse(|| duplicate(name));
        } else if let Err(refusal) = push(&mut self.columns[field]) {
            self.refuse(|| refusal.in_column(name));
        }
    }

    /// Whether the current row has its id.
    pub(super) fn has_id(&self) -> bool {
        self.has_id
    }

    /// Closes the current row.
    pub(super) fn end_row(&mut self) {
        self.decoded.rows += 1;
        if !self.has_id {
            self.problems.push(cell::missing_id().in_column(&self.layout.id_name));
        }
        self.require();
        if self.problems.is_empty() {
            self.good += 1;
            for column in &mut self.columns {
                if column.len() < self.good {
                    column.push_missing(false);
                }
            }
        } else {
            self.ids.truncate(self.good);
            self.number_ids.truncate(self.good);
            for column in &mut self.columns {
                column.truncate(self.good);
            }
            self.decoded.skipped.push(self.decoded.rows);
            self.decoded.rejects.push(self.decoded.rows, std::mem::take(&mut self.problems));
        }
        self.has_id = false;
        if self.good == BATCH_ROWS_MAX {
            self.end_batch();
        }
    }

    /// Adds a mistake for each field that every row has to have and the current one has not.
    fn require(&mut self) {
        if self.is_refused_whole {
            self.is_refused_whole = false;
            return;
        }
        for at in &self.layout.required {
            let name = &*self.layout.fields[*at].name;
            let pointer = super::rejects::pointer(name);
            if !self.columns[*at].has_text_at(self.good) && !self.problems.iter().any(|known| known.pointer == pointer)
            {
                self.problems.push(cell::missing_value().in_column(name));
            }
        }
    }

    fn end_batch(&mut self) {
        if self.good > 0 {
            let ids = std::mem::take(&mut self.ids).finish(None);
            let numbers = std::mem::take(&mut self.number_ids);
            let number_ids = numbers.contains(&true).then(|| BooleanBuffer::from(numbers));
            let columns = std::mem::take(&mut self.columns).into_iter().zip(&self.layout.fields);
            let columns = columns.filter(|(column, _)| column.is_named()).map(|(column, field)| {
                let (values, named) = column.finish();
                debug_assert_eq!(values.len(), ids.len());
                BatchColumn { field: field.id, values, named }
            });
            let columns = columns.collect();
            self.decoded.batches.push((Batch { ids, number_ids, columns }, self.first_row));
        }
        self.good = 0;
        self.start_batch();
    }

    /// Everything decoded.
    pub(super) fn finish(mut self) -> Decoded {
        self.end_batch();
        self.decoded
    }
}

/// The mistake of a key that appears twice.
pub(super) fn duplicate(name: &str) -> Problem {
    Problem::new(
        super::rejects::pointer(name),
        "duplicate_key",
        format!("\"{name}\" appears more than once in the row; keep one of them"),
    )
}
