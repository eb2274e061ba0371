//! A bulk change of events: many batches that become visible together, or not at all.
//!
//! As with profiles (`import`), batches are logged as they come and take effect with a commit record.

use parking_lot::MutexGuard;

use super::Tenant;
use super::change::{Durability, Terms};
use super::keys;
use super::next::arrivals;
use super::queue::Lead;
use super::state::State;
use super::write::Book;
use crate::command::{Entry, Outcome, Remembered, encode, encode_event_batch, kind};
use crate::error::Result;
use crate::event::{EventBatch, EventCounts, EventSchema, EventTerms};
use crate::limits::PROBLEMS_MAX;
use crate::table::{RowOrder, Writer};

/// Events that are being brought in, by an import or by the log of one.
#[derive(Debug)]
pub(super) struct EventBulk {
    base: State,
    terms: EventTerms,
    writer: Writer,
    counts: EventCounts,
    /// Events of the batches so far.
    seen: u64,
}

impl EventBulk {
    pub(super) fn new(base: State, terms: EventTerms) -> Self {
        let writer = Writer::new(base.view.clone()).with_row_order(RowOrder::Arrival);
        Self { base, terms, writer, counts: EventCounts::default(), seen: 0 }
    }

    /// Takes the events of a batch.
    pub(super) fn add(&mut self, batch: &EventBatch) -> Result<()> {
        let counts = self.writer.add_events(batch, self.terms)?;
        let all = &mut self.counts;
        all.accepted += counts.accepted;
        all.duplicates += counts.duplicates;
        all.profiles_created += counts.profiles_created;
        all.refused_total += counts.refused_total;
        let room = PROBLEMS_MAX - all.refused.len();
        all.refused.extend(counts.refused.into_iter().take(room).map(|(at, why)| (self.seen + at, why)));
        self.seen += batch.len() as u64;
        Ok(())
    }

    /// The state after the import.
    pub(super) fn finish(self) -> (State, EventCounts) {
        let mut state = self.base;
        let fresh_from = state.view.row_count();
        state.view = self.writer.finish().0;
        if self.counts.profiles_created > 0 {
            arrivals(&mut state, fresh_from);
        }
        state.version += 1;
        if self.counts.accepted > 0 {
            state.profiles_version = state.version;
        }
        let counts = EventCounts { data_version: state.version, ..self.counts };
        (state, counts)
    }
}

/// An import of events in progress. Dropped without [`EventImport::commit`], it has changed nothing.
#[derive(Debug)]
pub struct EventImport<'t> {
    tenant: &'t Tenant,
    bulk: EventBulk,
    has_begun: bool,
    /// Bytes that its events ask for.
    asked: u64,
    book: MutexGuard<'t, Book>,
    /// Given back last: whoever writes next finds the book free.
    _lead: Lead<'t>,
}

impl<'t> EventImport<'t> {
    pub(super) fn new(tenant: &'t Tenant, lead: Lead<'t>, terms: EventTerms) -> Self {
        let book = tenant.book.lock();
        let bulk = EventBulk::new((*tenant.state()).clone(), terms);
        Self { tenant, bulk, has_begun: false, asked: 0, book, _lead: lead }
    }

    /// The types and properties that there were before.
    pub fn schema(&self) -> &EventSchema {
        self.bulk.base.view.events().schema()
    }

    /// Takes events; of several with the same id the first counts.
    ///
    /// # Errors
    /// As [`Writer::add_events`]; `Storage` when the batch cannot be logged; `Limit` with `memory_budget` when there is no
    /// room for it.
    pub fn add(&mut self, batch: &EventBatch) -> Result<()> {
        batch.check()?;
        self.asked += self.tenant.check_room_for_events(self.asked, batch)?;
        if self.book.log.is_some() {
            self.begin()?;
            self.append(kind::EVENTS_BATCH, &encode_event_batch(batch))?;
        }
        self.bulk.add(batch)
    }

    /// Makes everything visible at once.
    ///
    /// # Errors
    /// `Storage` when it cannot be logged, `Conflict` when another change was made under its key; nothing is visible then.
    pub fn commit(mut self, terms: Terms) -> Result<EventCounts> {
        if let Some(outcome) = self.tenant.remembered(&terms)? {
            let Outcome::Events(counts) = outcome else { return Err(keys::used_otherwise()) };
            return Ok(counts);
        }
        if self.book.log.is_some() {
            self.begin()?;
            let (kind, payload) = encode(&Entry::EventsCommit { key: terms.key.clone() });
            self.append(kind, &payload)?;
            self.tenant.store(&mut self.book, terms.durability == Durability::Durable)?;
        }
        // The parts are taken out; what is left gives the book and the lead back.
        let empty = EventBulk::new(State::default(), self.bulk.terms);
        let (state, counts) = std::mem::replace(&mut self.bulk, empty).finish();
        self.tenant.publish(state);
        self.tenant.measure();
        if let Some(key) = terms.key {
            let known = Remembered { request: key.request, outcome: Outcome::Events(counts.clone()) };
            self.tenant.keys.lock().put(keys::digest(&key), known);
        }
        Ok(counts)
    }

    fn begin(&mut self) -> Result<()> {
        if self.has_begun {
            return Ok(());
        }
        let (kind, payload) = encode(&Entry::EventsBegin(self.bulk.terms));
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

impl Drop for EventImport<'_> {
    fn drop(&mut self) {
        if let Some(log) = &mut self.book.log {
            log.discard();
        }
    }
}
