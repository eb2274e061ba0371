//! What the bulk changes of profiles and of events have in common: the log holds a beginning, batches and a commit, and
//! all of it takes effect at once, or nothing does.

use parking_lot::MutexGuard;

use super::change::{Durability, Terms};
use super::queue::Lead;
use super::state::State;
use super::write::Book;
use super::{Tenant, keys};
use crate::command::{Entry, Key, Outcome, Remembered, encode};
use crate::error::Result;

/// The log's part of a bulk change, while nobody else writes. Dropped, it leaves out what was not stored yet.
#[derive(Debug)]
pub(super) struct BulkLog<'t> {
    tenant: &'t Tenant,
    /// Whether its beginning is in the log.
    has_begun: bool,
    book: MutexGuard<'t, Book>,
    /// Given back last: whoever writes next finds the book free.
    _lead: Lead<'t>,
}

impl<'t> BulkLog<'t> {
    pub(super) fn new(tenant: &'t Tenant, lead: Lead<'t>) -> Self {
        Self { tenant, has_begun: false, book: tenant.book.lock(), _lead: lead }
    }

    /// Logs a batch, behind the beginning where there is none yet. Nothing is written where nothing is kept.
    ///
    /// # Errors
    /// `Storage` when it cannot be logged.
    pub(super) fn batch(
        &mut self,
        begin: impl FnOnce() -> Entry,
        kind: u8,
        payload: impl FnOnce() -> Vec<u8>,
    ) -> Result<()> {
        if self.book.log.is_none() {
            return Ok(());
        }
        self.begin(begin)?;
        self.append(kind, &payload())
    }

    /// Logs the commit and stores all of it.
    ///
    /// # Errors
    /// As [`Self::batch`].
    pub(super) fn commit(
        &mut self,
        begin: impl FnOnce() -> Entry,
        commit: impl FnOnce(Option<Key>) -> Entry,
        terms: &Terms,
    ) -> Result<()> {
        if self.book.log.is_none() {
            return Ok(());
        }
        self.begin(begin)?;
        let (kind, payload) = encode(&commit(terms.key.clone()));
        self.append(kind, &payload)?;
        self.tenant.store(&mut self.book, terms.durability == Durability::Durable)
    }

    /// Shows what was committed, and remembers what became of it under its key.
    pub(super) fn publish(self, state: State, key: Option<Key>, outcome: Outcome) {
        self.tenant.publish(state);
        self.tenant.measure();
        if let Some(key) = key {
            let known = Remembered { request: key.request, outcome };
            self.tenant.keys.lock().put(keys::digest(&key), known);
        }
    }

    fn begin(&mut self, begin: impl FnOnce() -> Entry) -> Result<()> {
        if !self.has_begun {
            let (kind, payload) = encode(&begin());
            self.append(kind, &payload)?;
            self.has_begun = true;
        }
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

impl Drop for BulkLog<'_> {
    fn drop(&mut self) {
        if let Some(log) = &mut self.book.log {
            log.discard();
        }
    }
}
