//! A bulk change: many batches of profiles that become visible together, or not at all.
//!
//! Batches are logged as they come and take effect with a commit record: those of an import that never came to its
//! end are passed over when the log is read.

use std::sync::Arc;

use parking_lot::MutexGuard;

use super::Tenant;
use super::change::{Durability, Terms};
use super::keys;
use super::memory::Forecast;
use super::next::{arrivals, keep_id_tests, schema_for};
use super::queue::Lead;
use super::state::State;
use super::write::Book;
use crate::command::{Entry, ImportCounts, Outcome, Remembered, encode, encode_batch, kind};
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
    /// Whether its beginning is in the log.
    has_begun: bool,
    forecast: Forecast,
    book: MutexGuard<'t, Book>,
    /// Given back last: whoever writes next finds the book free.
    _lead: Lead<'t>,
}

impl<'t> Import<'t> {
    pub(super) fn new(tenant: &'t Tenant, lead: Lead<'t>) -> Self {
        let book = tenant.book.lock();
        let bulk = Bulk::new((*tenant.state()).clone());
        let (id_name, fields) = (Schema::ID.to_owned(), Vec::new());
        let forecast = Forecast::default();
        Self { tenant, bulk, id_name, fields, has_begun: false, forecast, book, _lead: lead }
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
        batch.check(&self.bulk.schema)?;
        self.forecast.add(&self.tenant.memory, &self.bulk.base.view, &self.bulk.schema, batch)?;
        if self.book.log.is_some() {
            self.begin()?;
            self.append(kind::IMPORT_BATCH, &encode_batch(mode, batch))?;
        }
        self.bulk.upsert(batch, mode)
    }

    /// Makes everything visible at once.
    ///
    /// # Errors
    /// `Storage` when it cannot be logged, `Limit` as [`Self::upsert`], `Conflict` when another change was made under its key; nothing is
    /// visible then.
    pub fn commit(mut self, terms: Terms) -> Result<ImportCounts> {
        if let Some(outcome) = self.tenant.remembered(&terms)? {
            let Outcome::Imported(counts) = outcome else { return Err(keys::used_otherwise()) };
            return Ok(counts);
        }
        self.forecast.finish(&self.tenant.memory, &self.bulk.base.view, &self.bulk.schema)?;
        if self.book.log.is_some() {
            self.begin()?;
            let (kind, payload) = encode(&Entry::ImportCommit { key: terms.key.clone() });
            self.append(kind, &payload)?;
            self.tenant.store(&mut self.book, terms.durability == Durability::Durable)?;
        }
        // The parts are taken out; what is left gives the book and the lead back.
        let empty = Bulk::new(State::default());
        let (state, counts) = std::mem::replace(&mut self.bulk, empty).finish();
        self.tenant.publish(state);
        self.tenant.measure();
        if let Some(key) = terms.key {
            let known = Remembered { request: key.request, outcome: Outcome::Imported(counts) };
            self.tenant.keys.lock().put(keys::digest(&key), known);
        }
        Ok(counts)
    }

    fn begin(&mut self) -> Result<()> {
        if self.has_begun {
            return Ok(());
        }
        let (id_name, fields) = (self.id_name.clone(), self.fields.clone());
        let (kind, payload) = encode(&Entry::ImportBegin { id_name, fields, row_order: self.bulk.row_order });
        self.append(kind, &payload)?;
        self.has_begun = true;
        Ok(())
    }

    fn append(&mut self, kind: u8, payload: &[u8]) -> Result<()> {
        let Some(log) = &mut self.book.log else { return Ok(()) };
        log.append(kind, payload)?;
        if log.is_full() {
            self.tenant.store(&mut self.book, false)?;
        }
        Ok(())
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        if let Some(log) = &mut self.book.log {
            log.discard();
        }
    }
}
