//! A file of profiles into a tenant: types looked for where they are not known, batches upserted, every row accounted
//! for. The same for an upload over HTTP and for a file on the command line.
//!
//! All or nothing: a file that cannot be read to its end changes nothing.

use std::fs::File;

use muster_engine::error::Result;
use muster_engine::schema::{FieldType, Schema, normalize};
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{Tenant, Terms};

use crate::limits::REJECTED_LISTED_MAX;
use crate::source::{self, Format, Rejects};

/// How to read a file.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// What the bytes are.
    pub format: Format,
    /// The column of the external id; what earlier imports called it, or `id`, when not said.
    pub id_field: Option<String>,
    /// Whether columns that the schema does not know become fields. Always so while the schema is empty.
    pub infer: bool,
    /// What a row says about the fields it does not name.
    pub mode: ImportMode,
    /// How rows are laid if there are no profiles yet.
    pub row_order: RowOrder,
}

/// What an import did. `rows = inserted + updated + unchanged + rejects.total + duplicates_total`.
#[derive(Debug, Clone, Default)]
pub struct LoadReport {
    /// Data rows of the file.
    pub rows: u64,
    /// Profiles that did not exist.
    pub inserted: u64,
    /// Profiles that existed and are different now.
    pub updated: u64,
    /// Profiles that existed and are the same.
    pub unchanged: u64,
    /// Rows that did not fit.
    pub rejects: Rejects,
    /// Ids that came more than once, once for each repetition: the first of them, the later row won.
    pub duplicates: Vec<String>,
    /// Rows replaced by a later row with the same id.
    pub duplicates_total: u64,
    /// Fields that the schema did not have.
    pub added_fields: Vec<(String, FieldType)>,
    /// Fields of the schema that the file has no column for, and which its rows therefore cleared.
    pub absent_fields: Vec<String>,
    /// The version in which the import became visible.
    pub data_version: u64,
}

/// Imports a file. `progress` is told how many rows have been read.
///
/// # Errors
/// `Invalid` when the file as a whole is wrong; then nothing has changed. Rows that do not fit are in the report.
pub fn load(tenant: &Tenant, file: &File, options: &LoadOptions, progress: &mut dyn FnMut(u64)) -> Result<LoadReport> {
    let state = tenant.state();
    let known = state.view.schema();
    let id_field = options.id_field.clone().unwrap_or_else(|| known.id_name().to_owned());
    let mut report = LoadReport::default();
    let mut columns = None;
    if options.infer || known.fields().is_empty() {
        let inferred = source::infer(file, options.format, &id_field)?;
        columns = Some(inferred.iter().map(|(name, _)| normalize(name).into_owned()).collect::<Vec<_>>());
        let is_new = |name: &str| known.find(&normalize(name)).is_none();
        report.added_fields = inferred.into_iter().filter(|(name, _)| is_new(name)).collect();
    }
    let mut import = tenant.import();
    import.prepare(&id_field, &report.added_fields)?;
    import.lay_rows(options.row_order);
    let schema = import.schema().clone();
    let mut seen_fields = vec![false; schema.fields().len()];
    let read = source::read(file, options.format, &id_field, &schema, &mut |batch, first_row| {
        for column in &batch.columns {
            seen_fields[column.field.index()] = true;
        }
        for index in import.upsert(batch, options.mode)? {
            if report.duplicates.len() < REJECTED_LISTED_MAX {
                report.duplicates.push(batch.ids.value(index).to_owned());
            }
        }
        progress(first_row - 1 + batch.row_count() as u64);
        Ok(())
    })?;
    let counts = import.commit(Terms::default())?;
    report.rows = read.rows;
    report.rejects = read.rejects;
    report.inserted = counts.rows.inserted;
    report.updated = counts.rows.updated;
    report.unchanged = counts.rows.unchanged;
    report.duplicates_total = counts.rows.superseded;
    report.data_version = counts.data_version;
    if options.mode == ImportMode::Replace && report.updated > 0 {
        report.absent_fields = absent(&schema, columns.as_deref(), &seen_fields);
    }
    Ok(report)
}

/// Fields that no row could name: of a file whose columns are known, those; else those no batch brought.
fn absent(schema: &Schema, columns: Option<&[String]>, seen: &[bool]) -> Vec<String> {
    let is_absent = |index: usize, name: &str| match columns {
        Some(columns) => !columns.iter().any(|column| column == name),
        None => !seen[index],
    };
    let fields = schema.fields().iter().enumerate();
    fields.filter(|(index, field)| is_absent(*index, &field.name)).map(|(_, field)| field.name.to_string()).collect()
}
