//! A file of profiles into a tenant: types looked for where they are not known, batches upserted, every row accounted
//! for. The same for an upload over HTTP and for a file on the command line.
//!
//! All or nothing: a file that cannot be read to its end changes nothing.

use std::collections::HashSet;
use std::fs::File;
use std::sync::Arc;

use arrow::array::StringArray;
use muster_engine::command::{ImportCounts, Outcome, Upsert};
use muster_engine::error::{Error, Result};
use muster_engine::schema::{FieldType, Schema, normalize};
use muster_engine::table::{Batch, ImportMode, RowOrder};
use muster_engine::tenant::{Import, Tenant, Terms};

use crate::limits::{REJECTED_LISTED_MAX, SMALL_IMPORT_ATTEMPTS, SMALL_IMPORT_BYTES};
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
    /// Under which terms the import is made.
    pub terms: Terms,
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
    if file.metadata().is_ok_and(|metadata| metadata.len() <= SMALL_IMPORT_BYTES) {
        for _ in 0..SMALL_IMPORT_ATTEMPTS {
            match load_small(tenant, file, options) {
                Err(Error::Conflict(problem)) if problem.code == "schema_changed" => {}
                Ok(None) => break,
                done => return done.map(Option::unwrap_or_default),
            }
        }
    }
    load_bulk(tenant, Tenant::import, file, options, progress)
}

/// Says what the import of a file would do, and changes nothing.
///
/// # Errors
/// As [`load`].
pub fn rehearse(
    tenant: &Tenant,
    file: &File,
    options: &LoadOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport> {
    load_bulk(tenant, Tenant::rehearse_import, file, options, progress)
}

/// What is known of a file before its rows are read.
struct Plan {
    id_field: String,
    added: Vec<(String, FieldType)>,
    /// Its columns, where these were looked for.
    columns: Option<Vec<String>>,
}

fn plan(known: &Schema, file: &File, options: &LoadOptions) -> Result<Plan> {
    let id_field = options.id_field.clone().unwrap_or_else(|| known.id_name().to_owned());
    let (mut added, mut columns) = (Vec::new(), None);
    if options.infer || known.fields().is_empty() {
        let inferred = source::infer(file, options.format, &id_field)?;
        columns = Some(inferred.iter().map(|(name, _)| normalize(name).into_owned()).collect::<Vec<_>>());
        let is_new = |name: &str| known.find(&normalize(name)).is_none();
        added = inferred.into_iter().filter(|(name, _)| is_new(name)).collect();
    }
    Ok(Plan { id_field, added, columns })
}

/// Reads a few profiles first and then changes them together with whatever else is changed at the same time; `None`
/// when they are more than one batch after all.
fn load_small(tenant: &Tenant, file: &File, options: &LoadOptions) -> Result<Option<LoadReport>> {
    let state = tenant.state();
    let plan = plan(state.view.schema(), file, options)?;
    let mut schema = (**state.view.schema()).clone();
    if plan.id_field != Schema::ID {
        schema.set_id_name(&plan.id_field)?;
    }
    schema.add(&plan.added)?;
    let mut only: Option<Batch> = None;
    let mut are_many = false;
    let read = source::read(file, options.format, &plan.id_field, &schema, &mut |batch, _| {
        are_many = only.is_some();
        only.get_or_insert_with(|| batch.clone());
        // A small file may hold millions of rows; they are not gathered.
        if are_many { Err(Error::Io("there is more than one batch".into())) } else { Ok(()) }
    });
    if are_many {
        return Ok(None);
    }
    let read = read?;
    let none = || Batch { ids: StringArray::new_null(0), number_ids: None, columns: Vec::new() };
    let batch = only.unwrap_or_else(none);
    let mut report = LoadReport { rows: read.rows, rejects: read.rejects, ..LoadReport::default() };
    let mut seen = HashSet::new();
    let repeated = batch.ids.iter().flatten().filter(|id| !seen.insert(*id));
    report.duplicates = repeated.take(REJECTED_LISTED_MAX).map(str::to_owned).collect();
    let mut seen_fields = vec![false; schema.fields().len()];
    batch.columns.iter().for_each(|column| seen_fields[column.field.index()] = true);
    let schema = Arc::new(schema);
    let upsert = Upsert { id_name: plan.id_field.clone(), fields: plan.added.clone(), mode: options.mode, batch };
    let Outcome::Imported(counts) = tenant.upsert(upsert, schema.clone(), options.terms.clone())? else {
        return Err(Error::Io("an import ended as something else".into()));
    };
    report.take(counts, options.mode, &schema, &seen_fields, plan);
    Ok(Some(report))
}

/// Reads a file of any length. An import that is no rehearsal keeps others from changing anything while its rows are read.
fn load_bulk<'t>(
    tenant: &'t Tenant,
    begin: fn(&'t Tenant) -> Import<'t>,
    file: &File,
    options: &LoadOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport> {
    let plan = plan(tenant.state().view.schema(), file, options)?;
    let mut report = LoadReport::default();
    let mut import = begin(tenant);
    import.prepare(&plan.id_field, &plan.added)?;
    import.lay_rows(options.row_order);
    if let Some(rows) = source::expected_rows(file, options.format) {
        import.expect_rows(rows);
    }
    let schema = import.schema().clone();
    let mut seen_fields = vec![false; schema.fields().len()];
    let read = source::read(file, options.format, &plan.id_field, &schema, &mut |batch, numbers| {
        for column in &batch.columns {
            seen_fields[column.field.index()] = true;
        }
        for index in import.upsert(batch, options.mode)? {
            if report.duplicates.len() < REJECTED_LISTED_MAX {
                report.duplicates.push(batch.ids.value(index).to_owned());
            }
        }
        progress(numbers.first() - 1 + batch.row_count() as u64);
        Ok(())
    })?;
    let counts = import.commit(options.terms.clone())?;
    report.rows = read.rows;
    report.rejects = read.rejects;
    report.take(counts, options.mode, &schema, &seen_fields, plan);
    Ok(report)
}

impl LoadReport {
    fn take(&mut self, counts: ImportCounts, mode: ImportMode, schema: &Schema, seen_fields: &[bool], plan: Plan) {
        self.inserted = counts.rows.inserted;
        self.updated = counts.rows.updated;
        self.unchanged = counts.rows.unchanged;
        self.duplicates_total = counts.rows.superseded;
        self.data_version = counts.data_version;
        if mode == ImportMode::Replace && self.updated > 0 {
            self.absent_fields = absent(schema, plan.columns.as_deref(), seen_fields);
        }
        self.added_fields = plan.added;
    }
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
