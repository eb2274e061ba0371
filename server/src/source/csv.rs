//! CSV of profiles: a header row that names the columns, then one row a profile; an empty cell is a missing value.
//!
//! Rows are split on one core and decoded on all of them.

use std::fs::File;
use std::ops::Range;

use muster_engine::error::{Error, Problem, Result};
use muster_engine::schema::{FieldType, normalize};
use rayon::prelude::*;

use super::blocks::Blocks;
use super::cell::Refusal;
use super::layout::{Layout, LayoutOf, Target, check_columns};
use super::ndjson::bad_utf8;
use super::observed::Observed;
use super::records::{BadCell, Record, Records};
use super::rows::{Decoded, Delivery, Rows};
use crate::limits::BATCH_ROWS_MAX;

/// Rows that one core decodes in one go.
const PIECE_ROWS: usize = BATCH_ROWS_MAX / 4;

/// The names of the columns.
pub(super) fn names(file: &File) -> Result<Vec<String>> {
    Ok(CsvReader::open(file)?.names)
}

/// A CSV file after its header row.
pub(super) struct CsvReader {
    blocks: Blocks,
    records: Records,
    /// The columns' names, trimmed, in NFC.
    pub(super) names: Vec<String>,
}

impl CsvReader {
    /// Reads the header row.
    pub(super) fn open(file: &File) -> Result<Self> {
        let mut blocks = Blocks::open(file)?;
        let (bytes, at_end) = blocks.bytes();
        let mut records = Records::sniff(bytes, at_end);
        loop {
            let (bytes, at_end) = blocks.bytes();
            let used = records.split(bytes, at_end, 1)?;
            let names = if records.len() == 1 { Some(header(&records.row_at(bytes, 0))?) } else { None };
            if names.is_none() && at_end {
                let message = "the file is empty; its first row must name the columns";
                return Err(Error::invalid("", "missing_header", message));
            }
            blocks.consume(used)?;
            if let Some(names) = names {
                return Ok(Self { blocks, records, names });
            }
        }
    }

    /// Blank lines of what was read, those before the header row included.
    pub(super) fn blank(&self) -> u64 {
        self.records.blank()
    }

    /// Calls `each` with the rows of every block.
    pub(super) fn each_block(&mut self, mut each: impl FnMut(&[u8], &Records) -> Result<()>) -> Result<()> {
        loop {
            let (bytes, at_end) = self.blocks.bytes();
            let used = self.records.split(bytes, at_end, usize::MAX)?;
            each(bytes, &self.records)?;
            if at_end && used == bytes.len() {
                return Ok(());
            }
            self.blocks.consume(used)?;
        }
    }
}

fn header(row: &Record<'_>) -> Result<Vec<String>> {
    (0..row.len())
        .map(|i| match row.cell(i) {
            Ok(name) => Ok(normalize(name.trim()).into_owned()),
            Err(bad) => Err(Error::Invalid(vec![bad_cell(bad)])),
        })
        .collect()
}

/// The mistake of a cell without text.
pub(super) fn bad_cell(bad: BadCell) -> Problem {
    match bad {
        BadCell::Utf8(error) => bad_utf8(&error),
        BadCell::Quoting => {
            let message = "a cell goes on after its closing quote; double the quotes inside a quoted cell";
            Problem::new("", "bad_quoting", message)
        }
    }
}

/// Looks at every cell of the file.
pub(super) fn infer(file: &File, id_field: &str) -> Result<Vec<(String, FieldType)>> {
    let mut reader = CsvReader::open(file)?;
    check_columns(&reader.names, id_field)?;
    let names = reader.names.clone();
    let mut all = vec![Observed::default(); names.len()];
    reader.each_block(|bytes, records| {
        let observed: Vec<Vec<Observed>> = pieces(records.len())
            .into_par_iter()
            .map(|rows| {
                let mut columns = vec![Observed::default(); names.len()];
                for row in rows.map(|i| records.row_at(bytes, i)).filter(|row| row.len() == names.len()) {
                    for (i, column) in columns.iter_mut().enumerate() {
                        if let Ok(text) = row.cell(i) {
                            column.cell(text);
                        }
                    }
                }
                columns
            })
            .collect();
        for part in observed {
            all.iter_mut().zip(part).for_each(|(column, seen)| column.merge(seen));
        }
        Ok(())
    })?;
    let id_name = normalize(id_field);
    let columns = names.into_iter().zip(all).filter(|(name, _)| **name != *id_name);
    Ok(columns.map(|(name, observed)| (name, observed.kind())).collect())
}

/// Decodes the file.
pub(super) fn read(file: &File, layout_of: LayoutOf<'_>, delivery: &mut Delivery<'_>) -> Result<()> {
    let mut reader = CsvReader::open(file)?;
    let (layout, targets) = layout_of(&reader.names)?;
    reader.each_block(|bytes, records| {
        let decoded: Vec<Decoded> = pieces(records.len())
            .into_par_iter()
            .map(|rows| decode(rows.map(|i| records.row_at(bytes, i)), &layout, &targets))
            .collect();
        decoded.into_iter().try_for_each(|part| delivery.deliver(part))
    })
}

fn pieces(rows: usize) -> Vec<Range<usize>> {
    (0..rows).step_by(PIECE_ROWS).map(|start| start..(start + PIECE_ROWS).min(rows)).collect()
}

fn decode<'b>(source: impl Iterator<Item = Record<'b>>, layout: &Layout, targets: &[Target]) -> Decoded {
    let mut rows = Rows::new(layout);
    for row in source {
        if row.len() == targets.len() {
            decode_row(&row, targets, &mut rows);
        } else {
            rows.refuse_only(ragged(row.len(), targets.len()));
        }
        rows.end_row();
    }
    rows.finish()
}

/// The mistake of a row that has not one cell a column.
pub(super) fn ragged(cells: usize, columns: usize) -> Problem {
    let message =
        format!("the row has {cells} cells where the header has {columns} columns; quote cells with delimiters");
    Problem::new("", "ragged_row", message)
}

fn decode_row(row: &Record<'_>, targets: &[Target], rows: &mut Rows<'_>) {
    for (i, target) in targets.iter().enumerate() {
        let text = match row.cell(i) {
            Ok(text) => text,
            Err(bad) => {
                let problem = bad_cell(bad);
                let refusal = Refusal::new(problem.code, format!("cannot be read: {}", problem.message));
                match target {
                    Target::Id => rows.set_id(Err(refusal), false),
                    Target::Field(field) => rows.set(*field, |_| Err(refusal)),
                }
                continue;
            }
        };
        match target {
            Target::Id => rows.set_id(Ok(text.trim().into()), super::cell::is_plain_int(text.trim())),
            Target::Field(field) => rows.set(*field, |column| column.push_text(text)),
        }
    }
}
