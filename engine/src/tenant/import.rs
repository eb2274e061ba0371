//! A bulk change: many batches of profiles that become visible together, or not at all.

use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::MutexGuard;

use super::apply::arrivals;
use super::state::State;
use crate::error::{Error, Result};
use crate::schema::{FieldType, Schema};
use crate::table::{Batch, BatchCounts, ImportMode, RowOrder, Writer};

/// An import in progress. Dropped without [`Import::commit`], it has changed nothing.
#[derive(Debug)]
pub struct Import<'t> {
    _writer: MutexGuard<'t, ()>,
    current: &'t ArcSwap<State>,
    base: Arc<State>,
    schema: Arc<Schema>,
    row_order: RowOrder,
    rows: Option<Writer>,
}

/// What an import did to profiles, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportCounts {
    /// Inserted, updated, unchanged, superseded.
    pub rows: BatchCounts,
    /// The version in which the import became visible.
    pub data_version: u64,
}

impl<'t> Import<'t> {
    pub(super) fn new(writer: MutexGuard<'t, ()>, current: &'t ArcSwap<State>) -> Self {
        let base = current.load_full();
        let schema = base.view.schema().clone();
        Self { _writer: writer, current, base, schema, row_order: RowOrder::default(), rows: None }
    }

    /// The schema that batches must fit.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Adds fields and remembers what the id column is called; before the first batch.
    ///
    /// # Errors
    /// As [`Schema::add`] and [`Schema::set_id_name`]; `Conflict` after the first batch.
    pub fn prepare(&mut self, id_name: &str, fields: &[(String, FieldType)]) -> Result<()> {
        if self.rows.is_some() {
            return Err(Error::invalid("", "import_has_begun", "fields are added before the first batch"));
        }
        let mut schema = (*self.schema).clone();
        if id_name != Schema::ID {
            schema.set_id_name(id_name)?;
        }
        schema.add(fields)?;
        self.schema = Arc::new(schema);
        Ok(())
    }

    /// How rows are laid if the table is empty; before the first batch.
    pub fn lay_rows(&mut self, order: RowOrder) {
        self.row_order = order;
    }

    /// Inserts or changes a profile a row. Returns the places in the batch whose id came before in this import; the
    /// later row wins.
    ///
    /// # Errors
    /// As [`Writer::upsert`].
    pub fn upsert(&mut self, batch: &Batch, mode: ImportMode) -> Result<Vec<usize>> {
        let (base, schema, order) = (&self.base, &self.schema, self.row_order);
        let begin = || Writer::new(base.view.clone().with_schema(schema.clone())).with_row_order(order);
        let writer = self.rows.get_or_insert_with(begin);
        writer.upsert(batch, mode)
    }

    /// Makes everything visible at once.
    pub fn commit(self) -> ImportCounts {
        let mut state = (*self.base).clone();
        let fresh_from = state.view.row_count();
        let mut rows = BatchCounts::default();
        match self.rows {
            None => state.view = state.view.with_schema(self.schema),
            Some(writer) => (state.view, rows) = writer.finish(),
        }
        if rows.inserted > 0 {
            arrivals(&mut state, fresh_from);
        }
        state.version += 1;
        let data_version = state.version;
        self.current.store(Arc::new(state));
        ImportCounts { rows, data_version }
    }
}
