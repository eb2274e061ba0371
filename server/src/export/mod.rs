//! Profiles out again: a set of rows as CSV, NDJSON or Parquet, written as a stream. So many rows are in memory at a time
//! as one batch has, whatever the set's size, and what is written can be loaded again.
//!
//! Values are those of the state that the export was begun with.

mod parquet;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use text::csv_cell;

use std::io::{self, Write};
use std::sync::Arc;

use muster_engine::block::Set;
use muster_engine::error::{Error, Problem, Result};
use muster_engine::id::{FieldId, Row};
use muster_engine::rule::nearest;
use muster_engine::schema::normalize;
use muster_engine::tenant::State;

use crate::limits::EXPORT_BATCH_ROWS;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180 with a header row; sets as JSON arrays.
    Csv,
    /// One JSON object a line; a missing value's key is left out.
    Ndjson,
    /// Apache Parquet, compressed with zstd.
    Parquet,
}

/// Names, endings and media types of the formats.
const FORMATS: [(ExportFormat, &str, &str); 3] = [
    (ExportFormat::Csv, "csv", "text/csv"),
    (ExportFormat::Ndjson, "ndjson", "application/x-ndjson"),
    (ExportFormat::Parquet, "parquet", "application/vnd.apache.parquet"),
];

impl ExportFormat {
    /// The format of a name.
    ///
    /// # Errors
    /// `Invalid` at `/format`.
    pub fn named(name: &str) -> Result<Self> {
        let found = FORMATS.iter().find(|(_, known, _)| *known == name).map(|(format, ..)| *format);
        found.ok_or_else(|| {
            let message = format!("format is csv, ndjson or parquet, not \"{name}\"");
            let near = nearest(name, FORMATS.iter().map(|(_, known, _)| *known));
            Problem::new("/format", "bad_format", message).with_suggestions(near).into()
        })
    }

    /// The first format that an `Accept` header names; CSV when it takes anything. `None` when it takes none of them.
    pub fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let is_refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            let found = FORMATS.iter().find(|(.., media)| *media == kind).map(|(format, ..)| *format);
            let any = matches!(kind.as_str(), "" | "*/*" | "text/*").then_some(Self::Csv);
            found.or(any).filter(|_| !is_refused)
        })
    }

    /// The name, which is the ending of a file as well.
    pub fn name(self) -> &'static str {
        FORMATS[self as usize].1
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson | Self::Parquet => FORMATS[self as usize].2,
        }
    }
}

/// What cells of a CSV that a spreadsheet would take for formulas become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formulas {
    /// A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front.
    #[default]
    Quoted,
    /// Texts are written as they are.
    Kept,
}

impl Formulas {
    /// By its name: `quote` or `keep`.
    ///
    /// # Errors
    /// `Invalid` at `/formulas`.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "quote" => Ok(Self::Quoted),
            "keep" => Ok(Self::Kept),
            other => {
                Err(Error::invalid("/formulas", "bad_formulas", format!("formulas is quote or keep, not \"{other}\"")))
            }
        }
    }
}

/// Rows on their way out.
#[derive(Debug, Clone)]
pub struct Export {
    /// Whose values are written.
    pub state: Arc<State>,
    /// Which rows.
    pub rows: Set,
    /// Which fields, in this order, behind the id.
    pub fields: Vec<FieldId>,
    /// How.
    pub format: ExportFormat,
    /// For CSV.
    pub formulas: Formulas,
}

/// The fields of a list of names with commas between them; all of them when there is no list, none when it is empty.
///
/// # Errors
/// `Invalid` at `/fields` with every name that no field has.
pub fn fields_named(names: Option<&str>, state: &State) -> Result<Vec<FieldId>> {
    let schema = state.view.schema();
    let Some(names) = names else { return Ok(schema.fields().iter().map(|field| field.id).collect()) };
    let (mut fields, mut problems) = (Vec::new(), Vec::new());
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match schema.find(&normalize(name)) {
            Some(field) if fields.contains(&field.id) => {
                problems.push(Problem::new("/fields", "repeated_field", format!("\"{name}\" is named twice")));
            }
            Some(field) => fields.push(field.id),
            None => {
                let near = nearest(name, schema.fields().iter().map(|field| &*field.name));
                let message = format!("there is no field \"{name}\"");
                problems.push(Problem::new("/fields", "unknown_field", message).with_suggestions(near));
            }
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(Error::Invalid(problems)) }
}

impl Export {
    /// Writes everything; `progress` is told how many rows are done.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write(&self, mut out: impl Write + Send, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
        if self.format == ExportFormat::Parquet {
            return parquet::write(self, out, progress);
        }
        let mut text = Vec::new();
        if self.format == ExportFormat::Csv {
            text::csv_head(self, &mut text);
        }
        self.each_batch(progress, |rows| {
            for row in rows {
                match self.format {
                    ExportFormat::Csv => text::csv_row(self, *row, &mut text),
                    _ => text::ndjson_row(self, *row, &mut text),
                }
            }
            out.write_all(&text)?;
            text.clear();
            Ok(())
        })?;
        out.write_all(&text)?;
        out.flush()
    }

    /// Goes through all rows in batches of [`EXPORT_BATCH_ROWS`].
    fn each_batch(
        &self,
        progress: &mut dyn FnMut(u64),
        mut each: impl FnMut(&[Row]) -> io::Result<()>,
    ) -> io::Result<()> {
        let (mut rows, mut done) = (self.rows.rows().map(Row), 0);
        loop {
            let batch: Vec<Row> = rows.by_ref().take(EXPORT_BATCH_ROWS).collect();
            if batch.is_empty() {
                return Ok(());
            }
            each(&batch)?;
            done += batch.len() as u64;
            progress(done);
        }
    }
}
