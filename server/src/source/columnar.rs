//! Parquet and Arrow IPC: the file says its own types; whole columns are converted at once.
//!
//! While one batch is written, the next is decoded. Whatever makes the decoders fail, or panic, is a file that cannot
//! be read, never the end of the server.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow::array::{Array, ArrayAccessor, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::buffer::BooleanBuffer;
use arrow::compute::filter;
use arrow::datatypes::{Int32Type, SchemaRef};
use arrow::ipc::reader::{FileReader, StreamReader};
use muster_engine::error::{Error, Problem, Result};
use muster_engine::schema::{FieldType, Schema, normalize};
use muster_engine::table::{Batch, BatchColumn};
use rayon::prelude::*;

use super::Format;
use super::blocks::io;
use super::cell;
use super::claims;
use super::coded;
use super::convert::{self, Converted};
use super::layout::{Layout, LayoutOf, Target, check_columns};
use super::parquet_file::ParquetFile;
use super::rejects::pointer;
use super::rows::{Decoded, Delivery};
use super::shared_file::SharedFile;
use crate::limits::{BATCH_ROWS_MAX, SHARED_TEXT_BYTES};

/// The columns without the id column, by the types the file says.
pub(super) fn infer(file: &File, format: Format, id_field: &str) -> Result<Vec<(String, FieldType)>> {
    fields_of(&unpanicked(|| Reader::open(file, format, BATCH_ROWS_MAX))?.schema, id_field)
}

/// The names of the columns.
pub(super) fn names(file: &File, format: Format) -> Result<Vec<String>> {
    Ok(column_names(&unpanicked(|| Reader::open(file, format, BATCH_ROWS_MAX))?.schema))
}

/// How many rows a Parquet file says it has; about how many an Arrow file has, if they are all as long as the first.
pub(super) fn expected_rows(file: &File, format: Format) -> Option<u64> {
    let length = file.metadata().ok()?.len();
    let count = || {
        let mut reader = Reader::open(file, format, BATCH_ROWS_MAX)?;
        if let Batches::Parquet(file) = &reader.batches {
            return Ok(Some(file.row_count()));
        }
        let Some(columns) = reader.next()? else { return Ok(Some(0)) };
        let rows = columns.first().map_or(0, |column| column.len()) as u64;
        let bytes = |column: &ArrayRef| column.to_data().get_slice_memory_size().unwrap_or_default() as u64;
        let bytes: u64 = columns.iter().map(bytes).sum();
        Ok(length.checked_mul(rows).map(|product| product / bytes.max(1)))
    };
    unpanicked(count).ok().flatten()
}

/// The columns of an Arrow schema without the id column, each with the type that holds its values.
///
/// # Errors
/// `Invalid` with every column that no field can hold, and when there is no id column.
pub fn fields_of(schema: &SchemaRef, id_field: &str) -> Result<Vec<(String, FieldType)>> {
    let names = column_names(schema);
    check_columns(&names, id_field)?;
    let id_name = normalize(id_field);
    let mut fields = Vec::new();
    let mut problems = Vec::new();
    for (field, name) in schema.fields().iter().zip(names).filter(|(_, name)| **name != *id_name) {
        match convert::field_type(field.data_type()) {
            Ok(kind) => fields.push((name, kind)),
            Err(cure) => {
                let message = format!("\"{name}\" is {}, which no field can hold; {cure}", field.data_type());
                problems.push(Problem::new(pointer(&name), "unsupported_column", message));
            }
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(Error::Invalid(problems)) }
}

/// Decodes the file, in batches of at most so many rows.
pub(super) fn read(
    file: &File,
    format: Format,
    batch_rows: usize,
    layout_of: LayoutOf<'_>,
    delivery: &mut Delivery<'_>,
) -> Result<()> {
    let mut reader = unpanicked(|| Reader::open(file, format, batch_rows))?;
    let names = column_names(&reader.schema);
    let (layout, targets) = layout_of(&names)?;
    check_types(&reader.schema, &layout, &targets)?;
    let mut rest: Vec<ArrayRef> = Vec::new();
    let mut next = || unpanicked(|| next_part(&mut reader, &mut rest, batch_rows, &layout, &targets));
    let mut part = next()?;
    while let Some(decoded) = part {
        let mut following = Ok(None);
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| following = next());
            delivery.deliver(decoded)
        })?;
        part = following?;
    }
    Ok(())
}

/// The rows that come next, decoded: of `rest`, what is left of a batch, or of the next one; nothing at the end of the file.
fn next_part(
    reader: &mut Reader,
    rest: &mut Vec<ArrayRef>,
    rows_max: usize,
    layout: &Layout,
    targets: &[Target],
) -> Result<Option<Decoded>> {
    while rest.first().is_none_or(|column| column.is_empty()) {
        let Some(columns) = reader.next()? else { return Ok(None) };
        *rest = columns;
    }
    let rows = rest.first().map_or(0, |column| column.len());
    let mut count = rows.min(rows_max);
    let ids = rest.iter().zip(targets).find(|(_, target)| **target == Target::Id);
    // Ids are written out, also where rows share them.
    while ids.is_some_and(|(ids, _)| count > 1 && coded::shown_bytes(&ids.slice(0, count)) > SHARED_TEXT_BYTES) {
        count /= 2;
    }
    let part: Vec<ArrayRef> = rest.iter().map(|column| column.slice(0, count)).collect();
    rest.iter_mut().for_each(|column| *column = column.slice(count, rows - count));
    decode(&part, layout, targets).map(Some)
}

/// One Arrow batch as a batch of the schema's types. Generated data come this way.
///
/// # Errors
/// `Invalid` when a column or a row does not fit: whoever makes batches makes good ones.
pub fn from_record_batch(batch: &RecordBatch, id_field: &str, schema: &Schema) -> Result<Batch> {
    let names = column_names(&batch.schema());
    let (layout, targets) = Layout::of_columns(&names, id_field, schema)?;
    check_types(&batch.schema(), &layout, &targets)?;
    let mut decoded = decode(batch.columns(), &layout, &targets)?;
    if let Some(rejected) = decoded.rejects.listed.pop() {
        return Err(Error::Invalid(rejected.errors));
    }
    Ok(decoded.batches.pop().map_or_else(
        || Batch { ids: StringArray::new_null(0), number_ids: None, columns: Vec::new() },
        |(batch, _)| batch,
    ))
}

fn column_names(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| normalize(field.name().trim()).into_owned()).collect()
}

fn check_types(schema: &SchemaRef, layout: &Layout, targets: &[Target]) -> Result<()> {
    let mut problems = Vec::new();
    for (field, target) in schema.fields().iter().zip(targets) {
        let name = layout.name(*target);
        let got = field.data_type();
        let refused = match target {
            Target::Id if convert::is_id_type(got) => None,
            Target::Id => Some(format!("\"{name}\" holds the ids, which are texts or whole numbers, not {got}")),
            Target::Field(i) => {
                let kind = layout.fields[*i].kind;
                (!convert::can_convert(got, kind)).then(|| format!("\"{name}\" is {kind}, the file's column is {got}"))
            }
        };
        problems.extend(refused.map(|message| Problem::new(pointer(name), "wrong_column_type", message)));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn decode(columns: &[ArrayRef], layout: &Layout, targets: &[Target]) -> Result<Decoded> {
    let rows = columns.first().map_or(0, |column| column.len());
    let converted: Vec<Converted> = columns
        .par_iter()
        .zip(targets)
        .map(|(column, target)| match target {
            Target::Id => convert::ids(column),
            Target::Field(i) => convert::column(column, layout.fields[*i].kind),
        })
        .collect::<std::result::Result<_, _>>()
        .map_err(unreadable)?;
    let mut decoded = Decoded { rows: u64::try_from(rows).unwrap_or(u64::MAX), ..Decoded::default() };
    let mut refused = vec![false; rows];
    let mut problems: Vec<(usize, Problem)> = Vec::new();
    for (column, target) in converted.iter().zip(targets) {
        for (row, refusal) in &column.refusals {
            refused[*row] = true;
            problems.push((*row, refusal.clone().in_column(layout.name(*target))));
        }
    }
    missing(&converted, layout, targets, &mut refused, &mut problems);
    problems.sort_by_key(|(row, _)| *row);
    for of_row in problems.chunk_by(|a, b| a.0 == b.0) {
        let number = u64::try_from(of_row[0].0).unwrap_or(u64::MAX) + 1;
        decoded.skipped.push(number);
        decoded.rejects.push(number, of_row.iter().map(|(_, problem)| problem.clone()).collect());
    }
    let keep = (!problems.is_empty()).then(|| refused.iter().map(|refused| Some(!refused)).collect());
    let mut batch =
        Batch { ids: StringArray::new_null(0), number_ids: None, columns: Vec::with_capacity(columns.len()) };
    let id_is_number = columns
        .iter()
        .zip(targets)
        .any(|(column, target)| *target == Target::Id && convert::field_type(column.data_type()) == Ok(FieldType::Int));
    for (column, target) in converted.into_iter().zip(targets) {
        let values = match &keep {
            None => column.values,
            Some(keep) => filter(&column.values, keep).map_err(unreadable)?,
        };
        match target {
            Target::Id => batch.ids = values.as_string::<i32>().clone(),
            Target::Field(i) => {
                batch.columns.push(BatchColumn { field: layout.fields[*i].id, values, named: None });
            }
        }
    }
    batch.number_ids = id_is_number.then(|| BooleanBuffer::new_set(batch.row_count()));
    if batch.row_count() > 0 {
        decoded.batches.push((batch, 1));
    }
    Ok(decoded)
}

/// Adds the rows without a value that every row has to have.
fn missing(
    converted: &[Converted],
    layout: &Layout,
    targets: &[Target],
    refused: &mut [bool],
    problems: &mut Vec<(usize, Problem)>,
) {
    for (column, target) in converted.iter().zip(targets) {
        if !matches!(target, Target::Field(field) if layout.required.contains(field)) {
            continue;
        }
        let said: HashSet<usize> = column.refusals.iter().map(|(row, _)| *row).collect();
        let texts = column.values.as_string_opt::<i32>();
        let words = column.values.as_dictionary_opt::<Int32Type>();
        let words = words.and_then(|words| words.downcast_dict::<StringArray>());
        let is_empty = |row: usize| {
            let is_empty_text = texts.is_some_and(|texts| texts.value_length(row) == 0);
            is_empty_text || words.is_some_and(|words| words.is_valid(row) && words.value(row).is_empty())
        };
        let nulls = column.values.logical_nulls();
        let is_null = |row: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
        for row in (0..column.values.len()).filter(|row| (is_null(*row) || is_empty(*row)) && !said.contains(row)) {
            refused[row] = true;
            problems.push((row, cell::missing_value().in_column(layout.name(*target))));
        }
    }
}

/// A file's batches, one after the other.
struct Reader {
    schema: SchemaRef,
    batches: Batches,
}

enum Batches {
    Parquet(ParquetFile),
    Stream(StreamReader<BufReader<File>>),
    File(FileReader<BufReader<File>>),
}

impl Reader {
    fn open(file: &File, format: Format, batch_rows: usize) -> Result<Self> {
        let mut file = file.try_clone().map_err(io)?;
        file.rewind().map_err(io)?;
        match format {
            Format::ArrowStream => {
                claims::check_stream(&file)?;
                let reader = StreamReader::try_new(BufReader::new(file), None).map_err(unreadable)?;
                Ok(Self { schema: reader.schema(), batches: Batches::Stream(reader) })
            }
            Format::ArrowFile => {
                claims::check_file(&file)?;
                let reader = FileReader::try_new(BufReader::new(file), None).map_err(unreadable)?;
                Ok(Self { schema: reader.schema(), batches: Batches::File(reader) })
            }
            Format::Parquet | Format::Ndjson | Format::Csv => {
                let file = ParquetFile::open(SharedFile::new(file).map_err(io)?, batch_rows)?;
                Ok(Self { schema: file.schema().clone(), batches: Batches::Parquet(file) })
            }
        }
    }

    /// The columns of the next batch, in the order of the schema.
    fn next(&mut self) -> Result<Option<Vec<ArrayRef>>> {
        let batch = match &mut self.batches {
            Batches::Parquet(file) => return file.next(),
            Batches::Stream(reader) => reader.next(),
            Batches::File(reader) => reader.next(),
        };
        batch.transpose().map(|batch| batch.map(|batch| batch.columns().to_vec())).map_err(unreadable)
    }
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> Error {
    let message = format!("the file cannot be read: {error}; check that it is complete and of the format named");
    Error::invalid("", "unreadable_file", message)
}

/// The decoders of others meet every kind of damaged file here; a panic of theirs is one more way to say so.
fn unpanicked<T>(decode: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(unreadable("it is damaged")))
}
