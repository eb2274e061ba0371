//! Files of events: one event a row, with columns `event_id`, `profile_id`, `type`, `time` and perhaps `amount`; every
//! other column is a property. An NDJSON line may have its properties under `properties` as well.

use std::fs::File;

use arrow::array::{Array, AsArray, StringArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{Int32Type, Int64Type};
use muster_engine::error::{Error, Problem, Result};
use muster_engine::event::{EventBatch, EventSchema, PropertyValues};
use muster_engine::id::FieldId;
use muster_engine::limits::PROBLEMS_MAX;
use muster_engine::schema::{Field, FieldType, normalize};
use muster_engine::table::{Batch, BatchColumn};

use super::coded;
use super::columnar::unreadable;
use super::layout::Layout;
use super::rejects::pointer;
use super::rows::{Delivery, RowNumbers};
use super::{Format, ReadReport, columnar, csv, ndjson};
use crate::limits::{EVENT_BATCH_ROWS_MAX, SHARED_TEXT_BYTES};

/// The column of a profile's external id, where nobody says that it is another.
const PROFILE: &str = "profile_id";

/// Columns that every row needs, in the order of [`EventColumns::fields`], with their types.
const REQUIRED: [(&str, FieldType); 3] =
    [("event_id", FieldType::Keyword), ("type", FieldType::Keyword), ("time", FieldType::Time)];

/// The key of an NDJSON line whose object holds properties.
const PROPERTIES: &str = "properties";

/// What the columns of a file of events hold.
#[derive(Debug, Clone)]
pub struct EventColumns {
    profile: String,
    /// First those that are required, then properties.
    fields: Vec<Field>,
}

impl EventColumns {
    /// Looks through a file: properties take the type that the schema says, or the one that holds all their values.
    ///
    /// # Errors
    /// `Invalid` when the file cannot be read as its format, or with every column that cannot be one.
    pub fn infer(file: &File, format: Format, profile: Option<&str>, known: &EventSchema) -> Result<Self> {
        let profile = normalize(profile.unwrap_or(PROFILE)).into_owned();
        let found = match format {
            Format::Ndjson => ndjson::infer(file, &profile, Some(PROPERTIES))?.finish(),
            Format::Csv => csv::infer(file, &profile)?,
            Format::Parquet | Format::ArrowStream | Format::ArrowFile => columnar::infer(file, format, &profile)?,
        };
        let mut columns: Vec<(String, FieldType)> =
            REQUIRED.map(|(name, kind)| (name.to_owned(), kind)).into_iter().collect();
        let (mut grown, mut problems) = (known.clone(), Vec::new());
        for (name, inferred) in found {
            let name = normalize(&name).into_owned();
            if columns.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let kind = known.find_property(&name).map_or(inferred, |property| property.kind);
            match grown.add_property(&name, kind) {
                Ok(_) => columns.push((name, kind)),
                Err(message) => problems.push(Problem::new(pointer(&name), "bad_property", message)),
            }
        }
        problems.truncate(PROBLEMS_MAX);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        // A file has at most FIELDS_MAX columns, far below what u16 counts.
        let field = |(at, (name, kind)): (u16, (String, FieldType))| Field { id: FieldId(at), name: name.into(), kind };
        Ok(Self { profile, fields: (0..).zip(columns).map(field).collect() })
    }

    fn layout(&self) -> Layout {
        let mut layout = Layout::new(&self.profile, self.fields.clone());
        layout.required = (0..REQUIRED.len()).collect();
        layout.nested = Some(PROPERTIES);
        layout
    }

    /// A batch of rows as events. All rows have what is required.
    fn events(&self, batch: &Batch) -> Result<EventBatch> {
        let column = |at: usize| batch.columns.iter().find(|column| column.field.index() == at);
        let text = |at: usize| -> Result<StringArray> {
            let values = column(at).map(|column| coded::write_out(&column.values).map_err(unreadable)).transpose()?;
            values
                .as_ref()
                .and_then(|values| values.as_string_opt().cloned())
                .ok_or_else(|| unreadable("a column is gone"))
        };
        let times = column(2).and_then(|column| column.values.as_primitive_opt::<Int64Type>());
        let mut properties = Vec::new();
        for column in batch.columns.iter().filter(|column| column.field.index() >= REQUIRED.len()) {
            let field = &self.fields[column.field.index()];
            // What no event of a batch says need not be a property.
            if column.values.logical_null_count() < column.values.len() {
                // Properties may stay codes, sets of them may not.
                let is_coded = column.values.as_dictionary_opt::<Int32Type>().is_some();
                let written = || coded::write_out(&column.values).map_err(unreadable);
                let values = if is_coded { column.values.clone() } else { written()? };
                properties.push(PropertyValues { name: field.name.to_string(), kind: field.kind, values });
            }
        }
        Ok(EventBatch {
            ids: text(0)?,
            profiles: batch.ids.clone(),
            number_profiles: batch.number_ids.clone(),
            types: text(1)?,
            times: times.ok_or_else(|| unreadable("a column is gone"))?.clone(),
            properties,
        })
    }
}

/// Parts of a batch that take about [`SHARED_TEXT_BYTES`] each when the texts that its rows share are written out.
fn pieces(batch: &Batch) -> impl Iterator<Item = (usize, Batch)> {
    let rows = batch.row_count();
    let is_written_out =
        |column: &&BatchColumn| column.field.index() < REQUIRED.len() || column.values.as_list_opt::<i32>().is_some();
    let written_out = batch.columns.iter().filter(is_written_out);
    let shared: usize = written_out.map(|column| coded::written_out(&column.values)).sum();
    let step = (SHARED_TEXT_BYTES / (shared / rows.max(1)).max(1)).clamp(1, rows.max(1));
    (0..rows).step_by(step).map(move |start| {
        let count = step.min(rows - start);
        let bits = |bits: &Option<BooleanBuffer>| bits.as_ref().map(|bits| bits.slice(start, count));
        let columns = batch.columns.iter().map(|column| BatchColumn {
            field: column.field,
            values: column.values.slice(start, count),
            named: bits(&column.named),
        });
        let ids = batch.ids.slice(start, count);
        (start, Batch { ids, number_ids: bits(&batch.number_ids), columns: columns.collect() })
    })
}

/// Decodes a file into batches of events; `on_batch` also gets which rows of the file they are.
///
/// # Errors
/// `Invalid` when the file as a whole is wrong (unreadable, a column missing or of another type), and whatever `on_batch`
/// returns. A row that does not fit is no error: it is kept back and reported.
pub fn read_events(
    file: &File,
    format: Format,
    columns: &EventColumns,
    on_batch: &mut dyn FnMut(&EventBatch, &RowNumbers) -> Result<()>,
) -> Result<ReadReport> {
    let mut on_rows = |batch: &Batch, numbers: &RowNumbers| {
        pieces(batch).try_for_each(|(start, piece)| on_batch(&columns.events(&piece)?, &numbers.from(start as u64)))
    };
    let mut delivery = Delivery::new(&mut on_rows);
    let layout_of = |names: &[String]| columns.layout().checked(names);
    match format {
        Format::Ndjson => ndjson::read(file, &columns.layout(), &mut delivery)?,
        Format::Csv => csv::read(file, &layout_of, &mut delivery)?,
        Format::Parquet | Format::ArrowStream | Format::ArrowFile => {
            columnar::read(file, format, EVENT_BATCH_ROWS_MAX, &layout_of, &mut delivery)?;
        }
    }
    Ok(ReadReport { rows: delivery.rows, rejects: delivery.rejects })
}
