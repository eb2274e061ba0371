//! Files of profiles become typed batches, or a list of ids.
//!
//! A source is a seekable file: two passes (look for types, then read) are possible, and a file larger than memory
//! streams through in bounded batches. What a batch then does to a tenant is the engine's business.

mod format;
mod rejects;
mod spool;

mod cell;
mod column;
mod json;
mod layout;
mod observed;
mod rows;

mod blocks;
mod csv;
mod ndjson;
mod records;

mod claims;
mod coded;
mod columnar;
mod convert;
mod parquet_file;
mod shared_file;

mod consents;
mod events;
mod lists;

#[cfg(test)]
mod tests;

pub use columnar::{fields_of, from_record_batch};
pub use consents::{ConsentFile, consent_state, consent_time, read_consents};
pub use events::{EventColumns, read_events};
pub use format::Format;
pub use lists::{IdList, read_ids};
pub use rejects::{RejectedRow, Rejects};
pub use rows::RowNumbers;
pub use spool::{SpoolError, spool};

use std::fs::File;

use muster_engine::error::Result;
use muster_engine::schema::{FieldType, Schema};
use muster_engine::table::Batch;

use crate::limits::BATCH_ROWS_MAX;

/// What was read besides the batches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// Data rows of the file, good and bad.
    pub rows: u64,
    /// The rows that did not fit.
    pub rejects: Rejects,
}

/// The columns of a file without its id column, each with the type that holds all its values, in file order.
///
/// # Errors
/// `Invalid` when the file cannot be read as its format, has no id column, or has columns that no type holds.
pub fn infer(file: &File, format: Format, id_field: &str) -> Result<Vec<(String, FieldType)>> {
    match format {
        Format::Ndjson => Ok(ndjson::infer(file, id_field, None)?.finish()),
        Format::Csv => csv::infer(file, id_field),
        Format::Parquet | Format::ArrowStream | Format::ArrowFile => columnar::infer(file, format, id_field),
    }
}

/// The names of a file's columns; of an NDJSON file the keys of its first object.
///
/// # Errors
/// `Invalid` when the file cannot be read as its format.
pub fn column_names(file: &File, format: Format) -> Result<Vec<String>> {
    match format {
        Format::Ndjson => ndjson::names(file),
        Format::Csv => csv::names(file),
        Format::Parquet | Format::ArrowStream | Format::ArrowFile => columnar::names(file, format),
    }
}

/// About how many rows a file has, before it is read; none where that shows only when it is.
pub fn expected_rows(file: &File, format: Format) -> Option<u64> {
    match format {
        Format::Ndjson | Format::Csv => blocks::expected_rows(file),
        Format::Parquet | Format::ArrowStream | Format::ArrowFile => columnar::expected_rows(file, format),
    }
}

/// Decodes a file into batches of the schema's types; `on_batch` also gets which rows of the file they are.
///
/// # Errors
/// `Invalid` when the file as a whole is wrong (unreadable, unknown columns, no id column), and whatever `on_batch`
/// returns. A row that does not fit is no error: it is kept back and reported.
pub fn read(
    file: &File,
    format: Format,
    id_field: &str,
    schema: &Schema,
    on_batch: &mut dyn FnMut(&Batch, &RowNumbers) -> Result<()>,
) -> Result<ReadReport> {
    let mut delivery = rows::Delivery::new(on_batch);
    let layout_of = |names: &[String]| layout::Layout::of_columns(names, id_field, schema);
    match format {
        Format::Ndjson => ndjson::read(file, &layout::Layout::of_schema(id_field, schema), &mut delivery)?,
        Format::Csv => csv::read(file, &layout_of, &mut delivery)?,
        Format::Parquet | Format::ArrowStream | Format::ArrowFile => {
            columnar::read(file, format, BATCH_ROWS_MAX, &layout_of, &mut delivery)?;
        }
    }
    Ok(ReadReport { rows: delivery.rows, rejects: delivery.rejects })
}
