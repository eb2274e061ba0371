//! A bulk change: many batches of profiles that become visible together, or not at all.
//!
//! Batches are logged as they come and take effect with a commit record: those of an import that never came to its
//! end are passed over when the log is read. A rehearsal does the same without a log, keeps nobody waiting, and shows
//! nothing to anybody.

use std::sync::Arc;

use super::bulk_log::BulkLog;
use super::change::Terms;
use super::memory::Forecast;
use super::next::{arrivals, keep_id_tests, schema_for};
use super::queue::Lead;
use super::state::State;
use super::{Tenant, keys};
use crate::command::{Entry, ImportCounts, Outcome, encode_batch, kind};
use crate::error::{Error, Result};
use crate::schema::{FieldType, Schema};
use crate::table::{Batch, BatchCounts, ImportMode, RowOrder, Writer};

/// Profiles that are being brought in, by an import or by the log of one.
#[derive(Debug)]
pub(super) struct Bulk {
    base: State,
    schema: Arc<Schema>,
    row_order: RowOrder,
    rows: Option<Writer>,
}

impl Bulk {
    pub(super) fn new(base: State) -> Self {
        Self { schema: base.view.schema().clone(), base, row_order: RowOrder::default(), rows: None }
    }

    pub(super) fn prepare(&mut self, id_name: &str, fields: &[(String, FieldType)], order: RowOrder) -> Result<()> {
        self.row_order = order;
        if let Some(schema) = schema_for(&self.base, id_name, fields)? {
            self.schema = schema;
        }
        Ok(())
    }

    pub(super) fn upsert(&mut self, batch: &Batch, mode: ImportMode) -> Result<Vec<usize>> {
        let (base, schema, order) = (&self.base, &self.schema, self.row_order);
        let begin = || Writer::new(base.view.clone().with_schema(schema.clone())).with_row_order(order);
        Ok(self.rows.get_or_insert_with(begin).upsert(batch, mode)?.repeated)
    }

    /// The state after the import.
    pub(super) fn finish(self) -> (State, ImportCounts) {
        let mut state = self.base;
        let fresh_from = state.view.row_count();
        let before = state.view.schema().clone();
        let mut rows = BatchCounts::default();
        match self.rows {
            None => state.view = state.view.with_schema(self.schema),
            Some(writer) => (state.view, rows) = writer.finish(),
        }
        keep_id_tests(&mut state, &before);
        if rows.inserted > 0 {
            arrivals(&mut state, fresh_from);
        }
        state.version += 1;
        state.profiles_version = state.version;
        let data_version = state.version;
        (state, ImportCounts { rows, data_version })
    }
}

/// An import in progress. Dropped without [`Import::commit`], it has changed nothing.
#[derive(Debug)]
pub struct Import<'t> {
    tenant: &'t Tenant,
    bulk: Bulk,
    id_name: String,
    fields: Vec<(String, FieldType)>,
    forecast: Forecast,
    /// None in a rehearsal.
    log: Option<BulkLog<'t>>,
}

impl Tenant {
    /// Begins a bulk change. Other changes wait until it is committed or dropped; readers do not.
    pub fn import(&self) -> Import<'_> {
        // The import itself says what was found.
        let _ = self.check();
        Import::new(self, self.queue.alone())
    }

    /// A bulk change that is only tried: what it would do is said and nothing changes. Others write meanwhile.
    pub fn rehearse_import(&self) -> Import<'_> {
        Import::rehearsal(self)
    }
}

impl<'t> Import<'t> {
    pub(super) fn new(tenant: &'t Tenant, lead: Lead<'t>) -> Self {
        // First the lead, then the state: it is the newest until this import is over.
        let log = BulkLog::new(tenant, lead);
        Self { log: Some(log), ..Self::rehearsal(tenant) }
    }

    pub(super) fn rehearsal(tenant: &'t Tenant) -> Self {
        let bulk = Bulk::new((*tenant.state()).clone());
        let (id_name, fields) = (Schema::ID.to_owned(), Vec::new());
        let forecast = Forecast::default();
        Self { tenant, bulk, id_name, fields, forecast, log: None }
    }

    /// The schema that batches must fit.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.bulk.schema
    }

    /// Adds fields and remembers what the id column is called; before the first batch.
    ///
    /// # Errors
    /// As [`Schema::add`] and [`Schema::set_id_name`]; `Conflict` after the first batch.
    pub fn prepare(&mut self, id_name: &str, fields: &[(String, FieldType)]) -> Result<()> {
        if self.bulk.rows.is_some() {
            return Err(Error::invalid("", "import_has_begun", "fields are added before the first batch"));
        }
        self.bulk.prepare(id_name, fields, self.bulk.row_order)?;
        (self.id_name, self.fields) = (id_name.to_owned(), fields.to_vec());
        Ok(())
    }

    /// How rows are laid if the table is empty; before the first batch.
    pub fn lay_rows(&mut self, order: RowOrder) {
        self.bulk.row_order = order;
    }

    /// How many rows will come, as far as that is known: what does not fit into memory is then refused early.
    pub fn expect_rows(&mut self, rows: u64) {
        self.forecast.expect(rows);
    }

    /// Inserts or changes a profile a row. Returns the places in the batch whose id came before in this import; the
    /// later row wins.
    ///
    /// # Errors
    /// As [`Writer::upsert`]; `Storage` when the batch cannot be logged; `Limit` with `memory_budget` when the import will
    /// not fit into the tenant's budget.
    pub fn upsert(&mut self, batch: &Batch, mode: ImportMode) -> Result<Vec<usize>> {
        self.tenant.check()?;
        batch.check(&self.bulk.schema)?;
        self.forecast.add(&self.tenant.memory, &self.bulk.base.view, &self.bulk.schema, batch)?;
        let Self { bulk, id_name, fields, log, .. } = self;
        if let Some(log) = log {
            log.batch(|| beginning(bulk, id_name, fields), kind::IMPORT_BATCH, || encode_batch(mode, batch))?;
        }
        self.bulk.upsert(batch, mode)
    }

    /// Makes everything visible at once. A rehearsal says what that would change, at the version it was tried on.
    ///
    /// # Errors
    /// `Storage` when it cannot be logged, `Limit` as [`Self::upsert`], `Conflict` when another change was made under its key; nothing is
    /// visible then.
    pub fn commit(mut self, terms: Terms) -> Result<ImportCounts> {
        self.tenant.check()?;
        let Some(mut log) = self.log.take() else {
            self.forecast.finish(&self.tenant.memory, &self.bulk.base.view, &self.bulk.schema)?;
            let data_version = self.bulk.base.version;
            return Ok(ImportCounts { data_version, ..self.bulk.finish().1 });
        };
        if let Some(outcome) = self.tenant.remembered(&terms)? {
            let Outcome::Imported(counts) = outcome else { return Err(keys::used_otherwise()) };
            return Ok(counts);
        }
        self.forecast.finish(&self.tenant.memory, &self.bulk.base.view, &self.bulk.schema)?;
        let Self { bulk, id_name, fields, .. } = &self;
        log.commit(|| beginning(bulk, id_name, fields), |key| Entry::ImportCommit { key }, &terms)?;
        let (state, counts) = self.bulk.finish();
        log.publish(state, terms.key, Outcome::Imported(counts));
        Ok(counts)
    }
}

fn beginning(bulk: &Bulk, id_name: &str, fields: &[(String, FieldType)]) -> Entry {
    Entry::ImportBegin { id_name: id_name.to_owned(), fields: fields.to_vec(), row_order: bulk.row_order }
}
