//! A Parquet file's batches.
//!
//! Columns are decoded in parallel, a share of the columns a core. Texts that lie in the file as codes of a dictionary
//! are handed on as that: each text is then looked at once, not once a row. All others are views of the file's pages.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use muster_engine::error::Result;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::RowGroupMetaData;
use rayon::prelude::*;

use super::columnar::unreadable;
use super::shared_file::SharedFile;
use crate::limits::{DELTA_TEXT_ROWS_MAX, PARQUET_BATCH_BYTES, PARQUET_MEMBERS_MAX};

/// Bytes of a list's member while it is decoded, however few it takes in the file: a code and two levels.
const MEMBER_BYTES: usize = 8;

/// An open file.
pub(super) struct ParquetFile {
    schema: SchemaRef,
    /// Readers that advance together, each with its share of the columns.
    readers: Vec<ParquetRecordBatchReader>,
    rows: u64,
}

impl ParquetFile {
    /// Opens a file, to be read in batches of at most so many rows.
    pub(super) fn open(file: SharedFile, rows_max: usize) -> Result<Self> {
        let options = ArrowReaderOptions::new();
        let plain = ArrowReaderMetadata::load(&file, options.clone()).map_err(unreadable)?;
        let options = options.with_schema(with_shared_texts(&plain));
        let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).map_err(unreadable)?;
        let schema = metadata.schema().clone();
        let batch_rows = batch_rows(metadata.metadata().row_groups(), rows_max)?;
        let columns = schema.fields().len();
        let shares = rayon::current_num_threads().clamp(1, columns.max(1));
        let open = |share: usize| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.clone(), metadata.clone());
            // Dealt out in turn, so that wide neighbours are apart.
            let mask = ProjectionMask::roots(builder.parquet_schema(), (share..columns).step_by(shares));
            builder.with_batch_size(batch_rows).with_projection(mask).build()
        };
        let readers = (0..shares).map(open).collect::<parquet::errors::Result<_>>().map_err(unreadable)?;
        let rows = metadata.metadata().file_metadata().num_rows();
        Ok(Self { schema, readers, rows: u64::try_from(rows).unwrap_or_default() })
    }

    /// The rows that the file says it has.
    pub(super) fn row_count(&self) -> u64 {
        self.rows
    }

    /// The columns there are.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The columns of the next batch, in the order of the schema.
    pub(super) fn next(&mut self) -> Result<Option<Vec<ArrayRef>>> {
        let shares = self.readers.len();
        let batches: Vec<Option<RecordBatch>> = self
            .readers
            .par_iter_mut()
            .map(|reader| reader.next().transpose())
            .collect::<std::result::Result<_, _>>()
            .map_err(unreadable)?;
        let Some(batches) = batches.into_iter().collect::<Option<Vec<RecordBatch>>>() else { return Ok(None) };
        if batches.windows(2).any(|pair| pair[0].num_rows() != pair[1].num_rows()) {
            return Err(unreadable("its columns are of different lengths"));
        }
        let column = |i: usize| batches[i % shares].column(i / shares).clone();
        Ok(Some((0..self.schema.fields().len()).map(column).collect()))
    }
}

/// Rows of a batch whose values take about [`PARQUET_BATCH_BYTES`].
///
/// # Errors
/// `Invalid` when lists have more members than may be decoded at a time.
fn batch_rows(groups: &[RowGroupMetaData], most: usize) -> Result<usize> {
    let mut rows_max = most;
    for group in groups {
        let rows = usize::try_from(group.num_rows()).unwrap_or(1).max(1);
        let mut bytes = usize::try_from(group.total_byte_size()).unwrap_or(usize::MAX);
        for leaf in group.columns() {
            let is_list = leaf.column_descr().max_rep_level() > 0;
            if is_list && leaf.num_values() > PARQUET_MEMBERS_MAX {
                let why = format!("lists of one row group have more than {PARQUET_MEMBERS_MAX} members in all");
                return Err(unreadable(format!("{why}; write smaller row groups")));
            }
            // Codes and levels of many alike take next to nothing in the file.
            let values = usize::try_from(leaf.num_values()).unwrap_or_default();
            bytes = bytes.max(if is_list { values.saturating_mul(MEMBER_BYTES) } else { 0 });
            if leaf.encodings().any(|encoding| encoding == Encoding::DELTA_BYTE_ARRAY) {
                rows_max = rows_max.min(DELTA_TEXT_ROWS_MAX);
            }
        }
        rows_max = rows_max.min(PARQUET_BATCH_BYTES / (bytes / rows).max(1));
    }
    Ok(rows_max.clamp(64, most))
}

/// The file's schema, with texts as codes where all pages of a column are codes of one dictionary, else as views of the
/// pages: either way none is written out for every row that has it.
fn with_shared_texts(metadata: &ArrowReaderMetadata) -> SchemaRef {
    let groups = metadata.metadata().row_groups();
    let columns = metadata.parquet_schema();
    let is_coded = |leaf: usize| {
        groups.iter().all(|group| {
            let pages = group.column(leaf).page_encoding_stats_mask();
            pages.is_some_and(|mask| mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY))
        })
    };
    let mut is_root_coded = vec![true; metadata.schema().fields().len()];
    for leaf in 0..columns.num_columns() {
        is_root_coded[columns.get_column_root_idx(leaf)] &= is_coded(leaf);
    }
    let codes = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields = metadata.schema().fields().iter().zip(is_root_coded);
    let fields = fields.map(|(field, is_coded)| shared(field, if is_coded { &codes } else { &DataType::Utf8View }));
    Arc::new(Schema::new_with_metadata(fields.collect::<Vec<_>>(), metadata.schema().metadata().clone()))
}

/// A field of texts, or of lists of texts, as another type of texts; every other as it is.
fn shared(field: &Arc<Field>, texts: &DataType) -> Arc<Field> {
    let data_type = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => texts.clone(),
        DataType::List(members) => DataType::List(shared(members, texts)),
        DataType::LargeList(members) => DataType::LargeList(shared(members, texts)),
        _ => return field.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    use parquet::basic::Type as Physical;
    use parquet::file::metadata::ColumnChunkMetaData;
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    /// Two rows whose lists have so many members, with texts written so.
    fn group(members: i64, encoding: Encoding) -> RowGroupMetaData {
        let lists = "message m { required group l (LIST) { repeated group list { required binary element (UTF8); } } }";
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(parse_message_type(lists).expect("a schema"))));
        assert_eq!(schema.column(0).physical_type(), Physical::BYTE_ARRAY);
        let column =
            ColumnChunkMetaData::builder(schema.column(0)).set_num_values(members).set_encodings(vec![encoding]);
        let column = column.build().expect("a column");
        let group = RowGroupMetaData::builder(schema).set_num_rows(1 << 20).set_total_byte_size(8);
        group.add_column_metadata(column).build().expect("a row group")
    }

    #[test]
    fn lists_of_a_row_group_have_so_many_members_at_most() {
        batch_rows(&[group(PARQUET_MEMBERS_MAX, Encoding::PLAIN)], 65_536).expect("as many as there may be");
        let refused = batch_rows(&[group(PARQUET_MEMBERS_MAX + 1, Encoding::PLAIN)], 65_536);
        let message = refused.expect_err("one more").to_string();
        assert!(message.contains(&format!("more than {PARQUET_MEMBERS_MAX} members")), "{message}");
    }

    #[test]
    fn texts_that_say_how_they_differ_are_read_few_at_a_time() {
        let rows = |encoding| batch_rows(&[group(1, encoding)], 65_536).expect("a file");
        assert_eq!(rows(Encoding::PLAIN), 65_536);
        assert_eq!(rows(Encoding::DELTA_BYTE_ARRAY), DELTA_TEXT_ROWS_MAX);
    }
}
